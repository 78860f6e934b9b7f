"""Very large tables are judged by small parts, however few groups their rows are of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search.tables.folds import FEW_FOLDS, HELD_OUT, MANY, MOST_HELD_OUT, Drawn, Indices, make_folds
from understudy.search.tables.target import Target


def folds_of(groups: Indices, seed: int = 0) -> Drawn:
    count = len(groups)
    return make_folds(Target(np.arange(count) % 2, 2, np.ones(count)), groups, None, seed=seed)


@settings(max_examples=40)
@given(st.integers(MANY + 1, 3 * MANY), st.integers(2, 80), st.sampled_from([0.2, 1.0, 50.0]), st.integers(0, 99))
def test_something_is_held_out_wherever_there_are_two_groups(count: int, most: int, even: float, seed: int) -> None:
    """Whatever the sizes of groups, most is learned from, and small groups make held-out parts of the wanted size."""
    chance = np.random.default_rng(seed)
    drawn_groups = np.concatenate([[0, 1], chance.choice(most, count - 2, p=chance.dirichlet(np.full(most, even)))])
    groups = np.unique(drawn_groups, return_inverse=True)[1].astype(np.int64)
    drawn, sizes = folds_of(groups, seed), np.bincount(groups)
    assert drawn.apart
    held_out = np.concatenate([fold.held_out for fold in drawn.folds])
    assert len(held_out) == len(np.unique(held_out))
    for fold in drawn.folds:
        assert 0 < len(fold.held_out) <= MOST_HELD_OUT * count
        assert len(np.union1d(fold.train, fold.held_out)) == count
        assert not set(groups[fold.train]) & set(groups[fold.held_out])
        if sizes.max() <= HELD_OUT / 2:
            assert len(drawn.folds) == FEW_FOLDS
            assert HELD_OUT / 2 <= len(fold.held_out) <= 1.5 * HELD_OUT


@pytest.mark.parametrize("count", [MANY + 1, 1_000_000, 4_000_000])
def test_rows_of_their_own_are_held_out_by_the_same_number(count: int) -> None:
    """Where no two rows belong together, the held-out parts are as large as wanted, of any number of rows."""
    for fold in folds_of(np.arange(count)).folds:
        assert abs(len(fold.held_out) - HELD_OUT) < HELD_OUT / 100
        assert abs(fold.held_out.mean() / count - 0.5) < 0.05


def test_few_small_groups_beside_a_large_one_are_shared_out() -> None:
    """Where one group is most of the rows, both held-out parts are of the others."""
    groups = np.concatenate([np.zeros(90_000, np.int64), np.repeat(np.arange(1, 11), 1_000)])
    assert [len(fold.held_out) for fold in folds_of(groups).folds] == [5_000, 5_000]
    (one,) = folds_of((np.arange(100_000) % 10 == 0).astype(np.int64)).folds
    assert len(one.held_out) == 10_000


def test_enough_is_left_to_learn_from_though_one_more_group_came_nearer_to_the_wanted_size() -> None:
    """A held-out part is rather small than most of the rows."""
    groups = np.repeat(np.arange(3), [26_901, 26_600, 6_500])
    assert [len(fold.held_out) for fold in folds_of(groups).folds] == [6_500, 26_600]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 40) | st.just(np.nan), min_size=20, max_size=120))
def test_stretches_follow_one_another(times: list[float]) -> None:
    """They hold every row that is judged once, in the order of time, each with the share of rows that came before."""
    when = np.array(times, np.float64)
    count = len(when)
    drawn = make_folds(Target(np.arange(count) % 2, 2, np.ones(count)), np.arange(count), when, seed=0)
    told = drawn.stretches(when)
    assert bool(told) == drawn.ahead
    if told:
        rows = np.concatenate([part for _, part in told])
        assert sorted(rows) == sorted(np.concatenate([fold.held_out for fold in drawn.folds]))
        assert (np.diff(when[rows]) >= 0).all()
        earlier = {round(len(fold.train) / count, 9) for fold in drawn.folds}
        assert {round(share, 9) for share, _ in told} == earlier


def test_without_times_there_are_no_stretches() -> None:
    """Folds that do not look ahead say nothing of later rows."""
    assert folds_of(np.arange(MANY + 1)).stretches(None) == ()
