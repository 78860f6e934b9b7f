"""Links between items against what they are by definition."""

import numpy as np
import pytest
from scipy import sparse

from understudy.search.recommend.factors import factors
from understudy.search.recommend.links import autoencoder, following, neighbours
from understudy.search.recommend.log import Log
from understudy.search.recommend.rankers import fold_in


def _matrix(people: int, items: int, seed: int = 0) -> sparse.csr_array:
    rng = np.random.default_rng(seed)
    made = sparse.csr_array((rng.random((people, items)) < 0.3).astype(np.float32))
    made.sort_indices()
    return made


def test_neighbours_are_cosines() -> None:
    """Without shrinking and leaning, a link is the cosine of two items' columns, and none to itself."""
    matrix = _matrix(30, 12)
    dense = matrix.toarray()
    unit = dense / np.linalg.norm(dense, axis=0)
    wanted = unit.T @ unit - np.eye(12)
    np.testing.assert_allclose(neighbours(matrix, lean=0.5, shrink=0.0).toarray(), wanted, atol=1e-6)


def test_only_the_strongest_links_are_kept() -> None:
    """Of each item as many links stay as asked for, and none that stays is weaker than one that went."""
    matrix = _matrix(40, 20)
    every, few = (neighbours(matrix, lean=0.5, shrink=1.0, most=most).toarray() for most in (20, 5))
    assert ((few > 0).sum(axis=1) <= 5).all()
    for whole, kept in zip(every, few, strict=True):
        assert kept[kept > 0].min() >= whole[kept == 0].max() - 1e-9


@pytest.mark.parametrize("people", [8, 60])
def test_an_autoencoder_is_the_same_by_way_of_people_or_items(people: int) -> None:
    """Both ways to invert the matrix give the solution of the ridge problem with no link to oneself."""
    matrix = _matrix(people, 20, seed=2)
    links = autoencoder(matrix, penalty=5.0, dropout=0.0, most=20).toarray()
    taken = np.flatnonzero(matrix.toarray().sum(axis=0))
    dense = matrix.toarray()[:, taken].astype(np.float64)
    inverse = np.linalg.inv(dense.T @ dense + 5.0 * np.eye(len(taken)))
    wanted = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(wanted, 0)
    np.testing.assert_allclose(links[np.ix_(taken, taken)], wanted, atol=1e-4)


def test_following_counts_the_order() -> None:
    """What always comes next is linked from the earlier to the later item, and not back."""
    item = np.array([0, 1, 2, 0, 1, 2])
    log = Log(np.array([0, 3, 6]), item, np.ones(6, bool), np.arange(6.0), 3)
    links = following(log, window=1, lean=0.5, shrink=0.0).toarray()
    np.testing.assert_allclose(links, [[0, 1, 0], [0, 0, 1], [0, 0, 0]], atol=1e-6)


def test_folding_in_solves_its_equations() -> None:
    """A person's point is where the slope of the loss is zero; of somebody without events it is the origin."""
    rng = np.random.default_rng(3)
    points = rng.normal(size=(15, 4)).astype(np.float32)
    matrix = sparse.csr_array(np.vstack([_matrix(1, 15, seed=5).toarray(), np.zeros((1, 15), np.float32)]))
    matrix.eliminate_zeros()
    first, nobody = fold_in(matrix, points, 0.1, 0.2, 1.0)
    taken = matrix.toarray()[0]
    slope = points.T @ (taken * (points @ first - 1)) + 0.2 * points.T @ (points @ first)
    slope += 0.1 * (taken.sum() + 0.2 * 15) * first
    np.testing.assert_allclose(slope, 0, atol=1e-3)
    assert not nobody.any()


def test_factors_come_from_their_seed() -> None:
    """The same draw gives the same points, another one others."""
    matrix = _matrix(20, 10)
    same = [
        factors(matrix, np.random.default_rng(seed), depth=3, regular=0.1, unseen=0.1, power=1.0, rounds=2)
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(same[0], same[1])
    assert not np.allclose(same[0], same[2])
