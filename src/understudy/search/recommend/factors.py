"""Factorisation: points for items, such that people's points lie near those of what they take."""

import numpy as np
import scipy

from understudy.search.recommend.log import Matrix, Sparse
from understudy.search.recommend.rankers import fold_in


def factors(
    matrix: Sparse, rng: np.random.Generator, *, depth: int, regular: float, unseen: float, power: float, rounds: int
) -> Matrix:
    """Alternating least squares for what was taken against everything else.

    Args:
        matrix: People by items, (n, width).
        rng: Draws the points it starts from.
        depth: Numbers of a point.
        regular: Factor of the penalty on points.
        unseen: Weight of items as not taken, against 1 for one that was.
        power: By which the penalty grows with the events behind a point.
        rounds: How often people and items take turns.

    Returns:
        Points of items, (width, depth), float32.

    Source:
        Hu, Koren & Volinsky, ICDM 2008; penalty as in Rendle et al., RecSys 2022.
    """
    items = rng.normal(0, 0.1 / np.sqrt(depth), (matrix.shape[1], depth)).astype(np.float32)
    across = scipy.sparse.csr_array(matrix.T)
    across.sort_indices()
    for _ in range(rounds):
        people = fold_in(matrix, items, regular, unseen, power)
        items = fold_in(across, people, regular, unseen, power)
    return items
