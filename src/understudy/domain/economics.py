"""What a decision is worth: the break-even error, the bar, and the money at every share of automation.

With a person's cost c_p and error e_p, a wrong answer's cost c_w and the model's cost c_m, an answer by people costs
c_p + e_p * c_w and one by the model c_m + error * c_w. So answering alone pays while

    error < (c_p - c_m) / c_w + e_p

and the share right that a launch needs is 1 minus that. Where kinds of wrong answer differ in cost, people's errors
are priced at the cheapest kind and the model's at the dearest: both make that share stricter, never milder, and from
it on the model pays whichever mistakes it makes. What is called the bar then is the planning bar, from which on it
pays while it errs as people do; a review tests the money itself. A model that errs as often as people and in the same
ways saves c_p - c_m an answer, whatever mistakes cost.
"""

from dataclasses import dataclass

from understudy.domain.brief import Brief
from understudy.domain.contradictions import Contradiction, Reckoning, contradictions_of
from understudy.domain.means import NOTHING, Means
from understudy.domain.unknowns import Unknown, unknowns_of
from understudy.domain.wrong_costs import WrongCosts, wrong_costs_of


@dataclass(frozen=True)
class Value:
    """What automating a share of the decisions is worth in a month, against people answering all of them.

    Attributes:
        share: Of the decisions that the model answers alone, 0..1.
        money: In the brief's currency; negative when people would be cheaper.
    """

    share: float
    money: float


@dataclass(frozen=True)
class Economics:
    """What follows from a brief's figures. Whatever an unknown figure hides is None.

    Attributes:
        currency: Three letters; every cost is in it.
        break_even_error: Share of wrong answers at which model and people cost the same; below 0 or above 1 where
            the figures contradict each other.
        asked_bar: The share right that was asked for, or None.
        bar: The share right that a launch needs: what the break-even asks for, or the asked one if that is higher.
        planning_bar: The share right that examples are counted for: the bar, or where kinds differ in cost what is
            asked of a model that errs in the same ways as people.
        people_cost: Of one answer by people, their wrong answers included at the cheapest kind.
        person_cost: Of one answer by people, without its mistakes.
        people_error: Share of people's answers counted as wrong; 0 where nobody knows it, which is the strict side.
        model_cost: Of one answer by the model; 0 where nobody knows it.
        decisions_a_month: How many answers are needed in a month.
        label_cost: Of one label; a person's answer where the brief names none.
        wrong: What wrong answers cost, kind by kind.
        contradictions: Where the figures contradict each other or the world; none may stand at a launch.
        unknown: What is not known, with what hangs on it.
    """

    currency: str
    break_even_error: float | None
    asked_bar: float | None
    bar: float | None
    planning_bar: float | None
    people_cost: float | None
    person_cost: float | None
    people_error: float
    model_cost: float
    decisions_a_month: float | None
    label_cost: float | None
    wrong: WrongCosts
    contradictions: tuple[Contradiction, ...]
    unknown: tuple[Unknown, ...]

    @property
    def uniform(self) -> bool:
        """Every kind of wrong answer costs the same, so a bar on shares says all."""
        return self.wrong.uniform

    @property
    def asks_for_more(self) -> bool:
        """The asked bar is stricter than what the figures ask for."""
        needed = None if self.break_even_error is None else 1 - self.break_even_error
        return self.asked_bar is not None and (needed is None or self.asked_bar > needed)

    @property
    def is_hopeless(self) -> bool:
        """Even a model that is never wrong would cost more than people: no share right is enough."""
        return self.break_even_error is not None and self.break_even_error <= 0

    @property
    def provable_bar(self) -> float | None:
        """The share right that examples are counted for; the asked one where no share right would pay."""
        return self.asked_bar if self.is_hopeless else self.planning_bar

    def cost(self, truth: str, answer: str) -> float | None:
        """What it costs to answer `answer` where `truth` is so; 0 when it is right, None when unknown."""
        return self.wrong.cost(truth, answer)

    def answer_value(self, error: float) -> float | None:
        """What one answer by the model saves over one by people.

        Args:
            error: Share of the model's answers that are wrong, 0..1.

        Returns:
            In the brief's currency, or None when a cost is unknown. Zero at the break-even error.
        """
        if self.people_cost is None or self.wrong.dearest is None:
            return None
        return self.people_cost - self.model_cost - error * self.wrong.dearest

    def monthly_value(self, share: float, error: float) -> float | None:
        """What the model saves in a month, against people answering everything.

        Args:
            share: Of the decisions that it answers alone, 0..1.
            error: Share of those answers that are wrong, 0..1.

        Returns:
            In the brief's currency, or None when a cost or the number of decisions is unknown.
        """
        saved = self.answer_value(error)
        return None if saved is None or self.decisions_a_month is None else self.decisions_a_month * share * saved

    def value_as_people(self, share: float = 1.0) -> float | None:
        """What the model saves in a month if it errs as often as people and in the same ways.

        Args:
            share: Of the decisions that it answers alone, 0..1.

        Returns:
            In the brief's currency, or None when a person's cost or the number of decisions is unknown.
        """
        if self.person_cost is None or self.decisions_a_month is None:
            return None
        return self.decisions_a_month * share * (self.person_cost - self.model_cost)

    def value_curve(self, error: float, *, steps: int = 10) -> tuple[Value, ...]:
        """The monthly value at each share from none to all, in equal steps; empty when it is unknown."""
        shares = [step / steps for step in range(steps + 1)]
        values = [(share, self.monthly_value(share, error)) for share in shares]
        return tuple(Value(share, money) for share, money in values if money is not None)

    def labelling_cost(self, labels: int) -> float | None:
        """What so many labels cost, or None when unknown."""
        return None if self.label_cost is None else labels * self.label_cost


