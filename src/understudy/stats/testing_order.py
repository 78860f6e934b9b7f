"""In which order to test thresholds, decided before any sealed label is read.

The order takes nothing from the guarantee of `stats.thresholds`, whatever it is: it only decides how much can be
proven. A test that comes too early and fails ends everything, and one that comes late passes only if all before it
did. So the training examples' out-of-fold answers are played through: many sealed sets of the real size are drawn
from what they leave possible (a Dirichlet posterior over how many answers fall between two thresholds and how many
of them are wrong, the share wrong rising as thresholds get more lenient), and the start and the stride are taken that
automate most on average. From the start on, thresholds only get more lenient.

Compared with an oracle that knows the true share of errors at each threshold and tests the single best one, in worlds
where that automates at least a tenth of all requests (150 to 1,000 sealed examples, 2% to 10% errors, models that are
well, over- and underconfident): 95% to 137% of what it automates from 300 training answers on, 80% to 127% from 60.
It can be more, since a sequence that goes well goes on.

Source:
    Angelopoulos, Bates, Candes, Jordan & Lei, "Learn then Test" (2021), for fixed sequences found on other data.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

MOST_THRESHOLDS = 60
STRIDES = (1, 2, 3, 5)
EVERYTHING = 1e-9
"""The threshold above which everything is answered that a model may answer at all; what it never may has 0."""
_WORLDS = 300
_TRUST = 60.0
"""Answers' worth of belief in what the model says of itself, so that few training answers are not all there is."""
_SPREAD = 0.5
"""Wrong answers added to smoothed shares, so that none seen does not mean that none will come."""


def testing_order(
    stated_out_of_fold: ArrayLike,
    right_out_of_fold: ArrayLike,
    *,
    most_error: float,
    sealed_count: int,
    confidence: float = 0.95,  # noqa: PT028 - its name begins as a test's does
) -> tuple[float, ...]:
    """The thresholds at which "at most so many answers are wrong" is to be tested, first to last.

    Args:
        stated_out_of_fold: Probability of each training answer by a model that had not seen it, 0..1, shape (m,).
        right_out_of_fold: Whether it was right, shape (m,).
        most_error: The share of wrong answers to be promised, strictly between 0 and 1.
        sealed_count: Sealed examples there will be; where they belong together, what they are worth.
        confidence: Of the promise, between 0 and 1.

    Returns:
        Falling thresholds. Where no training answer could be given alone, an order that trusts what the model says of
        itself.

    Raises:
        ValueError: Shapes that differ, or a share out of range.
    """
    stated, right = checked(stated_out_of_fold, right_out_of_fold)
    check_share("most_error", most_error)
    check_share("confidence", confidence)
    if sealed_count < 0:
        raise ValueError("sealed_count must not be negative")
    thresholds, bins = _cut(stated)
    if not len(thresholds):
        return order_unseen(most_error)
    trust = 1.0 + _TRUST / len(stated)
    mistaken = 1.0 - right.astype(np.bool_) + (trust - 1.0) * (1.0 - stated)
    counts = trust * np.bincount(bins, minlength=len(thresholds)).astype(np.float64)
    answered, never = np.split(counts, [len(thresholds)])
    wrong = np.bincount(bins, weights=mistaken, minlength=len(thresholds)).astype(np.float64)[: len(thresholds)]
    draw = np.random.default_rng(0)
    alone, errors = _possible_sealed_sets(answered, wrong, never, sealed_count, draw)
    passes = scipy.special.bdtr(errors, np.maximum(alone, 1), most_error) <= 1.0 - confidence
    return _best_run(thresholds, passes & (alone > 0), alone)


def cost_testing_order(
    stated_out_of_fold: ArrayLike,
    losses_out_of_fold: ArrayLike,
    *,
    most_cost: float,
    sealed_count: int,
    confidence: float = 0.95,
) -> tuple[float, ...]:
    """As `testing_order`, for "an answer costs at most so much on average".

    Args:
        stated_out_of_fold: As there.
        losses_out_of_fold: What each answer cost, shape (m,).
        most_cost: The mean cost to be promised.
        sealed_count: As there.
        confidence: As there.

    Raises:
        ValueError: As there, or a loss that is no number.
    """
    stated, losses = checked(stated_out_of_fold, losses_out_of_fold)
    check_share("confidence", confidence)
    if sealed_count < 0 or not np.all(np.isfinite(losses)):
        raise ValueError("losses must be numbers and sealed_count not negative")
    thresholds, bins = _cut(stated)
    if not len(thresholds):
        return order_unseen(0.1)
    weights = np.random.default_rng(0).exponential(size=(_WORLDS, len(stated)))  # the Bayesian bootstrap
    columns = bins[None, :] == np.arange(len(thresholds))[:, None]
    within = [np.cumsum(weights @ (columns * power).T, axis=1) for power in (1.0, losses, losses**2)]
    share, mean = within[0] / weights.sum(axis=1, keepdims=True), within[1] / within[0]
    alone = np.maximum(share * sealed_count, 1e-9)
    deviation = np.sqrt(np.maximum(within[2] / within[0] - mean**2, 0.0) / alone)
    luck = np.random.default_rng(1).standard_normal((_WORLDS, 1))
    worst = max(float(losses.max()) - most_cost, 0.0) * -np.log1p(-confidence) / (3.0 * alone)
    passes = mean + deviation * (luck + scipy.special.ndtri(confidence)) + worst <= most_cost
    return _best_run(thresholds, passes, alone)


