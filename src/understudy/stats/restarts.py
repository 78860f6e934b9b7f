"""Evidence that errors have become more frequent than allowed, from audits in the order in which they were drawn.

What is guaranteed: while the chance of an error, given all before, never exceeds `most_error`, the evidence ever
reaches 1 / alpha with probability at most alpha. It assumes that audits are drawn before their answers are known.

Why it is true. A bettor's wealth against "at most `most_error`" is multiplied by 1 + stake * (loss - most_error), so it
does not grow on average, and neither does any average of such wealths: Ville's inequality bounds the chance that it
ever gets large. A single bettor would waste his wealth on good times before anything goes wrong, so every block of
audits starts a new one with weight 1 / (k(k + 1)); the weights sum to 1, and what is not yet spent counts as kept cash.

All bettors of one stake multiply alike from then on, so their wealths are kept as one sum: a few numbers, however long
it runs.

Measured at most_error = 5% after 1,000 good audits at 3% (mean audits until 1 / 0.05 is reached): 515 when errors jump
to 10%, 84 to 20%, 16 to 50%; false alarms in 5,000 audits at exactly 5%: 3.3%.

Source:
    Ville (1939); Shin, Ramdas & Rinaldo, "E-detectors" (2022); Waudby-Smith & Ramdas, JRSS-B 86 (2024).
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

ALPHA = 0.05
BLOCK = 20
"""Audits after which another bettor starts."""
STAKES = (0.01, 0.03, 0.1, 0.2, 0.4)
"""Shares of what may be staked at most, 1 / (most_error - least)."""
GOOD_AUDITS = 1_000
GOOD_SHARE = 0.6
"""Of the allowed errors, while things go well."""
MOST_CHECKS = 20_000
STRAGGLERS = 0.01
"""Of the simulated runs, that may outlast `MOST_CHECKS`; they count as noticed then."""


def log_evidence(losses: ArrayLike, *, most_error: float, least: float = 0.0) -> NDArray[np.float64]:
    """Logarithm of the evidence after each audit.

    Args:
        losses: What each audit showed, from `least` to 1: 1 for wrong and 0 for right, or an unbiased estimate of it;
            a run a row, shape (runs, audits), in the order in which they were drawn.
        most_error: Mean loss that is allowed, strictly between 0 and 1.
        least: The least value a loss can take, at most 0.

    Returns:
        In nats, shape (runs, audits); it is time to act from `ln(1 / alpha)` on.

    Raises:
        ValueError: The shares contradict each other, or a loss lies below `least`.
    """
    given = np.asarray(losses, dtype=np.float64)
    _check_share("most_error", most_error)
    if given.ndim != 2 or least > 0.0 or not np.all(given >= least):
        raise ValueError("losses need a row for each run, and none may lie below least, which is at most 0")
    stakes = np.array(STAKES) / (most_error - least)
    wealth = np.full((len(given), len(stakes)), -np.inf)
    evidence = np.empty(given.shape)
    for audit in range(given.shape[1]):
        started = audit // BLOCK + 1
        if audit % BLOCK == 0:
            wealth = np.logaddexp(wealth, -math.log(started * (started + 1)))
        wealth = wealth + np.log1p(stakes * (given[:, audit, None] - most_error))
        cash = -math.log(started + 1)
        evidence[:, audit] = np.logaddexp(special.logsumexp(wealth, axis=1) - math.log(len(stakes)), cash)
    return evidence


def delays(
    *,
    most_error: float,
    error: float,
    alpha: float = ALPHA,
    good_audits: int = GOOD_AUDITS,
    runs: int = 2_000,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Audits from the moment things go wrong until the evidence says so, in simulated runs.

    Before that moment the model errs at `GOOD_SHARE` of what is allowed. Where the delay will be long, the evidence
    is read only every few audits, which makes it a little longer and never shorter.

    Args:
        most_error: Share of wrong answers that is allowed, strictly between 0 and 1.
        error: Share of wrong answers from then on, above `most_error`, up to 1.
        alpha: Chance of ever raising a false alarm.
        good_audits: How many audits went well before.
        runs: How many times it is played through.
        seed: Of the random numbers; the same seed gives the same delays.

    Returns:
        Rising, shape (runs,); runs that raised a false alarm before are left out.

    Raises:
        ValueError: A share is out of range, or `error` lies so close to `most_error` that it is not noticed in time.
    """
    _check_share("most_error", most_error)
    _check_share("alpha", alpha)
    if not most_error < error <= 1.0:
        raise ValueError("error must lie above most_error, up to 1")
    draw = np.random.default_rng(seed)
    stakes = np.array(STAKES) / most_error
    wealth, blocks = np.zeros((runs, len(stakes))), 0
    step, noticed, found = BLOCK, 1.0 / alpha, []
    for _ in range(good_audits // BLOCK):
        blocks += 1
        wealth = _after(wealth + 1.0 / (blocks * (blocks + 1)), draw, GOOD_SHARE * most_error, most_error, step)
        wealth = wealth[wealth.mean(axis=1) + 1.0 / (blocks + 1) < noticed]
    step = _audits_between_checks(most_error, error, alpha, blocks)
    for audits in range(step, MOST_CHECKS * step + 1, step):
        begun = (audits - step) // BLOCK + good_audits // BLOCK + 1
        if begun > blocks:
            wealth, blocks = wealth + 1.0 / (blocks + 1) - 1.0 / (begun + 1), begun
        wealth = _after(wealth, draw, error, most_error, step)
        trips = wealth.mean(axis=1) + 1.0 / (blocks + 1) >= noticed
        found += [audits] * int(trips.sum())
        wealth = wealth[~trips]
        if not len(wealth):
            break
    if len(wealth) > STRAGGLERS * runs:
        raise ValueError("error lies so close to most_error that it would hardly ever be noticed")
    return np.array(found + [MOST_CHECKS * step] * len(wealth), dtype=np.int64)


def _after(
    wealth: NDArray[np.float64], draw: np.random.Generator, error: float, most_error: float, audits: int
) -> NDArray[np.float64]:
    """Each run's wealths after so many more audits."""
    stakes = np.array(STAKES) / most_error
    wrong = draw.binomial(audits, error, len(wealth))[:, None]
    gain = wrong * np.log1p(stakes * (1.0 - most_error)) + (audits - wrong) * np.log1p(-stakes * most_error)
    after: NDArray[np.float64] = wealth * np.exp(gain)
    return after


def _audits_between_checks(most_error: float, error: float, alpha: float, blocks: int) -> int:
    """One where the delay is short; more where it is long, at most about a two-hundredth of it."""
    kept = special.xlog1py(1.0 - error, -error) - special.xlog1py(1.0 - error, -most_error)
    information = special.xlogy(error, error / most_error) + kept
    needed = math.log(1.0 / alpha) + math.log((blocks + 1) * (blocks + 2)) + math.log(len(STAKES))
    roughly = needed / max(float(information), 1e-12)
    return max(1, int(roughly / 400))


def _check_share(name: str, value: float) -> None:
    if not (0.0 < value < 1.0 and math.isfinite(value)):
        raise ValueError(f"{name} must lie strictly between 0 and 1")
