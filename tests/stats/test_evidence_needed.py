"""How many examples would probably prove what those seen do not."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from understudy.stats.betting import clears
from understudy.stats.clusters import clustered_lower_bounds
from understudy.stats.evidence_needed import FEWEST_GROUPS, costs_needed, shares_needed
from understudy.stats.intervals import trials_needed
from understudy.stats.shares import share_bounds

HIGHEST = 40.0
FEW_FUTURES = 60
HALF = 0.55
"""80% are asked for; of 60 futures of the test's own, with numbers told to a fiftieth, hardly ever fewer prove it."""

group_sizes = st.lists(st.integers(1, 4), min_size=20, max_size=80)
lopsided = st.just([30, *[1] * 10])
seeds = st.integers(0, 2**32 - 1)


def alone(count: int) -> list[str]:
    return [str(place) for place in range(count)]


def grouped(sizes: list[int]) -> list[str]:
    return [f"g{place}" for place, size in enumerate(sizes) for _ in range(size)]


def continued(
    values: np.ndarray, sizes: list[int], in_all: int, seed: int, of: int = FEW_FUTURES
) -> tuple[np.ndarray, list[str]]:
    """Futures of that size: what was seen, in its order, with groups drawn from it among them, of one draw of sizes."""
    draw, starts, coming = np.random.default_rng(seed), np.cumsum([0, *sizes]), list[int]()
    while len(values) + sum(coming) < in_all:
        coming.append(int(draw.choice(sizes)))
    like = {size: [starts[place] for place, each in enumerate(sizes) if each == size] for size in set(sizes)}
    rows = []
    for _ in range(of):
        chosen = [int(draw.choice(like[size])) for size in coming]
        rows.append(
            np.concatenate([values, *(values[at : at + size] for at, size in zip(chosen, coming, strict=True))])
        )
    mixed = np.concatenate([np.sort(draw.uniform(size=len(sizes))), draw.uniform(size=len(coming))])
    order = np.argsort(np.repeat(mixed, [*sizes, *coming]), kind="stable")
    names = grouped([*sizes, *coming])
    return np.array(rows)[:, order], [names[place] for place in order]


def test_more_are_needed_the_closer_the_limit_and_none_will_do_beyond_it() -> None:
    """A tighter limit needs more; a mean that is no lower than the limit is never shown to be."""
    costs = np.r_[np.zeros(95), np.full(5, 10.0)]
    limits = (2.0, 1.0, 0.7, 0.5, 0.3)
    needs = [costs_needed(costs, most, groups=alone(100), highest=10.0, confidence=0.95) for most in limits]
    assert needs[3:] == [None, None]
    known = [each for each in needs if each is not None]
    assert known == sorted(known)
    assert costs_needed([], 1.0, groups=[], highest=10.0, confidence=0.95) is None
    assert shares_needed([], 0.5, groups=[], confidence=0.95) is None


@settings(max_examples=10, deadline=None)
@given(group_sizes, st.sampled_from([0.0, 0.02, 0.1]), st.sampled_from([1.0, 2.0, 4.0]), seeds)
def test_a_limit_not_shown_yet_takes_more_than_there_are_and_so_many_mostly_show_it(
    sizes: list[int], errs: float, most: float, seed: int
) -> None:
    """Costs in groups: the number told exceeds what was tried in vain, and with as many the claim is mostly proven."""
    draw, groups = np.random.default_rng(seed), grouped(sizes)
    wrong = np.repeat(draw.uniform(size=len(sizes)) < errs, sizes)
    costs = np.where(wrong, draw.choice([10.0, HIGHEST], size=len(groups), p=[0.9, 0.1]), 0.0)
    assume(not clears(-costs[None], -most, low=-HIGHEST, high=0.0, groups=groups, confidence=0.965)[0])
    needed = costs_needed(costs, most, groups=groups, highest=HIGHEST, confidence=0.965)
    assert (needed is None) == (costs.mean() >= most)
    assume(needed is not None and needed < 1_500)
    assert needed is not None
    assert needed > len(groups)
    futures, names = continued(costs, sizes, needed, seed)
    assert clears(-futures, -most, low=-HIGHEST, high=0.0, groups=names, confidence=0.965).mean() >= HALF


