"""Least squares towards any columns are those that scikit-learn finds."""

import numpy as np
from sklearn.kernel_ridge import KernelRidge as Theirs
from sklearn.linear_model import Ridge

from understudy.search.least_squares import KernelRidge, Sums, ridge
from understudy.search.rows import Rows

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(60, 7)).astype(np.float32) / np.float32(np.sqrt(7))
WANTED = np.stack([MATRIX[:, 0] > 0, MATRIX @ RNG.normal(size=7)], axis=1).astype(np.float32)


def held() -> Rows:
    return Rows(len(MATRIX), MATRIX.shape[1], MATRIX, None)


def test_ridge_is_scikit_learns() -> None:
    """Every column is fitted as alone, with the same penalty and a free level."""
    sums = Sums.of(held().chunks(np.arange(60)), WANTED, lambda: None)
    for strength, scorer in zip((1.0, 0.1), ridge(sums, (1.0, 0.1)), strict=True):
        expected = Ridge(alpha=strength).fit(MATRIX, WANTED).predict(MATRIX)
        np.testing.assert_allclose(scorer(MATRIX), expected, atol=1e-4)


def test_rows_can_be_taken_out_again() -> None:
    """Sums over all rows less those over some are the sums over the others."""
    every, some = np.arange(60), np.arange(0, 60, 3)
    rest = np.setdiff1d(every, some)
    whole, part = (Sums.of(held().chunks(which), WANTED, lambda: None) for which in (every, some))
    left, direct = whole - part, Sums.of(held().chunks(rest), WANTED, lambda: None)
    for name in ("total", "rows", "wanted", "products", "cross"):
        np.testing.assert_allclose(getattr(left, name), getattr(direct, name), atol=1e-4)


def test_kernel_ridge_is_scikit_learns() -> None:
    """On a part of the rows, about the mean of what is wanted there."""
    part = np.arange(0, 60, 2)
    (scorer,) = KernelRidge(held(), WANTED).fit(part, [(0.1, 0.5)])
    level = WANTED[part].mean(axis=0)
    theirs = Theirs(alpha=0.1, kernel="rbf", gamma=0.5).fit(MATRIX[part], WANTED[part] - level)
    np.testing.assert_allclose(scorer(MATRIX), theirs.predict(MATRIX) + level, atol=1e-3)
