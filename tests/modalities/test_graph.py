"""Graphs are written as ONNX itself writes them."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from onnx import numpy_helper

from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, ConstantTaken, GraphBuilder
from understudy.modalities.media.scanning import one_by_one

KINDS = ("float32", "float64", "float16", "int64", "int32", "uint8", "bool")
VALUES = st.sampled_from(KINDS).flatmap(
    lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=40))
)


def written(constants: list[np.ndarray]) -> bytes:
    graph = GraphBuilder()
    for place, value in enumerate(constants):
        graph.constant(f"constant {place}", value)
    graph.output(graph.node("Neg", [graph.input("x", FLOAT, ["n", 3])]), "y", FLOAT, ["n", 3])
    return graph.model("a graph")


@given(st.lists(VALUES, max_size=4), st.booleans())
def test_a_file_is_what_onnx_would_write(constants: list[np.ndarray], turned: bool) -> None:
    """Byte for byte, whatever the constants, and they are read as they were given."""
    given_ = [value.T if turned else value for value in constants]
    data = written(given_)
    model = onnx.load_model_from_string(data)
    assert model.SerializeToString(deterministic=True) == data
    for tensor, value in zip(model.graph.initializer, given_, strict=True):
        assert tensor == numpy_helper.from_array(value, tensor.name)


def test_a_constant_of_many_bytes() -> None:
    """Lengths that take three bytes are written right."""
    value = np.arange(70_000, dtype=np.float32)
    data = written([value])
    (tensor,) = onnx.load_model_from_string(data).graph.initializer
    np.testing.assert_array_equal(numpy_helper.to_array(tensor), value)


def test_constants_of_others_are_taken_in() -> None:
    """They stand beside the graph's own, and what comes twice is stored once."""
    graph = GraphBuilder()
    graph.constant("one", np.float32(1))
    others = [numpy_helper.from_array(np.float32(value), name) for value, name in ((1, "one"), (2, "two"), (2, "two"))]
    graph.take_in([], others, {}, 8)
    total = graph.node("Add", [graph.node("Add", [graph.input("x", FLOAT, [1]), "one"]), "two"])
    graph.output(total, "y", FLOAT, [1])
    data = graph.model("sum")
    model = onnx.load_model_from_string(data)
    assert model.SerializeToString(deterministic=True) == data
    assert [float(numpy_helper.to_array(tensor)) for tensor in model.graph.initializer] == [1, 2]


@given(VALUES, VALUES)
def test_a_name_stands_for_one_value(first: np.ndarray, second: np.ndarray) -> None:
    """The same again is the first; another value, form or number format under its name is refused by name."""
    graph = GraphBuilder()
    assert graph.constant("one", first) == graph.constant("one", first.copy())
    graph.take_in([], [numpy_helper.from_array(first, "one")], {}, 8)
    if first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes():
        return
    with pytest.raises(ConstantTaken, match="Two constants of the graph are called “one”"):
        graph.constant("one", second)
    with pytest.raises(ConstantTaken):
        graph.take_in([], [numpy_helper.from_array(second, "one")], {}, 8)


def test_parts_of_a_graph_name_constants_for_themselves() -> None:
    """Two makers may call other values alike; in a part's part, and in the graph of one window, too."""
    graph = GraphBuilder()
    mine, yours = graph.part("mine"), graph.part("yours")
    names = [part.constant("one", np.float32(at)) for at, part in enumerate((graph, mine, yours, mine.part("inner")))]
    assert names == ["one", "mine/one", "yours/one", "mine/inner/one"]
    met: list[str] = []

    def look(inner: GraphBuilder, given: str) -> str:
        met.append(inner.constant("two", np.float32(2)))
        return inner.node("Mul", [given, met[0]])

    windows = graph.input("x", FLOAT, ["n", "w", 3])
    graph.output(one_by_one(yours, windows, FLOAT, [3], [3], look), "y", FLOAT, ["n", "w", 3])
    assert met == ["yours/two"]
    ones = np.ones((1, 2, 3), np.float32)
    doubled = Graph(graph.model("windows"), rows=1, precision="f32").run({"x": ones})["y"]
    np.testing.assert_array_equal(doubled, 2 * ones)


def test_nodes_that_do_not_fit_are_refused() -> None:
    """A graph that refers to what is not there is no file."""
    graph = GraphBuilder()
    graph.output(graph.node("Neg", ["nothing"]), "y", FLOAT, [1])
    with pytest.raises(onnx.checker.ValidationError):
        graph.model("broken")
