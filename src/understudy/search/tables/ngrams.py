"""Texts and dirty categories as a few numbers: pieces of words along their main directions, and words that are there.

Directions put together what is written alike; a word by itself tells apart what is written alike and means something
else, as the grades of a post do. On employee salaries the words raise R2 by .01 (three splits, two candidates each).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.modalities.text.runs import hashed_runs

Matrix = npt.NDArray[np.float32]

BUCKETS: Final = 1 << 14
RUNS: Final = (2, 3, 4)
"""Lengths of runs of letters, the spaces before and behind a word included."""
TOGETHER: Final = 512
"""Texts that are hashed at once, in up to some 50 MB."""
DIRECTIONS: Final = 24
WORDS: Final = 48
"""Words that are looked for by themselves, at most: those that divide the texts most evenly."""
FEWEST, MOST_SHARE = 3, 0.9
"""Texts that must hold such a word, and the share of all that may: what is rarer or everywhere tells little."""
KEPT: Final = ("weights", "directions", "words")
"""Arrays that are kept of them."""
_WORD: Final = re.compile(r"[^\W_]+")
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
        words: Those that are looked for by themselves, w of them, in small letters.
    """

    weights: Matrix
    directions: Matrix
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What each number of a text is, d + w of them."""
        count = int(self.directions.shape[1])
        return (*(f"wording {place}" for place in range(1, count + 1)), *(f"word {word}" for word in self.words))

    def numbers(self, texts: Sequence[str]) -> Matrix:
        """The numbers of each text, (n, d + w): along each direction, then 1 for each word that is there."""
        if not texts:
            return np.zeros((0, len(self.names)), np.float32)
        along = np.asarray(_weighed(_counts(texts), self.weights) @ self.directions, np.float32)
        places = {word: place for place, word in enumerate(self.words)}
        there = np.zeros((len(texts), len(self.words)), np.float32)
        for row, text in enumerate(texts):
            there[row, [places[word] for word in _words_of(text) & places.keys()]] = 1
        return np.concatenate([along, there], axis=1)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be kept."""
        words = np.frombuffer("\n".join(self.words).encode(), np.uint8)
        return {"weights": self.weights, "directions": self.directions, "words": words}

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "NGrams":
        """Reads what `arrays` gave."""
        words = given["words"].tobytes().decode().split("\n")
        return cls(given["weights"], given["directions"], tuple(word for word in words if word))


def fit_ngrams(texts: Sequence[str], *, seed: int, most: int = DIRECTIONS) -> NGrams:
    """Finds the directions in which texts differ most.

    Args:
        texts: At least two.
        seed: Of where the search for directions begins.
        most: Directions at most.

    Source:
        Cerda and Varoquaux, Encoding high-cardinality string categorical variables (2020).
    """
    some = texts[:: max(1, -(-len(texts) // MOST_FITTED))]
    counts = _counts(some)
    seen = np.bincount(counts.indices, minlength=BUCKETS)
    weights = (np.log((1 + len(some)) / (1 + seen)) + 1).astype(np.float32)
    matrix = _weighed(counts, weights)
    directions = _directions(matrix, min(most, len(some) - 1, int((seen > 0).sum()) - 1), seed)
    return NGrams(weights, np.ascontiguousarray(directions.T, np.float32), _common_words(some))


def _directions(matrix: scipy.sparse.csr_matrix, most: int, seed: int) -> Matrix:
    """In which rows differ most, (d, BUCKETS); none where they hold nothing."""
    if most < 1:
        return np.zeros((0, BUCKETS), np.float32)
    start = np.random.default_rng(seed).normal(size=min(matrix.shape)).astype(np.float32)
    _, scales, directions = scipy.sparse.linalg.svds(matrix, most, v0=start)
    kept: Matrix = directions[scales > 1e-6 * max(float(scales.max()), 1e-12)][::-1]
    return kept


def _common_words(texts: Sequence[str]) -> tuple[str, ...]:
    """The words that divide texts most evenly."""
    count = len(texts)
    held = Counter(word for text in texts for word in _words_of(text))
    fitting = [word for word, often in held.items() if FEWEST <= often <= MOST_SHARE * count]
    return tuple(sorted(fitting, key=lambda word: (-held[word] * (count - held[word]), word))[:WORDS])


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(text[:LONGEST].lower()))


def _counts(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """How often each bucket's runs are in each text, (n, BUCKETS)."""
    parts = [_counted(texts[start : start + TOGETHER]) for start in range(0, len(texts), TOGETHER)]
    return scipy.sparse.csr_matrix(scipy.sparse.vstack(parts))


def _counted(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    places, hashes = hashed_runs([text[:LONGEST] for text in texts], RUNS)
    ones, buckets = np.ones(len(hashes), np.float32), hashes % np.uint32(BUCKETS)
    return scipy.sparse.csr_matrix((ones, (places, buckets)), shape=(len(texts), BUCKETS))


def _weighed(counts: scipy.sparse.csr_matrix, weights: Matrix) -> scipy.sparse.csr_matrix:
    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * weights[weighed.indices]
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    scale = scipy.sparse.diags((1 / np.where(norms > 0, norms, 1)).astype(np.float32))
    return scipy.sparse.csr_matrix(scale @ weighed)
