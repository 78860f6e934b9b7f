"""Learning points of several labels and of numbers: least squares on what heads see, as the search fits it."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from understudy.domain.task import AnswerKind
from understudy.domain.trial import Progress
from understudy.search.folds import Fold, Folds
from understudy.search.kinds.number import Number
from understudy.search.kinds.several_labels import SeveralLabels
from understudy.search.learning_points import Repetition, plan_course, walk
from understudy.search.least_squares import Sums, ridge
from understudy.search.rows import Indices, Rows
from understudy.search.target import Target
from understudy.stats.scores import Array, Scores

PENALTY: Final = 0.3
"""The middle one of those that the search tries."""
FEWEST_OF_A_SET: Final = 8
"""Examples from which several labels at once are told apart from all rarer sets."""


def sets_apart(answers: Sequence[str]) -> tuple[Indices, tuple[str, ...]]:
    """Which set of labels each example has, (n,), and the names of common ones; all rarer ones are one, the last."""
    found, place, count = np.unique(np.array(answers, np.str_), return_inverse=True, return_counts=True)
    common = np.flatnonzero(count >= FEWEST_OF_A_SET)
    number = np.full(len(found), len(common), np.int64)
    number[common] = np.arange(len(common))
    return number[place], tuple(str(found[each]) for each in common)


def measure_towards(
    rows: Rows,
    target: Target,
    strata: Indices,
    groups: Indices,
    *,
    seed: int,
    pulse: Callable[[], None],
    report: Callable[[Progress], None],
) -> Scores | None:
    """Learns and scores a whole course.

    Args:
        rows: A view of all examples.
        target: Several labels, or numbers.
        strata: What parts hold even shares of, (n,), 0..k-1.
        groups: Group of each example, (n,), 0..g-1.
        seed: Same seed, same scores.
        pulse: Called often; what it raises ends the work.
        report: Receives progress.

    Returns:
        None where nothing can be held out, or there are too few examples.
    """
    course = plan_course(strata, groups, seed=seed)
    if not course.sizes:
        return None

    def scored(place: int) -> Array:
        return _scored(rows, target, course.repetitions[place], pulse)

    return walk(course, scored, labels=strata, groups=groups, pulse=pulse, report=report)


def _scored(rows: Rows, target: Target, repetition: Repetition, pulse: Callable[[], None]) -> Array:
    """Whether each held-out example was answered rightly after each part, (s, m)."""
    held_out = repetition.held_out
    folds = Folds((Fold(repetition.parts[-1], held_out),))
    kind = Number(target, folds) if target.task.answers is AnswerKind.NUMBER else SeveralLabels(target, folds)
    asked = rows.take(held_out)
    hits = []
    for part in repetition.parts:
        (scorer,) = ridge(Sums.of(rows.chunks(part), target.wanted, pulse), (PENALTY,))
        hits.append(kind.right(np.asarray(scorer(asked), np.float64)))
    return np.array(hits, np.float64)
