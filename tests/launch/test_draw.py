"""Claims about which answers are audited."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.launch.chance import chance_of
from understudy.launch.draw import AuditDraw, floor_of

expectations = st.lists(st.floats(0.0, 1.0), max_size=40)


@given(st.floats(0.001, 1.0), st.integers(0, 2**63), expectations, st.floats(1.0, 20.0))
def test_no_chance_is_below_the_floor(share: float, seed: int, expected: list[float], raised: float) -> None:
    """Whatever came before and however the share is raised, no answer is sure to go unaudited."""
    draws = AuditDraw(share, seed, raised=raised)
    for number, error in enumerate(expected):
        drawn, draws = draws.draw(str(number), error)
        assert draws.floor <= drawn.propensity <= 1.0
        assert drawn.audited == (drawn.uniform < drawn.propensity)
        assert drawn.audited or drawn.uniform >= draws.floor


@given(st.integers(0, 2**63), st.text())
def test_a_draw_is_the_same_everywhere(seed: int, key: str) -> None:
    """Seed and key decide the random number, whichever process asks and whatever it drew before."""
    one, two = AuditDraw(0.1, seed), AuditDraw(0.3, seed).draw("other", 0.4)[1]
    assert one.draw(key, 0.1)[0].uniform == two.draw(key, 0.2)[0].uniform == chance_of(f"audit {seed}", key)


def test_a_known_draw() -> None:
    """The number of a known seed and key never changes, so that old ledgers can be checked."""
    assert AuditDraw(0.1, 7).draw("2f1c", 0.1)[0].uniform == 0.36800601593248206


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("kind", ["skewed", "all alike", "all sure", "turning"])
def test_the_mean_share_is_the_one_asked_for(share: float, kind: str) -> None:
    """Over 20,000 answers the chances average to the share, whatever the model's doubt looks like or becomes."""
    rng = np.random.default_rng(80)
    expected = {
        "skewed": rng.beta(0.1, 3.2, 20_000),
        "all alike": np.full(20_000, 0.2),
        "all sure": np.zeros(20_000),
        "turning": np.concatenate([rng.beta(0.1, 3.2, 10_000), rng.beta(2.0, 5.0, 10_000)]),
    }[kind]
    draws, chances = AuditDraw(share, 3), []
    for number, error in enumerate(expected):
        drawn, draws = draws.draw(str(number), float(error))
        chances.append(drawn.propensity)
    assert np.mean(chances) == pytest.approx(share, rel=0.03)
    assert min(chances) >= floor_of(share)


def test_doubtful_answers_are_audited_more() -> None:
    """The least sure tenth of a good model's answers is audited at least two and a half times as often as the rest."""
    rng = np.random.default_rng(81)
    expected = rng.beta(0.1, 3.2, 10_000)
    draws, chances = AuditDraw(0.1, 3), []
    for number, error in enumerate(expected):
        drawn, draws = draws.draw(str(number), float(error))
        chances.append(drawn.propensity)
    doubtful = expected >= np.quantile(expected, 0.9)
    assert np.mean(np.array(chances)[doubtful]) >= 2.5 * np.mean(np.array(chances)[~doubtful])


def test_raising_the_share_raises_chances_but_not_the_weights() -> None:
    """Three times the share draws three times as often; the floor that audits are weighed by stays."""
    draws = AuditDraw(0.1, 5)
    assert draws.raised_by(3.0).floor == draws.floor
    assert draws.raised_by(3.0).chance(0.02) == pytest.approx(3 * draws.chance(0.02), rel=0.01)
    assert draws.raised_by(30.0).chance(0.02) == 1.0


def test_impossible_draws_are_refused() -> None:
    """Shares, multiples, seeds and expectations out of range are errors."""
    for share, seed, raised in ((0.0, 1, 1.0), (1.1, 1, 1.0), (0.1, -1, 1.0), (0.1, 1, 0.5), (0.1, 1, float("inf"))):
        with pytest.raises(ValueError, match="share"):
            AuditDraw(share, seed, raised=raised)
    with pytest.raises(ValueError, match="expected"):
        AuditDraw(0.1, 1).chance(1.5)
