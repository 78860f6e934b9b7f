"""Batches prepared ahead of whoever takes them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.engine.ahead import each_ahead, prepared_ahead
from understudy.engine.inference import cores


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(), max_size=40), st.integers(1, 7), st.integers(1, 3))
def test_batches_come_in_order(items: list[int], rows: int, ahead: int) -> None:
    """All of `rows` items but the last, each with what was made of its own items."""
    with prepared_ahead(iter(items), rows, part=lambda one: one + 1, batch=list, ahead=ahead) as batches:
        found = list(batches)
    assert [one for batch in found for one in batch] == [one + 1 for one in items]
    assert all(len(batch) == rows for batch in found[:-1])


def test_no_more_is_under_way_than_was_asked_for() -> None:
    """However long it is until a batch is taken, few items are read before."""
    read: list[int] = []

    def counted(one: int) -> int:
        read.append(one)
        return one

    with prepared_ahead(range(10_000), 4, part=counted, batch=list, ahead=2) as batches:
        assert next(batches) == [0, 1, 2, 3]
        assert len(read) <= 4 * (2 * cores() + 1)


def test_whoever_leaves_early_does_not_wait_for_what_is_queued() -> None:
    """Only what was begun is finished, not the batches that wait."""
    done: list[int] = []

    def slowly(one: int) -> int:
        time.sleep(0 if one < 8 else 0.02)
        done.append(one)
        return one

    with prepared_ahead(range(10_000), 8, part=slowly, batch=list, ahead=8) as batches:
        next(batches)
    assert len(done) < 8 * 8 * cores() / 2


def test_an_error_comes_where_its_batch_would() -> None:
    """The batches before it are given, and the error is the item's own."""

    def odd(one: int) -> int:
        return 1 // (one - 5)

    with prepared_ahead(range(12), 2, part=odd, batch=list, ahead=1) as batches:
        assert next(batches) == [-1, -1]
        assert next(batches) == [-1, -1]
        with pytest.raises(ZeroDivisionError):
            next(batches)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(), max_size=40), st.integers(1, 3), st.integers(1, 5))
def test_what_threads_make_comes_in_order(items: list[int], threads: int, ahead: int) -> None:
    """However many threads there are, and however far they are ahead."""
    with ThreadPoolExecutor(threads) as pool:
        assert list(each_ahead(pool, lambda one: one + 1, items, ahead=ahead)) == [one + 1 for one in items]


def test_threads_are_no_further_ahead_than_was_asked_for() -> None:
    """Items are read as results are taken, so that memory holds few of them."""
    read: list[int] = []

    def counted(one: int) -> int:
        read.append(one)
        return one

    with ThreadPoolExecutor(2) as pool:
        made = each_ahead(pool, lambda one: one, map(counted, range(1000)), ahead=3)
        assert [next(made) for _ in range(4)] == [0, 1, 2, 3]
        assert len(read) <= 4 + 3


def test_what_a_thread_raises_comes_where_its_result_would() -> None:
    """What was made before it is still given."""
    with ThreadPoolExecutor(2) as pool:
        made = each_ahead(pool, lambda one: 6 // one, [3, 2, 0, 1], ahead=4)
        assert [next(made), next(made)] == [2, 3]
        with pytest.raises(ZeroDivisionError):
            next(made)
