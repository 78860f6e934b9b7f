"""Support vector machines with a radial kernel, on distances that are computed once for a view."""

from itertools import combinations

import numpy as np
import numpy.typing as npt

from understudy.search.rows import Indices, Rows
from understudy.search.scikit import SVC, config_context
from understudy.search.scorers import Matrix, Radial, squared_distances

MAX_ROWS = 3000
"""Training rows up to which the kernel matrix is worth its memory (36 MB) and time."""


class RadialMachines:
    """Fits support vector machines on parts of the same rows."""

    def __init__(self, rows: Rows, labels: Indices, classes: int) -> None:
        self._rows = rows.take(np.arange(rows.count))
        self._labels, self._classes = labels, classes
        self._distances = squared_distances(self._rows, self._rows)

    def fit(self, indices: Indices, *, penalty: float, gamma: float) -> Radial:
        """Fits one machine for every pair of labels and adds each pair's margin to both labels' scores.

        Source:
            Cortes & Vapnik, Machine Learning 20 (1995), through libsvm; one against one as Hsu & Lin (2002), but
            summing margins instead of counting votes, so that scores have no ties and stay smooth.
        """
        kernel = np.exp(-gamma * self._distances[np.ix_(indices, indices)])
        machine = SVC(C=penalty, kernel="precomputed", decision_function_shape="ovo", cache_size=64)
        with config_context(assume_finite=True, skip_parameter_validation=True):
            machine.fit(kernel, self._labels[indices])
        present = [int(label) for label in machine.classes_]
        margins, bias = _pair_margins(machine, len(present))
        votes = _votes(present, self._classes)
        centres = self._rows[indices[machine.support_]]
        return Radial(centres, gamma, (margins @ votes).astype(np.float32), (bias @ votes).astype(np.float32))


def _pair_margins(machine: SVC, classes: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Unpacks libsvm's dual coefficients into a dense matrix, (support vectors, pairs), with each pair's bias."""
    ends = np.concatenate([[0], np.cumsum(machine.n_support_)])
    dual = machine.dual_coef_
    pairs = list(combinations(range(classes), 2))
    dense = np.zeros((dual.shape[1], len(pairs)))
    for column, (first, second) in enumerate(pairs):
        of_first, of_second = slice(ends[first], ends[first + 1]), slice(ends[second], ends[second + 1])
        dense[of_first, column] = dual[second - 1, of_first]
        dense[of_second, column] = dual[first, of_second]
    # For two labels libsvm's sign is turned by scikit-learn, so that positive means the second.
    return (-dense, -machine.intercept_) if classes == 2 else (dense, machine.intercept_)


def _votes(present: list[int], classes: int) -> Matrix:
    """(pairs, classes): a pair's margin speaks for its first label and against its second."""
    pairs = list(combinations(present, 2))
    votes = np.zeros((len(pairs), classes), np.float32)
    for row, (first, second) in enumerate(pairs):
        votes[row, first], votes[row, second] = 1, -1
    return votes
