"""A sketch tells how far apart two arrays are, though it keeps neither."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from understudy.search.sketch import ALLOWED, Sketch, sketched, what_differs

KINDS = ("float32", "float64", "uint8", "int64", "bool")
ANY = st.sampled_from(KINDS).flatmap(
    lambda kind: arrays.arrays(
        kind,
        arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=20),
        elements={"allow_nan": False, "allow_infinity": False, "min_value": -1e9, "max_value": 1e9}
        if kind.startswith("float")
        else None,
    )
)


@given(ANY)
def test_an_array_is_what_it_was(array: np.ndarray) -> None:
    """However it lies in memory, and after its sketch was written and read."""
    before = Sketch.from_json(json.loads(json.dumps(Sketch.of(array).to_json())))
    assert what_differs(sketched({"it": np.asfortranarray(array)}), {"it": before}) == ""


@given(st.integers(0, 2**32), st.sampled_from([5, 300, 70_000, 500_000]), st.floats(0.001, 0.5))
def test_a_gap_is_about_the_distance(seed: int, count: int, share: float) -> None:
    """Noise of a share of an array's size is seen as between a third and two and a half times as much."""
    rng = np.random.default_rng(seed)
    array = rng.normal(size=count)
    noise = rng.normal(size=count)
    noise *= share * np.sqrt((array**2).mean() / (noise**2).mean())
    seen = Sketch.of(array).gap(Sketch.of(array + noise))
    assert share / 3 <= seen <= 2.5 * share


@given(st.integers(0, 49), st.integers(1, 5))
def test_names_are_not_measures(place: int, step: int) -> None:
    """Of whole numbers, such as those of words, a single one that became its neighbour is seen; of pixels it is not."""
    words = np.random.default_rng(0).integers(20_000, 30_000, (1, 50))
    other = words.copy()
    other[0, place] += step
    assert what_differs(sketched({"ids": other}), sketched({"ids": words})).startswith("“ids” is off by")
    pixels = np.full((1, 32, 32, 3), 100, np.uint8)
    brighter = pixels.copy()
    brighter[0, place % 32, 3, 1] += step
    assert Sketch.of(pixels).gap(Sketch.of(brighter)) <= ALLOWED
    assert what_differs(sketched({"photo": brighter}), sketched({"photo": pixels})) == ""


def test_what_differs_is_named() -> None:
    """A name that is new or missing, another shape, another format, other numbers."""
    one = sketched({"rows": np.ones((1, 8, 9), np.float32)})
    assert what_differs(sketched({"rows": np.ones((1, 5, 9), np.float32)}), one) == (
        "“rows” is 1 x 5 x 9 instead of 1 x 8 x 9"
    )
    assert what_differs(sketched({"rows": np.ones((1, 8, 9))}), one) == "“rows” is float64 instead of float32"
    assert what_differs({}, one) == "“rows” is missing"
    assert what_differs(one | sketched({"added": np.ones(1)}), one) == "“added” is new"
    assert what_differs(sketched({"rows": np.full((1, 8, 9), np.nan, np.float32)}), one).startswith("“rows” is off by")


def test_a_sketch_of_another_kind_is_refused() -> None:
    """Sums of another number are none of ours."""
    given_ = Sketch.of(np.ones(3)).to_json()
    with pytest.raises(ValueError, match="sums"):
        Sketch.from_json(given_ | {"sums": [1.0]})
