"""What a share of cases shows about all of them, when some cases were more likely to be drawn than others.

What is guaranteed: each case's estimate has the case's own loss as its mean, whatever was expected of it, so the mean
of the estimates is unbiased for the mean loss of all cases. It assumes that the draw looked at nothing but what was
known before the case's outcome, and that its chance was written down.

Why it is true. Of a case that is drawn with chance q, the estimate is expected + (loss - expected) / q when drawn and
expected when not; over the draw that averages to the loss. A good expectation makes it sharper, a bad one never makes
it wrong. The plain mean over drawn cases has no such virtue: where doubtful cases are drawn more often, it read 10%
where 5% was true.

Source:
    Horvitz & Thompson, JASA 47 (1952), for the weights; Angelopoulos et al., "Prediction-powered inference" (2023), for
    the expectation.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def unbiased_losses(
    losses: ArrayLike, *, expected: ArrayLike, propensities: ArrayLike, drawn: ArrayLike
) -> NDArray[np.float64]:
    """An unbiased estimate of each case's loss, whether it was drawn or not.

    Args:
        losses: What each drawn case showed, 0..1, shape (cases,); of the others, anything.
        expected: The loss that was expected before, 0..1, shape (cases,): one minus the answer's probability.
        propensities: The chance with which each case was drawn, above 0, up to 1, shape (cases,).
        drawn: Which cases were drawn, shape (cases,).

    Returns:
        Shape (cases,); single estimates may lie below 0 or far above 1.

    Raises:
        ValueError: The shapes differ or a figure is out of range.
    """
    seen = np.asarray(drawn, dtype=np.bool_)
    guess, chance = np.asarray(expected, dtype=np.float64), np.asarray(propensities, dtype=np.float64)
    given = np.where(seen, np.asarray(losses, dtype=np.float64), guess)
    if not given.shape == seen.shape == guess.shape == chance.shape:
        raise ValueError("each case has one loss, one expectation, one propensity and was drawn or not")
    shares = np.stack([given, guess])
    if not np.all((chance > 0.0) & (chance <= 1.0)) or not np.all((shares >= 0.0) & (shares <= 1.0)):
        raise ValueError("propensities lie above 0 and at most at 1, losses and expectations in 0..1")
    estimates: NDArray[np.float64] = guess + (given - guess) / chance
    return estimates
