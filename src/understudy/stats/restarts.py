"""Evidence that errors have become more frequent than allowed, from audits in the order in which they were drawn.

What is guaranteed: while the chance of an error, given all before, never exceeds `most_error`, the evidence ever
reaches 1 / alpha with probability at most alpha. It assumes that audits are drawn before their answers are known, and
that an audit drawn with a higher chance than others counts for less by its `weight`, in proportion.

Why it is true. A bettor's wealth against "at most `most_error`" is multiplied by 1 + stake * weight * (loss -
most_error), so it does not grow on average, and neither does any average of such wealths: Ville's inequality bounds
the chance that it ever gets large. (Of a served case: it is audited with chance q and then weighs floor / q, so the
factor's mean is 1 + stake * floor * (chance of an error - most_error), however q was chosen.) A single bettor would
waste his wealth on good times before anything goes wrong, so new ones keep starting. What has not been spent on
starting them is kept as cash; after t audits that is sqrt(400 / (400 + t)) of the whole, so a start in the far future
still gets its part, and all parts sum to 1.

All bettors of one stake multiply alike from then on, so their wealths are kept as one sum: five numbers, however long
it runs. High stakes lose fast in good times and start anew every 5 or 10 audits, low ones every 20 or 40.

Only additions, multiplications, divisions and square roots are used, which every processor rounds alike: the same
losses give the same number to the last bit, one by one or in bulk.

Measured at most_error = 5% after 1,000 good audits at 3% (mean audits until 1 / 0.05 is reached): 389 when errors jump
to 10%, 66 to 20%, 13 to 50%; false alarms in 5,000 audits at exactly 5%: 2.9%.

Source:
    Ville (1939); Shin, Ramdas & Rinaldo, "E-detectors" (2022); Waudby-Smith & Ramdas, JRSS-B 86 (2024); Waudby-Smith,
    Wu, Ramdas, Karampatziakis & Mineiro, "Anytime-valid off-policy inference for contextual bandits" (2022), for the
    weights.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

ALPHA = 0.05
STAKES = (0.02, 0.05, 0.12, 0.25, 0.5)
"""Shares of what may be staked at most, 1 / (most_error - least)."""
PARTS = (0.0625, 0.125, 0.25, 0.25, 0.3125)
"""Of the whole wealth, by stake."""
BLOCKS = (40, 40, 20, 10, 5)
"""Audits after which another bettor of that stake starts."""
HALF_SPENT = 400
"""The cash left after t audits is sqrt(HALF_SPENT / (HALF_SPENT + t)): half after three times as many."""
GOOD_AUDITS = 1_000
GOOD_SHARE = 0.6
"""Of the allowed errors, while things go well."""
MOST_CHECKS = 20_000
STRAGGLERS = 0.01
"""Of the simulated runs, that may outlast `MOST_CHECKS`; they count as noticed then."""
RICHEST = 1e300
"""No sum of wealths is larger; to cut it off only lowers the evidence."""


@dataclass(frozen=True)
class RestartingMixture:
    """The evidence audit by audit. Start with `RestartingMixture(most_error)` and keep what `update` returns.

    Attributes:
        most_error: Mean loss that is allowed, strictly between 0 and 1.
        least: The least value a loss can take, at most 0.
        audits: How many were seen.
        wealths: Sum over the bettors of each stake, in the order of `STAKES`.
    """

    most_error: float
    least: float = 0.0
    audits: int = 0
    wealths: tuple[float, ...] = (0.0,) * len(STAKES)

    def __post_init__(self) -> None:
        _check_share("most_error", self.most_error)
        if not (math.isfinite(self.least) and self.least <= 0.0):
            raise ValueError("least is at most 0")
        if self.audits < 0 or len(self.wealths) != len(STAKES) or not all(0 <= one < math.inf for one in self.wealths):
            raise ValueError("a state holds a count of audits and one sum for each stake")

    def update(self, loss: float, weight: float = 1.0) -> "RestartingMixture":
        """The evidence after one more audit.

        Args:
            loss: What it showed, `least` or more: 1 for wrong, 0 for right, or an unbiased estimate of it.
            weight: The least chance of being audited that a case had at that time, divided by this one's own chance;
                above 0, up to 1. It must not depend on the loss.

        Raises:
            ValueError: The loss or the weight is out of range.
        """
        if not self.least <= loss < math.inf or not 0.0 < weight <= 1.0:
            raise ValueError("a loss is at least least, a weight lies above 0 and at most at 1")
        excess, most = weight * (loss - self.most_error), self.most_error - self.least
        return self.grown(tuple(1.0 + stake / most * excess for stake in STAKES))

    def grown(self, *factors: Sequence[float]) -> "RestartingMixture":
        """The evidence after one more audit, given as what it does to a bettor of each stake.

        Args:
            factors: By what his wealth is multiplied, in the order of `STAKES`, at least 0, with a mean of at most 1 as
                long as no more than allowed is wrong; one row or several, one after another.

        Raises:
            ValueError: A row does not have one factor for each stake, or one of them cannot be.
        """
        wealths = [wealth + begun_with(self.audits, place) for place, wealth in enumerate(self.wealths)]
        for row in factors:
            if len(row) != len(wealths) or not all(0.0 <= factor < math.inf for factor in row):
                raise ValueError("each stake has one factor of 0 or more")
            wealths = [min(wealth * factor, RICHEST) for wealth, factor in zip(wealths, row, strict=True)]
        return replace(self, audits=self.audits + 1, wealths=tuple(wealths))

    @property
    def evidence(self) -> float:
        """How many times richer the bettors have become; 1.0 before the first audit."""
        total = cash_after(self.audits)
        for wealth in self.wealths:
            total += wealth
        return total

    @property
    def log_evidence(self) -> float:
        """The same in nats."""
        return math.log(self.evidence)

    def proven(self, alpha: float = ALPHA) -> bool:
        """Whether the evidence stands at 1 / alpha or more."""
        return self.evidence >= 1.0 / alpha


def evidence(
    losses: ArrayLike, *, most_error: float, least: float = 0.0, weights: ArrayLike | None = None
) -> NDArray[np.float64]:
    """The evidence after each audit, for many runs at once; the same numbers as `RestartingMixture` gives, bit for bit.

    Args:
        losses: What each audit showed, `least` or more: 1 for wrong and 0 for right, or an unbiased estimate of it;
            a run a row, shape (runs, audits), in the order in which they were drawn.
        most_error: Mean loss that is allowed, strictly between 0 and 1.
        least: The least value a loss can take, at most 0.
        weights: Of each audit, above 0 up to 1, in a shape that broadcasts to that of `losses`; 1 unless told.

    Returns:
        Shape (runs, audits); it is time to act from 1 / alpha on.

    Raises:
        ValueError: The shares contradict each other, or a loss or a weight is out of range.
    """
    given = np.asarray(losses, dtype=np.float64)
    RestartingMixture(most_error, least)
    if given.ndim != 2 or not np.all((given >= least) & np.isfinite(given)):
        raise ValueError("losses need a row for each run, and none may lie below least")
    weighing = np.broadcast_to(np.asarray(1.0 if weights is None else weights, dtype=np.float64), given.shape)
    if not np.all((weighing > 0.0) & (weighing <= 1.0)):
        raise ValueError("weights lie above 0 and at most at 1")
    found = np.empty(given.shape)
    wealths = [np.zeros(len(given)) for _ in STAKES]
    for audit in range(given.shape[1]):
        excess = weighing[:, audit] * (given[:, audit] - most_error)
        total = np.full(len(given), cash_after(audit + 1))
        for place, stake in enumerate(STAKES):
            grown = (wealths[place] + begun_with(audit, place)) * (1.0 + stake / (most_error - least) * excess)
            wealths[place] = np.minimum(grown, RICHEST)
            total += wealths[place]
        found[:, audit] = total
    return found


def log_evidence(
    losses: ArrayLike, *, most_error: float, least: float = 0.0, weights: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Logarithm of `evidence`, in nats; it is time to act from `ln(1 / alpha)` on."""
    logs: NDArray[np.float64] = np.log(evidence(losses, most_error=most_error, least=least, weights=weights))
    return logs


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
    is read and bettors start only every few audits, which makes it a little longer and never shorter.

    Args:
        most_error: Share of wrong answers that is allowed, strictly between 0 and 1.
        error: Share of wrong answers from then on, above `most_error`, up to 1.
        alpha: Chance of ever raising a false alarm.
        good_audits: How many audits went well before, in fives.
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
    draw, noticed = np.random.default_rng(seed), 1.0 / alpha
    good = good_audits // min(BLOCKS) * min(BLOCKS)
    wealth = _after_good_times(draw, most_error, good, runs, noticed)
    step, before, found = _audits_between_checks(most_error, error, alpha, good), good - 1, []
    for audits in range(good, good + MOST_CHECKS * step, step):
        wealth = _after(wealth + _started_since(before, audits), draw, error, most_error, step)
        trips = wealth.sum(axis=1) + cash_after(audits + 1) >= noticed
        found += [audits + step - good] * int(trips.sum())
        wealth, before = wealth[~trips], audits
        if not len(wealth):
            break
    if len(wealth) > STRAGGLERS * runs:
        raise ValueError("error lies so close to most_error that it would hardly ever be noticed")
    return np.array(found + [MOST_CHECKS * step] * len(wealth), dtype=np.int64)


