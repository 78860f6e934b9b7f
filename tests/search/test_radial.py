"""Radial machines score exactly as the support vector machines they come from."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.svm import SVC

from search.matrices import blobs, held
from understudy.search.radial import RadialMachines


def test_two_labels_score_as_the_decision_function() -> None:
    """For two labels the difference of scores is twice the machine's margin."""
    matrix, labels = blobs(80, 2)
    scorer = RadialMachines(held(matrix), labels, 2).fit(np.arange(80), penalty=10.0, gamma=0.5)
    theirs = SVC(C=10.0, gamma=0.5).fit(matrix, labels)
    scores = scorer(matrix)
    np.testing.assert_allclose(scores[:, 1] - scores[:, 0], 2 * theirs.decision_function(matrix), atol=0.02)


@pytest.mark.parametrize("classes", [3, 5])
def test_more_labels_sum_the_margins_of_their_pairs(classes: int) -> None:
    """For more labels each label's score is the sum of its margins against the others."""
    matrix, labels = blobs(90, classes)
    scorer = RadialMachines(held(matrix), labels, classes).fit(np.arange(90), penalty=10.0, gamma=0.5)
    margins = SVC(C=10.0, gamma=0.5, decision_function_shape="ovo").fit(matrix, labels).decision_function(matrix)
    expected = np.zeros((90, classes))
    for column, (first, second) in enumerate(combinations(range(classes), 2)):
        expected[:, first] += margins[:, column]
        expected[:, second] -= margins[:, column]
    np.testing.assert_allclose(scorer(matrix), expected, atol=0.03)


def test_a_part_of_the_rows_and_labels_is_enough() -> None:
    """A machine fitted on some rows, in which a label is missing, scores that label neutrally."""
    matrix, labels = blobs(60, 3)
    some = np.flatnonzero(labels != 1)
    scores = RadialMachines(held(matrix), labels, 3).fit(some, penalty=1.0, gamma=0.5)(matrix)
    assert scores.shape == (60, 3)
    assert (scores[:, 1] == 0).all()
