"""From held-out probabilities of one label to honest ones."""

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.float64]

LEAST: Final = 1e-7


def fit_sharpness(given: Numbers, labels: npt.NDArray[np.int64]) -> float:
    """The factor on log probabilities that makes held-out ones honest.

    The true label's target is slightly below 1, the lower the fewer rows there are.

    Args:
        given: (n, k), each row summing to 1.
        labels: (n,), 0..k-1.

    Source:
        Guo et al., On calibration of modern neural networks, ICML 2017; the targets as Platt (1999).
    """
    logs = np.log(np.maximum(given, LEAST))
    count, classes = logs.shape
    smoothing = classes / (count + classes)
    truth = np.full(logs.shape, smoothing / classes)
    truth[np.arange(count), labels] += 1 - smoothing

    def loss(log_factor: float) -> float:
        scores = logs * np.exp(log_factor)
        return float(np.mean(scipy.special.logsumexp(scores, axis=1) - (truth * scores).sum(axis=1)))

    found = scipy.optimize.minimize_scalar(loss, bounds=(-2.0, 1.5), method="bounded", options={"xatol": 1e-3})
    return float(np.exp(found.x))


def sharpened(given: Numbers, sharpness: float) -> Numbers:
    """Probabilities after that factor, (n, k)."""
    return np.asarray(scipy.special.softmax(np.log(np.maximum(given, LEAST)) * sharpness, axis=1))
