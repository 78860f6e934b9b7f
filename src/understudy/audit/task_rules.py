"""The best rule of one line for every kind of answer.

One of several labels, and sets of labels taken as wholes, have `audit.rules`. For numbers the plain rule says the
median of all, and the others a median for each value of a column, or for each side of a threshold on one number.
Rankings have `audit.popularity`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.cells import cuts_at
from understudy.audit.parts import deal
from understudy.audit.rules import CLEARLY, PARTS, best_rule
from understudy.domain.fact_rows import FactRows
from understudy.domain.rule import Fact, Rule, RuleKind
from understudy.domain.task import AnswerKind, Task, number_in, number_text

MOST_ROWS: Final = 5_000
"""Examples that rules for numbers are fitted on; of more, ones drawn by the seed."""
MOST_VALUES: Final = 50
CUTS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Numbers = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def rule_of(
    task: Task,
    truths: Sequence[str],
    facts: Sequence[Mapping[str, Fact]],
    groups: Sequence[str],
    *,
    seed: int,
) -> Rule:
    """Finds the rule of one line that is right most often, in the sense of a task.

    Args:
        task: What is to be answered.
        truths: Of each example, as kept; at least one.
        facts: What is known of each.
        groups: What belongs together; a group is never split between fitting and judging.
        seed: Same seed, same rule.

    Returns:
        The rule, fitted on all examples. A rule for numbers that looks at something is right more often than the
        median of all by one standard error over groups; so is the choice among all rules, on parts that had no say
        in it. That is its accuracy.

    Raises:
        ValueError: There is no example, or the three differ in length.
    """
    if not truths or not len(truths) == len(facts) == len(groups):
        raise ValueError("truths, facts and groups name the same examples, at least one")
    if task.answers is AnswerKind.NUMBER:
        return _number_rule(task, truths, facts, groups, seed=seed)
    return best_rule(truths, facts, groups, seed=seed)


def plain_answer(task: Task, truths: Sequence[str]) -> str:
    """What would be said every time without looking: the median of numbers, else the commonest label.

    Raises:
        ValueError: There is no truth.
    """
    if not truths:
        raise ValueError("without an example nothing is common")
    if task.answers is AnswerKind.NUMBER:
        return number_text(float(np.median([number_in(each) for each in truths])))
    return min(Counter(truths).items(), key=lambda pair: (-pair[1], pair[0]))[0]


def _number_rule(
    task: Task, truths: Sequence[str], facts: Sequence[Mapping[str, Fact]], groups: Sequence[str], *, seed: int
) -> Rule:
    kept = list(range(len(truths)))
    if len(kept) > MOST_ROWS:
        kept = sorted(np.random.default_rng(seed).choice(len(truths), MOST_ROWS, replace=False).tolist())
    numbers = np.array([number_in(truths[place]) for place in kept])
    group = np.unique(np.array([str(groups[place]) for place in kept]), return_inverse=True)[1]
    part = deal(np.zeros(len(kept), np.int64), group, PARTS, seed=seed)
    rows = [facts[place] for place in kept]
    plain = Rule(RuleKind.MAJORITY, "", None, "", (), plain_answer(task, truths), 0.0)
    tried = [(plain, np.zeros(len(kept), np.int64), 1), *_candidates(rows, numbers)]
    right = np.stack([_right(task, numbers, cells, count, part) for _, cells, count in tried])
    best, honest = int(right.sum(axis=1).argmax()), _honest(right, part)
    if honest <= right[0].mean() or not _clearly_better(right[best], right[0], group):
        best, honest = 0, float(right[0].mean())
    rule = tried[best][0]
    return Rule(rule.kind, rule.column, rule.threshold, "", rule.answers, plain.otherwise, honest)


def _honest(right: Flags, part: Cells) -> float:
    """The share right of the choice among rules: on each part, the rule that is best on the others is judged."""
    won = 0
    for judged in np.unique(part):
        held = part == judged
        won += int(right[int(right[:, ~held].sum(axis=1).argmax()), held].sum())
    return won / part.size


def _candidates(rows: Sequence[Mapping[str, Fact]], numbers: Numbers) -> Iterator[tuple[Rule, Cells, int]]:
    """Rules fitted on everything, each with the cell that each example falls into, -1 where the fact is missing."""
    for name, values in FactRows.of(rows).columns():
        known = [value for value in values if isinstance(value, int | float)]
        if known and not any(isinstance(value, str) for value in values):
            yield from _thresholds(name, values, numbers)
        elif 1 < len({value for value in values if value is not None}) <= MOST_VALUES:
            yield _table(name, values, numbers)


def _thresholds(name: str, values: Sequence[Fact], numbers: Numbers) -> Iterator[tuple[Rule, Cells, int]]:
    column = np.array([np.nan if value is None else float(value) for value in values])
    for cut in _cuts(column[np.isfinite(column)]):
        cells = np.where(np.isnan(column), -1, (column < cut).astype(np.int64))
        medians = [_median(numbers[cells == cell], numbers) for cell in range(2)]
        answers = (("yes", number_text(medians[0])), ("no", number_text(medians[1])))
        yield Rule(RuleKind.THRESHOLD, name, cut, "", answers, "", 0.0), cells, 2


def _cuts(present: Numbers) -> list[float]:
    """Values from which on a rule may say something else; the least value of all cuts nothing off."""
    levels = every = np.unique(present)
    if len(levels) > len(CUTS) + 1:
        levels = np.unique([levels[0], *np.quantile(present, CUTS, method="higher")])
    found: list[float] = cuts_at(levels[1:], every).tolist()
    return found


def _table(name: str, values: Sequence[Fact], numbers: Numbers) -> tuple[Rule, Cells, int]:
    named = ["" if value is None else str(value) for value in values]
    words = sorted({value for value, fact in zip(named, values, strict=True) if fact is not None})
    place = {word: index for index, word in enumerate(words)}
    cells = np.array([-1 if fact is None else place[word] for word, fact in zip(named, values, strict=True)], np.int64)
    answers = tuple((word, number_text(_median(numbers[cells == place[word]], numbers))) for word in words)
    return Rule(RuleKind.VALUE, name, None, "", answers, "", 0.0), cells, len(words)


def _right(task: Task, numbers: Numbers, cells: Cells, count: int, part: Cells) -> Flags:
    """Whether each example is answered rightly by medians of the parts that it is not in; see `_candidates`."""
    right = np.zeros(len(numbers), np.bool_)
    for judged in np.unique(part):
        held, rest = part == judged, part != judged
        if not rest.any():
            rest = held
        medians = [_median(numbers[rest & (cells == cell)], numbers[rest]) for cell in range(count)]
        # Place -1 is the last, so what lacks the fact is answered as the rule answers it: by the median of all.
        said = np.array([*medians, np.median(numbers[rest])])[cells[held]]
        gap = np.abs(said - numbers[held])
        right[held] = gap <= task.allowed
    return right


def _median(numbers: Numbers, otherwise: Numbers) -> float:
    return float(np.median(numbers if numbers.size else otherwise))


def _clearly_better(right: Flags, plain: Flags, group: Cells) -> bool:
    """Whether the gain over the median of all exceeds its standard error over groups."""
    gain = right.astype(np.float64) - plain
    of_group = np.bincount(group, weights=gain - gain.mean())
    return float(gain.mean()) > CLEARLY * float(np.sqrt((of_group**2).sum())) / len(gain)
