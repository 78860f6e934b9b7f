"""Claims about drift without labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.launch.drift import MOST_RAISED, WINDOW, DriftWatch, raised_by


def after(watch: DriftWatch, values: list[float] | list[str]) -> DriftWatch:
    for value in values:
        watch = watch.update(value)
    return watch


def numbers(seed: int, count: int, shift: float = 0.0) -> list[float]:
    return (np.random.default_rng(seed).normal(size=count) + shift).tolist()


def test_what_stays_alike_raises_no_alarm() -> None:
    """In 30 watches of 5,000 values from the reference's own world, at most one notes a shift."""
    noted = 0
    for seed in range(30):
        watch, shifted = DriftWatch.of_numbers("confidence", numbers(seed, 1_000)), False
        for value in numbers(seed + 1_000, 5_000):
            watch = watch.update(value)
            shifted |= watch.shifted
        noted += shifted
    assert noted <= 1


@pytest.mark.parametrize(("shift", "raised"), [(0.6, 3.0), (1.5, 3.0)])
def test_a_shift_is_noted_within_two_windows_and_passes(shift: float, raised: float) -> None:
    """A shift of the mean raises the share within 1,000 values, and when it is over the share is what it was."""
    calm = after(DriftWatch.of_numbers("confidence", numbers(1, 2_000)), numbers(2, 700))
    assert calm.raised == 1.0
    drifted = after(calm, numbers(3, 2 * WINDOW, shift))
    assert drifted.shifted
    assert drifted.raised == pytest.approx(raised, abs=0.7)
    assert drifted.score > 0.1
    assert after(drifted, numbers(4, 2 * WINDOW)).raised == 1.0


def test_labels_are_watched_too() -> None:
    """Answers that become more frequent, or were never seen before, are noted."""
    watch = DriftWatch.of_labels("answer", ["crack"] * 200 + ["sound"] * 800)
    assert not after(watch, ["crack", *["sound"] * 4] * 200).shifted
    assert after(watch, ["crack", "sound"] * 500).shifted
    assert after(watch, ["moss", "crack", "sound", "sound", "sound"] * 200).shifted


@settings(max_examples=20)
@given(st.lists(st.integers(1, 700), max_size=6))
def test_values_count_the_same_together_as_one_by_one(sizes: list[int]) -> None:
    """However many values come at once, the watch is the same afterwards, and notes nothing before its room is out."""
    watch = DriftWatch.of_numbers("feature", numbers(1, 1_000))
    values = numbers(2, sum(sizes), 0.6)
    together = watch
    for size, end in zip(sizes, np.cumsum(sizes).tolist(), strict=True):
        if size < together.room:
            assert together.update(*values[end - size : end]).shifted == together.shifted
        together = together.update(*values[end - size : end])
    assert together == after(watch, values)


@settings(max_examples=30)
@given(st.lists(st.floats(-5.0, 5.0), max_size=40), st.lists(st.floats(-9.0, 9.0), max_size=60))
def test_every_value_falls_in_a_bin(reference: list[float], values: list[float]) -> None:
    """Whatever the reference, even one value or none, each value is counted once, and the raise keeps its limits."""
    watch = after(DriftWatch.of_numbers("feature", reference), values)
    assert sum(watch.expected) == len(reference)
    assert sum(watch.lately) == len(values)
    assert 1.0 <= watch.raised <= MOST_RAISED


def test_the_largest_raise_counts() -> None:
    """Several watches raise the share as much as the one that raises it most; none raises nothing."""
    calm = DriftWatch.of_numbers("a", numbers(1, 500))
    assert raised_by([]) == raised_by([calm]) == 1.0
    assert raised_by([calm, after(calm, numbers(2, 1_000, 2.0))]) == MOST_RAISED
