"""Labels that come late, and not at random: false alarms at exactly the bar, and what happens when none come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.breaker.detectors import AT_ONCE, BAR, Flags
from bench.breaker.figures import Figure, at_most, told
from understudy.domain.stage import TripCause
from understudy.launch.breaker import Breaker
from understudy.launch.events import Answered, Drawn, Event, Passed
from understudy.launch.rules import Rules
from understudy.stats.restarts import evidence

AUDITS = 5_000
"""One is drawn every second."""
DUE = 400.0
"""Seconds until an audit counts as right when nobody answered."""
FOLLOWED = 2_000
"""Audits that the breaker itself is told of, event by event."""
RULES = Rules(most_error=BAR, floor=0.1)
Delays = npt.NDArray[np.float64]
PROMISED = 0.05


@dataclass(frozen=True)
class Pattern:
    """How answers to audits come late.

    Attributes:
        name: What is so.
        delays: Seconds until each audit is answered, infinite for never; from luck and from which were wrong.
    """

    name: str
    delays: Callable[[np.random.Generator, Flags], Delays]


def _errors_first(rng: np.random.Generator, wrong: Flags) -> Delays:
    return np.where(wrong, 0.0, rng.exponential(100.0, wrong.shape))


def _errors_last(rng: np.random.Generator, wrong: Flags) -> Delays:
    return np.where(wrong, rng.exponential(200.0, wrong.shape), 0.0)


def _in_bursts(rng: np.random.Generator, wrong: Flags) -> Delays:
    drawn = np.arange(wrong.shape[1], dtype=np.float64)
    burst = 150.0 * (1 + drawn // 150)
    return burst - drawn + np.where(wrong, 0.0, 40.0 * rng.random(wrong.shape))


def _never_for_some(rng: np.random.Generator, wrong: Flags) -> Delays:
    missing = ~wrong & (rng.random(wrong.shape) < 0.2)
    return np.where(missing, np.inf, rng.exponential(20.0, wrong.shape))


PATTERNS = (
    Pattern("errors at once, right answers late", _errors_first),
    Pattern("right answers at once, errors late", _errors_last),
    Pattern("in bursts, errors first", _in_bursts),
    Pattern("never for a fifth of the right answers", _never_for_some),
)


def false_trips(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """How often it trips at exactly the bar under each pattern, and how often if audits counted as they come."""
    runs = max(100, int(part * 1_000))
    for pattern in PATTERNS:
        wrong = rng.random((runs, AUDITS)) < BAR
        delays = pattern.delays(rng, wrong)
        counted = wrong & (delays < DUE)
        ours = _trips(counted).mean()
        naive = _trips_as_they_come(wrong, delays).mean()
        what = f"false trips, {AUDITS:,} audits answered {pattern.name} ({runs} runs)"
        yield at_most(what, float(ours), PROMISED, "{:.1%}", {"counted as they come": f"{naive:.1%}"})
    yield from _as_told(rng, max(3, int(part * 25)))


def starvation(rng: np.random.Generator, part: float) -> Iterator[Figure]:
    """Seconds from the deadline of the first unanswered audit until autonomy ends, told of the time twice a second."""
    longest = 0.0
    for _ in range(max(20, int(part * 200))):
        stop, lag = float(rng.uniform(300, 900)), float(rng.uniform(1, 60))
        breaker, clock, number = Breaker.new(RULES), 0.0, 0
        due: dict[float, str] = {}
        while breaker.lets_answer:
            clock += 0.5
            for moment in [each for each in due if each <= clock]:
                breaker, _ = breaker.observe(Answered(clock, due.pop(moment), 0.0))
            if rng.random() < 0.3:
                number += 1
                breaker, _ = breaker.observe(Drawn(clock, str(number), clock + DUE, 0.1))
                if clock + lag < stop:
                    due[clock + lag] = str(number)
            breaker, _ = breaker.observe(Passed(clock))
        if breaker.trip is None or breaker.trip.cause is not TripCause.STARVATION:
            raise ValueError("it tripped for another reason")
        longest = max(longest, clock - breaker.trip.at)
    yield at_most("seconds from the deadline until starvation ends autonomy, longest", longest, 1.0, "{:.1f}")


def _as_told(rng: np.random.Generator, runs: int) -> Iterator[Figure]:
    """Whether the breaker, told event by event with every other rule on, does what was reckoned."""
    differ, starved = 0, dict.fromkeys((pattern.name for pattern in PATTERNS), 0)
    for pattern in PATTERNS:
        wrong = rng.random((runs, FOLLOWED)) < BAR
        delays = pattern.delays(rng, wrong)
        reckoned = _trips(wrong & (delays < DUE))
        for run in range(runs):
            trip = _followed(wrong[run], delays[run]).trip
            if trip is not None and trip.cause is TripCause.STARVATION:
                starved[pattern.name] += 1
            else:
                differ += (trip is not None) != bool(reckoned[run])
    what = f"runs in which the breaker, event by event, does otherwise (of {4 * runs})"
    yield at_most(what, differ, 0, "{:.0f}")
    for name, count in starved.items():
        yield told(f"runs that miss too many answers, {name} (of {runs}, {FOLLOWED:,} audits)", count, "{:.0f}")


def _followed(wrong: Flags, delays: Delays) -> Breaker:
    events: list[Event] = [Passed(len(wrong) + DUE)]
    for number, error in enumerate(wrong.tolist()):
        events.append(Drawn(float(number), str(number), number + DUE, 0.1))
        if np.isfinite(delays[number]):
            events.append(Answered(float(number + delays[number]), str(number), float(error)))
    breaker = Breaker.new(RULES)
    # An answer at the very moment of its draw comes after it.
    for event in sorted(events, key=lambda each: (each.at, isinstance(each, Answered))):
        if event.at > len(wrong) + DUE:
            break
        breaker, _ = breaker.observe(event)
    return breaker


def _trips(wrong: Flags) -> Flags:
    parts = (evidence(wrong[start : start + AT_ONCE], most_error=BAR) for start in range(0, len(wrong), AT_ONCE))
    return np.concatenate([(part >= 20.0).any(axis=1) for part in parts])


def _trips_as_they_come(wrong: Flags, delays: Delays) -> Flags:
    """Whether the same evidence trips when each audit counts at the moment that it is answered, and not before."""
    moments = np.arange(wrong.shape[1]) + delays
    order = np.argsort(moments, axis=1, kind="stable")
    come = np.take_along_axis(moments, order, axis=1) <= wrong.shape[1]
    # What has not come by the end is put last, as right: it can no longer raise an alarm.
    return _trips(np.take_along_axis(wrong, order, axis=1) & come)
