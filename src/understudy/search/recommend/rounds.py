"""Rounds of trying: what is learned from, and who is asked what comes next, such that nothing later is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.search.recommend.log import Indices, Log, Numbers, People

BLOCKS: Final = 5
"""Parts of the people by the time of their question; the last `ASKED` of them are asked."""
ASKED: Final = 3
FOLDS: Final = 5
FOLDS_OF_FEW: Final = 10
FEW: Final = 400
"""People below whom there are more folds."""
EARLIER: Final = 3
"""Questions a person where order is known: the last, and ones before it."""
EACH: Final = 8
"""Questions a person where it is not."""
MOST: Final = 3000
"""Questions of a round; of more, drawn ones are asked."""


@dataclass(frozen=True)
class Round:
    """One round.

    Attributes:
        learned: What is learned from.
        asked: Histories of the questions, (m,).
        truth: The item that came next in each, (m,).
        person: Whose question it is, (m,).
        last: It is the person's own example, and not one made from the history, (m,).
        ahead: All that is learned from happened before.
    """

    learned: Log
    asked: Log
    truth: Indices
    person: Indices
    last: npt.NDArray[np.bool_]
    ahead: bool = False

    @property
    def weight(self) -> Numbers:
        """Of each question, so that every person counts the same, (m,)."""
        _, place, count = np.unique(self.person, return_inverse=True, return_counts=True)
        share: Numbers = 1.0 / count[place]
        return share


def rounds_of(log: Log, people: People, *, timed: bool, rng: np.random.Generator) -> Iterator[Round]:
    """Parts people into those who are learned from and those who are asked.

    **With times** people are put in the order of their last event and cut into blocks. Those of a block are asked by
    what was learned from the people before, and from what those after did before the block began: nothing that
    happened later informs an answer. **Without times**, or where all are the same, people are parted at random. Who
    was made up is never asked.

    Args:
        log: Everybody's events; each person's last one is the label of the example.
        people: Who they are.
        timed: The order of events means something.
        rng: Draws the parts, and questions where there are too many.
    """
    parts = list(_by_time(log, people)) if timed else []
    timed = bool(parts)
    for (kept, since), asked in parts or _by_chance(log, people, rng):
        held = _questions(log, asked, since, timed=timed, rng=rng)
        if len(held) and kept.any():
            yield _round(log, log.chosen(kept), held, timed=timed)


def _by_time(log: Log, people: People) -> Iterator[tuple[tuple[npt.NDArray[np.bool_], float], Indices]]:
    """For each block: which events may be learned from, since when it lasts, and whose it is."""
    moment = _last_moment(log)
    order = people.asked[np.argsort(moment[people.asked], kind="stable")]
    for block in np.array_split(order, min(BLOCKS, max(len(order), 1)))[-ASKED:]:
        since = float(moment[block[0]]) if len(block) else -np.inf
        learned = (log.when < since) & people.others(block)[log.person]
        if learned.any():
            yield (learned, since), block


def _last_moment(log: Log) -> Numbers:
    """The last known time of each person, (n,); before all others where none is known."""
    known = np.where(np.isfinite(log.when), log.when, -np.inf)
    latest = np.full(len(log), -np.inf)
    np.maximum.at(latest, log.person, known)
    return latest


def _by_chance(
    log: Log, people: People, rng: np.random.Generator
) -> Iterator[tuple[tuple[npt.NDArray[np.bool_], float], Indices]]:
    asked = people.asked
    count = FOLDS_OF_FEW if len(asked) < FEW else FOLDS
    for fold in np.array_split(rng.permutation(asked), max(min(count, len(asked)), 1)):
        yield (people.others(fold)[log.person], -np.inf), np.sort(fold)


def _questions(log: Log, people: Indices, since: float, *, timed: bool, rng: np.random.Generator) -> Indices:
    """Events that are asked for, as places in the log."""
    held = []
    for one in people:
        events = np.arange(log.starts[one], log.starts[one + 1])
        wanted = events[log.liked[events]]
        if timed:
            wanted = wanted[(log.when[wanted] >= since) | (wanted == events[-1])][-EARLIER:]
        elif len(wanted) > EACH:
            wanted = np.sort(rng.choice(wanted, EACH, replace=False))
        held.append(wanted)
    found = np.concatenate(held) if held else np.empty(0, np.int64)
    return found if len(found) <= MOST else np.sort(rng.choice(found, MOST, replace=False))


def _round(log: Log, learned: Log, held: Indices, *, timed: bool) -> Round:
    person = log.person[held]
    begins, ends = log.starts[person], log.starts[person + 1]
    sizes = (held - begins) if timed else (ends - begins - 1)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    events = np.repeat(begins - starts[:-1], sizes) + np.arange(starts[-1])
    if not timed:
        events = events + (events >= np.repeat(held, sizes))
    asked = Log(starts, log.item[events], log.liked[events], log.when[events], log.width)
    return Round(learned, asked, log.item[held], person, held == ends - 1, timed)
