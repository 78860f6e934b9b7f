"""Numbers that lie absurdly far from all others."""

import numpy as np
import pytest

from understudy.stats.far_out import APART, beyond

USUAL = np.linspace(-1.0, 1.0, 41)
FARTHEST = 900.0
"""Of what is not beyond the fence."""


@pytest.mark.parametrize(("times", "named"), [(5.0, False), (0.99 * APART, False), (1.01 * APART, True)])
def test_a_number_is_named_only_far_beyond_the_farthest_of_the_others(times: float, named: bool) -> None:
    """Where others come near it sizes run on, and nothing is out of line, however far beyond the fence it is."""
    assert beyond(np.array([*USUAL, times * FARTHEST])).tolist() == [False] * 41 + [True]
    assert beyond(np.array([*USUAL, FARTHEST, times * FARTHEST])).tolist() == [False] * 42 + [named]
