"""Slices of a review: how the model fares on examples that share a fact.

Slices that the brief names must each be proven, also a value that no sealed example has. All others are reported with
bounds of their own, each taken alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.domain.fact_rows import FactRows
from understudy.domain.review import Claim, ClaimKind, Outcome
from understudy.domain.rule import Fact
from understudy.domain.task import AnswerKind, number_in
from understudy.stats.thirds import thirds
from understudy.studio.claims.claims import share_claimed
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.slice_names import slice_subject
from understudy.studio.examples.sliceable_facts import MOST_VALUES

FEWEST = 8
"""Examples below which a slice that nobody asked for is not told of."""

MISSING = "missing"
TRUTH = "the true number"
Members = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Slice:
    """Examples that share a fact.

    Attributes:
        fact: Which ("camera").
        value: What they share ("phone", "under 84"); empty where no example says it.
        members: Which of the sealed examples are in it, (n,).
        asked: The brief asks for its own proof.
    """

    fact: str
    value: str
    members: Members
    asked: bool

    @property
    def subject(self) -> str:
        """As a claim names it."""
        return slice_subject(self.fact, self.value)


def slices_of(material: Material) -> tuple[Slice, ...]:
    """The brief's slices, then every other that is large enough to tell of."""
    facts, asked = material.answers.facts, material.brief.slices if material.brief else ()
    columns = [name for name in facts.names if name not in asked]
    wanted = [each for fact in dict.fromkeys(asked) for each in _asked(material, fact)]
    by_size = _by_size(material)
    return (*wanted, *by_size, *(each for fact in columns for each in _reported(facts, fact)))


def _by_size(material: Material) -> Iterator[Slice]:
    """Where answers are numbers: the thirds of the truth, as those that are rare are often answered worst."""
    if material.task.answers is AnswerKind.NUMBER:
        values: list[Fact] = [number_in(truth) for truth in material.answers.true_labels]
        if len(set(values)) > MOST_VALUES:
            yield from (each for each in _thirds(TRUTH, values, asked=False) if each.members.sum() >= FEWEST)


def slice_claims(material: Material, slices: Sequence[Slice]) -> Iterator[Claim]:
    """The share right of each slice; of one that was asked for, against the bar of the whole."""
    for each in slices:
        if not each.members.any():
            who, what = ("sealed example has", f" “{each.value}”") if each.value else ("example says", "")
            why = f"No {who} {each.fact}{what}."
            yield Claim(ClaimKind.SLICE, each.subject, None, material.bar, True, each.asked, Outcome.OPEN, None, why)
            continue
        yield _claim(material, each)


def _claim(material: Material, each: Slice) -> Claim:
    bar = material.bar if each.asked else None
    return share_claimed(material, ClaimKind.SLICE, each.subject, each.members, bar, required=each.asked)


def _asked(material: Material, fact: str) -> Iterator[Slice]:
    """Every value that any example has, sealed or not, since each will be met again."""
    facts = material.answers.facts
    values = facts.column(fact)
    seen = dict(material.grounds.seen).get(fact, ())
    if not seen and not any(value is not None for value in values):
        yield Slice(fact, "", np.zeros(len(facts), np.bool_), asked=True)
        return
    if _is_number(values):
        yield from _thirds(fact, values, asked=True)
        return
    named = np.array([MISSING if value is None else str(value) for value in values], object)
    for value in sorted({*seen, *named.tolist()}):
        yield Slice(fact, value, np.array(named == value, np.bool_), asked=True)


def _reported(facts: FactRows, fact: str) -> Iterator[Slice]:
    values = facts.column(fact)
    if _is_number(values):
        yield from (each for each in _thirds(fact, values, asked=False) if each.members.sum() >= FEWEST)
        return
    named = [MISSING if value is None else str(value) for value in values]
    often = Counter(named)
    if not 2 <= len(often) <= MOST_VALUES:
        return
    for value in sorted(often):
        members = np.array([each == value for each in named], np.bool_)
        if members.sum() >= FEWEST:
            yield Slice(fact, value, members, asked=False)


def _is_number(values: Sequence[Fact]) -> bool:
    """A number of more values than can be told one by one."""
    known = [value for value in values if value is not None]
    return bool(known) and not any(isinstance(value, str) for value in known) and len(set(known)) > MOST_VALUES


def _thirds(fact: str, values: Sequence[Fact], *, asked: bool) -> Iterator[Slice]:
    """A number, cut where a third and two thirds of the sealed examples lie; their labels have no say in it."""
    numbers = np.array([np.nan if value is None or isinstance(value, str) else float(value) for value in values])
    parts = [*thirds(numbers), (MISSING, np.array(~np.isfinite(numbers), np.bool_))]
    yield from (Slice(fact, value, members, asked) for value, members in parts if members.any())
