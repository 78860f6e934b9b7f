"""Claims about how many answers are served until a fall is noticed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats.loss import cases_until
from understudy.stats.restarts import delays


def test_it_holds_in_95_of_100_simulated_falls() -> None:
    """Drawing each answer's audit by chance, the breaker has tripped within the reckoned answers 95% of the time."""
    rng, waits = np.random.default_rng(70), delays(most_error=0.05, error=0.2)
    audits = rng.choice(delays(most_error=0.05, error=0.2, seed=1), 4000)
    cases = audits + rng.negative_binomial(audits, 0.1)
    assert (cases <= cases_until(waits, 0.1)).mean() == pytest.approx(0.95, abs=0.015)


@settings(max_examples=25)
@given(st.integers(1, 400), st.floats(0.01, 1.0))
def test_more_audits_notice_sooner(needed: int, share: float) -> None:
    """Cases fall as the audited share rises, are never fewer than the audits, and equal them when all are audited."""
    waits = np.array([needed])
    cases = cases_until(waits, share)
    assert cases_until(waits, 1.0) == needed <= cases_until(waits, min(1.0, 1.1 * share)) <= cases
    assert cases_until(waits, share, sure=0.5) <= cases


def test_a_delay_needs_a_sample() -> None:
    """Without simulated delays, or without audits, there is no number of cases."""
    for waits, share in ((np.empty(0, np.int64), 0.1), (np.array([5]), 0.0), (np.array([5]), 1.1)):
        with pytest.raises(ValueError, match="needed"):
            cases_until(waits, share)