def order_unseen(most_error: float) -> tuple[float, ...]:
    """An order for when nothing is known of the model: from where it is about as sure as is asked, downward."""
    strictest = 1.0 - most_error / 2
    return tuple(float(each) for each in np.linspace(strictest, EVERYTHING, MOST_THRESHOLDS // 2))


def checked(stated: ArrayLike, outcome: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.generic]]:
    """Both as arrays of one length.

    Raises:
        ValueError: They are not, or a probability is not in 0..1.
    """
    given, told = np.asarray(stated, dtype=np.float64), np.asarray(outcome)
    if given.ndim != 1 or given.shape != told.shape:
        raise ValueError("stated needs one probability for each answer")
    if not np.all((given >= 0.0) & (given <= 1.0)):
        raise ValueError("probabilities must lie between 0 and 1")
    return given, told


def check_share(name: str, value: float) -> None:
    """Raises ValueError unless the value lies strictly between 0 and 1."""
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} must lie strictly between 0 and 1")


def _cut(stated: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Falling thresholds with about as many answers between any two, and between which each answer falls.

    An answer that is never given alone lies beyond the last threshold; where all are, there is no threshold.
    """
    surest = np.sort(stated[stated >= EVERYTHING])[::-1]
    number = len(surest)
    ranks = np.ceil(np.linspace(0.0, 1.0, min(MOST_THRESHOLDS, number) + 1)[1:] * number).astype(np.int64)
    thresholds = np.unique(surest[ranks - 1])[::-1]
    thresholds[-1:] = EVERYTHING  # also what is less sure than any training answer was
    return thresholds, np.searchsorted(-thresholds, -stated).astype(np.int64)


def _possible_sealed_sets(
    answered: NDArray[np.float64],
    wrong: NDArray[np.float64],
    never: NDArray[np.float64],
    sealed_count: int,
    draw: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Answers given alone and wrong ones among them at each threshold, shape (worlds, thresholds) each.

    What is never answered alone, if there is any, takes its part of every sealed set and stands at no threshold.
    """
    rate = scipy.optimize.isotonic_regression(wrong / answered, weights=answered).x
    rate = (rate * answered.sum() + _SPREAD) / (answered.sum() + 2 * _SPREAD)
    weights = np.concatenate([(1.0 - rate) * answered, rate * answered, never])
    chances = draw.gamma(weights, size=(_WORLDS, len(weights))) + np.finfo(np.float64).tiny
    drawn = draw.multinomial(sealed_count, chances / chances.sum(axis=1, keepdims=True))
    right, errors, _ = np.split(drawn, [len(answered), 2 * len(answered)], axis=1)
    return np.cumsum(right + errors, axis=1), np.cumsum(errors, axis=1)


def _best_run(
    thresholds: NDArray[np.float64], passes: NDArray[np.bool_], alone: NDArray[np.floating | np.integer]
) -> tuple[float, ...]:
    """The start and stride from which, on average, most answers are given alone when testing stops at a failure."""
    gains = np.stack([_automated(passes, alone, stride) for stride in STRIDES])
    row, start = np.unravel_index(int(np.argmax(gains)), gains.shape)
    if gains[row, start] <= 0:
        return tuple(float(each) for each in thresholds)
    return tuple(float(each) for each in thresholds[start :: STRIDES[row]])


def _automated(passes: NDArray[np.bool_], alone: NDArray[np.floating | np.integer], stride: int) -> NDArray[np.float64]:
    """Mean of what is answered alone at the last threshold before the first failure, for every start, (thresholds,).

    From the last threshold to the first: a test that passes reaches what the next one in its sequence reaches, or,
    where that one fails or there is none, what is answered alone here.
    """
    reached = np.where(passes, alone, 0)
    for start in range(passes.shape[1] - 1 - stride, -1, -1):
        further = passes[:, start] & passes[:, start + stride]
        reached[:, start] = np.where(further, reached[:, start + stride], reached[:, start])
    means: NDArray[np.float64] = reached.mean(axis=0)
    return means
