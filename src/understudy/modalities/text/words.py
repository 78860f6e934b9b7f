"""Words and their spelling as a row of fixed width: hashed runs of letters.

No vocabulary is kept, so a model gives away none of the words it learned from, and new words have their place at once.

Measured on tweets, chats and bank customers' questions, beside TF-IDF of words, pairs of words and runs of letters with
all their columns: runs of two to five letters within words, hashed to 8,192 columns and turned to 1,024 dimensions,
were as good or better with the best head for each (0.728 right and 0.728 on tweets with 64 of a label, 0.721 and 0.688
on questions with 8). Inverse document frequencies added nowhere more than 0.2 points.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.text.runs import hashed_runs

KIND: Final = "words/1"
"""Names this way of hashing; raised when it changes."""
WIDTH: Final = 8192
RUNS: Final = (2, 3, 4, 5)
"""Lengths of runs, the spaces before and behind a word included."""
LONGEST: Final = 20_000
"""Characters that are looked at."""

Row = npt.NDArray[np.float32]


def word_row(text: str) -> Row:
    """Hashes a text; 0.1 ms for a sentence.

    Args:
        text: Any; its first `LONGEST` characters count. Capitals count as small letters.

    Returns:
        (`WIDTH`,): logarithms of counts with the sign of the hash; of length 1, or 0 where nothing is.

    Source:
        Weinberger et al., Feature hashing for large scale multitask learning, ICML 2009.
    """
    kinds, counts = np.unique(hashed_runs([text[:LONGEST]], RUNS)[1], return_counts=True)
    signs = np.where(kinds >> np.uint32(31), -1.0, 1.0)
    row = np.bincount((kinds % np.uint32(WIDTH)).astype(np.int64), signs * np.log1p(counts), WIDTH)
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-9), np.float32)
