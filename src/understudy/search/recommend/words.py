"""What is known of items, as rows of weighted words."""

import numpy as np
import scipy

from understudy.modalities.interactions.content import Content
from understudy.search.recommend.log import Catalogue, Sparse


def word_matrix(content: Content, catalogue: Catalogue) -> Sparse | None:
    """Weighs words by how rare they are, and brings each item's row to length 1.

    Args:
        content: What is known of items.
        catalogue: The items that count.

    Returns:
        (width, words), float32; words that describe one item alone are left out. None where nothing is left.
    """
    places: dict[str, int] = {}
    rows, columns = [], []
    for item in sorted(content.words):
        place = catalogue.places.get(item)
        if place is not None:
            for word in dict.fromkeys(content.words[item]):
                rows.append(place)
                columns.append(places.setdefault(word, len(places)))
    if not rows:
        return None
    counts = np.bincount(columns, minlength=len(places))
    shape = (len(catalogue), len(places))
    plain = scipy.sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    shared = np.flatnonzero(counts > 1)
    if not len(shared):
        return None
    rare = np.log((1 + len(content.words)) / (1 + counts[shared])) + 1e-3
    weighed = scipy.sparse.csr_array(plain[:, shared] @ scipy.sparse.diags_array(rare))
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    made = scipy.sparse.csr_array(scipy.sparse.diags_array(1 / np.maximum(length, 1e-9)) @ weighed).astype(np.float32)
    made.sort_indices()
    return made
