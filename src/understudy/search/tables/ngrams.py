"""Texts and dirty categories as a few numbers: weighed pieces of words, brought to their main directions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils.extmath import randomized_svd

Matrix = npt.NDArray[np.float32]

BUCKETS: Final = 1 << 14
DIRECTIONS: Final = 24
LONGEST: Final = 2000
"""Characters of a text that are looked at."""
MOST_FITTED: Final = 20_000
"""Texts that the directions are found on; of more, ones at equal distances."""


@dataclass(frozen=True)
class NGrams:
    """How texts become numbers.

    Attributes:
        weights: Of each bucket, its inverse document frequency, (BUCKETS,).
        directions: What each bucket adds to each number, (BUCKETS, d).
    """

    weights: Matrix
    directions: Matrix

    @property
    def width(self) -> int:
        """Numbers a text."""
        return int(self.directions.shape[1])

    def numbers(self, texts: Sequence[str]) -> Matrix:
        """The numbers of each text, (n, d)."""
        if not texts:
            return np.zeros((0, self.width), np.float32)
        return np.asarray(_weighed(_counts(texts), self.weights) @ self.directions, np.float32)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be kept."""
        return {"weights": self.weights, "directions": self.directions}

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "NGrams":
        """Reads what `arrays` gave."""
        return cls(given["weights"], given["directions"])


def fit_ngrams(texts: Sequence[str], *, seed: int, most: int = DIRECTIONS) -> NGrams:
    """Finds the directions in which texts differ most.

    Args:
        texts: At least two.
        seed: Of the approximate decomposition.
        most: Directions at most.

    Source:
        Cerda and Varoquaux, Encoding high-cardinality string categorical variables (2020); Halko et al. (2011).
    """
    some = texts[:: max(1, -(-len(texts) // MOST_FITTED))]
    counts = _counts(some)
    seen = np.bincount(counts.indices, minlength=BUCKETS)
    weights = (np.log((1 + len(some)) / (1 + seen)) + 1).astype(np.float32)
    matrix = _weighed(counts, weights)
    wanted = max(1, min(most, len(some) - 1, int((seen > 0).sum()) - 1))
    _, scales, directions = randomized_svd(matrix, wanted, n_iter=4, random_state=seed)
    kept = directions[scales > 1e-6 * max(float(scales[0]), 1e-12)]
    return NGrams(weights, np.ascontiguousarray(kept.T, np.float32))


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    hasher = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), n_features=BUCKETS, norm=None, alternate_sign=False, dtype=np.float32
    )
    return sparse.csr_matrix(hasher.transform([text[:LONGEST] for text in texts]))


def _weighed(counts: sparse.csr_matrix, weights: Matrix) -> sparse.csr_matrix:
    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * weights[weighed.indices]
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    scale = sparse.diags((1 / np.where(norms > 0, norms, 1)).astype(np.float32))
    return sparse.csr_matrix(scale @ weighed)
