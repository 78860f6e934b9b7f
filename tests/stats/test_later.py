"""A model that fares worse with what comes later is told from one that does not."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.evidence import Proportion, Stretch
from understudy.stats.intervals import proportion
from understudy.stats.later import LEVEL, later_of

SHARES = (0.5, 0.625, 0.75, 0.875)


def project(
    wrong: float, rows: int, *, seed: int, runs: float = 0.0, drift: float = 0.0, learning: float = 0.0
) -> tuple[list[Stretch], Proportion]:
    """What a project of so many rows in the order of time shows, of which every fourth or so is sealed.

    Args:
        wrong: Share of wrong answers, 0..1.
        rows: How many.
        seed: Of chance.
        runs: Correlation of a row with the one before, 0..1.
        drift: So much more often answers on later rows are wrong than on those of the model's own time.
        learning: Power of the share learned from by which errors grow.
    """
    chance = np.random.default_rng(seed)
    luck = chance.uniform(size=rows)
    if runs:
        shocks = chance.normal(size=rows)
        for place in range(1, rows):
            shocks[place] = runs * shocks[place - 1] + np.sqrt(1 - runs**2) * shocks[place]
        luck = np.array([NormalDist().cdf(each) for each in shocks])
    sealed = chance.uniform(size=rows) < 0.25
    taught = luck[~sealed]
    stretches = []
    for share, end in zip(SHARES, (*SHARES[1:], 1.0), strict=True):
        held = taught[int(len(taught) * share) : int(len(taught) * end)]
        fails = held < wrong * share**-learning + drift
        stretches += [Stretch(share, int((~part).sum()), len(part)) for part in np.array_split(fails, 5)]
    return stretches, proportion(int((luck[sealed] >= wrong).sum()), int(sealed.sum()), confidence=0.965)


def alarms(projects: int, wrong: float, rows: int, **changes: float) -> int:
    """How many of so many projects are said to fare worse later."""
    found = (later_of(*project(wrong, rows, seed=seed, **changes)) for seed in range(projects))
    return sum(each is not None and each.worse for each in found)


@pytest.mark.parametrize(("rows", "runs"), [(100, 0.0), (400, 0.0), (2000, 0.0), (400, 0.9), (2000, 0.9)])
@pytest.mark.parametrize("wrong", [0.02, 0.2, 0.4])
def test_where_nothing_changes_it_stays_silent(wrong: float, rows: int, runs: float) -> None:
    """Of 100 projects whose errors do not change with time at most 5 are held up, also where errors come in runs."""
    assert alarms(100, wrong, rows, runs=runs) <= 100 * LEVEL


@pytest.mark.parametrize("wrong", [0.05, 0.2, 0.4])
def test_learning_from_less_is_not_taken_for_change(wrong: float) -> None:
    """Earlier parts that err more because they are smaller, as fast as is allowed for, are within the level.

    Of 400 runs at a true 5%, up to 7.5% may show.
    """
    assert alarms(400, wrong, 400, learning=0.5) <= 0.075 * 400


@pytest.mark.parametrize(("wrong", "rows", "drift"), [(0.37, 2000, 0.23), (0.05, 400, 0.2), (0.2, 2000, 0.2)])
def test_a_change_is_seen(wrong: float, rows: int, drift: float) -> None:
    """What fares clearly worse later is held up nearly always: as bikes that are lent out, 63% right and later 40%."""
    assert alarms(100, wrong, rows, drift=drift) >= 95


def test_bikes_that_are_lent_out() -> None:
    """The very figures of a project whose sealed rows promised 63% where later rows were right for 33%."""
    rights = [15, 18, 13, 12, 14, 20, 12, 10, 14, 13, 12, 15, 16, 17, 14, 13, 12, 15, 14, 14]
    stretches = [Stretch(SHARES[place // 5], right, 37) for place, right in enumerate(rights)]
    later = later_of(stretches, proportion(315, 500, confidence=0.965))
    assert later is not None
    assert later.worse
    assert (later.right, later.count) == (sum(rights), 740)


@given(st.integers(0, 50), st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(0, 9), st.integers(0, 9)), max_size=9))
def test_any_counts_can_be_compared(right: int, parts: list[tuple[float, int, int]]) -> None:
    """Whatever is counted it adds up, and where all that is later was right nothing is held up."""
    stretches = [Stretch(share, hits, hits + misses) for share, hits, misses in parts if hits + misses]
    later = later_of(stretches, proportion(right, 50, confidence=0.95))
    if not stretches:
        assert later is None
        return
    assert later is not None
    assert later.count == sum(each.count for each in stretches)
    if later.right == later.count or not right:
        assert not later.worse


def test_nothing_sealed_compares_with_nothing() -> None:
    """Without a sealed example, or with a single stretch, nothing is called worse."""
    bad = [Stretch(0.5, 0, 50), Stretch(0.75, 0, 50)]
    for stretches, of in ((bad, 0), (bad[:1], 50)):
        later = later_of(stretches, proportion(of, of, confidence=0.95))
        assert later is not None
        assert not later.worse
