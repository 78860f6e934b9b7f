"""Learning points: how accuracy grows as a head learns from more and more of the training examples.

Nothing but training examples takes part. Each repetition leaves some groups out, learns from ever larger parts of the
others and is scored on those that were left out.
"""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from understudy.domain.trial import Progress
from understudy.engine.inference import cores
from understudy.search.candidates import MOST_THREADS
from understudy.search.folds import Fold, Folds, make_folds
from understudy.search.heads import FitOne, Head, Taught, fitting_for
from understudy.search.rows import Indices, Matrix
from understudy.stats.scores import Array, Scores

STAGE = "Learning from parts of the examples"
RATIO = math.sqrt(2)
"""Between one size and the next."""
MOST_SIZES = 10
FEWEST = 8
"""Examples below which nothing is learned."""
MOST_SCORED = 3_000
"""Held-out examples that are scored in a repetition; more would not make it surer by much."""
MOST_EXAMPLES = 20_000
"""Examples that the curve is drawn from; of more, some are drawn."""
REPETITIONS = ((400, 28), (1_500, 14), (10_000, 5), (MOST_EXAMPLES, 2))
"""Up to so many examples, at least so many repetitions."""


@dataclass(frozen=True)
class Repetition:
    """Ever larger parts to learn from, and one part to be scored on; sorted indices."""

    parts: tuple[Indices, ...]
    held_out: Indices


@dataclass(frozen=True)
class Course:
    """Everything that is to be learned and scored.

    Attributes:
        sizes: Mean number of examples in each part, rising; empty where nothing can be held out.
        repetitions: Each with as many parts as there are sizes.
    """

    sizes: tuple[float, ...] = ()
    repetitions: tuple[Repetition, ...] = ()


def plan_course(labels: Indices, groups: Indices, *, seed: int) -> Course:
    """Plans what is learned from what.

    Args:
        labels: Label of each example, (n,), 0..k-1.
        groups: Group of each, (n,), 0..g-1; a group is learned from or scored, and enters as a whole.
        seed: Same seed, same plan.
    """
    wanted = repetitions_of(len(labels))
    draws: list[Folds] = []
    while sum(len(folds.folds) for folds in draws) < wanted:
        folds = make_folds(labels, groups, seed=seed + len(draws))
        if not folds.apart:
            return Course()
        draws.append(folds)
    return course_over([fold for folds in draws for fold in folds.folds], labels, groups, seed=seed)


def course_over(folds: Sequence[Fold], labels: Indices, groups: Indices, *, seed: int) -> Course:
    """The course that learns from ever larger parts of what each of these folds learns from.

    Args:
        folds: One a repetition; what is held out of each is truly apart from what is learned.
        labels: What parts hold even shares of, (n,), 0..k-1.
        groups: Group of each example, (n,); a group enters as a whole.
        seed: Same seed, same parts.
    """
    sizes = sizes_up_to(min((len(fold.train) for fold in folds), default=0), int(labels.max()) + 1)
    if not sizes:
        return Course()
    repetitions = []
    for place, fold in enumerate(folds):
        rng = np.random.default_rng([seed, place])
        parts = tuple(nested_parts(fold.train, labels, groups, sizes, rng))
        held_out = fold.held_out
        if len(held_out) > MOST_SCORED:
            held_out = np.sort(rng.choice(held_out, MOST_SCORED, replace=False))
        repetitions.append(Repetition(parts, held_out))
    mean = np.mean([[len(part) for part in each.parts] for each in repetitions], axis=0)
    kept = np.flatnonzero(np.diff(mean, prepend=0.0) > 0)
    chosen = tuple(Repetition(tuple(each.parts[i] for i in kept), each.held_out) for each in repetitions)
    return Course(tuple(float(mean[i]) for i in kept), chosen)


def repetitions_of(examples: int) -> int:
    """How many repetitions it takes at least, with so many examples."""
    return next(count for most, count in REPETITIONS if examples <= most or most == MOST_EXAMPLES)


def some_of(labels: Indices, groups: Indices, *, seed: int, most: int = MOST_EXAMPLES) -> Indices:
    """Sorted indices of at most about `most` examples in whole groups, with every label among them."""
    every = np.arange(len(labels))
    if len(every) <= most:
        return every
    return nested_parts(every, labels, groups, [most], np.random.default_rng(seed))[0]


@dataclass
class _Pace:
    """Tells how far the course is; a fit takes time by the examples it learns from."""

    report: Callable[[Progress], None]
    pulse: Callable[[], None]
    total: float
    fits: int
    clock: Callable[[], float] = time.monotonic
    _done: float = 0.0
    _fitted: int = 0
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock()

    def add(self, sizes: Sequence[int]) -> None:
        self._done += sum(sizes)
        self._fitted += len(sizes)
        left = (self.clock() - self._since) / self._done * (self.total - self._done)
        self.report(Progress(STAGE, self._fitted, self.fits, left))
        self.pulse()


