"""What follows from a brief's figures."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from briefs import BLADES, COSTS_BY_KIND, amounts, briefs, shares
from understudy.domain.brief import Brief
from understudy.domain.economics import economics_of
from understudy.domain.means import Means, fewest_sealed
from understudy.domain.review import Measured
from understudy.stats.looks import alpha_of

LABELS = Means(labels=(("crack", 40), ("sound", 60)))
costs = st.floats(0.01, 1e5)


def brief(**figures: object) -> Brief:
    return Brief(**figures)  # type: ignore[arg-type]


def test_the_formula() -> None:
    """A person at €2.50 with 3% wrong, a wrong answer at €40: the model pays below 9.2% wrong."""
    economics = economics_of(replace(BLADES, model_cost=0.0))
    assert economics.people_cost == pytest.approx(2.5 + 0.03 * 40)
    assert economics.break_even_error == pytest.approx(2.5 / 40 + 0.03)
    assert economics.bar == pytest.approx(1 - 0.0925)
    assert economics.monthly_value(0.5, 0.03) == pytest.approx(0.5 * 4000 * 2.5)
    assert economics.contradictions == ()
    assert economics.unknown == ()


@given(costs, shares, costs, st.floats(0, 10), costs)
def test_break_even_breaks_even(person: float, error: float, wrong: float, model: float, volume: float) -> None:
    """At the break-even error the model saves nothing, below it something, above it less than nothing."""
    economics = economics_of(
        brief(person_cost=person, person_error=error, wrong_cost=wrong, model_cost=model, decisions_a_month=volume)
    )
    even = economics.break_even_error
    assert even is not None
    scale = volume * (person + wrong + model)
    assert economics.monthly_value(1.0, even) == pytest.approx(0, abs=1e-9 * scale)
    below, above = economics.monthly_value(1.0, even - 0.01), economics.monthly_value(1.0, even + 0.01)
    assert below is not None and above is not None  # noqa: PT018
    assert below > 0 > above


@given(briefs, shares, shares, shares)
def test_fewer_mistakes_are_never_worth_less(one: Brief, share: float, error: float, other: float) -> None:
    """The monthly value falls with the error, and grows with the share where an answer saves anything."""
    economics = economics_of(one)
    least, most = sorted((error, other))
    better, worse = economics.monthly_value(share, least), economics.monthly_value(share, most)
    if better is not None and worse is not None:
        assert better >= worse
        saved, whole = economics.answer_value(least), economics.monthly_value(1.0, least)
        assert saved is not None
        assert whole is not None
        assert (whole >= better) if saved >= 0 else (whole <= better)


@given(briefs, shares)
def test_the_bar_is_never_milder_than_either(one: Brief, asked: float) -> None:
    """Asking for more raises the bar, asking for less changes nothing; it always lies within 0..1."""
    free, wanted = economics_of(replace(one, asked_bar=None)), economics_of(replace(one, asked_bar=asked))
    assert wanted.bar is not None
    assert 0 <= wanted.bar <= 1
    assert wanted.bar >= asked
    assert free.bar is None or wanted.bar == max(free.bar, asked)
    assert wanted.asks_for_more == (wanted.break_even_error is None or asked > 1 - wanted.break_even_error)


@given(briefs, st.floats(0.1, 1000))
def test_the_unit_of_money_does_not_matter(one: Brief, rate: float) -> None:
    """In another currency at any rate, bar and break-even are the same and the value is worth the same."""
    told = ("person_cost", "model_cost", "wrong_cost", "loss_budget", "label_cost")
    changed = {name: getattr(one, name) * rate for name in told if getattr(one, name) is not None}
    kinds = tuple(replace(each, cost=each.cost * rate) for each in one.wrong_costs)
    before, after = economics_of(one), economics_of(replace(one, wrong_costs=kinds, **changed))
    if before.break_even_error is None:
        assert after.break_even_error is None
    else:
        assume(abs(before.break_even_error) < 1e9)
        assert after.break_even_error == pytest.approx(before.break_even_error, rel=1e-6, abs=1e-9)
    value, scaled = before.monthly_value(0.5, 0.1), after.monthly_value(0.5, 0.1)
    assert (value is None) == (scaled is None)
    if value is not None and scaled is not None and abs(value) > 1:
        parts = [one.person_cost or 0, one.wrong_cost or 400, one.model_cost or 0, 400]
        assert scaled == pytest.approx(
            value * rate, rel=1e-6, abs=1e-9 * rate * max(parts) * (one.decisions_a_month or 0)
        )


@given(amounts, shares, st.floats(0, 100))
def test_costs_by_kind_make_the_bar_stricter(person: float, error: float, volume: float) -> None:
    """With costs that differ, the bar is at least as strict as if every mistake cost as much as the dearest."""
    told = brief(person_cost=person, person_error=error, wrong_costs=COSTS_BY_KIND, decisions_a_month=volume)
    by_kind = economics_of(told, LABELS)
    dearest = economics_of(replace(told, wrong_costs=(), wrong_cost=400.0), LABELS)
    assert not by_kind.uniform
    assert dearest.uniform
    assert by_kind.break_even_error is not None
    assert dearest.break_even_error is not None
    assert by_kind.break_even_error <= dearest.break_even_error
    assert by_kind.people_cost == person + error * 5.0


@given(briefs, shares)
def test_as_good_as_people_saves_their_time(one: Brief, share: float) -> None:
    """A model that errs like people saves their time; with one cost of mistakes, so says the value at that error."""
    economics = economics_of(one)
    value, told = economics.value_as_people(share), economics.monthly_value(share, economics.people_error)
    if value is not None and told is not None and economics.uniform:
        dearest = economics.wrong.dearest or 0.0
        scale = (one.decisions_a_month or 0) * (dearest + (one.person_cost or 0) + (one.model_cost or 0))
        assert value == pytest.approx(told, abs=1e-9 * scale)
    if value is not None:
        assert (value > 0) <= ((one.person_cost or 0) > (one.model_cost or 0))


def test_examples_are_counted_for_what_can_be_planned() -> None:
    """Where kinds differ in cost, examples are counted for less than the strictest bar, never for less than asked."""
    by_kind = economics_of(replace(BLADES, wrong_costs=COSTS_BY_KIND[:1]), LABELS)
    assert by_kind.planning_bar is not None
    assert by_kind.bar is not None
    assert by_kind.planning_bar < by_kind.bar
    assert by_kind.planning_bar == pytest.approx(1 - 0.03 - 2.49 / 400)
    asked = economics_of(replace(BLADES, wrong_costs=COSTS_BY_KIND[:1], asked_bar=0.98), LABELS)
    assert asked.planning_bar == 0.98
    assert economics_of(BLADES, LABELS).planning_bar == economics_of(BLADES, LABELS).bar


def test_cost_of_an_answer() -> None:
    """A right answer costs nothing, a named kind its own cost, any other the usual one."""
    economics = economics_of(replace(BLADES, wrong_costs=COSTS_BY_KIND[:1]), LABELS)
    assert economics.cost("crack", "crack") == 0
    assert economics.cost("crack", "sound") == 400
    assert economics.cost("sound", "crack") == 40


def test_kinds_without_a_cost() -> None:
    """Where some kinds have a cost and others none, there is no break-even, and what is missing is said."""
    economics = economics_of(replace(BLADES, wrong_cost=None, wrong_costs=COSTS_BY_KIND[:1]), LABELS)
    assert economics.break_even_error is None
    assert economics.bar is None
    assert economics.cost("sound", "crack") is None
    assert [one.field for one in economics.unknown] == ["wrong_cost"]


def test_named_kinds_that_cost_the_same_are_uniform() -> None:
    """Naming every kind at one cost is the same as naming one cost."""
    kinds = tuple(replace(one, cost=40.0) for one in COSTS_BY_KIND)
    named = economics_of(replace(BLADES, wrong_cost=None, wrong_costs=kinds), LABELS)
    assert named.uniform
    assert named.bar == economics_of(BLADES, LABELS).bar


def test_people_measured() -> None:
    """Where the brief does not know people's error, the measured lower bound stands in: the strict side."""
    measured = Measured(0.05, 0.02, 0.09, 100, 100, 0.95, "from double answers")
    known = economics_of(replace(BLADES, person_error=None), replace(LABELS, people_error=measured))
    assert known.people_error == 0.02
    assert economics_of(replace(BLADES, person_error=None), LABELS).people_error == 0


