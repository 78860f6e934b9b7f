"""Claims about the evidence that errors have become more frequent than allowed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats.restarts import BLOCK, STAKES, delays, log_evidence

TRIPS = math.log(20)


def test_evidence_is_the_mixture_it_is_said_to_be() -> None:
    """It equals the definition: a sum over blocks of weighted mean wealths, and the weight not yet spent."""
    losses = np.random.default_rng(60).random((1, 70)) < 0.3
    evidence = np.exp(log_evidence(losses, most_error=0.1)[0])
    for seen in (1, 19, 20, 21, 41, 70):
        started = (seen - 1) // BLOCK + 1
        total = 1.0 / (started + 1)
        for block in range(1, started + 1):
            since = losses[0, (block - 1) * BLOCK : seen] - 0.1
            wealth = np.mean([np.prod(1.0 + stake / 0.1 * since) for stake in STAKES])
            total += wealth / (block * (block + 1))
        assert evidence[seen - 1] == pytest.approx(total)


def test_false_alarms_are_rare() -> None:
    """At exactly the allowed 5%, at most 5% of 1,000 runs (6.6% with chance) ever raise an alarm in 3,000 audits."""
    wrong = np.random.default_rng(61).random((1000, 3000)) < 0.05
    assert (log_evidence(wrong, most_error=0.05).max(axis=1) >= TRIPS).mean() <= 0.05 + 2.33 * 0.0069


def test_estimates_below_zero_are_safe_too() -> None:
    """Losses that are estimated through a calibrated guess, so sometimes negative, raise no more false alarms."""
    rng = np.random.default_rng(62)
    drawn = rng.random((500, 1500)) < 0.5
    losses = 0.05 + drawn * ((rng.random(drawn.shape) < 0.05) - 0.05) / 0.5
    evidence = log_evidence(losses, most_error=0.05, least=-0.05)
    assert (evidence.max(axis=1) >= TRIPS).mean() <= 0.05 + 2.33 * 0.0098


@pytest.mark.parametrize(("error", "published", "slack"), [(0.5, 16, 0.05), (0.2, 83, 0.05), (0.1, 499, 0.06)])
def test_delays_match_the_published_ones(error: float, published: float, slack: float) -> None:
    """After 1,000 good audits at an allowed 5%: 16 audits on average for a jump to 50%, 83 to 20%, 499 to 10%."""
    found = delays(most_error=0.05, error=error)
    assert found.mean() == pytest.approx(published, rel=slack)
    assert len(found) >= 0.99 * 2000


def test_delays_are_those_of_the_evidence() -> None:
    """The fast simulation gives the delays that the evidence itself shows, audit by audit."""
    rng = np.random.default_rng(63)
    wrong = np.concatenate([rng.random((800, 1000)) < 0.03, rng.random((800, 400)) < 0.2], axis=1)
    first = (log_evidence(wrong, most_error=0.05) >= TRIPS).argmax(axis=1) + 1 - 1000
    slow, fast = first[first > 0], delays(most_error=0.05, error=0.2)
    assert slow.mean() == pytest.approx(fast.mean(), rel=0.06)
    assert np.quantile(slow, 0.95) == pytest.approx(np.quantile(fast, 0.95), rel=0.1)


@settings(deadline=None, max_examples=15)
@given(st.floats(0.01, 0.2), st.floats(1.8, 4.0))
def test_worse_errors_are_noticed_sooner(most_error: float, times: float) -> None:
    """The delay falls as errors get worse, and a smaller chance of false alarms lengthens it."""
    here = delays(most_error=most_error, error=times * most_error, runs=300)
    assert np.all(np.diff(here) >= 0)
    assert delays(most_error=most_error, error=1.2 * times * most_error, runs=300).mean() <= here.mean()
    assert delays(most_error=most_error, error=times * most_error, alpha=0.01, runs=300).mean() >= here.mean()


def test_same_seed_same_delays() -> None:
    """A seed gives the same delays each time, and another seed gives others."""
    assert np.array_equal(delays(most_error=0.05, error=0.3), delays(most_error=0.05, error=0.3))
    assert not np.array_equal(delays(most_error=0.05, error=0.3), delays(most_error=0.05, error=0.3, seed=1))


def test_impossible_worlds_are_refused() -> None:
    """Shares out of range, an error that is allowed, and one too close to be noticed are errors."""
    for most_error, error in ((0.0, 0.1), (1.0, 1.0), (0.05, 0.05), (0.05, 0.01), (0.05, 1.01)):
        with pytest.raises(ValueError, match=r"must lie"):
            delays(most_error=most_error, error=error)
    with pytest.raises(ValueError, match="hardly ever"):
        delays(most_error=0.05, error=0.0501, runs=50)
    with pytest.raises(ValueError, match="below least"):
        log_evidence(np.array([[-0.2]]), most_error=0.05)
