"""A brief as a report prints it: every figure, and "unknown" where nobody said."""

from understudy.domain.brief import Brief, Demand, KillCriteria
from understudy.domain.economics import Economics
from understudy.domain.money import asked as asked_share
from understudy.domain.money import count, money, share, share_below
from understudy.studio.words.number_words import measure
from understudy.studio.words.phrases import name

UNKNOWN = "unknown"
DEMANDS = {
    Demand.NONE: "none",
    Demand.SAID: "people said so",
    Demand.WAITED: "people signed up for it",
    Demand.USED: "people used a version that people answered behind",
    Demand.PAID: "people paid",
}
LENGTH = 600


def brief_rows(brief: Brief) -> tuple[tuple[str, str], ...]:
    """The figures and words of a brief, as (name, what it says)."""
    return (*_words(brief), *_figures(brief), ("What ends the attempt", _kill(brief.kill, brief.currency)))


def derived_rows(economics: Economics) -> tuple[tuple[str, str], ...]:
    """What follows from the figures."""
    even, bar = economics.break_even_error, economics.planning_bar
    error = "Break-even error" if economics.uniform else "Break-even error, were all mistakes the dearest"
    return (
        (error, UNKNOWN if even is None else share_below(even)),
        ("The bar", UNKNOWN if bar is None else f"{asked_share(bar)} right"),
    )


def _words(brief: Brief) -> tuple[tuple[str, str], ...]:
    demand = UNKNOWN if brief.demand is None else DEMANDS[brief.demand]
    if brief.demand_evidence:
        demand += f": {_text(brief.demand_evidence)}"
    return (
        ("Problem", _text(brief.problem)),
        ("Who hurts", _text(brief.who)),
        ("How it is solved today", _text(brief.today)),
        ("Demand", demand),
        ("Precedent", _text(brief.precedent)),
    )


def _figures(brief: Brief) -> tuple[tuple[str, str], ...]:
    currency = brief.currency
    kinds = [
        (f"…when “{name(one.truth)}” is called “{name(one.answer)}”", money(one.cost, currency))
        for one in brief.wrong_costs
    ]
    bars = [(f"Asked of “{name(label)}”", f"{share(bar)} recognised") for label, bar in brief.class_bars]
    slices = [("Each value proven of", ", ".join(name(one) for one in brief.slices))] if brief.slices else []
    near = [] if brief.tolerance is None else [("A number is right within", measure(brief.tolerance, brief.unit or ""))]
    return (
        ("Decisions a month", UNKNOWN if brief.decisions_a_month is None else count(brief.decisions_a_month)),
        ("A person's answer costs", _money(brief.person_cost, currency)),
        ("People's own error", UNKNOWN if brief.person_error is None else share(brief.person_error)),
        ("A model's answer costs", _money(brief.model_cost, currency)),
        ("A wrong answer costs", _money(brief.wrong_cost, currency)),
        *near,
        *kinds,
        (
            "Asked of it",
            "nothing beyond the economics" if brief.asked_bar is None else f"{share(brief.asked_bar)} right",
        ),
        *bars,
        *slices,
        ("Loss allowed until people take over", _money(brief.loss_budget, currency)),
        ("A label costs", _money(brief.label_cost, currency)),
    )


def _kill(kill: KillCriteria, currency: str) -> str:
    """The criteria in one line."""
    parts = [
        f"nothing launched by {kill.by.isoformat()}" if kill.by is not None else "",
        f"{count(kill.labels)} labels given" if kill.labels is not None else "",
        f"{money(kill.money, currency)} spent" if kill.money is not None else "",
    ]
    return "; ".join(part for part in parts if part) or UNKNOWN


def _text(text: str | None) -> str:
    return name(text, length=LENGTH) if text else UNKNOWN


def _money(amount: float | None, currency: str) -> str:
    return UNKNOWN if amount is None else money(amount, currency)
