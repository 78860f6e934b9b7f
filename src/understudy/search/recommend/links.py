"""Links between items, learned from who took both: nearest neighbours, what follows what, and a linear autoencoder."""

from typing import Final

import numpy as np
import scipy

from understudy.search.recommend.log import Indices, Log, Matrix, Numbers, Sparse

BLOCK: Final = 512
MOST_LINKS: Final = 200
"""Links that are kept of an item, the strongest."""
MOST_SOLVED: Final = 4000
"""Items between which an autoencoder is solved, the most often taken: its matrix of 128 MB grows with their square."""


def evened(matrix: Sparse, power: float) -> Sparse:
    """Rows divided by a power of how much they hold, so that who took much counts less for each."""
    if not power:
        return matrix
    sizes = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1e-9)
    return scipy.sparse.csr_array(scipy.sparse.diags_array(sizes**-power) @ matrix).astype(np.float32)


def neighbours(matrix: Sparse, *, lean: float, shrink: float, most: int = MOST_LINKS) -> Sparse:
    """Item nearest neighbours by how often two were taken together.

    A link from i to j is c_ij / (n_i^lean n_j^(1-lean) + shrink): the cosine at a lean of 0.5; below it, popular items
    are held back more.

    Args:
        matrix: People by items, (n, width).
        lean: 0..1.
        shrink: Added below the line, so that rare items are no sure neighbours.
        most: Links kept of each item.

    Returns:
        (width, width), float32.

    Source:
        Aiolli, "Efficient Top-N Recommendation for Very Large Scale Binary Rated Datasets", RecSys 2013.
    """
    sizes = np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel().astype(np.float64)
    across = scipy.sparse.csr_array(matrix.T)
    parts = []
    for start in range(0, matrix.shape[1], BLOCK):
        together = scipy.sparse.csr_array(across[start : start + BLOCK] @ matrix)
        parts.append(_scaled(together, start, sizes, lean, shrink, most))
    return scipy.sparse.csr_array(scipy.sparse.vstack(parts))


def following(log: Log, *, window: int, lean: float, shrink: float, most: int = MOST_LINKS) -> Sparse:
    """What follows what: as `neighbours`, but an event counts for the next ones only, and the less the further on.

    Args:
        log: Events, each person's oldest first.
        window: Events further on that count.
        lean: See `neighbours`.
        shrink: Likewise.
        most: Links kept of each item.
    """
    person = log.person
    total = scipy.sparse.csr_array((log.width, log.width), dtype=np.float32)
    for gap in range(1, min(window, len(log.item) - 1) + 1):
        same = (person[gap:] == person[:-gap]) & log.liked[gap:]
        weight = np.full(int(same.sum()), 1.0 / gap, np.float32)
        pairs = (log.item[:-gap][same], log.item[gap:][same])
        total = total + scipy.sparse.csr_array((weight, pairs), shape=total.shape)
    sizes = np.bincount(log.item, minlength=log.width).astype(np.float64)
    parts = [
        _scaled(scipy.sparse.csr_array(total[start : start + BLOCK]), start, sizes, lean, shrink, most)
        for start in range(0, log.width, BLOCK)
    ]
    return scipy.sparse.csr_array(scipy.sparse.vstack(parts))


def autoencoder(matrix: Sparse, *, penalty: float, dropout: float, most: int = MOST_LINKS) -> Sparse:
    """Links that rebuild best what people took, none from an item to itself.

    Args:
        matrix: People by items, (n, width).
        penalty: On the square of every link.
        dropout: Share of events that a link must do without, 0..1; penalises often taken items more.
        most: Links kept towards each item, those of the largest size.

    Returns:
        (width, width), float32; only the most often taken items have links.

    Source:
        Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019; "Autoencoders that don't overfit
        towards the Identity", NeurIPS 2020.
    """
    sizes = np.diff(scipy.sparse.csc_array(matrix).indptr)
    chosen = np.sort(np.argsort(-sizes, kind="stable")[:MOST_SOLVED])
    chosen = chosen[sizes[chosen] > 0]
    inverse = _inverse(scipy.sparse.csr_array(matrix[:, chosen]), penalty, dropout)
    links = inverse / -inverse.diagonal()[None, :]
    np.fill_diagonal(links, 0.0)
    return _spread(links, chosen, matrix.shape[1], most)


def _inverse(part: Sparse, penalty: float, dropout: float) -> Matrix:
    """Inverse of the penalised Gram matrix; by way of the people where they are fewer than the items."""
    gram_own = np.asarray(part.multiply(part).sum(axis=0)).ravel().astype(np.float64)
    penalties = penalty + gram_own * dropout / (1 - dropout)
    if part.shape[0] >= part.shape[1]:
        gram = (part.T @ part).toarray().astype(np.float64)
        gram.flat[:: len(gram) + 1] += penalties
        return np.linalg.inv(gram).astype(np.float32)
    eased = part.toarray().astype(np.float64) / np.sqrt(penalties)
    kernel = eased @ eased.T
    kernel.flat[:: len(kernel) + 1] += 1.0
    half = np.linalg.solve(np.linalg.cholesky(kernel), eased / np.sqrt(penalties)).astype(np.float32)
    inverse: Matrix = -(half.T @ half)
    inverse.flat[:: len(inverse) + 1] += 1 / penalties
    return inverse


def _spread(links: Matrix, chosen: Indices, width: int, most: int) -> Sparse:
    """The strongest links towards each chosen item, at their places among all items."""
    kept = min(most, len(chosen))
    rows, data = [], []
    for start in range(0, len(chosen), BLOCK):
        block = links[:, start : start + BLOCK].T
        near = np.argpartition(-np.abs(block), kept - 1, axis=1)[:, :kept]
        near.sort(axis=1)
        rows.append(near)
        data.append(np.take_along_axis(block, near, axis=1))
    columns = np.repeat(chosen, kept)
    made = scipy.sparse.csr_array(
        (np.concatenate(data).ravel(), (chosen[np.concatenate(rows).ravel()], columns)), (width,) * 2
    )
    made.sort_indices()
    return made


def _scaled(together: Sparse, start: int, sizes: Numbers, lean: float, shrink: float, most: int) -> Sparse:
    """Counts of a block of rows as links, without those to oneself."""
    rows = start + np.repeat(np.arange(together.shape[0]), np.diff(together.indptr))
    below = sizes[rows] ** lean * sizes[together.indices] ** (1 - lean) + shrink
    together.data = np.where(rows == together.indices, 0.0, together.data / below).astype(np.float32)
    together.eliminate_zeros()
    return _strongest(together, most)


def _strongest(links: Sparse, most: int) -> Sparse:
    """The strongest links of each row; of equal ones, those to the first items."""
    links.sort_indices()
    kept = np.ones(len(links.data), bool)
    for row in np.flatnonzero(np.diff(links.indptr) > most):
        cut = slice(links.indptr[row], links.indptr[row + 1])
        strength = np.abs(links.data[cut])
        level = np.partition(strength, -most)[-most]
        above, equal = strength > level, np.flatnonzero(strength == level)
        above[equal[: most - int(above.sum())]] = True
        kept[cut] = above
    starts = np.concatenate([[0], np.cumsum(kept)])[links.indptr]
    return scipy.sparse.csr_array((links.data[kept], links.indices[kept], starts), shape=links.shape)
