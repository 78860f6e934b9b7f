"""Claims about slices and gaps between them."""

import numpy as np
import pytest
from fairlearn import metrics as oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from understudy.domain.review import Outcome
from understudy.stats.fairness import holm, odds_gap, parity_gap, worse_than_rest
from understudy.stats.shares import outcome_of, share_bounds

CHANCE_OF_200 = 0.05 + 2.33 * (0.05 * 0.95 / 200) ** 0.5
"""What a true 5% may show in 200 runs."""
tables = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from("abc")), min_size=4, max_size=60)
Table = list[tuple[int, int, str]]


def alone(count: int) -> list[str]:
    return [f"g{i}" for i in range(count)]


def columns(table: Table) -> tuple[list[int], list[int], list[str]]:
    return [row[0] for row in table], [row[1] for row in table], [row[2] for row in table]


@settings(max_examples=25)
@given(tables)
def test_gaps_equal_fairlearns(table: Table) -> None:
    """Observed parity difference and equalized odds difference, wherever fairlearn gives a figure."""
    true, said, column = columns(table)
    kinds = {value: {t for t, _, own in table if own == value} for value in column}
    rates = {"groups": alone(len(table)), "confidence": 0.95}
    gap = oracle.demographic_parity_difference(true, said, sensitive_features=column)
    assert parity_gap(said, column, **rates).estimate == pytest.approx(gap)
    if all(len(own) == 2 for own in kinds.values()):
        odds = oracle.equalized_odds_difference(true, said, sensitive_features=column)
        assert odds_gap(true, said, column, **rates).estimate == pytest.approx(odds)


@settings(max_examples=10)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holms_adjustment_equals_that_of_statsmodels(p_values: list[float]) -> None:
    """On any p-values, in their order."""
    expected = multipletests(p_values, method="holm")[1] if p_values else []
    assert holm(p_values) == pytest.approx(tuple(expected))


def test_a_slice_that_stands_alone_is_tested_by_fishers_test() -> None:
    """One slice of 50 with 35 right beside 200 with 185 right."""
    right, inside = np.r_[np.arange(50) < 35, np.arange(200) < 185], np.arange(250) < 50
    (found,) = worse_than_rest(right, [inside], groups=alone(250), confidence=0.95)
    assert found.p_value == pytest.approx(fisher_exact([[35, 15], [185, 15]], alternative="less").pvalue)
    assert found.worse
    assert (found.own.estimate, found.rest.estimate) == (0.7, 0.925)
    (other,) = worse_than_rest(right, [~inside], groups=alone(250), confidence=0.95)
    assert not other.worse


