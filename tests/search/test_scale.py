"""Scales: numbers that are told in deviations are answered in their own unit, as exactly as counts."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task, number_in, number_text
from understudy.search.scale import Scale


def scale(level: float, unit: float, tolerance: float = 0.0, *, whole: bool = False) -> Scale:
    return Scale(Task("text", AnswerKind.NUMBER, tolerance), level, unit, whole)


LEVELS = st.sampled_from([0.0, 37.0, -2e6, 1.7e9, 1e10])
UNITS = st.sampled_from([0.01, 0.7, 53.0, 4e5])
SAID = st.lists(st.floats(-5, 5), min_size=1, max_size=20)


@given(LEVELS, UNITS, st.sampled_from([0.0, 0.4, 0.5, 5.0]), SAID, st.booleans())
def test_rounding_costs_next_to_nothing(
    level: float, unit: float, tolerance: float, said: list[float], whole: bool
) -> None:
    """However far from zero numbers lie, what is answered is what is meant, to a hundredth of what counts."""
    scaled = scale(level, unit, tolerance, whole=whole)
    finest = 1.0 if scaled.rounds else min(unit, tolerance or unit) / 100
    for each in said:
        meant = each * unit + level
        assert abs(number_in(scaled.text(each)) - meant) <= finest / 2 + 4 * np.spacing(abs(meant))
        low, high = scaled.between(each, each + 1)
        assert abs(low - meant) <= min(unit, tolerance or unit) / 200 + 4 * np.spacing(abs(meant))
        assert low < high


@given(LEVELS, UNITS, st.sampled_from([0.0, 0.4, 5.0]), SAID, st.integers(-4, 4), st.booleans())
@example(1e10, 53.0, 0.0, [0.5], 4, True)
def test_right_is_what_the_task_calls_right(
    level: float, unit: float, tolerance: float, said: list[float], off: int, whole: bool
) -> None:
    """Answers are judged by `Task.right` of what is kept of them, and of large numbers no more is let pass."""
    scaled = scale(level, unit, tolerance, whole=whole)
    truth = [number_text(number_in(scaled.text(each)) + off) for each in said]
    right = scaled.right(np.array(said), np.array([number_in(each) for each in truth]))
    pairs = zip(said, truth, strict=True)
    assert right.tolist() == [scaled.task.right(scaled.text(each), true) for each, true in pairs]


@pytest.mark.parametrize(
    ("said", "text"), [(0.0, "1700000000"), (0.5, "1700000026.5"), (1.2345678, "1700000065.43"), (-2.0, "1699999894")]
)
def test_moments_are_told_apart_by_the_second(said: float, text: str) -> None:
    """Seconds since 1970 keep more digits than prices do, and no more than help."""
    assert scale(1.7e9, 53.0, 5.0).text(said) == text
    assert scale(12.0, 53.0, 5.0).text(1.2345678) == "77.4321"


def test_a_scale_can_be_kept() -> None:
    """What is written is read again."""
    kept = scale(1.7e9, 53.25, 5.0, whole=True)
    assert Scale.from_json(kept.task, kept.to_json()) == kept
