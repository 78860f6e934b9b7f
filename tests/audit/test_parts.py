"""Dealing groups out to parts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understudy.audit.parts import deal


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), min_size=1, max_size=200), st.integers(2, 6))
def test_no_group_is_split(rows: list[tuple[int, int]], count: int) -> None:
    """All examples of a group lie in one part, whatever the labels are, and the same seed gives the same parts."""
    labels = np.array([label for label, _ in rows])
    groups = np.unique([group for _, group in rows], return_inverse=True)[1]
    part = deal(labels, groups, count, seed=1)
    assert all(len(set(part[groups == group].tolist())) == 1 for group in set(groups.tolist()))
    assert part.min() >= 0
    assert part.max() < count
    assert np.array_equal(part, deal(labels, groups, count, seed=1))


def test_labels_are_spread_evenly() -> None:
    """Without groups, the counts of each label differ by one between parts at most."""
    labels = np.repeat([0, 1, 2], [103, 31, 7])
    part = deal(labels, np.arange(len(labels)), 5, seed=0)
    for label in range(3):
        counts = np.bincount(part[labels == label], minlength=5)
        assert counts.max() - counts.min() <= 1
