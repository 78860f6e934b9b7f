"""False alarms at exactly the bar, and how soon too many errors are noticed; audits are a plain random share."""

from collections.abc import Iterator

import numpy as np

from bench.breaker.detectors import BAR, NEVER, OURS, PEERS, Detector, Flags, Moments
from bench.breaker.figures import Figure, at_most, told

LONG = 100_000
GOOD, GOOD_ERROR = 1_000, 0.6 * BAR
PATIENCE = 5_000
"""Audits after which a fall counts as not noticed."""
PROMISED = 0.05
MOST = {0.2: 75.0, 0.5: 14.0}
PHASES = (1_003, 1_007, 1_013, 1_018)
"""Moments of a fall that are no start of a bettor."""


def false_trips(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """How often each detector raises an alarm within 100,000 audits of a model that errs exactly as often as it may."""
    shown, share, runs = {}, 0.0, 0
    for detector in (OURS, *PEERS):
        if not detector.present:
            continue
        count = max(20, int(part * detector.runs))
        trips = np.concatenate([detector.first(_errors(rng, each, LONG, BAR)) < NEVER for each in _parts(count)])
        if detector is OURS:
            share, runs = float(trips.mean()), count
        else:
            shown[detector.name] = f"{trips.mean():.1%} of {count}"
    yield at_most(f"false trips, {LONG:,} audits at exactly {BAR:.0%} ({runs} runs)", share, PROMISED, "{:.1%}", shown)


def noticed(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """Mean audits from a fall, after 1,000 good audits, until each detector notices."""
    runs = max(100, int(part * 2_000))
    for error in (0.1, 0.2, 0.5):
        beside = {each.name: _shown(_delays(rng, each, error, max(50, runs // 4))) for each in PEERS if each.present}
        found = _delays(rng, OURS, error, runs)
        what = f"audits until a fall to {error:.0%} is noticed, mean of {runs}"
        if error in MOST:
            yield at_most(what, float(found.mean()), MOST[error], "{:.1f}", beside)
        else:
            yield told(what, float(found.mean()), "{:.1f}", beside)
    for error in MOST:
        mean = np.mean([_delays(rng, OURS, error, runs // 4, good=good).mean() for good in PHASES])
        yield told(f"the same to {error:.0%}, falls between two starts", float(mean), "{:.1f}")


def _delays(rng: np.random.Generator, detector: Detector, error: float, runs: int, *, good: int = GOOD) -> Moments:
    """Audits from the fall to the alarm; runs with an alarm before are left out, those without one last longest."""
    before, since = _errors(rng, runs, good, GOOD_ERROR), _errors(rng, runs, PATIENCE, error)
    first = detector.first(np.concatenate([before, since], axis=1))
    late: Moments = np.minimum(first[first > good] - good, PATIENCE)
    return late


def _shown(delays: Moments) -> str:
    if not len(delays):
        return "always before"
    missed = float((delays >= PATIENCE).mean())
    return f"{delays.mean():,.0f}" + (f" ({missed:.0%} missed)" if missed > 0 else "")


def _parts(count: int) -> list[int]:
    return [min(100, count - start) for start in range(0, count, 100)]


def _errors(rng: np.random.Generator, runs: int, audits: int, error: float) -> Flags:
    wrong: Flags = rng.random((runs, audits), dtype=np.float32) < error
    return wrong
