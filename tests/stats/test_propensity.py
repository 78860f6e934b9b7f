"""Claims about estimates from cases that were not drawn alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.propensity import unbiased_losses

shares = st.floats(0.0, 1.0)


@given(shares, shares, st.floats(0.01, 1.0))
def test_each_estimate_has_the_loss_as_its_mean(loss: float, expected: float, chance: float) -> None:
    """Over drawn and not drawn, the estimate of a case averages to its loss, whatever was expected of it."""
    drawn, left = unbiased_losses([loss, loss], expected=[expected] * 2, propensities=[chance] * 2, drawn=[True, False])
    assert chance * drawn + (1.0 - chance) * left == pytest.approx(loss, abs=1e-12)


def test_drawing_doubtful_cases_more_often_does_not_bias() -> None:
    """Where doubtful cases are drawn six times as often and expectations are half of the truth, the mean holds."""
    rng = np.random.default_rng(95)
    error = rng.beta(0.2, 3.8, 400_000)
    chance = np.where(error > 0.1, 0.3, 0.05)
    wrong, drawn = rng.random(error.shape) < error, rng.random(error.shape) < chance
    found = unbiased_losses(wrong, expected=error / 2, propensities=chance, drawn=drawn)
    assert found.mean() == pytest.approx(wrong.mean(), abs=0.003)
    assert wrong[drawn].mean() > 1.5 * wrong.mean()


def test_what_cannot_be_is_refused() -> None:
    """Figures out of range and lengths that differ are errors; what was not drawn may be anything."""
    given_all = {"expected": [0.1], "propensities": [0.5], "drawn": [True]}
    for other in ({"propensities": [0.0]}, {"propensities": [1.2]}, {"expected": [0.1, 0.2]}, {"expected": [-0.1]}):
        with pytest.raises(ValueError, match=r"each case|propensities"):
            unbiased_losses([1.0], **(given_all | other))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="losses"):
        unbiased_losses([2.0], **given_all)  # type: ignore[arg-type]
    assert unbiased_losses([np.nan], **(given_all | {"drawn": [False]})) == [0.1]  # type: ignore[arg-type]
