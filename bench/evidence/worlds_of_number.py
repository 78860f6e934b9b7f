"""Worlds in which answers are numbers, off by errors with heavy tails, and exactly as far off as is allowed."""

import numpy as np
from scipy import stats

from bench.evidence.rows import Outcomes
from bench.evidence.running import World
from bench.evidence.sealed import Flags, Shares
from understudy.domain.review import Outcome
from understudy.stats.looks import confidence_of
from understudy.stats.regression import conformal_width, error_quantile, within_tolerance
from understudy.stats.shares import outcome_of

SHARE = 0.9
SEALED = 250
FREEDOM = 2
"""Of Student's distribution: errors without a variance."""
TOLERANCE = float(stats.t.ppf((1.0 + SHARE) / 2, FREEDOM))
"""What exactly nine errors of ten do not exceed."""
FIRST = confidence_of(1)


def within(rng: np.random.Generator, runs: int) -> Outcomes:
    """“Nine answers of ten are within the tolerance”, where exactly nine are and more would have to be."""
    errors = _errors(rng, runs)
    claims = [outcome_of(within_tolerance(each, TOLERANCE, FIRST), SHARE) for each in errors]
    return Outcomes(_proven(claims), (errors <= TOLERANCE).mean(axis=1) >= SHARE)


def quantile(rng: np.random.Generator, runs: int) -> Outcomes:
    """“Nine errors of ten are at most so large”, asked of exactly that error."""
    errors = _errors(rng, runs)
    claims = [outcome_of(error_quantile(each, SHARE, FIRST), TOLERANCE, at_least=False) for each in errors]
    return Outcomes(_proven(claims), np.quantile(errors, SHARE, axis=1) <= TOLERANCE)


def intervals(rng: np.random.Generator, runs: int) -> Outcomes:
    """“This interval holds the truth for nine new examples of ten”, which an interval too narrow does not."""
    errors = _errors(rng, runs)
    ours = np.array([conformal_width(each, SHARE, FIRST) < TOLERANCE for each in errors])
    return Outcomes(ours, np.array([conformal_width(each, SHARE) < TOLERANCE for each in errors]))


WORLDS = (
    World("numbers: share within a tolerance", "the point score reaches the bar", within),
    World("numbers: 90% quantile of the error", "the observed quantile is small enough", quantile),
    World("numbers: intervals that hold 90%", "conformal width without a confidence", intervals),
)


def _errors(rng: np.random.Generator, runs: int) -> Shares:
    return np.abs(rng.standard_t(FREEDOM, (runs, SEALED)))


def _proven(claims: list[Outcome]) -> Flags:
    return np.array([each is Outcome.PROVEN for each in claims], np.bool_)
