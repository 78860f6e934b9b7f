"""Interactions as worlds: histories, and the members of the search by which the product draws their curves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from bench.curve_worlds import Truth, chance_of, truth_of
from bench.splits import DATA
from understudy.modalities.interactions.content import Content
from understudy.modalities.interactions.reading import read_interactions
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.table.frame import read_frame
from understudy.search.recommend.learning_points import measure_histories
from understudy.search.recommend.lesson import About, Lesson, Taught, lesson_of
from understudy.stats.scores import Scores

TRUE_SEEDS = 3
"""Measurements of the whole that the truth is the mean of."""


@dataclass(frozen=True)
class HistoryPlan:
    """Which worlds are made of a table of interactions.

    Attributes:
        name: Its folder.
        file: The table in it.
        lengths: Items in an answer.
        timed: Whether times count, in turn; without them people are parted at random.
        share: Items that are kept, drawn at random, in a second world of each kind; 1 for no such world.
    """

    name: str
    file: str
    lengths: tuple[int, ...]
    timed: tuple[bool, ...]
    share: float = 0.5


DEVELOPMENT: tuple[HistoryPlan, ...] = ()
HELD_OUT = (
    HistoryPlan("restaurant_ratings", "train.csv", (3, 5, 10), (False,), 0.6),
    HistoryPlan("movielens_small", "ratings.csv", (10, 20), (True,), 0.3),
)


@dataclass(frozen=True)
class HistoryWorld:
    """Everybody's history and what came next.

    Attributes:
        name: See `World`.
        taught: Of everybody, a history each.
        about: What was seen in the data.
    """

    name: str
    taught: tuple[Taught, ...]
    about: About
    kind: str = "histories"

    @property
    def count(self) -> int:
        """See `World`."""
        return len(self.taught)

    def truth(self) -> Truth:
        """See `World`."""
        lesson = self._lesson(self.taught)
        measured = [_measured(lesson, seed=1_000 + seed) for seed in range(TRUE_SEEDS)]
        return truth_of([each for each in measured if each is not None])

    def project(self, examples: int, seed: int) -> Scores | None:
        """See `World`."""
        order = chance_of(self.name, seed).permutation(self.count)[:examples]
        return _measured(self._lesson([self.taught[place] for place in np.sort(order)]), seed=seed)

    def _lesson(self, taught: Sequence[Taught]) -> Lesson:
        return lesson_of(taught, Content(), self.about)


def history_worlds(
    plans: Sequence[HistoryPlan], wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[HistoryWorld]:
    """Every world of some tables of interactions: all items and some, for every length, with times and without.

    Args:
        plans: How each is read.
        wanted: Of the set's name; sets that are not wanted are not read.

    Raises:
        FileNotFoundError: A table is not there.
    """
    for plan in plans:
        if wanted(plan.name):
            lines = (DATA / plan.name / plan.file).read_bytes().splitlines()
            for share in dict.fromkeys((1.0, plan.share)):
                found = read_interactions(plan.name, Sheet.of(read_frame(plan.name, b"\n".join(_kept(lines, share)))))
                taught = tuple(
                    Taught(sha256(each.data).hexdigest(), each.data, each.label, each.group)
                    for each in sorted(found.examples(), key=lambda one: sha256(one.data).digest())
                )
                liked = found.about().get("liked_from")
                for timed in plan.timed:
                    for length in plan.lengths:
                        when = "timed" if timed else "untimed"
                        title = f"{plan.name} ({share:.0%} of its items), {when}, {length} in a list"
                        about = About(timed, False, None if liked is None else float(liked), length)
                        yield HistoryWorld(title, taught, about)


def _kept(lines: Sequence[bytes], share: float) -> Iterator[bytes]:
    """The header, and the events with some of the items; the item is the second column."""
    yield lines[0]
    for line in lines[1:]:
        item = line.split(b",")[1]
        if int.from_bytes(sha256(item).digest()[:4], "big") < share * 2**32:
            yield line


def _measured(lesson: Lesson, *, seed: int) -> Scores | None:
    return measure_histories(lesson, seed=seed, pulse=lambda: None, report=lambda _: None)
