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


def watched(rng: np.random.Generator, runs: int) -> Outcomes:
    """A model at the bar, answer by answer; launched at the first moment that its bound reaches the bar."""
    right = rng.random((runs, ANSWERS)) < BAR
    total, count = np.cumsum(right, axis=1, dtype=np.int64), np.arange(1, ANSWERS + 1)
    plain = special.bdtr((count - total)[:, FIRST_LOOK:], count[FIRST_LOOK:], 1.0 - BAR) <= 1.0 - CONFIDENCE
    return Outcomes(np.any(proven_at(total, count, BAR), axis=1), np.any(plain, axis=1))


def proven_at(total: Counts, count: Counts, bar: float) -> Flags:
    """After which answers a confidence sequence has a lower bound of at least the bar: its wealth against the bar."""
    proven: Flags = log_wealth(total, count, bar) >= -math.log1p(-CONFIDENCE)
    return proven


WORLDS = (World("shadow stage, looked at after each of 5,000 answers", "95% bound at every answer", watched),)
