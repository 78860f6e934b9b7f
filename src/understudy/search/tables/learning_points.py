"""Learning points of rows: how often answers are right as two fixed members of the search learn from more and more.

A straight line and boosted trees answer with their mean, each under one setting. They stand for the whole search,
which mixes many of their kind: it takes minutes, and a curve asks for hundreds of fits. The line is strong while rows
are few, trees where there are many, so that the curve of both does not end where one of them has learned all it can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.task import AnswerKind
from understudy.domain.trial import Progress
from understudy.engine.linear_algebra import one_thread
from understudy.modalities.table.schema import TableSchema
from understudy.search import folds as plain
from understudy.search.learning_points import Course, Repetition, course_over, plan_course, repetitions_of, walk
from understudy.search.learning_targets import sets_apart
from understudy.search.rows import Indices
from understudy.search.tables.encoding import Encoded, Feature, fit_encoding
from understudy.search.tables.finishing import right_among
from understudy.search.tables.fitted import Numbers, Task
from understudy.search.tables.folds import BANDS, make_folds
from understudy.search.tables.lesson import Lesson, Truth, heeded
from understudy.search.tables.portfolio import FAMILIES, Candidate
from understudy.search.tables.target import Target
from understudy.stats.scores import Array, Scores

MEMBERS: Final = (
    Candidate("straight line", "line", {"penalty": 30.0}),
    Candidate(
        "boosted trees",
        "trees",
        {
            "learning_rate": 0.1,
            "num_leaves": 12,
            "min_data_in_leaf": 10,
            "feature_fraction": 0.6,
            "lambda_l2": 3.0,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "rounds": 60,
        },
    ),
)
"""Of trees so many rounds, no matter what: nothing that is scored may say when to end."""
NUMBER_BANDS: Final = 5
"""Bands of a number that parts hold even shares of."""


@dataclass(frozen=True)
class Ground:
    """Rows to learn from, ready for members.

    Attributes:
        rows: As members see them.
        truth: What is to be answered.
        sizes: How many different codes each column of codes has.
        features: What the numbers are.
        schema: Tells how much labels and mistakes count.
        groups: Group of each row, (n,), 0..g-1.
        times: When each came about, (n,), or None where that does not count.
        strata: What parts hold even shares of, (n,), 0..k-1: labels, sets of labels or bands of numbers.
        names: Of the strata that have one; bands of numbers and rare sets have none.
    """

    rows: Encoded
    truth: Truth
    sizes: tuple[int, ...]
    features: tuple[Feature, ...]
    schema: TableSchema
    groups: Indices
    times: npt.NDArray[np.float64] | None
    strata: Indices
    names: tuple[str, ...]

    @classmethod
    def of(cls, lesson: Lesson, truth: Truth, *, seed: int) -> "Ground":
        """Reads the cells of a lesson; the encoding knows cells alone, never what is to be answered."""
        lesson = heeded(lesson, truth)
        with one_thread():
            encoding = fit_encoding(lesson.cells, lesson.columns, seed=seed)
            rows = encoding.encoded(lesson.cells)
        strata, names = strata_of(lesson.answers, truth)
        return cls(
            rows,
            truth,
            encoding.sizes,
            encoding.numbers,
            lesson.schema,
            lesson.groups,
            lesson.times,
            strata,
            names,
        )


def strata_of(answers: tuple[str, ...], truth: Truth) -> tuple[Indices, tuple[str, ...]]:
    """The stratum of each row, and the names of those that have one."""
    if truth.task.answers is AnswerKind.NUMBER:
        ranks = np.argsort(np.argsort(truth.targets[0].values, kind="stable"), kind="stable")
        return np.asarray(ranks * NUMBER_BANDS // len(ranks), np.int64), ()
    if truth.task.answers is AnswerKind.LABEL:
        return np.asarray(truth.targets[0].values, np.int64), truth.labels
    return sets_apart(answers)


def plan_rows(ground: Ground, *, seed: int) -> Course:
    """Plans what is learned from what.

    Where time counts, rows are learned from that came before those that are scored, and a group that lies on both
    sides is drawn to one of them. Else groups are parted as for any other input.
    """
    drawn = make_folds(_coarse(ground), ground.groups, ground.times, seed=seed)
    if not drawn.ahead:
        return plan_course(ground.strata, ground.groups, seed=seed)
    rng = np.random.default_rng(seed)
    wanted = max(repetitions_of(len(ground.rows)), len(drawn.folds))
    turns = [drawn.folds[place % len(drawn.folds)] for place in range(wanted)]
    folds = [_parted(fold.train, fold.held_out, ground.groups, rng) for fold in turns]
    return course_over([fold for fold in folds if len(fold.held_out)], ground.strata, ground.groups, seed=seed)


def measure_rows(
    ground: Ground, *, seed: int, pulse: Callable[[], None], report: Callable[[Progress], None]
) -> Scores | None:
    """Learns and scores the whole course.

    Args:
        ground: At most about `MOST_EXAMPLES` rows.
        seed: Same seed, same scores.
        pulse: Called often; what it raises ends the work.
        report: Receives progress.

    Returns:
        None where nothing can be held out, or there are too few rows.
    """
    course = plan_rows(ground, seed=seed)
    return learn_rows(ground, course, seed=seed, pulse=pulse, report=report) if course.sizes else None


def learn_rows(
    ground: Ground, course: Course, *, seed: int, pulse: Callable[[], None], report: Callable[[Progress], None]
) -> Scores:
    """Learns and scores what was planned; arguments as in `measure_rows`."""

    def scored(place: int) -> Array:
        return _scored(ground, course.repetitions[place], seed + place, pulse)

    return walk(course, scored, labels=ground.strata, groups=ground.groups, pulse=pulse, report=report)


def _coarse(ground: Ground) -> Target:
    return Target(ground.strata, max(BANDS, int(ground.strata.max()) + 1), np.ones(len(ground.rows)))


def _parted(train: Indices, held_out: Indices, groups: Indices, rng: np.random.Generator) -> plain.Fold:
    """Both sides without what the other one has of the same group."""
    both = np.intersect1d(groups[train], groups[held_out])
    learned = rng.random(len(both)) < 0.5
    return plain.Fold(
        train[~np.isin(groups[train], both[~learned])], held_out[~np.isin(groups[held_out], both[learned])]
    )


def _scored(ground: Ground, repetition: Repetition, seed: int, pulse: Callable[[], None]) -> Array:
    """Whether each held-out row was answered rightly after each part, (s, m)."""
    asked = ground.rows.some(repetition.held_out)
    hits = []
    for part in repetition.parts:
        given = np.mean([_given(each, ground, part, asked, seed, pulse) for each in MEMBERS], axis=0)
        hits.append(right_among(given, ground.truth, repetition.held_out, ground.schema))
    return np.array(hits, np.float64)


def _given(
    member: Candidate, ground: Ground, part: Indices, asked: Encoded, seed: int, pulse: Callable[[], None]
) -> Numbers:
    """What a member that learned from a part says of some rows, (m, k) or (m, 1)."""
    pulse()
    rows = ground.rows.some(part)
    told = []
    for target in ground.truth.targets:
        own = target.some(part)
        task = Task(rows, own, rows, own, ground.sizes, ground.features, seed % 2**31, 1, pulse)
        told.append(FAMILIES[member.family].fit(task, member.setting).answers(asked))
    return np.stack([each[:, 1] for each in told], axis=1) if ground.truth.several else told[0]
