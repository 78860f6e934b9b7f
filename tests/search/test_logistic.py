"""Logistic regression agrees with scikit-learn, and needs its rows only in chunks."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from search.matrices import blobs, held
from understudy.search import logistic
from understudy.search import rows as rows_module
from understudy.search.logistic import Logistic
from understudy.search.rows import Rows, Turning


@pytest.mark.parametrize("classes", [2, 6])
@pytest.mark.parametrize("strength", [0.1, 0.01])
def test_logistic_regression_is_scikit_learns(classes: int, strength: float) -> None:
    """No probability is off by more than 0.015."""
    matrix, labels = blobs(150, classes, 20, spread=0.8)
    theirs = LogisticRegression(C=1 / strength, tol=1e-8, max_iter=5000).fit(matrix, labels)
    (ours,) = Logistic(held(matrix), labels, classes, lambda: None).fit(np.arange(150), (strength,))
    scores = ours(matrix).astype(float)
    given = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    expected = theirs.predict_proba(matrix)
    if classes == 2:
        # scikit-learn's binary form has one weight vector, ours two that share the penalty: twice as strict for it.
        expected = LogisticRegression(C=2 / strength, tol=1e-8, max_iter=5000).fit(matrix, labels).predict_proba(matrix)
    assert np.abs(given - expected).max() < 0.015


@pytest.mark.parametrize("strengths", [(0.1,), (0.1, 0.01)])
def test_leading_columns_first_leads_to_the_same_fit(
    monkeypatch: pytest.MonkeyPatch, strengths: tuple[float, ...]
) -> None:
    """A large fit whose leading columns are fitted alone first gives the probabilities of one fitted at once."""
    matrix, labels = blobs(300, 5, 24, spread=0.8)
    matrix *= np.linspace(2, 0.2, 24, dtype=np.float32)
    at_once = Logistic(held(matrix), labels, 5, lambda: None).fit(np.arange(300), strengths)
    monkeypatch.setattr(logistic, "LARGE", 1)
    in_turn = Logistic(held(matrix), labels, 5, lambda: None).fit(np.arange(300), strengths)
    for one, other in zip(at_once, in_turn, strict=True):
        given, expected = (
            np.exp(s - np.logaddexp.reduce(s, axis=1, keepdims=True)) for s in (one(matrix), other(matrix))
        )
        assert np.abs(given - expected).max() < 0.02
        assert not np.array_equal(one.weights, other.weights)


def test_rows_in_a_file_give_the_same_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether rows lie in memory or in a file, in one chunk or several, the fit is the same."""
    matrix, labels = blobs(200, 3, 10)
    every = np.arange(200)
    (whole,) = Logistic(held(matrix), labels, 3, lambda: None).fit(every, (0.1,))
    monkeypatch.setattr(rows_module, "IN_MEMORY", 0)
    monkeypatch.setattr(rows_module, "CHUNK", 64)
    turning = Turning(np.zeros(10, np.float32), np.ones(10, np.float32), np.eye(10, dtype=np.float32))
    stored = Rows.turned(lambda at: matrix[at], 200, turning, tmp_path / "rows")
    (parts,) = Logistic(stored, labels, 3, lambda: None).fit(every, (0.1,))
    np.testing.assert_allclose(parts(matrix), whole(matrix), atol=0.02)


def test_a_large_fit_is_the_same_by_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums are added in the rows' order, so that the same seed gives the same bytes on every machine."""
    matrix, labels = blobs(300, 4, 24, spread=0.8)
    monkeypatch.setattr(logistic, "LARGE", 1)
    monkeypatch.setattr(logistic, "PART", 64)
    fitted = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(logistic, "cores", lambda threads=threads: threads)
        fitted.append(Logistic(held(matrix), labels, 4, lambda: None).fit(np.arange(300), (0.1, 0.01)))
    for other in fitted[1:]:
        for one, again in zip(fitted[0], other, strict=True):
            assert one.weights.tobytes() == again.weights.tobytes()
            assert one.bias.tobytes() == again.bias.tobytes()


def test_a_large_fit_can_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the pulse, too, while several threads add up."""
    matrix, labels = blobs(300, 2)
    monkeypatch.setattr(logistic, "LARGE", 1)
    monkeypatch.setattr(logistic, "PART", 16)

    def pulse() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        Logistic(held(matrix), labels, 2, pulse).fit(np.arange(300), (0.1,))


def test_a_fit_can_be_ended() -> None:
    """The pulse is heard at every step, so a fit ends when it must."""
    matrix, labels = blobs(60, 2)

    def pulse() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        Logistic(held(matrix), labels, 2, pulse).fit(np.arange(60), (0.1,))
