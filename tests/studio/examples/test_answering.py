"""Answering for a project's examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.studio.examples import answering
from understudy.studio.examples.answering import CHUNK, HEAVY, LARGEST_CHUNK, SHORT, chunks


@given(st.lists(st.integers(0, 10), max_size=60), st.integers(1, 40))
def test_all_are_answered_in_order_and_memory_holds_few(sizes: list[int], unit: int) -> None:
    """Chunks are no heavier than the limit and one input more, and no longer than is quick."""
    inputs = [(str(place), bytes(size * unit)) for place, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {"CHUNK": 4, "LARGEST_CHUNK": 8, "SHORT": 20, "HEAVY": 100}.items():
            patched.setattr(answering, name, value)
        made = [list(chunk) for chunk in chunks(inputs)]
    assert [each for chunk in made for each in chunk] == inputs
    for chunk in made:
        weights = [len(data) for _, data in chunk]
        assert sum(weights[:-1]) <= 100
        assert len(chunk) <= 8
        assert len(chunk) <= 4 or sum(weights[:-1]) <= 20


def test_heavy_inputs_are_taken_one_by_one() -> None:
    """A clip is read when those before it are answered."""
    read: list[int] = []

    def clip(number: int) -> tuple[str, bytes]:
        read.append(number)
        return str(number), bytes(HEAVY + 1)

    parts = chunks(clip(number) for number in range(3))
    assert len(next(parts)) == 1
    assert read == [0]
    assert (CHUNK, LARGEST_CHUNK, SHORT) == (64, 512, 100_000)
