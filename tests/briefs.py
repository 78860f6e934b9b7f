"""Briefs for the tests: a plain one by hand, odd ones by hypothesis."""

from datetime import date

from hypothesis import strategies as st

from understudy.domain.brief import Brief, Demand, KillCriteria, WrongCost

BLADES = Brief(
    problem="Inspectors spend weeks on photos of blades, and miss cracks when they are tired.",
    who="the maintenance team",
    today="two inspectors look at every photo",
    demand=Demand.USED,
    demand_evidence="Three wind parks sent photos for a month.",
    precedent="drone inspection went from weeks to hours elsewhere",
    decisions_a_month=4000.0,
    person_cost=2.5,
    person_error=0.03,
    model_cost=0.01,
    wrong_cost=40.0,
    loss_budget=500.0,
    minimum_viable=False,
    kill=KillCriteria(by=date(2027, 6, 30), labels=5000, money=20000.0),
)
"""Complete, and free of contradictions."""

COSTS_BY_KIND = (WrongCost("crack", "sound", 400.0), WrongCost("sound", "crack", 5.0))

amounts = st.floats(0, 1e6) | st.sampled_from([0.0, 0.01, 1.0, 2.5, 1e12])
shares = st.floats(0, 1)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
maybe = lambda kind: st.none() | kind  # noqa: E731

briefs = st.builds(
    Brief,
    currency=st.sampled_from(["EUR", "USD", "CHF"]),
    demand=maybe(st.sampled_from(Demand)),
    problem=maybe(texts),
    who=maybe(texts),
    decisions_a_month=maybe(amounts),
    person_cost=maybe(amounts),
    person_error=maybe(shares),
    model_cost=maybe(amounts),
    wrong_cost=maybe(amounts),
    wrong_costs=st.sampled_from([(), COSTS_BY_KIND, COSTS_BY_KIND[:1]]),
    asked_bar=maybe(shares),
    class_bars=st.sampled_from([(), (("crack", 0.98),), (("ghost", 0.9),)]),
    loss_budget=maybe(amounts),
    label_cost=maybe(amounts),
    tolerance=maybe(amounts),
    unit=maybe(st.sampled_from(["minutes", "€", "kg"])),
    minimum_viable=maybe(st.booleans()),
    kill=st.builds(KillCriteria, maybe(st.dates()), maybe(st.integers(0, 10**6)), maybe(amounts)),
)
