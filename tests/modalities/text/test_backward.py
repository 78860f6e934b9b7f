"""The ways back of a layer are its slopes, and forwards it is the layer of the graph."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.text.backward import Array, Texts, _normal, add_layer, add_mean
from understudy.modalities.text.modality import MODALITY
from understudy.modalities.text.transformer import WIDTH, add_layers
from understudy.modalities.text.tuning import NAMES, start_of

STEP = 1e-6


@pytest.fixture(scope="module")
def arrays() -> dict[str, Array]:
    return start_of(MODALITY.encoder(None).sentences.weights)


def fine(texts: Texts) -> Texts:
    """With 64 bits, in which differences of small steps can be told."""
    return Texts(texts.rows.astype(np.float64), texts.lengths)


def drawn(lengths: list[int], rng: np.random.Generator) -> Texts:
    return Texts.beside([rng.normal(size=(length, WIDTH)).astype(np.float32) for length in lengths])


def slope_along(loss: Callable[[float], float]) -> float:
    return (loss(STEP) - loss(-STEP)) / (2 * STEP)


@settings(max_examples=8)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=3), st.integers(0, 2**32))
def test_the_way_back_is_the_slope(arrays: dict[str, Array], lengths: list[int], seed: int) -> None:
    """Along drawn directions the loss grows as the way back says, by every array and by what came in."""
    rng = np.random.default_rng(seed)
    name, texts = NAMES[-1], fine(drawn(lengths, rng))
    weights = {each: array.astype(np.float64) for each, array in arrays.items() if each.startswith(name)}
    wanted = rng.normal(size=(len(lengths), WIDTH))

    def loss(changed: dict[str, npt.NDArray[np.float64]], rows: npt.NDArray[np.float64]) -> float:
        seen, _ = add_layer(Texts(rows, texts.lengths), changed, name)
        return float((add_mean(seen)[0] * wanted).sum())

    seen, from_layer = add_layer(texts, weights, name)
    into: dict[str, Array] = {}
    by_rows = from_layer(add_mean(seen)[1](wanted, into), into)
    assert set(into) == set(weights)
    for each, array in weights.items():
        way = rng.normal(size=array.shape)
        found = slope_along(lambda step, e=each, w=way: loss({**weights, e: weights[e] + step * w}, texts.rows))
        assert float((into[each] * way).sum()) == pytest.approx(found, abs=1e-4)
    way = rng.normal(size=texts.rows.shape)
    found = slope_along(lambda step: loss(weights, texts.rows + step * way))
    assert float((by_rows * way).sum()) == pytest.approx(found, abs=1e-4)


def test_neighbours_have_no_part(arrays: dict[str, Array]) -> None:
    """A text beside another one comes out as it does alone."""
    rng = np.random.default_rng(0)
    short, long = (rng.normal(size=(length, WIDTH)).astype(np.float32) for length in (3, 9))
    both, _ = add_mean(add_layer(Texts.beside([short, long]), arrays, NAMES[0])[0])
    alone, _ = add_mean(add_layer(Texts.beside([short]), arrays, NAMES[0])[0])
    np.testing.assert_allclose(both[:1], alone, atol=1e-5)


def test_forwards_it_is_the_layer_of_the_graph(arrays: dict[str, Array]) -> None:
    """What is learned here is what a model's file computes."""
    texts = drawn([4, 6], np.random.default_rng(1))
    builder = GraphBuilder()
    hidden = builder.input("hidden", FLOAT, ["n", "w", WIDTH])
    mask = builder.input("mask", FLOAT, ["n", "w"])
    builder.output(add_layers(builder, hidden, mask, arrays, NAMES)[-1], "out", FLOAT, ["n", "w", WIDTH])
    graph = Graph(builder.model("layers"), rows=2, goal="latency", precision="f32")
    padded, seen = np.zeros((2, 6, WIDTH), np.float32), np.zeros((2, 6), np.float32)
    for row, part in enumerate(texts.parts):
        padded[row, : texts.lengths[row]], seen[row, : texts.lengths[row]] = texts.rows[part], 1
    given = graph.run({"hidden": padded, "mask": seen})["out"]
    for name in NAMES:
        texts, _ = add_layer(texts, arrays, name)
    np.testing.assert_allclose(texts.rows, given[seen > 0], atol=2e-4)


def test_the_normal_distribution_is_close() -> None:
    """Shares and densities differ from SciPy's by less than a float32 tells of a number near 1."""
    numbers = np.linspace(-30, 30, 60_001, dtype=np.float32)
    share, density = _normal(numbers)
    np.testing.assert_allclose(share, scipy.stats.norm.cdf(numbers.astype(np.float64)), atol=4e-7)
    np.testing.assert_allclose(density, scipy.stats.norm.pdf(numbers.astype(np.float64)), atol=4e-7)
