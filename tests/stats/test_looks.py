"""Claims about the error budget over looks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.looks import MOST_LOOKS, alpha_of, confidence_of, spent, times_seen

budgets = st.floats(0.001, 0.5)


def test_first_look_has_seven_tenths() -> None:
    """At a budget of 5% the looks spend 3.5%, 0.75%, 0.25% and 0.125%, and so bound at 96.5%, 99.25% and on."""
    assert [alpha_of(look) for look in range(1, 5)] == pytest.approx([0.035, 0.0075, 0.0025, 0.00125])
    assert confidence_of(1) == pytest.approx(0.965)


@given(st.integers(0, 300), budgets)
def test_looks_spend_what_they_were_given_and_no_more(looks: int, budget: float) -> None:
    """What is spent is the sum of the looks' shares, and something of the budget is always left."""
    total = math.fsum(alpha_of(look, budget=budget) for look in range(1, looks + 1))
    assert spent(looks, budget=budget) == pytest.approx(total)
    assert spent(looks, budget=budget) < budget


@given(st.integers(1, 10**6), budgets)
def test_a_later_look_never_spends_more(look: int, budget: float) -> None:
    """Shares fall from look to look and never reach nothing."""
    assert 0.0 < alpha_of(look + 1, budget=budget) < alpha_of(look, budget=budget) < budget


def test_endless_looks_stay_within_the_budget() -> None:
    """After a million looks the budget is nearly spent, and not exceeded."""
    assert 0.0499999 < spent(10**6) < 0.05


@pytest.mark.parametrize(("look", "budget"), [(0, 0.05), (-1, 0.05), (1, 0.0), (1, 1.0), (1, math.nan)])
def test_impossible_looks_are_refused(look: int, budget: float) -> None:
    """There is no look before the first and no budget beyond certainty."""
    with pytest.raises(ValueError, match=r"look|budget"):
        alpha_of(look, budget=budget)
    with pytest.raises(ValueError, match=r"look|budget"):
        spent(look - 1, budget=budget)


def test_examples_wear_out_and_fresh_ones_renew_them() -> None:
    """Half of the examples decide: as many fresh ones leave them worn, one more renews them."""
    old = [f"old {place}" for place in range(10)]
    earlier = [old] * MOST_LOOKS
    assert times_seen(old, earlier) == MOST_LOOKS
    assert times_seen([*old, *(f"fresh {place}" for place in range(10))], earlier) == MOST_LOOKS
    assert times_seen([*old, *(f"fresh {place}" for place in range(11))], earlier) == 0
    assert times_seen(old, []) == 0
    assert times_seen([], earlier) == 0


@given(st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=12), st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_at_least_half_were_seen_so_often_and_no_oftener(earlier: list[set[str]], examples: set[str]) -> None:
    """The figure is what its sentence says."""
    found = times_seen(sorted(examples), earlier)
    seen = [sum(name in look for look in earlier) for name in examples]
    assert 2 * sum(each >= found for each in seen) >= len(examples)
    assert 2 * sum(each >= found + 1 for each in seen) < len(examples)