@settings(max_examples=12, deadline=None)
@given(group_sizes | lopsided, st.sampled_from([0.0, 0.02, 0.1]), st.sampled_from([0.7, 0.85, 0.95]), seeds)
def test_a_share_not_shown_yet_takes_more_than_there_are_and_so_many_mostly_show_it(
    sizes: list[int], errs: float, bar: float, seed: int
) -> None:
    """Shares in groups, and of examples that stand alone: likewise, with the few more to which words round up."""
    draw, groups = np.random.default_rng(seed), grouped(sizes)
    right = np.repeat(draw.uniform(size=len(sizes)) >= errs, sizes) & (draw.uniform(size=len(groups)) >= errs / 2)
    assume(share_bounds(right[None], groups, confidence=0.965)[0][0] < bar)
    needed = shares_needed(right, bar, groups=groups, confidence=0.965)
    assert needed is not None or right.mean() < bar + 0.01
    assume(needed is not None and needed < 1_500)
    assert needed is not None
    assert needed > len(groups)
    proven = []
    for future in range(FEW_FUTURES):
        rows, names = continued(right, sizes, round(1.05 * needed), seed + future, of=1)
        proven.append(share_bounds(rows, names, confidence=0.965)[0][0] >= bar)
    assert np.mean(proven) >= HALF


LOPSIDED = (
    (0.7, [54, 40, *[2] * 32]),
    (0.9, [54, 40, *[2] * 32]),
    (0.7, [54, 49, *[2] * 22]),
    (0.95, [45, 40, *[2] * 37]),
    (0.8, [50, 21, *[1] * 47]),
    (0.9, [29, 24, 17, 17, 16, 15, 13, 12, 11, 10, 9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, *[1] * 25]),
    (0.8, [64, 32, 16, 8, 4, 2, *[1] * 5]),
    (0.9, [100, *[1] * 20]),
)


@pytest.mark.parametrize("errs", [0, 1])
@pytest.mark.parametrize(("bar", "sizes"), LOPSIDED)
def test_groups_of_very_different_size_are_reckoned_with(bar: float, sizes: list[int], errs: int) -> None:
    """Where groups differ much in size, all right or one small group wrong, the number told does it in about 80%.

    200 futures of the test's own, of groups drawn until there are so many examples; one of them shows 80% to 6% or so.
    """
    counts = np.array(sizes)
    sums = np.where(np.arange(len(sizes)) < len(sizes) - errs, counts, 0)
    right = np.concatenate([np.arange(size) < hits for size, hits in zip(sizes, sums, strict=True)])
    needed = shares_needed(right, bar, groups=grouped(sizes), confidence=0.965)
    assert needed is not None
    proven = []
    for future in range(200):
        places = np.random.default_rng(future).integers(len(sizes), size=needed)
        come = np.cumsum(counts[places]) - counts[places] < needed - len(right)
        places = np.concatenate([np.arange(len(sizes)), places[come]])
        proven.append(clustered_lower_bounds(sums[places], counts[places], confidence=0.965) >= bar)
    assert 0.7 <= np.mean(proven) <= 0.97


@pytest.mark.parametrize(
    ("most", "sizes", "dear"),
    [
        (4.0, [17, 11, 2, 9, 6, 9, 6, 1, 1, 1, 6, 1], (0, 2, 8)),
        (
            2.0,
            [1, 6, 2, 2, 3, 5, 17, 4, 4, 1, 10, 2, 1, 9, 10, 12, 6, 3, 25, 5, 4, 1, 1, 6, 1, 2, 3, 2, 6, 4, 11, 8, 9],
            (13, 31),
        ),
        (8.0, [51, *[1] * 53], ()),
    ],
)
def test_costs_in_groups_of_very_different_size_likewise(most: float, sizes: list[int], dear: tuple[int, ...]) -> None:
    """Also where a limit on costs is to be shown: 100 futures of the test's own, each with sizes of its own."""
    counts, costs = np.array(sizes), np.zeros(len(sizes))
    costs[list(dear)] = 10.0
    needed = costs_needed(np.repeat(costs, counts), most, groups=grouped(sizes), highest=HIGHEST, confidence=0.965)
    assert needed is not None
    proven = []
    for future in range(100):
        draw = np.random.default_rng(future)
        places = draw.integers(len(sizes), size=needed)
        places = places[np.cumsum(counts[places]) - counts[places] < needed - counts.sum()]
        mixed = np.argsort(np.concatenate([(np.arange(len(sizes)) + 0.5) / len(sizes), draw.uniform(size=len(places))]))
        places = np.concatenate([np.arange(len(sizes)), places])[mixed]
        values, names = np.repeat(costs[places], counts[places]), grouped(counts[places].tolist())
        proven.append(clears(-values[None], -most, low=-HIGHEST, high=0.0, groups=names, confidence=0.965)[0])
    assert np.mean(proven) >= 0.65


