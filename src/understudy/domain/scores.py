"""Three questions about an idea: do people desire it, is it viable as a business, is it feasible with what there is.

Each score is a list of checks that anyone can go through again: what holds, why it matters, what would change it.
Nothing is averaged: one weighty check that fails decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from understudy.domain.brief import Brief, Demand, KillCriteria
from understudy.domain.contradictions import ContradictionKind
from understudy.domain.economics import Economics
from understudy.domain.learning import Behaviour
from understudy.domain.means import FEWEST_OF_A_LABEL, Means, fewest_sealed
from understudy.domain.money import about_money, asked, count, money, share, share_below

FEWEST_OF_NUMBERS = 50
"""Examples without which there is no beginning where answers are numbers or rankings."""
PAYBACK_MONTHS = 12
"""A label that takes longer to come back is a matter of faith."""


class Holds(StrEnum):
    """Whether a check is met."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One thing that speaks for or against.

    Attributes:
        name: What is asked ("people want it").
        holds: Whether it is so.
        reason: Why, one sentence.
        change: What would change it; empty where nothing has to.
        weighty: If it fails, so does the score.
        field: The brief's attribute that would change it, or empty.
    """

    name: str
    holds: Holds
    reason: str
    change: str
    weighty: bool = True
    field: str = ""


@dataclass(frozen=True)
class Score:
    """One of the three questions, answered.

    Attributes:
        name: "desirable", "viable" or "feasible".
        question: What it asks, in one sentence.
        checks: What it rests on.
    """

    name: str
    question: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> Holds:
        """Not met if a weighty check is not; met if all weighty ones are; else unknown."""
        weighty = {check.holds for check in self.checks if check.weighty}
        if Holds.NOT_MET in weighty:
            return Holds.NOT_MET
        return Holds.UNKNOWN if Holds.UNKNOWN in weighty else Holds.MET

    @property
    def word(self) -> str:
        """The whole in a word or two: "yes", "no" or "not known yet"."""
        return {Holds.MET: "yes", Holds.NOT_MET: "no", Holds.UNKNOWN: "not known yet"}[self.holds]


@dataclass(frozen=True)
class Scores:
    """All three."""

    desirable: Score
    viable: Score
    feasible: Score

    @property
    def all(self) -> tuple[Score, Score, Score]:
        """In the order in which they are asked."""
        return (self.desirable, self.viable, self.feasible)


def scores_of(brief: Brief, economics: Economics, means: Means) -> Scores:
    """Answers the three questions from a brief, its economics and what the project has got."""
    return Scores(
        Score("desirable", "Does somebody hurt, and want this?", tuple(_desirable(brief))),
        Score("viable", "Is it worth its money?", tuple(_viable(brief, economics, means))),
        Score("feasible", "Can it be done with what there is?", tuple(_feasible(brief, economics, means))),
    )


def _desirable(brief: Brief) -> Iterator[Check]:
    named = _said(
        "a problem is named",
        brief.problem,
        "A solution without a problem is used by nobody.",
        "Say in your own words what goes wrong today, for whom, and how often.",
    )
    yield replace(named, field="problem")
    someone = _said(
        "someone hurts",
        brief.who,
        "Whoever hurts decides whether the answer helps.",
        "Name the people, and ask three of them.",
    )
    yield replace(someone, field="who")
    yield _said(
        "today's way is known",
        brief.today,
        "What is done today is the rival, and often good enough.",
        "Watch how it is done today, and write it down.",
        weighty=False,
    )
    yield _demand(brief)
    if brief.minimum_viable is not None:
        yield _first_version(brief)


def _said(name: str, text: str | None, reason: str, change: str, *, weighty: bool = True) -> Check:
    told = bool(text and text.strip())
    return Check(name, Holds.MET if told else Holds.UNKNOWN, reason, "" if told else change, weighty)


def _demand(brief: Brief) -> Check:
    signs = {
        Demand.NONE: (Holds.NOT_MET, "You saw no sign that anyone wants it."),
        Demand.SAID: (Holds.UNKNOWN, "People said that they want it, and what people say is not what they do."),
        Demand.WAITED: (Holds.MET, "People signed up or left what they do today to get it."),
        Demand.USED: (Holds.MET, "People used a version that people answered behind."),
        Demand.PAID: (Holds.MET, "People paid for it."),
    }
    unknown = (Holds.UNKNOWN, "Nobody has said whether anyone wants it.")
    holds, reason = unknown if brief.demand is None else signs[brief.demand]
    change = "Let people answer behind the page for a week, and count who comes back."
    return Check("people want it", holds, reason, "" if holds is Holds.MET else change, field="demand")


def _first_version(brief: Brief) -> Check:
    name = "it is in use, or wanted"
    if not brief.minimum_viable:
        return Check(name, Holds.MET, "It improves something that people use already.", "")
    proven = brief.demand in {Demand.WAITED, Demand.USED, Demand.PAID}
    reason = (
        "It is a first version, and demand is shown." if proven else "It is a first version, and nobody uses it yet."
    )
    change = "" if proven else "Show it with people answering before anything is trained: that takes days, not weeks."
    return Check(name, Holds.MET if proven else Holds.NOT_MET, reason, change)


def _viable(brief: Brief, economics: Economics, means: Means) -> Iterator[Check]:
    yield _volume(brief)
    yield _room(economics)
    yield _worth(economics)
    yield _payback(economics, means)
    yield _budget(brief, economics)
    ends = brief.kill != KillCriteria()
    yield Check(
        "an end is agreed",
        Holds.MET if ends else Holds.UNKNOWN,
        "Research may not pay off, and an end that was agreed early is easier to keep.",
        "" if ends else "Agree on a date, a number of labels or a sum at which the attempt ends.",
        weighty=False,
    )


def _volume(brief: Brief) -> Check:
    name, decisions = "there is volume", brief.decisions_a_month
    if decisions is None:
        return Check(name, Holds.UNKNOWN, "Nobody has said how many answers are needed.", "Count them for a week.")
    holds = Holds.MET if decisions > 0 else Holds.NOT_MET
    change = "" if decisions > 0 else "Wait until there are decisions to make."
    return Check(name, holds, f"{count(decisions)} decisions a month.", change)


def _room(economics: Economics) -> Check:
    name, even = "the figures leave room for mistakes", economics.break_even_error
    no_room = {ContradictionKind.NOBODY_SHOULD_ANSWER, ContradictionKind.PEOPLE_ARE_CHEAPER}
    for told in economics.contradictions:
        if told.kind in no_room:
            return Check(name, Holds.NOT_MET, f"{told.fact} {told.reason}", told.remedy)
    if even is None:
        costs = "Say what a person's answer and a wrong answer cost; a guess will do to begin with."
        return Check(name, Holds.UNKNOWN, "Without both costs there is no break-even.", costs)
    return Check(
        name, Holds.MET, f"The model pays as long as fewer than {share_below(even)} of its answers are wrong.", ""
    )


def _worth(economics: Economics) -> Check:
    name, value = "it saves money", economics.value_as_people()
    if value is None:
        return Check(
            name,
            Holds.UNKNOWN,
            "Costs or volume are unknown, so its value is too.",
            "Fill in the costs and the volume.",
        )
    told = about_money(value, economics.currency)
    if value <= 0:
        change = "Look for a decision that costs people more, or a cheaper model."
        return Check(
            name, Holds.NOT_MET, f"Answering everything as well as people do would bring {told} a month.", change
        )
    return Check(name, Holds.MET, f"Answering everything as well as people do would save about {told} a month.", "")


def _payback(economics: Economics, means: Means) -> Check:
    """Whether the labels that a proof takes at the least come back within a year."""
    name = "its labels come back within a year"
    wanted = _examples_wanted(economics, means)
    spent = None if wanted is None else economics.labelling_cost(max(0, wanted - means.examples))
    value = economics.value_as_people()
    if spent is None or value is None:
        reason = "What labels cost, how many it takes or what they bring is unknown."
        return Check(name, Holds.UNKNOWN, reason, "Fill in the costs and the volume.", weighty=False)
    if value <= 0:
        reason, change = "Nothing is saved, so no label ever comes back.", "Look for a decision that costs people more."
        return Check(name, Holds.NOT_MET, reason, change, weighty=False)
    if not spent:
        return Check(name, Holds.MET, "No label is missing for a proof, were no answer wrong.", "", weighty=False)
    told = about_money(spent, economics.currency)
    months = spent / value
    if months > PAYBACK_MONTHS:
        reason = (
            f"The labels still missing for a proof cost about {told}, and that takes longer than a year to come back."
        )
        return Check(name, Holds.NOT_MET, reason, "Look for a decision that is made more often.", weighty=False)
    reason = f"The labels still missing for a proof cost about {told} at the least, which a good model saves in "
    reason += "less than a month." if months < 1 else f"{months:.0f} {'month' if round(months) == 1 else 'months'}."
    return Check(name, Holds.MET, reason, "", weighty=False)


def _budget(brief: Brief, economics: Economics) -> Check:
    name, budget, dearest = "a loss is bearable", brief.loss_budget, economics.wrong.dearest
    if budget is None:
        change = "Say how much may be lost until people take over again."
        return Check(name, Holds.UNKNOWN, "Nobody has said how much may be lost.", change, weighty=False)
    told = money(budget, economics.currency)
    if dearest is not None and budget < dearest:
        reason = f"You allow {told}, and one wrong answer costs {money(dearest, economics.currency)}."
        change = "Allow more, or let people check every answer."
        return Check(name, Holds.NOT_MET, reason, change, field="loss_budget")
    return Check(name, Holds.MET, f"Up to {told} may be lost until people take over again.", "", weighty=False)


def _feasible(brief: Brief, economics: Economics, means: Means) -> Iterator[Check]:
    yield _examples(means)
    yield _sealed(economics, means)
    yield _people(economics, means)
    yield _no_rule(means)
    yield _curve(economics, means)
    yield _said(
        "it worked elsewhere",
        brief.precedent,
        "An adjacent product that did it shows that it can be done, and is the best argument with a sponsor.",
        "Look for a product next to yours that did this, and write down what it took.",
        weighty=False,
    )


def _examples(means: Means) -> Check:
    name, labels = "there are examples of every answer", means.labels
    if not means.examples:
        change = "Add examples, or let people answer real questions: their answers are the examples."
        return Check(name, Holds.UNKNOWN, f"There are {means.counted} yet.", change)
    if not means.has_labels:
        return _without_labels(means)
    if len(labels) < 2:
        told = f"All {means.real}examples bear the same label, so there is nothing to tell apart."
        return Check(name, Holds.NOT_MET, told, "Add examples of a second answer.")
    label, fewest = min(labels, key=lambda pair: pair[1])
    told = f"{means.counted}; the rarest label, “{label}”, has {count(fewest)} to learn from."
    if fewest < FEWEST_OF_A_LABEL:
        change = f"Add {means.real}examples of “{label}”; about twenty of each are a beginning."
        return Check(name, Holds.NOT_MET, told, change)
    return Check(name, Holds.MET, told, "")


def _without_labels(means: Means) -> Check:
    """Numbers and rankings are too many to ask for examples of each."""
    name = "there are examples of every answer"
    told = f"{means.counted} to learn from and to judge by."
    if means.examples < FEWEST_OF_NUMBERS:
        return Check(name, Holds.NOT_MET, told, f"Add examples; about {FEWEST_OF_NUMBERS} are a beginning.")
    return Check(name, Holds.MET, told, "")


def _sealed(economics: Economics, means: Means) -> Check:
    name = "enough is sealed to prove it"
    if economics.is_hopeless and economics.asked_bar is None:
        return Check(name, Holds.UNKNOWN, "No share right would pay, so there is no bar to prove.", "Settle the costs.")
    bar = economics.provable_bar
    if bar is None:
        return Check(name, Holds.UNKNOWN, "There is no bar to prove.", "Name the costs, or ask for a bar.")
    fewest = fewest_sealed(bar)
    if fewest is None:
        return Check(name, Holds.NOT_MET, "No number of examples proves 100%.", "Ask for less.")
    told = f"To show {asked(bar)} takes at least {count(fewest)} sealed examples, all answered rightly"
    if means.sealed >= fewest:
        return Check(name, Holds.MET, f"{told}; {count(means.sealed)} are sealed.", "")
    holds = Holds.NOT_MET if means.examples else Holds.UNKNOWN
    change = f"Gather more: {share(means.sealed_share)} of what comes is sealed. Or go through the shadow stage."
    return Check(name, holds, f"{told}; {count(means.sealed) if means.sealed else 'none'} are sealed.", change)


def _people(economics: Economics, means: Means) -> Check:
    """People's own answers are the labels: where they are wrong more often than the bar allows, nothing can show it."""
    name = "people themselves clear the bar"
    if means.people_error is None and not economics.people_error:
        reason = "Nobody knows how often people are wrong."
        return Check(name, Holds.UNKNOWN, reason, "Let two people label the same fifty examples.", weighty=False)
    error = means.people_error.estimate if means.people_error is not None else economics.people_error
    told = f"People are wrong in {share(error)}"
    bar = economics.bar if economics.uniform and not economics.is_hopeless else economics.asked_bar
    if bar is not None and error > 1 - bar:
        reason = f"{told}, and the bar allows {share(1 - bar)}: the labels are not good enough to show it."
        return Check(name, Holds.NOT_MET, reason, "Agree on what each label means, and let two people label each.")
    return Check(name, Holds.MET, f"{told}, so their labels can be learned from.", "", weighty=False)


