"""Adam goes down, each number by its own slope, and no further than its rate."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.text.adam import DECAY, Adam


@given(st.lists(st.floats(-1e3, 1e3).filter(lambda slope: abs(slope) > 1e-3), min_size=1, max_size=5))
def test_the_first_step_is_as_long_as_the_rate(slopes: list[float]) -> None:
    """However steep: each number first moves by the rate, against its slope, and decays by its share."""
    array = np.ones(len(slopes), np.float32)
    Adam({"a": array}, {"a": 0.1}).step({"a": np.array(slopes, np.float32)}, 0.5)
    np.testing.assert_allclose(array, 1 - 0.05 * DECAY - 0.05 * np.sign(slopes), atol=1e-4)


def test_it_finds_the_lowest_place() -> None:
    """On a bowl that is a thousand times steeper one way than the other it comes to the middle both ways."""
    array, middle, steep = np.zeros(2, np.float32), np.array([1.0, -2.0]), np.array([1000.0, 1.0])
    descent = Adam({"a": array}, {"a": 0.05})
    for step in range(400):
        descent.step({"a": (steep * (array - middle)).astype(np.float32)}, 1 - step / 400)
    np.testing.assert_allclose(array, middle, atol=0.02)


def test_arrays_without_a_slope_stay() -> None:
    """What the loss does not grow with is left as it is."""
    kept = np.ones(3, np.float32)
    Adam({"a": np.ones(2, np.float32), "b": kept}, {"a": 0.1, "b": 0.1}).step({"a": np.ones(2, np.float32)}, 1)
    np.testing.assert_array_equal(kept, 1)
