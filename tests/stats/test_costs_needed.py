"""How many answers would show that they cost little enough."""

import numpy as np
import pytest

from understudy.stats.betting import clears
from understudy.stats.costs_needed import costs_needed


def test_more_are_needed_the_closer_the_limit_and_none_will_do_beyond_it() -> None:
    """A tighter limit needs more; a mean that is no lower than the limit is never shown to be."""
    costs = np.r_[np.zeros(95), np.full(5, 10.0)]
    needs = [costs_needed(costs, most, highest=10.0, confidence=0.95) for most in (2.0, 1.0, 0.7, 0.5, 0.3)]
    assert needs[3:] == [None, None]
    known = [each for each in needs if each is not None]
    assert known == sorted(known)
    assert costs_needed([], 1.0, highest=10.0, confidence=0.95) is None


@pytest.mark.parametrize(("most", "shares"), [(1.2, (0.92, 0.07, 0.01)), (0.8, (0.95, 0.05, 0.0))])
def test_so_many_do_it_more_often_than_not(most: float, shares: tuple[float, float, float]) -> None:
    """Of samples of that size, drawn from what was seen, 60% to 99% prove the limit."""
    levels = np.array([0.0, 6.0, 20.0])
    seen = np.repeat(levels, (np.array(shares) * 1000).round().astype(int))
    needed = costs_needed(seen, most, highest=20.0, confidence=0.95)
    assert needed is not None
    sample = np.random.default_rng(0).choice(levels, p=shares, size=(300, needed))
    proven = clears(-sample, -most, low=-20.0, high=0.0, confidence=0.95).mean()
    assert 0.6 <= proven <= 0.99
