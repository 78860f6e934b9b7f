"""The shadow stage: people answer, the model answers in the dark, and somebody looks after every single answer."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from bench.evidence.candidates import CONFIDENCE
from bench.evidence.rows import Outcomes
from bench.evidence.running import World
from bench.evidence.sealed import Flags
from understudy.stats.anytime import log_wealth

Counts = npt.NDArray[np.int64]
BAR = 0.9
ANSWERS = 5_000
FIRST_LOOK = 20
HOURS, REQUESTS = 72.0, 720
QUICK, SLOW = 2.0, 24.0
"""Mean hours until people have answered what the model has right, and what it has wrong."""


def watched(rng: np.random.Generator, runs: int) -> Outcomes:
    """A model at the bar, answer by answer; launched at the first moment that its bound reaches the bar."""
    right = rng.random((runs, ANSWERS)) < BAR
    total, count = np.cumsum(right, axis=1, dtype=np.int64), np.arange(1, ANSWERS + 1)
    plain = special.bdtr((count - total)[:, FIRST_LOOK:], count[FIRST_LOOK:], 1.0 - BAR) <= 1.0 - CONFIDENCE
    return Outcomes(np.any(proven_at(total, count, BAR), axis=1), np.any(plain, axis=1))


def answered_late(rng: np.random.Generator, runs: int) -> Outcomes:
    """A model at the bar, and people who answer what is easy first; looked at all the time for three days.

    What waits counts as wrong, so whatever was shown at an earlier look is shown at the last one too. The habit reads
    answers as they come.
    """
    asked_at = np.sort(rng.uniform(0.0, HOURS, (runs, REQUESTS)), axis=1)
    right = rng.random((runs, REQUESTS)) < BAR
    known_at = asked_at + rng.exponential(np.where(right, QUICK, SLOW))
    told, count = right & (known_at <= HOURS), np.arange(1, REQUESTS + 1)
    arrived = np.take_along_axis(told, np.argsort(known_at, axis=1), axis=1)
    ours, naive = (proven_at(np.cumsum(each, axis=1, dtype=np.int64), count, BAR) for each in (told, arrived))
    return Outcomes(np.any(ours, axis=1), np.any(naive, axis=1))


def proven_at(total: Counts, count: Counts, bar: float) -> Flags:
    """After which answers a confidence sequence has a lower bound of at least the bar: its wealth against the bar."""
    proven: Flags = log_wealth(total, count, bar) >= -math.log1p(-CONFIDENCE)
    return proven


WORLDS = (
    World("shadow stage, looked at after each of 5,000 answers", "95% bound at every answer", watched),
    World("shadow stage, wrong answers found out late", "answers counted as they come", answered_late),
)
