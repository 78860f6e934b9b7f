"""Claims about the evidence that errors have become more frequent than allowed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats.restarts import (
    BLOCKS,
    HALF_SPENT,
    PARTS,
    STAKES,
    RestartingMixture,
    delays,
    evidence,
    log_evidence,
)

TRIPS = math.log(20)


def test_evidence_is_the_mixture_it_is_said_to_be() -> None:
    """It equals the definition: a sum over stakes and blocks of weighted wealths, and the cash not yet spent."""
    losses = np.random.default_rng(60).random((1, 90)) < 0.3
    found = evidence(losses, most_error=0.1)[0]

    def kept(audits: int) -> float:
        return math.sqrt(HALF_SPENT / (HALF_SPENT + audits))

    for seen in (1, 10, 11, 19, 20, 21, 41, 80, 90):
        total = 0.0
        for stake, part, block in zip(STAKES, PARTS, BLOCKS, strict=True):
            for start in range(0, seen, block):
                since = losses[0, start:seen] - 0.1
                total += part * (kept(start) - kept(start + block)) * np.prod(1.0 + stake / 0.1 * since)
            total += part * kept(math.ceil(seen / block) * block)
        assert found[seen - 1] == pytest.approx(total)


weighed = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 1.0]), st.floats(0.05, 1.0)), min_size=1, max_size=60)


@settings(max_examples=40)
@given(weighed, st.floats(0.01, 0.5))
def test_one_by_one_and_in_bulk_are_the_same_number(audits: list[tuple[float, float]], most_error: float) -> None:
    """Audit by audit or all at once, the evidence is the same to the last bit, and so is its replay from any state."""
    losses, weights = (np.array([each]) for each in zip(*audits, strict=True))
    bulk = evidence(losses, most_error=most_error, weights=weights)[0]
    state = RestartingMixture(most_error)
    for seen, (loss, weight) in enumerate(audits):
        state = state.update(loss, weight)
        assert state.evidence == bulk[seen]
        copy = RestartingMixture(state.most_error, audits=state.audits, wealths=state.wealths)
        assert copy == state
    assert state.log_evidence == pytest.approx(log_evidence(losses, most_error=most_error, weights=weights)[0, -1])


@settings(max_examples=60)
@given(weighed, st.floats(0.02, 0.5), st.floats(0.0, 1.0), st.floats(0.05, 1.0))
def test_no_audit_is_expected_to_add_evidence(
    audits: list[tuple[float, float]], most_error: float, part: float, weight: float
) -> None:
    """After whatever history, the mean of the next evidence over right and wrong is at most the evidence now."""
    state = RestartingMixture(most_error)
    for loss, each in audits:
        state = state.update(loss, each)
    error = part * most_error
    mean = error * state.update(1.0, weight).evidence + (1.0 - error) * state.update(0.0, weight).evidence
    assert mean <= state.evidence * (1.0 + 1e-12)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.1, 1.0)), min_size=2, max_size=6), weighed)
def test_drawing_some_cases_more_often_is_no_advantage(
    kinds: list[tuple[float, float]], history: list[tuple[float, float]]
) -> None:
    """However chances to be audited and to be wrong go together: at the allowed mean error, evidence does not grow."""
    errors, chances = (np.array(each) for each in zip(*kinds, strict=True))
    most_error = float(np.clip(errors.mean(), 0.01, 0.99))
    state = RestartingMixture(most_error)
    for loss, each in history:
        state = state.update(loss, each)
    mean = 0.0
    for error, chance in zip(errors * min(1.0, most_error / max(errors.mean(), 1e-9)), chances, strict=True):
        weight = chances.min() / chance
        audited = error * state.update(1.0, weight).evidence + (1 - error) * state.update(0.0, weight).evidence
        # A case that is not audited leaves everything as it is, but for the start of bettors, which changes nothing.
        mean += (chance * audited + (1.0 - chance) * state.evidence) / len(errors)
    assert mean <= state.evidence * (1.0 + 1e-12)


def test_long_runs_neither_vanish_nor_overflow() -> None:
    """After 20,000 right audits evidence is a positive number, and 3,000 wrong ones do not make it infinite."""
    for loss, audits in ((0.0, 20_000), (1.0, 3_000)):
        found = evidence(np.full((1, audits), loss), most_error=0.05)[0]
        assert 0.0 < found[-1] < math.inf


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


@pytest.mark.parametrize(("error", "most", "told"), [(0.5, 14, 13), (0.2, 75, 66), (0.1, 400, 389)])
def test_detection_takes_as_long_as_told(error: float, most: float, told: float) -> None:
    """After 1,000 good audits at an allowed 5%: 13 audits on average for a jump to 50%, 66 to 20%, 389 to 10%."""
    found = delays(most_error=0.05, error=error)
    assert found.mean() == pytest.approx(told, rel=0.04)
    assert found.mean() <= most
    assert len(found) >= 0.99 * 2000


@pytest.mark.parametrize("good", [1005, 1030, 3000])
def test_detection_does_not_hang_on_a_lucky_moment(good: int) -> None:
    """Wherever within a block things go wrong, and after three times as long, it takes a few audits more at most."""
    assert delays(most_error=0.05, error=0.2, good_audits=good).mean() <= 80
    assert delays(most_error=0.05, error=0.5, good_audits=good).mean() <= 16


def test_delays_are_those_of_the_evidence() -> None:
    """The fast simulation gives the delays that the evidence itself shows, audit by audit."""
    rng = np.random.default_rng(63)
    wrong = np.concatenate([rng.random((800, 1000)) < 0.03, rng.random((800, 400)) < 0.2], axis=1)
    first = (log_evidence(wrong, most_error=0.05) >= TRIPS).argmax(axis=1) + 1 - 1000
    slow, fast = first[first > 0], delays(most_error=0.05, error=0.2)
    assert slow.mean() == pytest.approx(fast.mean(), rel=0.06)
    assert np.quantile(slow, 0.95) == pytest.approx(np.quantile(fast, 0.95), rel=0.1)


@settings(max_examples=15)
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
    with pytest.raises(ValueError, match="weights"):
        evidence(np.array([[1.0]]), most_error=0.05, weights=[[1.5]])
    for loss, weight in ((-0.1, 1.0), (math.inf, 1.0), (1.0, 0.0), (1.0, 1.1), (math.nan, 1.0)):
        with pytest.raises(ValueError, match="weight"):
            RestartingMixture(0.05).update(loss, weight)
    for bad in ({"least": 0.1}, {"audits": -1}, {"wealths": (1.0,)}, {"wealths": (math.inf,) * len(STAKES)}):
        with pytest.raises(ValueError, match=r"least|state"):
            RestartingMixture(0.05, **bad)  # type: ignore[arg-type]