def measure(
    taught: Taught, groups: Indices, head: Head, *, seed: int, report: Callable[[Progress], None]
) -> Scores | None:
    """Learns and scores the whole course.

    Args:
        taught: At most about `MOST_EXAMPLES` labelled rows.
        groups: Group of each row, (n,), 0..g-1.
        head: The head of the model that was chosen; where it takes too long for so many rows, a usual one.
        seed: Same seed, same scores.
        report: Receives progress.

    Returns:
        None where nothing can be held out: a label comes from one group alone, or there are too few examples.
    """
    course = plan_course(taught.labels, groups, seed=seed)
    return learn(taught, groups, head, course, report=report) if course.sizes else None


def learn(taught: Taught, groups: Indices, head: Head, course: Course, *, report: Callable[[Progress], None]) -> Scores:
    """Learns and scores what was planned; arguments as in `measure`."""
    fit = taught.fitting(fitting_for(head, taught.rows.count))

    def scored(place: int) -> Array:
        return _scored(taught, fit, course.repetitions[place])

    return walk(course, scored, labels=taught.labels, groups=groups, pulse=taught.pulse, report=report)


def walk(
    course: Course,
    scored: Callable[[int], Array],
    *,
    labels: Indices,
    groups: Indices,
    pulse: Callable[[], None],
    report: Callable[[Progress], None],
) -> Scores:
    """Learns and scores a whole course, several repetitions side by side.

    Args:
        course: With at least one size.
        scored: Of a repetition, by its place: whether each held-out example was answered rightly after each part, or
            how often, (s, m), 0..1.
        labels: Label of each example, (n,), 0..k-1.
        groups: Group of each, (n,).
        pulse: Called often; what it raises ends the work.
        report: Receives progress.
    """
    total = sum(len(part) for each in course.repetitions for part in each.parts)
    pace = _Pace(report, pulse, total, len(course.sizes) * len(course.repetitions))
    right, tries = np.zeros((2, len(course.sizes), len(labels)))
    accuracies = []
    with ThreadPoolExecutor(min(cores(), MOST_THREADS)) as pool:
        found = pool.map(scored, range(len(course.repetitions)))
        for each, hits in zip(course.repetitions, found, strict=True):
            right[:, each.held_out] += hits
            tries[:, each.held_out] += 1
            accuracies.append(hits.mean(axis=1))
            pace.add([len(part) for part in each.parts])
    seen = np.flatnonzero(tries[0])
    share: Array = right[:, seen] / tries[:, seen]
    member = np.unique(groups[seen], return_inverse=True)[1].astype(np.int64)
    spread: Array = np.std(accuracies, axis=0, ddof=1) if len(accuracies) > 1 else np.zeros(len(course.sizes))
    return Scores(np.array(course.sizes), share, spread, len(accuracies), member, labels[seen])


def _scored(taught: Taught, fit: FitOne, repetition: Repetition) -> Array:
    """Whether each held-out example was answered rightly after each part, (s, m)."""
    rows: Matrix = taught.rows.take(repetition.held_out)
    truth = taught.labels[repetition.held_out]
    hits = []
    for part in repetition.parts:
        taught.pulse()
        hits.append(fit(part)(rows).argmax(axis=1) == truth)
    return np.array(hits, np.float64)


def sizes_up_to(largest: int, classes: int) -> list[int]:
    """Numbers of examples to learn from, rising, each about 1.4 times the one before."""
    sizes = [round(largest / RATIO**step) for step in range(MOST_SIZES)]
    return sorted({size for size in sizes if size >= max(FEWEST, 2 * classes)})


def nested_parts(
    train: Indices, labels: Indices, groups: Indices, sizes: Sequence[float], rng: np.random.Generator
) -> list[Indices]:
    """Parts of about these sizes, each holding the one before; whole groups, labels in even shares, none missing."""
    ordered = _ordered(train, labels, groups, rng)
    ends = np.cumsum([len(group) for group in ordered])
    fewest = _first_with_all(ordered, labels, len(np.unique(labels[train])))
    counts = [max(int(np.abs(ends - size).argmin()) + 1, fewest) for size in sizes]
    return [np.sort(np.concatenate(ordered[:count])) for count in counts]


def _ordered(train: Indices, labels: Indices, groups: Indices, rng: np.random.Generator) -> list[Indices]:
    """The examples group by group: first one group of each label, then so that labels keep their shares."""
    member = groups[train]
    order = np.argsort(member, kind="stable")
    cuts = np.flatnonzero(np.diff(member[order])) + 1
    whole = [train[part] for part in np.split(order, cuts)]
    # A group's label is its first example's; mixed groups are rare, and any rule would do.
    first = np.array([labels[group[0]] for group in whole])
    when = np.empty(len(whole))
    for label in np.unique(first):
        own = rng.permutation(np.flatnonzero(first == label))
        when[own] = (np.arange(len(own)) + rng.random()) / len(own)
        when[own[0]] = -rng.random()
    return [whole[place] for place in np.argsort(when, kind="stable")]


def _first_with_all(ordered: Sequence[Indices], labels: Indices, classes: int) -> int:
    """How many groups it takes until every label is there."""
    seen: set[int] = set()
    for count, group in enumerate(ordered, 1):
        seen.update(int(label) for label in labels[group])
        if len(seen) == classes:
            return count
    return len(ordered)
