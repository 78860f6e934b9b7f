"""The lesson: examples of what came next, as each person's events, and what is known of items."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from understudy.modalities.interactions.content import Content
from understudy.modalities.interactions.question import Event, read_question
from understudy.search.recommend.log import Catalogue, Log, in_order, log_of
from understudy.search.training import TooLittleToLearn

FEWEST: Final = 4
"""People from whom something can be learned while others are asked."""


class Taught(NamedTuple):
    """One example as it is kept.

    Attributes:
        digest: Of the input.
        data: Its bytes.
        label: The item that came next.
        group: The person.
    """

    digest: str
    data: bytes
    label: str
    group: str


@dataclass(frozen=True)
class About:
    """What was seen in all the data when it was read.

    Attributes:
        timed: Times are known, so the order of events means something.
        repeats: Items are taken again.
        liked_from: The rating from which an event counts as liked, or None where nobody rates.
        length: Items in an answer.
    """

    timed: bool = False
    repeats: bool = False
    liked_from: float | None = None
    length: int = 10


@dataclass(frozen=True)
class Lesson:
    """What a run learns from.

    Attributes:
        log: Each person's events, the last of which is the label.
        catalogue: All items.
        content: What is known of them.
        about: What was seen in the data.
        examples: How many examples there were; people with several are counted once in the log.
        version: Digest of inputs, labels and groups.
    """

    log: Log
    catalogue: Catalogue
    content: Content
    about: About
    examples: int
    version: str


def lesson_of(taught: Iterable[Taught], content: Content, about: About) -> Lesson:
    """Puts examples together.

    Somebody with several examples, as when more was added later, is learned from once: events of all of them, each
    item and time once, and the label of the longest history.

    Args:
        taught: In any order that is always the same.
        content: What is known of items.
        about: What was seen in the data.

    Raises:
        TooLittleToLearn: There are fewer than four people, or all took the same.
        QuestionUnreadable: An input is none.
    """
    digest = hashlib.sha256()
    people: dict[str, list[tuple[Event, ...]]] = {}
    items = set(content.words)
    examples = 0
    for each in taught:
        digest.update(json.dumps([each.digest, each.label, each.group]).encode() + b"\n")
        question = read_question(each.data)
        events = (*in_order(question), Event(each.label, None, question.asked))
        people.setdefault(each.group, []).append(events)
        items.update(event.item for event in events)
        examples += 1
    digest.update(hashlib.sha256(content.to_bytes()).digest())
    catalogue = Catalogue.of(items)
    _check(len(people), len(catalogue))
    histories = [_together(people[group]) for group in sorted(people)]
    log = log_of(histories, catalogue, liked_from=about.liked_from)
    return Lesson(log, catalogue, content, about, examples, digest.hexdigest())


def _together(several: list[tuple[Event, ...]]) -> tuple[Event, ...]:
    """One person's events out of several examples; the longest comes last, and its label with it."""
    if len(several) == 1:
        return several[0]
    ordered = sorted(several, key=lambda events: (len(events), str(events)))
    kept: dict[tuple[str, float | None], Event] = {}
    for event in (event for events in ordered for event in events[:-1]):
        kept.setdefault((event.item, event.when), event)
    label = ordered[-1][-1]
    kept.pop((label.item, label.when), None)
    return (*kept.values(), label)


def _check(people: int, items: int) -> None:
    if people < FEWEST or items < 2:
        few = f"there are {people} people" if people < FEWEST else "everybody took the same item"
        raise TooLittleToLearn(
            fact="There is too little to learn from.",
            reason=f"What one person takes next is learned from others, and {few} in the training data.",
            remedy=f"Add interactions of at least {FEWEST} people with several items.",
        )
