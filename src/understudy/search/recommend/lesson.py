"""The lesson: examples of what came next, as each person's events, and what is known of items."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from understudy.modalities.interactions.content import Content
from understudy.modalities.interactions.question import Event, read_question
from understudy.search.recommend.log import LATEST, Catalogue, Indices, Log, Numbers, People, in_order
from understudy.search.target import TooLittleToLearn

FEWEST: Final = 4
"""People from whom something can be learned while others are asked."""


class Taught(NamedTuple):
    """One example as it is kept.

    Attributes:
        digest: Of the input.
        data: Its bytes.
        label: The item that came next.
        group: The person.
        made: Somebody made it up: it is learned from, and nothing is judged by it.
    """

    digest: str
    data: bytes
    label: str
    group: str
    made: bool = False


@dataclass(frozen=True)
class About:
    """What was seen in all the data when it was read.

    Attributes:
        timed: Times are known, so the order of events means something.
        repeats: Items are taken again.
        liked_from: The rating from which an event counts as liked, or None where nobody rates.
        length: Items in an answer.
        columns: What was taken from which column of the table ("who" from "customer"), as later tables are read too.
    """

    timed: bool = False
    repeats: bool = False
    liked_from: float | None = None
    length: int = 10
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Lesson:
    """What a run learns from.

    Attributes:
        log: Each person's events, the last of which is the label.
        people: Who they are.
        catalogue: All items.
        content: What is known of them.
        about: What was seen in the data.
        examples: How many examples there were; people with several are counted once in the log.
        version: Digest of inputs, labels and groups.
    """

    log: Log
    people: People
    catalogue: Catalogue
    content: Content
    about: About
    examples: int
    version: str

    @property
    def real(self) -> Log:
        """Events of people whom nobody made up."""
        return self.log.people(self.people.asked)


def lesson_of(taught: Iterable[Taught], content: Content, about: About) -> Lesson:
    """Puts examples together.

    Somebody with several examples, as when more was added later, is learned from once: events of all of them, each
    item and time once, and the label of the longest history. What was made up of somebody is kept apart from what that
    one did. Where fewer than four people are real nothing can be judged by those alone, and all count as real.

    Args:
        taught: In any order that is always the same.
        content: What is known of items.
        about: What was seen in the data.

    Raises:
        TooLittleToLearn: There are fewer than four people, or all took the same.
        QuestionUnreadable: An input is none.
    """
    digest = hashlib.sha256()
    people: dict[tuple[str, bool], list[_Told]] = {}
    places: dict[str, int] = {}
    examples = 0
    for each in taught:
        made = ["made up"] if each.made else []
        digest.update(json.dumps([each.digest, each.label, each.group, *made]).encode() + b"\n")
        people.setdefault((each.group, each.made), []).append(_told(each, places, about.liked_from))
        examples += 1
    digest.update(hashlib.sha256(content.to_bytes()).digest())
    if sum(not made for _, made in people) < FEWEST:
        people = _all_real(people)
    catalogue = Catalogue.of([*places, *content.words])
    _check(len(people), len(catalogue))
    log = _log([_together(people[who]) for who in sorted(people)], places, catalogue)
    return Lesson(log, People.of(sorted(people)), catalogue, content, about, examples, digest.hexdigest())


def _all_real(people: dict[tuple[str, bool], list["_Told"]]) -> dict[tuple[str, bool], list["_Told"]]:
    groups = sorted({group for group, _ in people})
    return {(group, False): [*people.get((group, False), []), *people.get((group, True), [])] for group in groups}


@dataclass(frozen=True)
class _Told:
    """One example's events in little memory, the label last.

    Attributes:
        item: Numbers of items in the order in which they were met, (e,).
        liked: (e,).
        when: Not a number where unknown, (e,).
        told: How many events the history held, those included that are too old to be learned from.
    """

    item: Indices
    liked: npt.NDArray[np.bool_]
    when: Numbers
    told: int


def _told(each: Taught, places: dict[str, int], liked_from: float | None) -> _Told:
    question = read_question(each.data)
    events = (*in_order(question)[-LATEST:], Event(each.label, None, question.asked))
    item = [places.setdefault(event.item, len(places)) for event in events]
    liked = [liked_from is None or event.value is None or event.value >= liked_from for event in events]
    when = [np.nan if event.when is None else event.when for event in events]
    return _Told(np.array(item, np.int64), np.array(liked, bool), np.array(when, np.float64), len(question.history))


def _together(several: list[_Told]) -> _Told:
    """One person's events out of several examples; the longest comes last, and its label with it."""
    if len(several) == 1:
        return several[0]
    ordered = sorted(several, key=lambda told: (told.told, told.item.tolist()))
    kept: dict[tuple[int, str], tuple[bool, float]] = {}
    for told in ordered:
        for item, liked, when in zip(told.item[:-1].tolist(), told.liked, told.when.tolist(), strict=False):
            kept.setdefault((item, str(when)), (bool(liked), when))
    last = ordered[-1]
    label = (int(last.item[-1]), str(float(last.when[-1])))
    kept.pop(label, None)
    if all(np.isfinite(when) for _, when in kept.values()):
        kept = dict(sorted(kept.items(), key=lambda pair: pair[1][1]))
    kept[label] = (True, float(last.when[-1]))
    item, (liked, when) = [at for at, _ in kept], zip(*kept.values(), strict=True)
    return _Told(np.array(item, np.int64), np.array(liked, bool), np.array(when, np.float64), last.told)


def _log(people: list[_Told], places: dict[str, int], catalogue: Catalogue) -> Log:
    """Everybody's events, with items at their places in the catalogue."""
    moved = np.array([catalogue.places[item] for item in places], np.int64)
    starts = np.concatenate([[0], np.cumsum([len(told.item) for told in people])]).astype(np.int64)
    item = moved[np.concatenate([told.item for told in people])]
    liked = np.concatenate([told.liked for told in people])
    return Log(starts, item, liked, np.concatenate([told.when for told in people]), len(catalogue))


def _check(people: int, items: int) -> None:
    if people < FEWEST or items < 2:
        there = "there is 1 person" if people == 1 else f"there are {people} people"
        few = there if people < FEWEST else "everybody took the same item"
        raise TooLittleToLearn(
            fact="There is too little to learn from.",
            reason=f"What one person takes next is learned from others, and {few} in the training data.",
            remedy=f"Add interactions of at least {FEWEST} people with several items.",
        )
