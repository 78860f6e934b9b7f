"""Parts that go on side by side are told of as one piece of work, and end together."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.tuning import Whole


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(1, 4))
def test_progress_rises_to_all_there_is(steps: list[int], threads: int) -> None:
    """Whoever comes first, what is done never falls, and in the end it is everything."""
    told: list[float] = []
    whole = Whole(lambda done, total: told.append(done / total), len(steps))

    def work(place: int) -> None:
        tell = whole.part(place)
        for done in range(steps[place]):
            tell(done + 1, steps[place])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(len(steps))))
    assert len(told) == sum(steps)
    assert told[-1] == 1
    if len(set(steps)) == 1:
        assert told == [(place + 1) / sum(steps) for place in range(sum(steps))]


def test_what_ends_one_part_ends_all() -> None:
    """What the listener raises once, each part meets at its next step."""
    heard: list[int] = []

    def listener(done: int, _total: int) -> None:
        heard.append(done)
        raise TimeoutError

    whole = Whole(listener, 3)
    for place in (1, 0, 2):
        with pytest.raises(TimeoutError):
            whole.part(place)(1, 5)
    assert heard == [1]
