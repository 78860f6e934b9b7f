"""Heads in closed form agree with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge
from sklearn.neighbors import NearestCentroid

from search.matrices import Indices, Matrix, blobs, held
from understudy.search.moments import Moments, discriminant, nearest_mean, ridge


def moments_of(matrix: Matrix, labels: Indices, classes: int, indices: Indices) -> Moments:
    return Moments.of(held(matrix).chunks(indices), labels, classes, lambda: None)


@settings(max_examples=30)
@given(st.integers(6, 60), st.integers(2, 5), st.integers(0, 1000))
def test_what_is_taken_out_again_was_never_there(count: int, classes: int, seed: int) -> None:
    """The moments of all, less those of a part, are the moments of the rest."""
    matrix, labels = blobs(count, classes, seed=seed)
    chosen = np.random.default_rng(seed).random(count) < 0.5
    every, part, rest = np.arange(count), np.flatnonzero(chosen), np.flatnonzero(~chosen)
    if not len(part) or not len(rest):
        return
    total, left = (moments_of(matrix, labels, classes, at) for at in (every, part))
    expected = moments_of(matrix, labels, classes, rest)
    given_rest = total - left
    for name in ("counts", "sums", "products"):
        np.testing.assert_allclose(getattr(given_rest, name), getattr(expected, name), atol=1e-4)
    assert given_rest.total == len(rest)


@pytest.mark.parametrize("classes", [2, 5])
def test_ridge_is_scikit_learns(classes: int) -> None:
    """Ridge on 0/1 targets gives scikit-learn's scores."""
    matrix, labels = blobs(80, classes)
    ours = ridge(moments_of(matrix, labels, classes, np.arange(80)), (1.0, 0.1))
    for scorer, penalty in zip(ours, (1.0, 0.1), strict=True):
        theirs = Ridge(alpha=penalty).fit(matrix, np.eye(classes)[labels])
        np.testing.assert_allclose(scorer(matrix), theirs.predict(matrix), atol=1e-4)


@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("shrinkage", [0.3, 0.03])
def test_discriminant_is_scikit_learns(classes: int, shrinkage: float) -> None:
    """Linear discriminant analysis gives scikit-learn's probabilities when shrunk alike."""
    matrix, labels = blobs(90, classes)
    (scorer,) = discriminant(moments_of(matrix, labels, classes, np.arange(90)), (shrinkage,))
    theirs = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=_Pooled(shrinkage, labels)).fit(
        matrix, labels
    )
    scores = scorer(matrix).astype(float)
    given_probabilities = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    np.testing.assert_allclose(given_probabilities, theirs.predict_proba(matrix), atol=2e-3)


class _Pooled:
    """The same shrinkage, as scikit-learn asks for it: it is given one label's rows at a time and weighs by priors."""

    def __init__(self, shrinkage: float, labels: Indices) -> None:
        self.shrinkage, self.count = shrinkage, len(labels)

    def fit(self, rows: Matrix) -> "_Pooled":
        covariance = np.cov(rows.T.astype(float), bias=True)
        # Shrinking is linear, so doing it label by label and pooling is pooling first.
        identity = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
        self.covariance_ = (1 - self.shrinkage) * covariance + self.shrinkage * identity
        return self


def test_nearest_mean_is_scikit_learns() -> None:
    """The label with the closest mean row has the highest score."""
    matrix, labels = blobs(70, 4)
    scorer = nearest_mean(moments_of(matrix, labels, 4, np.arange(70)))
    np.testing.assert_array_equal(scorer(matrix).argmax(axis=1), NearestCentroid().fit(matrix, labels).predict(matrix))


def test_identical_rows_give_finite_scores() -> None:
    """Where all photos look the same, heads still give numbers."""
    matrix, labels = np.zeros((6, 3), np.float32), np.array([0, 0, 0, 1, 1, 1])
    moments = moments_of(matrix, labels, 2, np.arange(6))
    for scorer in (*ridge(moments, (0.1,)), *discriminant(moments, (0.03,)), nearest_mean(moments)):
        assert np.isfinite(scorer(matrix)).all()
