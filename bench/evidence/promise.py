"""The automation promise: whether it is kept, and how much it automates beside somebody who knows the error rates.

A world is a crowd of examples, each with how sure the model is of it and whether it is right. Training and sealed
examples are drawn from the crowd, so what a threshold truly lets through is known: it is the crowd's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from bench.evidence.rows import Outcomes
from bench.evidence.sealed import Flags, HeldOut, Shares
from understudy.stats.intervals import lower_bounds
from understudy.stats.looks import confidence_of
from understudy.stats.thresholds import automation_promise, testing_order

CROWD = 100_000
TRAINING = 3
CONFIDENCE = confidence_of(1)
PLAYED = 4_000
"""Sealed sets on which the oracle looks for what to test, and as many on which it is measured."""
THRESHOLDS = 100
STEPS = (1, 2, 3, 5, 10, 20, THRESHOLDS)
"""From one threshold that the oracle tests to the next; the last of them tests a single one."""
WORTH_TELLING = 0.1
"""Where even the oracle automates less than this, nobody would launch, and no share of it is told."""
Calibration = Callable[[np.random.Generator, Shares], Shares]


@dataclass(frozen=True)
class Crowd:
    """All that a model may ever be asked, surest first.

    Attributes:
        stated: How sure it is, shape (crowd,), falling.
        right: Whether it is right, shape (crowd,).
    """

    stated: Shares
    right: Flags

    def reached(self, threshold: float) -> tuple[float, float]:
        """The true share answered alone from a threshold on, and the true share of wrong answers among those."""
        alone = int(np.searchsorted(-self.stated, -threshold, side="right"))
        return alone / len(self.right), 1.0 - float(self.right[:alone].mean()) if alone else 0.0

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Shares, Flags]:
        """So many examples, each of them independent of the others."""
        drawn = rng.integers(0, len(self.right), count)
        return self.stated[drawn], self.right[drawn]


@dataclass(frozen=True)
class PromiseWorld:
    """A world in which something is promised.

    Attributes:
        name: What is so.
        stated: What the model says when its true chance of being right is given.
        sealed: Sealed examples.
        most_error: What is promised.
    """

    name: str
    stated: Calibration
    sealed: int
    most_error: float

    def crowd(self) -> Crowd:
        """The crowd, always the same one."""
        rng = np.random.default_rng(1)
        chance = 0.5 + 0.5 * rng.beta(2.5, 0.35, CROWD)
        return crowd_of(self.stated(rng, chance), rng.random(CROWD) < chance)


def crowd_of(stated: Shares, right: Flags) -> Crowd:
    """A crowd from answers in any order."""
    order = np.argsort(-stated, kind="stable")
    return Crowd(stated[order], right[order])


@dataclass(frozen=True)
class Kept:
    """What came of the promises in a world.

    Attributes:
        broken: Whether more answers are truly wrong than was promised, by ours and by the habit.
        shares: The share truly answered alone, 0 where nothing was promised, shape (runs,).
    """

    broken: Outcomes
    shares: Shares


def kept(world: PromiseWorld, rng: np.random.Generator, runs: int) -> Kept:
    """What comes of the promises that are made in a world."""
    return promises(rng, runs, world.crowd(), world.sealed, world.most_error)


def promises(
    rng: np.random.Generator,
    runs: int,
    crowd: Crowd,
    sealed: int,
    most_error: float,
    *,
    held_out: HeldOut | None = None,
) -> Kept:
    """Promises made on one sealed set after another; the habit takes the lowest threshold that looks good enough.

    Without any held-out answers of a model, as many training examples as there would be are drawn from the crowd.
    """
    broken, naive, shares = np.zeros(runs, np.bool_), np.zeros(runs, np.bool_), np.zeros(runs)
    for run in range(runs):
        learned = held_out or HeldOut(*crowd.draw(rng, TRAINING * sealed))
        order = testing_order(
            learned.stated, learned.right, most_error=most_error, sealed_count=sealed, confidence=CONFIDENCE
        )
        stated, right = crowd.draw(rng, sealed)
        names = [str(place) for place in range(sealed)]
        promise = automation_promise(
            stated, right, groups=names, most_error=most_error, order=order, confidence=CONFIDENCE
        )
        if promise.threshold is not None:
            shares[run], error = crowd.reached(promise.threshold)
            broken[run] = error > most_error
        naive[run] = _habit(crowd, stated, right, most_error)
    return Kept(Outcomes(broken, naive), shares)


def oracle_share(crowd: Crowd, sealed: int, most_error: float) -> float:
    """What is automated on average by somebody who knows the true error at each threshold.

    He draws as many sealed examples, tests at the same confidence and stops at the first failure as we do, but starts
    where, and goes down in such steps as, the truth itself says will automate most; testing a single threshold is
    among his choices. He looks for them on some sealed sets, and is measured on others.
    """
    rng = np.random.default_rng(2)
    thresholds = crowd.stated[np.linspace(0, len(crowd.stated), THRESHOLDS + 1)[1:].astype(np.int64) - 1]
    ends = np.searchsorted(-crowd.stated, -thresholds, side="right")
    wrong = np.diff(np.cumsum(~crowd.right)[ends - 1], prepend=0)
    apart = np.diff(ends, prepend=0)
    chances = np.concatenate([apart - wrong, wrong]) / len(crowd.right)
    right, errors = np.split(rng.multinomial(sealed, chances, 2 * PLAYED), 2, axis=1)
    alone, missed = np.cumsum(right + errors, axis=1), np.cumsum(errors, axis=1)
    passes = lower_bounds(alone - missed, alone, confidence=CONFIDENCE) >= 1.0 - most_error
    shares = ends / len(crowd.right)
    ways = [(start, step) for step in STEPS for start in range(THRESHOLDS)]
    best = max(ways, key=lambda way: _automated(passes[:PLAYED], shares, way))
    return _automated(passes[PLAYED:], shares, best)


def _automated(passes: Flags, shares: Shares, way: tuple[int, int]) -> float:
    """The mean share at the last threshold before the first failure."""
    start, step = way
    run = np.cumprod(passes[:, start::step], axis=1).sum(axis=1)
    return float(np.where(run > 0, shares[start::step][np.maximum(run - 1, 0)], 0.0).mean())


def _habit(crowd: Crowd, stated: Shares, right: Flags, most_error: float) -> bool:
    """Whether the lowest threshold whose observed error is small enough truly lets too many wrong answers through."""
    order = np.argsort(-stated, kind="stable")
    errors = np.cumsum(~right[order]) / np.arange(1, len(right) + 1)
    good = np.flatnonzero(errors <= most_error)
    return bool(good.size) and crowd.reached(float(stated[order][good[-1]]))[1] > most_error


def calibrated(rng: np.random.Generator, chance: Shares) -> Shares:
    """It says what is so."""
    del rng
    return chance


def overconfident(rng: np.random.Generator, chance: Shares) -> Shares:
    """It orders examples rightly and says too much of each."""
    del rng
    stated: Shares = 0.5 + 0.5 * (2.0 * chance - 1.0) ** 0.3
    return stated


def erratic(rng: np.random.Generator, chance: Shares) -> Shares:
    """What it says has little to do with what is so."""
    said = 0.7 * special.logit(np.clip(chance, 0.5, 1.0 - 1e-9)) + rng.normal(0.0, 1.5, chance.shape)
    return np.clip(special.expit(said), 0.5, 1.0)


def contrary(rng: np.random.Generator, chance: Shares) -> Shares:
    """The surer it is, the oftener it is wrong."""
    return np.clip(1.5 - chance + rng.normal(0.0, 0.01, chance.shape), 0.5, 1.0)


WORLDS = (
    PromiseWorld("calibrated, 60 sealed, 10% wrong", calibrated, 60, 0.10),
    PromiseWorld("calibrated, 60 sealed, 5% wrong", calibrated, 60, 0.05),
    PromiseWorld("calibrated, 250 sealed, 5% wrong", calibrated, 250, 0.05),
    PromiseWorld("calibrated, 1,000 sealed, 1% wrong", calibrated, 1_000, 0.01),
    PromiseWorld("calibrated, 1,000 sealed, 2% wrong", calibrated, 1_000, 0.02),
    PromiseWorld("calibrated, 1,000 sealed, 5% wrong", calibrated, 1_000, 0.05),
    PromiseWorld("overconfident, 250 sealed, 5% wrong", overconfident, 250, 0.05),
    PromiseWorld("erratic, 60 sealed, 10% wrong", erratic, 60, 0.10),
    PromiseWorld("erratic, 250 sealed, 5% wrong", erratic, 250, 0.05),
    PromiseWorld("erratic, 1,000 sealed, 2% wrong", erratic, 1_000, 0.02),
    PromiseWorld("contrary, 250 sealed, 5% wrong", contrary, 250, 0.05),
)
