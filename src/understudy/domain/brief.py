"""A brief: the problem, its economics, and what would end the attempt. Whatever is unknown is None."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from understudy.domain.errors import UnderstudyError
from understudy.domain.money import MOST
from understudy.domain.texts import is_storable

LONGEST_TEXT = 4000
"""Letters in one answer."""

MOST_ENTRIES = 200
"""Bars of single labels, kinds of wrong answer, or slices."""


class BadBrief(UnderstudyError):
    """A figure of a brief is impossible.

    Args:
        field: The attribute it is about.
        fact: What was said.
        reason: Why it cannot be.
        remedy: What can be.
    """

    def __init__(self, *, fact: str, reason: str, remedy: str, field: str = "") -> None:
        super().__init__(fact=fact, reason=reason, remedy=remedy)
        self.field = field


class Demand(StrEnum):
    """The strongest sign there is that people want this."""

    NONE = "none"
    SAID = "said"
    """They said so when asked."""
    WAITED = "waited"
    """They signed up, or left what they do today to get it."""
    USED = "used"
    """They used a version that people answered behind."""
    PAID = "paid"


@dataclass(frozen=True)
class WrongCost:
    """What one kind of wrong answer costs: `truth` was so, and `answer` was given."""

    truth: str
    answer: str
    cost: float


@dataclass(frozen=True)
class KillCriteria:
    """What ends the attempt, agreed before it begins.

    Attributes:
        by: If nothing is launched by then.
        labels: If so many labels were given and nothing is launched.
        money: If so much was spent and nothing is launched.
    """

    by: date | None = None
    labels: int | None = None
    money: float | None = None


@dataclass(frozen=True)
class Brief:
    """What a product manager knows about one decision before it is automated.

    Attributes:
        problem: What goes wrong today, for whom, how often.
        who: Who hurts.
        today: How it is solved today.
        demand: The strongest sign that people want it.
        demand_evidence: What that sign is, in words.
        precedent: An adjacent product that did it, in words.
        currency: Three letters; every cost below is in it.
        decisions_a_month: How many answers are needed in a month.
        person_cost: Of one answer by a person.
        person_error: Share of people's answers that are wrong, 0..1.
        model_cost: Of one answer by the model.
        wrong_cost: Of a wrong answer, whichever its kind.
        wrong_costs: Kinds of wrong answer that cost something else.
        asked_bar: Share right that is asked for beyond what the economics ask, 0..1.
        class_bars: Recall that is asked for of single labels, as (label, share 0..1).
        slices: Facts of an example (a column, "camera") each of whose values needs its own proof.
        loss_budget: What may be lost until the model is rolled back.
        label_cost: Of one label; a person's answer if unknown.
        tolerance: Of numbers: how far off one may be and still be useful, in their unit.
        unit: What the numbers count ("minutes", "€").
        minimum_viable: This is the first version of a product that nobody uses yet.
        kill: What ends the attempt.
    """

    problem: str | None = None
    who: str | None = None
    today: str | None = None
    demand: Demand | None = None
    demand_evidence: str | None = None
    precedent: str | None = None
    currency: str = "EUR"
    decisions_a_month: float | None = None
    person_cost: float | None = None
    person_error: float | None = None
    model_cost: float | None = None
    wrong_cost: float | None = None
    wrong_costs: tuple[WrongCost, ...] = ()
    asked_bar: float | None = None
    class_bars: tuple[tuple[str, float], ...] = ()
    slices: tuple[str, ...] = ()
    loss_budget: float | None = None
    label_cost: float | None = None
    tolerance: float | None = None
    unit: str | None = None
    minimum_viable: bool | None = None
    kill: KillCriteria = field(default_factory=KillCriteria)


@dataclass(frozen=True)
class BriefVersion:
    """A brief as it stood from a moment on. Never changed; a later version stands beside it.

    Attributes:
        number: 1 is the first.
        brief: What it says.
        by: Who wrote it.
        at: When, UTC.
        reason: Why it was changed, in that person's words; empty for the first.
    """

    number: int
    brief: Brief
    by: str
    at: datetime
    reason: str


COSTS = {
    "person_cost": "A person's answer",
    "model_cost": "A model's answer",
    "wrong_cost": "A wrong answer",
    "label_cost": "A label",
    "loss_budget": "The loss budget",
}
TEXTS = ("problem", "who", "today", "demand_evidence", "precedent", "unit")
LONGEST_UNIT = 30
"""Letters."""


def checked_brief(brief: Brief) -> Brief:
    """Returns the brief if each of its figures can be.

    What is possible but contradicts something else is no error; see `domain.contradictions`.

    Raises:
        BadBrief: A text holds what no file can carry, a figure is negative, infinite or no number, a share lies
            outside 0..1, a bar is 100%, a currency is not three letters, or a text or list is too long. The first of
            them is named.
    """
    for name, text in _texts(brief):
        checked_text(name, text)
    for bad in _bad(brief):
        raise bad
    return brief


def checked_text(name: str, text: str) -> str:
    """Returns the text if it can be kept.

    Args:
        name: The attribute it is about.
        text: As it was given.

    Raises:
        BadBrief: It holds a NUL or half a character.
    """
    if is_storable(text):
        return text
    raise BadBrief(
        field=name,
        fact=f"The text {ascii(text)[:80]} cannot be kept.",
        reason="It holds a NUL or half a character, which no file in UTF-8 can carry.",
        remedy="Write it anew, without that sign.",
    )


def _texts(brief: Brief) -> Iterator[tuple[str, str]]:
    """Every text of a brief, each with its attribute."""
    yield "currency", brief.currency
    yield from ((name, getattr(brief, name) or "") for name in TEXTS)
    yield from (("class_bars", label) for label, _ in brief.class_bars)
    yield from (("slices", name) for name in brief.slices)
    yield from (("wrong_costs", text) for one in brief.wrong_costs for text in (one.truth, one.answer))


def _bad(brief: Brief) -> Iterator[BadBrief]:
    if not re.fullmatch(r"[A-Z]{3}", brief.currency):
        yield BadBrief(
            field="currency",
            fact=f"“{brief.currency[:20]}” is no currency.",
            reason="A currency is three capital letters, as banks write it.",
            remedy="Write EUR, USD, GBP or another such code.",
        )
    for name in TEXTS:
        if len(getattr(brief, name) or "") > LONGEST_TEXT:
            yield _too_long(name)
    for name, what in COSTS.items():
        yield from _bad_amount(name, what, getattr(brief, name))
    yield from _bad_amount("decisions_a_month", "The number of decisions a month", brief.decisions_a_month)
    yield from _bad_numbers(brief)
    yield from _bad_share("person_error", "People's error", brief.person_error)
    yield from _bad_bars(brief)
    yield from _bad_kinds(brief)
    yield from _bad_kill(brief.kill)


def _bad_numbers(brief: Brief) -> Iterator[BadBrief]:
    """What is said of answers that are numbers."""
    yield from _bad_amount("tolerance", "How far off a number may be", brief.tolerance)
    if len(brief.unit or "") > LONGEST_UNIT:
        yield BadBrief(
            field="unit",
            fact=f"The unit “{(brief.unit or '')[:LONGEST_UNIT]}…” is too long.",
            reason=f"It stands beside every number, in at most {LONGEST_UNIT} letters.",
            remedy="Write minutes, €, kg or the like.",
        )


def _bad_bars(brief: Brief) -> Iterator[BadBrief]:
    yield from _bad_bar("asked_bar", "The bar", brief.asked_bar)
    for label, bar in brief.class_bars:
        yield from _bad_bar("class_bars", f"The bar of “{label[:40]}”", bar)
    if len({label for label, _ in brief.class_bars}) < len(brief.class_bars):
        yield BadBrief(
            field="class_bars",
            fact="One label has two bars.",
            reason="Only one of them can be meant.",
            remedy="Name each label once.",
        )
    for name in ("class_bars", "slices", "wrong_costs"):
        if len(getattr(brief, name)) > MOST_ENTRIES:
            yield _too_long(name)
    if any(not text.strip() for text in (*brief.slices, *(label for label, _ in brief.class_bars))):
        yield BadBrief(
            field="slices",
            fact="A name is empty.",
            reason="Slices and labels are known by their names.",
            remedy="Name it, or take it out.",
        )


def _bad_kinds(brief: Brief) -> Iterator[BadBrief]:
    kinds = [(one.truth, one.answer) for one in brief.wrong_costs]
    for one in brief.wrong_costs:
        yield from _bad_amount("wrong_costs", f"“{one.truth[:40]}” answered as “{one.answer[:40]}”", one.cost)
        if not one.truth.strip() or not one.answer.strip() or one.truth == one.answer:
            yield BadBrief(
                field="wrong_costs",
                fact=f"“{one.truth[:40]}” answered as “{one.answer[:40]}” is no kind of wrong answer.",
                reason="A wrong answer is one label given where another is true.",
                remedy="Write it as truth=answer:cost, for instance crack=sound:400.",
            )
    if len(set(kinds)) < len(kinds):
        yield BadBrief(
            field="wrong_costs",
            fact="One kind of wrong answer has two costs.",
            reason="Only one of them can be meant.",
            remedy="Name each kind once.",
        )


def _bad_kill(kill: KillCriteria) -> Iterator[BadBrief]:
    yield from _bad_amount("kill_labels", "The number of labels that ends the attempt", kill.labels)
    yield from _bad_amount("kill_money", "The sum that ends the attempt", kill.money)


def _bad_amount(name: str, what: str, amount: float | None) -> Iterator[BadBrief]:
    if amount is None or 0 <= amount <= MOST:
        return
    shown = f"{amount:g}" if isinstance(amount, float) or abs(amount) <= MOST else "that"
    yield BadBrief(
        field=name,
        fact=f"{what} cannot be {shown}.",
        reason="A cost or a count is never below zero." if amount < 0 else "That is no figure to reckon with.",
        remedy="Give a figure of zero or more, or leave it unknown.",
    )


def _bad_share(name: str, what: str, part: float | None) -> Iterator[BadBrief]:
    if part is None or 0 <= part <= 1:
        return
    yield BadBrief(
        field=name,
        fact=f"{what} cannot be {part:g}.",
        reason="A share lies between 0 and 1, that is between 0% and 100%.",
        remedy="Give a share, such as 0.03 for 3 in 100, or leave it unknown.",
    )


def _bad_bar(name: str, what: str, bar: float | None) -> Iterator[BadBrief]:
    yield from _bad_share(name, what, bar)
    if bar == 1:
        yield BadBrief(
            field=name,
            fact=f"{what} cannot be 100%.",
            reason="No number of examples proves that nothing will ever go wrong.",
            remedy="Ask for less, such as 99%, and let people take the answers that are not sure.",
        )


def _too_long(name: str) -> BadBrief:
    return BadBrief(
        field=name,
        fact=f"There is too much in “{name.replace('_', ' ')}”.",
        reason=f"It holds at most {LONGEST_TEXT:,} letters, or {MOST_ENTRIES} entries.",
        remedy="Say it in fewer words, or name fewer.",
    )
