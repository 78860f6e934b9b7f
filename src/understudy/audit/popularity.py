"""The rule of one line for rankings: the items that most people chose, without those that somebody has."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from understudy.audit.parts import deal
from understudy.audit.rules import PARTS
from understudy.domain.rule import Rule, RuleKind
from understudy.domain.task import BETWEEN_LABELS

ITEMS: Final = 10
"""Items in a list by popularity."""


@dataclass(frozen=True)
class Chosen:
    """What one person chose.

    Attributes:
        liked: What they liked, what came next among it.
        had: What they had before that.
        following: What came next.
    """

    liked: frozenset[str]
    had: frozenset[str]
    following: str


@dataclass(frozen=True)
class Popularity:
    """Items by how many people liked them.

    Attributes:
        items: The most liked first; of equals the one that more people had, then by name.
        again: What somebody has may come again, so a list holds it too.
    """

    items: tuple[str, ...]
    again: bool

    @classmethod
    def of(cls, people: Iterable[Chosen], *, again: bool) -> "Popularity":
        """Counts each person once an item."""
        liked, had = _counts(people)
        return cls(_ordered(liked, had), again)

    def listed(self, had: Collection[str], count: int = ITEMS) -> tuple[str, ...]:
        """The most popular items for somebody who has some already."""
        free = (item for item in self.items if self.again or item not in had)
        return tuple(islice(free, count))


def popular_rule(
    people: Sequence[Chosen], groups: Sequence[str], *, again: bool, titles: Mapping[str, str], seed: int
) -> Rule:
    """Popularity as the rule beside a model.

    Args:
        people: What each chose; at least one.
        groups: Of each; a group is never split between counting and judging.
        again: What somebody has may come again.
        titles: What people call items, where that is known.
        seed: Same seed, same accuracy.

    Returns:
        The rule, counted over all of them; its accuracy is that of lists counted over the others.

    Raises:
        ValueError: There is nobody.
    """
    if not people or len(people) != len(groups):
        raise ValueError("people and groups name the same examples, at least one")
    said = Popularity.of(people, again=again).listed(())
    named = tuple((item, titles.get(item, item)) for item in said)
    right = sum(_right_by_others(people, groups, again=again, seed=seed))
    return Rule(RuleKind.POPULAR, "", None, "", named, BETWEEN_LABELS.join(said), right / len(people))


def _right_by_others(people: Sequence[Chosen], groups: Sequence[str], *, again: bool, seed: int) -> Iterator[bool]:
    """Whether each one's next item stands in the list that is counted over the parts that they are not in."""
    group = np.unique(np.array(groups), return_inverse=True)[1]
    part = deal(np.zeros(len(people), np.int64), group, PARTS, seed=seed)
    liked, had = _counts(people)
    for judged in np.unique(part):
        own = [people[place] for place in np.flatnonzero(part == judged).tolist()]
        their_liked, their_had = _counts(own)
        others = Popularity(_ordered(_less(liked, their_liked), _less(had, their_had)), again)
        for one in own:
            yield one.following in others.listed(one.had)


def _counts(people: Iterable[Chosen]) -> tuple[Counter[str], Counter[str]]:
    """How many liked each item, and how many had it or took it next."""
    liked, had = Counter[str](), Counter[str]()
    for one in people:
        liked.update(one.liked)
        had.update(one.had | {one.following})
    return liked, had


def _less(counts: Counter[str], own: Counter[str]) -> Counter[str]:
    return Counter({item: count - own[item] for item, count in counts.items() if count > own[item]})


def _ordered(liked: Counter[str], had: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(had, key=lambda item: (-liked[item], -had[item], item)))
