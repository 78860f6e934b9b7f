"""How often people are wrong, from what two of them said about the same examples.

Nobody knows which of two different answers is the right one, but at least one is wrong. So disagreement bounds error:

- from below always: two people who differ in a share d of examples are wrong in at least d / 2 of their answers;
- from above only if they err independently of each other, so that one is no likelier to be wrong where the other is.
  If each errs in a share e, they differ where exactly one of them errs, and where both do and pick different labels:

      d = 2 e (1 - e) + e^2 (1 - s)

  where s is the chance that two wrong answers are the same. With two labels s = 1, and d = 2 e (1 - e). With k labels
  s is 1 / (k - 1) if errors spread evenly over the other labels, and anything up to 1 if they do not.

The estimate takes errors to spread evenly. The bounds do not: the upper one takes s = 1, the worst case, and the lower
one is d / 2. In both, d is replaced by its Clopper-Pearson bound, so the guarantee is finite-sample: the mean error of
the people lies below `lower` with probability at most 1 - confidence, whatever they do, and above `upper` with
probability at most 1 - confidence if they err independently and are right at least half of the time. People who
differ in skill only make the upper bound safer, since d is then larger for the same mean error.

Errors that go together (some examples are hard for everybody, a shadow misleads both, both learnt it wrongly) leave
less trace in the disagreement, or none: people who make every mistake together agree always. The true error then lies
above what the estimate aims at and may lie above `upper`. Only labels from a better source, such as a measurement or an
expert, show such errors.

Source:
    Hui & Walter, Biometrics 36 (1980), for error from two readers.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy

from understudy.domain.review import Measured
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.stats.shares import share_measured

MOST_ERROR = 0.5
"""Nobody is asked who is wrong more often than right."""
FROM_DISAGREEMENT = "disagreement, "
Pairs = Sequence[tuple[str, str]]


def people_error(
    pairs: Pairs, *, confidence: float, labels: Sequence[str], groups: Sequence[str] | None = None
) -> Measured | None:
    """The share of one person's answers that are wrong, from double answers.

    Args:
        pairs: What two people said, each without knowing of the other, about the same example; each example once.
        confidence: Coverage of each bound alone, between 0 and 1.
        labels: The labels they could choose from; others that they used are added.
        groups: The group of each pair's example, or None when every example stands alone.

    Returns:
        The error with its bounds, each of them 0 to `MOST_ERROR`, or None without a pair.

    Raises:
        ValueError: Fewer than two labels in all, lengths that differ, or an impossible confidence.
    """
    differing = disagreement(pairs, confidence=confidence, groups=groups)
    if differing is None:
        return None
    kinds = len({*labels, *(answer for pair in pairs for answer in pair)})
    if kinds < 2:
        raise ValueError("people choose between at least two labels")
    return replace(
        differing,
        estimate=_error(differing.estimate, same_when_wrong=1.0 / (kinds - 1)),
        lower=min(differing.lower / 2.0, MOST_ERROR),
        upper=_error(differing.upper, same_when_wrong=1.0),
        method=FROM_DISAGREEMENT + differing.method,
    )


def task_error(
    task: Task, pairs: Pairs, *, confidence: float, labels: Sequence[str] = (), groups: Sequence[str] | None = None
) -> Measured | None:
    """The share of one person's answers that are wrong in the sense of a task, from double answers.

    Numbers are wrong when they are off by more than the tolerance t, and two right ones may differ by up to 2 t:

    - from below always: where two numbers differ by more than 2 t, one of them is wrong, so the error is at least half
      of the share of such pairs;
    - from above if people err independently and are as often too high as too low: a number that is off by more than t
      differs from another one by more than t at least half of the time (weak symmetrisation), so the error is at most
      twice the share of pairs that differ by more than t.

    The estimate takes errors to be normal; the bounds do not. Arguments as in `people_error`.

    Returns:
        The error with its bounds, each of them 0 to `MOST_ERROR`, or None without a pair.
    """
    if not pairs:
        return None
    if task.answers is not AnswerKind.NUMBER:
        kinds = {*labels, *(answer for pair in pairs for answer in pair)}
        known = labels if len(kinds) > 1 else ("", *kinds)  # all said the same, and could have said something else
        return people_error(pairs, confidence=confidence, labels=known, groups=groups)
    belonging = groups if groups is not None else [str(place) for place in range(len(pairs))]
    gaps = np.abs(np.array([number_in(one) - number_in(other) for one, other in pairs]))
    apart = share_measured(~(gaps <= task.allowed), groups=belonging, confidence=confidence)
    far = share_measured(~(gaps <= 2 * task.allowed), groups=belonging, confidence=confidence)
    return replace(
        apart,
        estimate=min(_normal_error(apart.estimate), MOST_ERROR),
        lower=min(far.lower / 2.0, MOST_ERROR),
        upper=min(2.0 * apart.upper, MOST_ERROR),
        method=FROM_DISAGREEMENT + apart.method,
    )


def disagreement(pairs: Pairs, *, confidence: float, groups: Sequence[str] | None = None) -> Measured | None:
    """The share of examples about which two people differ, or None without a pair. Arguments as in `people_error`."""
    if not pairs:
        return None
    belonging = groups if groups is not None else [str(i) for i in range(len(pairs))]
    return share_measured([one != other for one, other in pairs], groups=belonging, confidence=confidence)


def _error(differing: float, *, same_when_wrong: float) -> float:
    """The smaller root e of d = 2 e - (1 + s) e^2, at most `MOST_ERROR`."""
    bend = 1.0 + same_when_wrong
    return min((1.0 - math.sqrt(max(0.0, 1.0 - bend * differing))) / bend, MOST_ERROR)


def _normal_error(apart: float) -> float:
    """How often one of two normal errors exceeds what their difference exceeds in a given share of pairs."""
    return float(2.0 * scipy.special.ndtr(math.sqrt(2.0) * scipy.special.ndtri(apart / 2.0))) if apart > 0 else 0.0
