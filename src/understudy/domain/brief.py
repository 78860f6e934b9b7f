"""A brief: the problem, its economics, and what would end the attempt. Whatever is unknown is None."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


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