def test_a_weak_slice_is_found_among_many_also_with_groups() -> None:
    """One of ten slices is right half of the time, the others nine times in ten: it is found, and only it."""
    rng = np.random.default_rng(50)
    column = np.repeat(np.arange(10), 60)
    right = rng.random(600) < np.where(column == 7, 0.5, 0.9)
    members = [column == value for value in range(10)]
    for groups in (alone(600), [str(i // 5) for i in range(600)]):
        found = worse_than_rest(right, members, groups=groups, confidence=0.95)
        assert [each.worse for each in found] == [value == 7 for value in range(10)]


def test_a_slice_of_none_or_all_is_never_worse() -> None:
    """Without anything to compare with there is no finding; without slices there is no comparison."""
    members = [np.zeros(8, bool), np.ones(8, bool)]
    for groups in (alone(8), list("aabbccdd")):
        found = worse_than_rest(np.zeros(8, bool), members, groups=groups, confidence=0.95)
        assert [(each.p_value, each.worse) for each in found] == [(1.0, False), (1.0, False)]
    assert worse_than_rest([True], np.zeros((0, 1)), groups=["a"], confidence=0.95) == ()


@pytest.mark.parametrize("size", [1, 5])
def test_few_fair_models_are_called_worse_anywhere(size: int) -> None:
    """Twelve overlapping slices of a model that is equally good everywhere, groups alike or not.

    Any finding at all in at most 5% of 200 worlds, give or take the chance error; looking at twelve bounds unadjusted
    finds something more than twice as often.
    """
    rng = np.random.default_rng(51)
    groups, alarms, naive = [str(i // size) for i in range(300)], 0, 0
    for _ in range(200):
        by_group = rng.beta(0.85 * 4, 0.15 * 4, 300 // size) if size > 1 else np.full(300, 0.85)
        right = rng.random(300) < np.repeat(by_group, size)
        members = rng.random((12, 300 // size)).repeat(size, axis=1) < 0.25
        alarms += any(each.worse for each in worse_than_rest(right, members, groups=groups, confidence=0.95))
        _, upper = share_bounds(np.tile(right, (12, 1)), alone(300), confidence=0.95, counted=members)
        naive += bool(np.any(upper < right.mean()))
    assert alarms / 200 <= CHANCE_OF_200
    assert naive / 200 > 2 * CHANCE_OF_200


@settings(max_examples=25)
@given(tables, st.floats(0.6, 0.99))
def test_bounds_of_gaps_enclose_what_was_seen(table: Table, confidence: float) -> None:
    """Any gap lies between its bounds, which lie in 0..1."""
    true, said, column = columns(table)
    rates = {"groups": alone(len(table)), "confidence": confidence}
    for found in (parity_gap(said, column, **rates), odds_gap(true, said, column, **rates)):
        assert 0.0 <= found.lower <= found.estimate + 1e-12
        assert found.estimate - 1e-12 <= found.upper <= 1.0


@pytest.mark.parametrize("rates", [(0.3, 0.3, 0.3), (0.2, 0.4, 0.3), (0.05, 0.95, 0.5)])
def test_bounds_of_gaps_cover_in_simulation(rates: tuple[float, ...]) -> None:
    """Each bound of a gap misses the truth in at most 5% of 200 worlds, give or take the chance error."""
    rng = np.random.default_rng(52)
    column = ["a"] * 80 + ["b"] * 50 + ["c"] * 30
    selected = rng.random((200, 160)) < np.repeat(rates, [80, 50, 30])
    shared = {"groups": alone(160), "confidence": 0.95}
    gap = max(rates) - min(rates)
    gaps = [parity_gap(row, column, **shared) for row in selected]
    misses = [[each.lower > gap for each in gaps], [each.upper < gap for each in gaps]]
    assert max(np.mean(each) for each in misses) <= CHANCE_OF_200


def test_a_wide_gap_is_refuted_and_a_narrow_one_can_be_proven() -> None:
    """Selection of 10% against 60% is shown to exceed a gap of 10%; 30% against 31% of many is shown not to."""
    column = ["a"] * 100 + ["b"] * 100
    unfair = np.r_[np.arange(100) < 10, np.arange(100) < 60]
    found = parity_gap(unfair, column, groups=alone(200), confidence=0.95)
    assert outcome_of(found, 0.1, at_least=False) is Outcome.REFUTED
    many = np.r_[np.arange(4000) < 1200, np.arange(4000) < 1240]
    fair = parity_gap(many, ["a"] * 4000 + ["b"] * 4000, groups=alone(8000), confidence=0.95)
    assert outcome_of(fair, 0.1, at_least=False) is Outcome.PROVEN


def test_a_value_nothing_is_known_of_leaves_the_gap_open() -> None:
    """No example of "b" has the label, so its recall could be anything, and the upper bound says so."""
    true, said, column = [1, 1, 0, 0, 0], [1, 1, 0, 0, 0], list("aaabb")
    found = odds_gap(true, said, column, groups=alone(5), confidence=0.95)
    assert found.estimate == 0.0
    assert found.upper == 1.0


def test_one_value_has_no_gap() -> None:
    """With a single value, or no example at all, there is nothing to be unfair between."""
    for column in ([], ["a", "a"]):
        said = [1, 0][: len(column)]
        gap = parity_gap(said, column, groups=alone(len(column)), confidence=0.95)
        assert (gap.estimate, gap.upper) == (0.0, 0.0)


def test_lengths_must_match() -> None:
    """One value and one group for each answer, or an error."""
    with pytest.raises(ValueError, match="one entry for each example"):
        parity_gap([1, 0], ["a"], groups=["x", "y"], confidence=0.95)
    with pytest.raises(ValueError, match="one entry for each example"):
        odds_gap([1], [1, 0], ["a", "b"], groups=["x", "y"], confidence=0.95)
    with pytest.raises(ValueError, match="one entry for each group"):
        worse_than_rest([True], [[True, False]], groups=["x", "y"], confidence=0.95)