def _no_rule(means: Means) -> Check:
    name = "no rule of one line does it already"
    if means.rule is None:
        reason = "No rule was held against this brief; a review tries one on the sealed examples beside every model."
        change = "Review the model." if means.trained else "Train a model and review it."
        return Check(name, Holds.UNKNOWN, reason, change, weighty=False)
    told = f"“{means.rule.rule}” is right in {share(means.rule.share_right.estimate)}"
    if means.rule.will_do:
        return Check(name, Holds.NOT_MET, f"{told}, which is proven to meet the bar.", "Ship the rule.")
    if means.rule.meets_bar:
        told = f"{told}, but the audit suspects that something in the data gives these answers away"
        return Check(name, Holds.MET, f"{told}, so nothing shows that it would do for new ones.", "", weighty=False)
    return Check(name, Holds.MET, f"{told}, which is not proven to be enough.", "", weighty=False)


def _curve(economics: Economics, means: Means) -> Check:
    name, curve = "more examples lead there", means.curve
    behaviours: dict[Behaviour, Callable[[], Check]] = {
        Behaviour.ILL: lambda: Check(
            name,
            Holds.UNKNOWN,
            "The learning curve does not say.",
            "Clean the labels, then ask it again.",
            weighty=False,
        ),
        Behaviour.TOO_SHORT: lambda: Check(
            name, Holds.UNKNOWN, "There are too few examples for a curve.", "Add more, then ask again.", weighty=False
        ),
    }
    if curve is None:
        reason = "Nobody has looked at what more examples bring."
        change = "Draw the learning curve: understudy curve." if means.examples else "Add examples first."
        return Check(name, Holds.UNKNOWN, reason, change, weighty=False)
    if curve.behaviour in behaviours:
        return behaviours[curve.behaviour]()
    best = max((point.accuracy for point in curve.points), default=0.0)
    bar = economics.provable_bar
    reaches = bar is not None and best >= bar
    if reaches or (curve.needed is not None and curve.needed.examples is not None):
        return Check(name, Holds.MET, "The learning curve reaches the bar.", "", weighty=False)
    if bar is None:
        return Check(name, Holds.UNKNOWN, "There is no bar for it to reach.", "Name the costs.", weighty=False)
    change = "Look for clearer examples, clearer labels, or an easier part of the decision."
    return Check(name, Holds.NOT_MET, "The learning curve does not reach the bar.", change)


def _examples_wanted(economics: Economics, means: Means) -> int | None:
    """Examples in all that a proof takes: what the curve says, at least what the bar alone asks for."""
    sealed = None if economics.provable_bar is None else fewest_sealed(economics.provable_bar)
    if sealed is None or not means.sealed_share:
        return None
    needed = means.curve.needed.examples if means.curve and means.curve.needed else None
    return max(round(sealed / means.sealed_share), needed or 0)