def test_a_few_pairs_among_them_ask_for_more() -> None:
    """Three pairs among 85 answers hold what is staked down to a half: what 85 would prove alone takes more."""
    costs = np.r_[np.zeros(83), 10.0, 10.0]
    pairs = [*"aabbcc", *alone(79)]
    assert costs_needed(costs, 3.2, groups=alone(85), highest=HIGHEST, confidence=0.965) == 86
    needed = costs_needed(costs, 3.2, groups=pairs, highest=HIGHEST, confidence=0.9925)
    assert needed is not None
    assert 110 <= needed <= 150


@pytest.mark.parametrize(("most", "shares"), [(1.2, (0.92, 0.07, 0.01)), (0.8, (0.95, 0.05, 0.0))])
def test_so_many_do_it_more_often_than_not(most: float, shares: tuple[float, float, float]) -> None:
    """Also of whole samples of that size, drawn from what was seen, 60% to 99% prove the limit."""
    levels = np.array([0.0, 6.0, 20.0])
    seen = np.random.default_rng(1).permutation(np.repeat(levels, (np.array(shares) * 100).round().astype(int)))
    needed = costs_needed(seen, most, groups=alone(100), highest=20.0, confidence=0.95)
    assert needed is not None
    sample = np.random.default_rng(0).choice(levels, p=shares, size=(300, needed))
    proven = clears(-sample, -most, low=-20.0, high=0.0, confidence=0.95).mean()
    assert 0.6 <= proven <= 0.99


def test_examples_that_stand_alone_are_reckoned() -> None:
    """It is the number of `trials_needed`, and none where no number does it."""
    right = np.arange(100) >= 3
    assert shares_needed(right, 0.9, groups=alone(100), confidence=0.965) == trials_needed(0.9, 0.97, confidence=0.965)
    for bar in (0.98, 1.0, None):
        assert shares_needed(right, bar, groups=alone(100), confidence=0.965) is None


def test_examples_that_belong_together_are_needed_more_often() -> None:
    """In groups of four of one piece it takes nearly four times as many; with nothing in common hardly more."""
    groups = [str(place // 4) for place in range(40)]
    plain = trials_needed(0.9, 0.975)
    whole = shares_needed(np.arange(40) >= 1, 0.9, groups=groups, confidence=0.95)
    assert plain is not None
    assert whole is not None
    assert plain < whole <= 4.5 * plain
    one_piece = shares_needed(np.ones(40), 0.9, groups=groups, confidence=0.95)
    assert one_piece == pytest.approx(4 * (trials_needed(0.9, 1.0) or 0), abs=8)


def test_very_many_examples_are_not_played_through() -> None:
    """Of half a million, some in pairs, the number is reckoned: it is above what there is, and needs no gigabytes."""
    groups = [str(at // 2 if at < 2_000 else at) for at in range(500_000)]
    costs = (np.random.default_rng(0).random(500_000) < 0.03) * 10.0
    tracemalloc.start()
    needed = costs_needed(costs, 0.305, groups=groups, highest=10.0, confidence=0.99)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert needed is not None
    assert needed > 500_000
    assert peak < 500e6


def test_of_very_many_examples_unequal_groups_are_reckoned_with_too() -> None:
    """60,000 right in groups of one and of 6,000: as many more as their sizes make them worth less, and no fewer."""
    sizes = [*[6_000] * 5, *[1] * 30_000]
    needed = shares_needed(np.ones(60_000), 0.9, groups=grouped(sizes), confidence=0.965)
    worth = 60_000**2 / sum(size**2 for size in sizes)
    assert needed == pytest.approx((trials_needed(0.9, 1.0, confidence=0.965) or 0) / worth * 60_000, rel=0.01)


@pytest.mark.parametrize("each", [2, 6])
def test_nothing_is_forecast_from_a_few_groups(each: int) -> None:
    """Where examples come in groups, a number is told from ten on; examples that stand alone are told of one by one."""
    for count in (2, FEWEST_GROUPS - 1, FEWEST_GROUPS):
        groups = grouped([each] * count)
        right, costs = np.ones(each * count), np.zeros(each * count)
        told = (
            shares_needed(right, 0.99, groups=groups, confidence=0.965),
            costs_needed(costs, 0.1, groups=groups, highest=10.0, confidence=0.965),
        )
        assert [number is not None for number in told] == [count >= FEWEST_GROUPS] * 2
    assert shares_needed(np.ones(4), 0.99, groups=alone(4), confidence=0.965) is not None