def economics_of(brief: Brief, means: Means = NOTHING) -> Economics:
    """Works out what a brief's figures mean.

    Args:
        brief: The brief.
        means: What the project has got: its labels say which kinds of wrong answer there are, and people's measured
            error stands in where the brief knows none (by its lower bound, the strict side).

    Returns:
        All of it; nothing is ever taken for granted silently, `unknown` and `contradictions` say what was missing.
    """
    wrong = wrong_costs_of(brief, means.names)
    people_error, model_cost = _people_error(brief, means), brief.model_cost or 0.0
    people_cost = _people_cost(brief.person_cost, people_error, wrong.cheapest)
    break_even = _break_even(people_cost, model_cost, wrong.dearest)
    bar = _bar(break_even, brief.asked_bar)
    planning_bar = bar if wrong.uniform else _bar(_even_as_people(brief, people_error, wrong), brief.asked_bar)
    return Economics(
        currency=brief.currency,
        break_even_error=break_even,
        asked_bar=brief.asked_bar,
        bar=bar,
        planning_bar=planning_bar,
        people_cost=people_cost,
        person_cost=brief.person_cost,
        people_error=people_error,
        model_cost=model_cost,
        decisions_a_month=brief.decisions_a_month,
        label_cost=brief.person_cost if brief.label_cost is None else brief.label_cost,
        wrong=wrong,
        contradictions=contradictions_of(brief, means, Reckoning(break_even, planning_bar, wrong)),
        unknown=unknowns_of(brief, wrong),
    )


def _people_error(brief: Brief, means: Means) -> float:
    if brief.person_error is not None:
        return brief.person_error
    return 0.0 if means.people_error is None else max(0.0, means.people_error.lower)


def _people_cost(person_cost: float | None, people_error: float, cheapest: float | None) -> float | None:
    if person_cost is None or cheapest is None:
        return None
    return person_cost + people_error * cheapest


def _break_even(people_cost: float | None, model_cost: float, dearest: float | None) -> float | None:
    """Where both cost the same; None where unknown, or where a wrong answer costs nothing and so any error pays."""
    return None if people_cost is None or not dearest else (people_cost - model_cost) / dearest


def _even_as_people(brief: Brief, people_error: float, wrong: WrongCosts) -> float | None:
    """Where both cost the same if the model's mistakes are of people's kinds, and further ones of the dearest."""
    if brief.person_cost is None or not wrong.dearest:
        return None
    return people_error + (brief.person_cost - (brief.model_cost or 0.0)) / wrong.dearest


def _bar(break_even: float | None, asked: float | None) -> float | None:
    """The stricter of the two, within 0..1; None where nothing is asked for."""
    derived = None if break_even is None or break_even >= 1 else min(1.0, 1 - break_even)
    return max((bar for bar in (derived, asked) if bar is not None), default=None)