@given(briefs)
def test_whatever_is_unknown_is_listed_and_nothing_else(one: Brief) -> None:
    """Each figure that nobody gave is named with what hangs on it; nothing raises, whatever is missing."""
    economics = economics_of(one)
    fields = {unknown.field for unknown in economics.unknown}
    plain = (
        "problem",
        "who",
        "demand",
        "decisions_a_month",
        "person_cost",
        "person_error",
        "model_cost",
        "loss_budget",
    )
    assert {name for name in plain if getattr(one, name) is None} == fields & set(plain)
    assert all(unknown.hangs.endswith(".") for unknown in economics.unknown)


def test_value_curve_and_payback() -> None:
    """The curve goes from nothing at no share to the whole at every share."""
    economics = economics_of(BLADES)
    curve = economics.value_curve(0.03)
    assert [point.share for point in curve] == [step / 10 for step in range(11)]
    assert curve[0].money == 0
    assert curve[-1].money == economics.monthly_value(1.0, 0.03)
    assert economics.labelling_cost(10) == 25
    assert economics_of(Brief()).value_curve(0.1) == ()


@given(st.floats(0, 0.9999))
def test_fewest_sealed(bar: float) -> None:
    """So many right answers in a row prove the bar, and one fewer do not."""
    fewest = fewest_sealed(bar)
    assert fewest is not None
    assert bar**fewest <= alpha_of(1) * (1 + 1e-9)
    assert fewest == 1 or bar ** (fewest - 1) > alpha_of(1) * (1 - 1e-9)
    assert fewest_sealed(1.0) is None
