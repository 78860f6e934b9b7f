"""Drawn answers of models whose true share of right answers is known."""

import math

import numpy as np
from scipy import special

from bench.evidence.sealed import Flags, HeldOut, Shares, unsure
from understudy.stats.intervals import lower_bounds

CONFIDENCE = 0.95
"""Of the bounds that the naive methods show."""
TRAINING = 3
"""Training examples for each sealed one, as a quarter is sealed."""


def answers(rng: np.random.Generator, shape: tuple[int, int, int], rate: float, alike: float) -> Flags:
    """Which answers of several models are right.

    Args:
        rng: Luck.
        shape: Runs, models, examples.
        rate: True share of right answers of every model.
        alike: How far models find the same examples hard: the correlation of what decides, 0..1.

    Returns:
        The given shape.
    """
    runs, _, examples = shape
    shared = rng.standard_normal((runs, 1, examples), np.float32) * math.sqrt(alike)
    own = rng.standard_normal(shape, np.float32) * math.sqrt(1.0 - alike)
    right: Flags = shared + own < special.ndtri(rate)
    return right


def grouped(rng: np.random.Generator, runs: int, groups: tuple[int, int], rate: float, correlation: float) -> Flags:
    """Answers that come in groups of one size which resemble each other (beta-binomial), shape (runs, n)."""
    count, size = groups
    strength = 1.0 / correlation - 1.0
    rates = rng.beta(rate * strength, (1.0 - rate) * strength, (runs, count, 1))
    right: Flags = (rng.random((runs, count, size)) < rates).reshape(runs, count * size)
    return right


def held_out(rng: np.random.Generator, right: Flags) -> HeldOut:
    """What a model that cannot tell when it is right said of training examples."""
    return HeldOut(unsure(rng, len(right)), right)


def plain_bounds(right: Flags, *, confidence: float = CONFIDENCE) -> Shares:
    """The bound that a statistics library gives for each run, as if every example stood alone; shape (runs,)."""
    return lower_bounds(right.sum(axis=-1), right.shape[-1], confidence=confidence)
