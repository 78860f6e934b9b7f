"""Should this be AI, and now? One piece of advice, with its fact, its reason and what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.brief import Brief, Demand
from understudy.domain.economics import Economics
from understudy.domain.means import Means, fewest_sealed
from understudy.domain.money import about_money, asked, count, share
from understudy.domain.scores import Holds, scores_of

FEW = 0.5
"""Below this part of the examples that a proof takes, a project is told that it has too few."""

_MEANWHILE = (
    "The review allows a launch, in steps that can be taken back: find it out on the way, and write it into the brief."
)


class AdviceKind(StrEnum):
    """What the product advises. Each kind has its paragraph in docs/explanation/should-it-be-ai.md."""

    SETTLE_FIRST = "settle-first"
    SHIP_THE_RULE = "ship-the-rule"
    FAKE_IT_FIRST = "fake-it-first"
    TOO_FEW_EXAMPLES = "too-few-examples"
    NOT_AS_IT_STANDS = "not-as-it-stands"
    FIND_OUT_FIRST = "find-out-first"
    FIND_OUT_MEANWHILE = "find-out-meanwhile"
    WORTH_BUILDING = "worth-building"


@dataclass(frozen=True)
class Advice:
    """One piece of advice: fact, reason and remedy, one sentence each.

    Attributes:
        kind: Which.
        fact: What is so.
        reason: Why it matters.
        remedy: What to do.
        field: The brief's attribute that would change it, or empty.
    """

    kind: AdviceKind
    fact: str
    reason: str
    remedy: str
    field: str = ""


def advice_of(
    brief: Brief, economics: Economics, means: Means, *, examples_needed: int | None = None
) -> tuple[Advice, ...]:
    """What to do with an idea.

    Args:
        brief: The brief.
        economics: What follows from its figures.
        means: What the project has got.
        examples_needed: Examples in all, sealed ones included, that would probably prove the bar, as a learning curve
            or a review has it; without it, the fewest that could prove it, were no answer wrong.

    Returns:
        At least one piece, weightiest first. "Worth building" stands alone or not at all, and only where every weighty
        check of the three scores is met.
    """
    pieces = (
        *_settle(economics),
        *_rule(means),
        *_fake(brief, economics),
        *_few(economics, means, examples_needed),
    )
    return pieces or tuple(_open(brief, economics, means)) or (_worth(economics, means),)


def _settle(economics: Economics) -> Iterator[Advice]:
    for one in economics.contradictions:
        yield Advice(AdviceKind.SETTLE_FIRST, one.fact, one.reason, one.remedy, one.fields[0])


def _rule(means: Means) -> Iterator[Advice]:
    rule = means.rule
    if rule is not None and rule.will_do:
        yield Advice(
            AdviceKind.SHIP_THE_RULE,
            f"A rule of one line meets the bar: {rule.rule}.",
            f"It is right in at least {share(rule.share_right.lower)}; it costs nothing, and everyone can check it.",
            "Ship the rule, and come back when it no longer does.",
        )


def _fake(brief: Brief, economics: Economics) -> Iterator[Advice]:
    people = "Let people answer behind the page first"
    if not (brief.problem or "").strip() and not (brief.who or "").strip():
        yield Advice(
            AdviceKind.FAKE_IT_FIRST,
            "The brief names no problem and nobody who hurts.",
            "A model is weeks of work and data; without a pain point it is a shiny object.",
            f"{people}, watch what those who ask struggle with, and write that down.",
            "problem",
        )
    if brief.minimum_viable and brief.demand in {None, Demand.NONE, Demand.SAID}:
        yield Advice(
            AdviceKind.FAKE_IT_FIRST,
            "It is the first version of something that nobody uses yet.",
            "A model costs weeks before anyone knows whether it is wanted; people who answer cost days.",
            f"{people}, and automate once somebody waits for the answers, uses them or pays.",
            "demand",
        )
    elif brief.demand is Demand.NONE:
        yield Advice(
            AdviceKind.FAKE_IT_FIRST,
            "Nobody has asked for it.",
            "What nobody wants is not worth automating, however well it is done.",
            f"{people}, and see who comes back.",
            "demand",
        )
    if brief.decisions_a_month is None:
        yield Advice(
            AdviceKind.FAKE_IT_FIRST,
            "Nobody knows how many answers are needed in a month.",
            "The volume decides whether automation saves anything; people who answer also count.",
            f"{people}, and count the questions of a week.",
            "decisions_a_month",
        )
    if economics.bar is None and not economics.contradictions:
        yield Advice(
            AdviceKind.FAKE_IT_FIRST,
            "There is no bar: nobody can say when the model would be good enough.",
            "A launch is a claim that must be proven, and without a bar there is nothing to prove.",
            f"{people}, and find out what their answers and a wrong one cost; or ask for a share right.",
            "wrong_cost" if economics.wrong.dearest is None else "person_cost",
        )


def _few(economics: Economics, means: Means, needed: int | None) -> Iterator[Advice]:
    bar = economics.provable_bar
    sealed = None if bar is None else fewest_sealed(bar)
    if bar is None or sealed is None or not means.sealed_share:
        return
    wanted = max(round(sealed / means.sealed_share), needed or 0)
    missing = wanted - means.examples
    if means.examples >= wanted * FEW and (len(means.labels) > 1 or not means.has_labels):
        return
    cost = economics.labelling_cost(missing)
    price = f" (labelling them costs about {about_money(cost, economics.currency)})" if cost else ""
    probably = "probably" if needed is not None and needed >= wanted else "at the least"
    are = "is" if means.examples == 1 else "are"
    yield Advice(
        AdviceKind.TOO_FEW_EXAMPLES,
        f"There {are} {means.counted}; to show {asked(bar)} right takes {probably} {count(wanted)}.",
        f"About {share(means.sealed_share)} of what comes is sealed, and only sealed examples prove anything.",
        f"Gather about {count(missing)} more{price}, or let people answer and keep their answers."
        if missing > 0
        else "Add examples of a second answer, so that there is something to tell apart.",
    )


def _open(brief: Brief, economics: Economics, means: Means) -> Iterator[Advice]:
    """The weighty checks that are not met, then those that nobody knows of."""
    checks = [check for score in scores_of(brief, economics, means).all for check in score.checks if check.weighty]
    for check in checks:
        if check.holds is Holds.NOT_MET:
            why = f"“{check.name}” is not met, and one weighty check that fails decides."
            yield Advice(AdviceKind.NOT_AS_IT_STANDS, check.reason, why, check.change, check.field)
    for check in checks:
        if check.holds is Holds.UNKNOWN:
            fact = f"“{check.name}” is not known yet."
            if means.may_launch:
                yield Advice(AdviceKind.FIND_OUT_MEANWHILE, fact, check.reason, _MEANWHILE, check.field)
            else:
                yield Advice(AdviceKind.FIND_OUT_FIRST, fact, check.reason, check.change, check.field)


def _worth(economics: Economics, means: Means) -> Advice:
    value = economics.value_as_people()
    volume = count(economics.decisions_a_month or 0)
    worth = f", which would save about {about_money(value, economics.currency)} a month" if value and value > 0 else ""
    bar = asked(economics.planning_bar or 0.0)
    return Advice(
        AdviceKind.WORTH_BUILDING,
        f"Somebody hurts, {volume} answers a month are needed, and the bar is {bar} right.",
        f"A model that answers as well as people could take all of them{worth}.",
        _onwards(means),
    )


def _onwards(means: Means) -> str:
    """What comes after the brief, by how far the project is."""
    if means.reviewed:
        return "A model is trained and reviewed: read what its review says, and act on that."
    if means.trained:
        return "A model is trained: review it, which holds its answers against this brief."
    return f"Train one on the {count(means.examples)} examples; people keep the answers that it is not sure of."
