"""Claims about what one case adds to the evidence of excess errors."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.stats.bets import NOTHING, Bets, case_evidence, case_factors
from understudy.stats.restarts import STAKES, RestartingMixture

shares, allowed = st.floats(0.0, 1.0), st.floats(0.01, 0.5)


@st.composite
def chances(draw: st.DrawFn) -> tuple[float, float]:
    """A floor, and a chance no less than it."""
    floor = draw(st.floats(0.01, 1.0))
    return floor, draw(st.floats(floor, 1.0))


@given(allowed, chances(), shares, shares)
def test_no_case_is_expected_to_add_evidence(
    most_error: float, chance: tuple[float, float], expected: float, error: float
) -> None:
    """Whatever is expected of a case and however it is drawn, a factor's mean is 1 + stake * floor * excess risk."""
    floor, drawn = chance
    bets = Bets(most_error, floor)
    wrong, right, left = bets.audited(1.0, drawn, expected), bets.audited(0.0, drawn, expected), NOTHING
    left = bets.unaudited(drawn, expected)
    for place, stake in enumerate(STAKES):
        mean = drawn * (error * wrong[place] + (1 - error) * right[place]) + (1 - drawn) * left[place]
        assert mean == pytest.approx(1.0 + stake * floor * (error - most_error) / most_error, abs=1e-9)


@given(allowed, chances(), shares, shares)
def test_nobody_is_ruined_and_silence_costs_nothing(
    most_error: float, chance: tuple[float, float], expected: float, loss: float
) -> None:
    """One case leaves a bettor at least half of his wealth, and one that is not audited takes nothing."""
    floor, drawn = chance
    bets = Bets(most_error, floor)
    assert min(bets.audited(loss, drawn, expected)) >= 0.5 - 1e-9
    assert min(bets.unaudited(drawn, expected)) >= 1.0


@example(0.5, (1.0, 1.0), 0.0, 0.0)
@given(allowed, chances(), shares, shares)
def test_many_at_once_are_the_same_numbers(
    most_error: float, chance: tuple[float, float], expected: float, loss: float
) -> None:
    """In bulk, each case has the factors that it has alone, to the last bit."""
    floor, drawn = chance
    bets = Bets(most_error, floor)
    found = case_factors(
        [loss] * 2, audited=[True, False], propensities=[drawn] * 2, expected=[expected] * 2, bets=bets
    )
    assert tuple(found[0]) == bets.audited(loss, drawn, expected)
    assert tuple(found[1]) == bets.unaudited(drawn, expected)


@given(st.lists(st.tuples(shares, st.floats(0.1, 1.0)), max_size=30))
def test_where_nothing_is_expected_it_is_the_plain_mixture(audits: list[tuple[float, float]]) -> None:
    """Without expectations the bets are those of the mixture with weights, to the last bit."""
    bets, plain, grown = Bets(0.05, 0.1), RestartingMixture(0.05), RestartingMixture(0.05)
    for loss, chance in audits:
        plain = plain.update(loss, min(1.0, 0.1 / chance))
        grown = grown.grown(bets.unaudited(chance, 0.05), bets.audited(loss, chance))
    assert grown == plain


def test_false_alarms_are_rare_however_wrong_the_expectations_are() -> None:
    """At exactly the allowed error, doubtful cases audited more and expected to be worse or better, they stay rare."""
    rng, bets = np.random.default_rng(96), Bets(0.05, 0.08)
    for mistaken in (0.2, 4.0):
        expected = rng.beta(0.2, 3.8, (200, 4000))
        chance = np.where(expected > 0.1, 0.3, 0.08)
        audited, wrong = rng.random(chance.shape) < chance, rng.random(chance.shape) < expected
        believed = np.minimum(1.0, mistaken * expected)
        factors = case_factors(wrong, audited=audited, propensities=chance, expected=believed, bets=bets)
        tripped = (case_evidence(factors, audited) >= 20.0).any(axis=1)
        assert tripped.mean() <= 0.05 + 2.33 * 0.0154


@given(st.lists(st.tuples(st.booleans(), shares, st.floats(0.1, 1.0), shares), min_size=1, max_size=30))
def test_evidence_case_by_case_is_that_of_the_mixture(cases: list[tuple[bool, float, float, float]]) -> None:
    """For many runs at once it is what one mixture has after each audit, with all cases since the audit before."""
    audited, losses, chances, expected = (np.array([each]) for each in zip(*cases, strict=True))
    bets, mixture, gap = Bets(0.05, 0.1), RestartingMixture(0.05), np.ones(len(STAKES))
    factors = case_factors(losses, audited=audited, propensities=chances, expected=expected, bets=bets)
    found = case_evidence(factors, audited)[0]
    for place, (seen, loss, chance, error) in enumerate(cases):
        if seen:
            mixture, gap = mixture.grown(tuple(gap), bets.audited(loss, chance, error)), np.ones(len(STAKES))
        else:
            gap = gap * bets.unaudited(chance, error)
        assert found[place] == mixture.evidence


def test_what_cannot_be_is_refused() -> None:
    """Chances below the floor, losses and expectations out of range are errors."""
    bets = Bets(0.05, 0.1)
    for loss, chance, expected in ((1.0, 0.05, 0.1), (1.0, 1.1, 0.1), (1.0, 0.5, 1.1), (1.1, 0.5, 0.1)):
        with pytest.raises(ValueError, match=r"floor|loss"):
            bets.audited(loss, chance, expected)
    for most_error, floor in ((0.0, 0.1), (1.0, 0.1), (0.05, 0.0), (0.05, 1.1)):
        with pytest.raises(ValueError, match="floor"):
            Bets(most_error, floor)
    with pytest.raises(ValueError, match="factor"):
        RestartingMixture(0.05).grown((1.0,))
    with pytest.raises(ValueError, match="factor"):
        RestartingMixture(0.05).grown((1.0, 1.0, 1.0, 1.0, -1.0))