def _after_good_times(
    draw: np.random.Generator, most_error: float, audits: int, runs: int, noticed: float
) -> NDArray[np.float64]:
    """Each run's wealths after so many good audits, without the runs that raised a false alarm."""
    wealth, often = np.zeros((runs, len(STAKES))), min(BLOCKS)
    for seen in range(0, audits, often):
        begun = _started_since(seen - often, seen)
        wealth = _after(wealth + begun, draw, GOOD_SHARE * most_error, most_error, often)
        wealth = wealth[wealth.sum(axis=1) + cash_after(seen + often) < noticed]
    return wealth


def _kept(audits: int) -> float:
    """Of the whole wealth, what is not spent on bettors that start before that audit."""
    return math.sqrt(HALF_SPENT / (HALF_SPENT + audits))


def begun_with(audits: int, place: int) -> float:
    """What a new bettor of a stake begins with after so many audits; 0 when none begins there."""
    block = BLOCKS[place]
    return 0.0 if audits % block else PARTS[place] * (_kept(audits) - _kept(audits + block))


def cash_after(audits: int) -> float:
    """What is left for bettors that start after so many audits."""
    total = 0.0
    for part, block in zip(PARTS, BLOCKS, strict=True):
        total += part * _kept(-(-audits // block) * block)
    return total


def _started_since(before: int, audits: int) -> NDArray[np.float64]:
    """What bettors began with that start after the audit `before`, up to `audits`; shape (stakes,)."""
    ends = [[(each // block + 1) * block for block in BLOCKS] for each in (before, audits)]
    spent = [part * (_kept(max(old, 0)) - _kept(new)) for part, old, new in zip(PARTS, *ends, strict=True)]
    return np.array(spent)


def _after(
    wealth: NDArray[np.float64], draw: np.random.Generator, error: float, most_error: float, audits: int
) -> NDArray[np.float64]:
    """Each run's wealths after so many more audits."""
    stakes = np.array(STAKES) / most_error
    wrong = draw.binomial(audits, error, len(wealth))[:, None]
    gain = wrong * np.log1p(stakes * (1.0 - most_error)) + (audits - wrong) * np.log1p(-stakes * most_error)
    after: NDArray[np.float64] = wealth * np.exp(gain)
    return after


def _audits_between_checks(most_error: float, error: float, alpha: float, good: int) -> int:
    """One where the delay is short; more where it is long, at most about a two-hundredth of it."""
    kept = scipy.special.xlog1py(1.0 - error, -error) - scipy.special.xlog1py(1.0 - error, -most_error)
    information = scipy.special.xlogy(error, error / most_error) + kept
    begun = float(_started_since(good - 1, good + max(BLOCKS)).sum())
    roughly = (math.log(1.0 / alpha) - math.log(begun) + 1.0) / max(float(information), 1e-12)
    return max(1, int(roughly / 400))


def _check_share(name: str, value: float) -> None:
    if not (0.0 < value < 1.0 and math.isfinite(value)):
        raise ValueError(f"{name} must lie strictly between 0 and 1")
