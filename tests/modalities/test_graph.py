"""Graphs are written as ONNX itself writes them."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from onnx import numpy_helper

from understudy.modalities.graph import FLOAT, GraphBuilder

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
    """They stand beside the graph's own, and a name that is there already refers to the first."""
    graph = GraphBuilder()
    graph.constant("one", np.float32(1))
    others = [numpy_helper.from_array(np.float32(place), name) for place, name in ((5, "one"), (2, "two"))]
    graph.take_in([], others, {}, 8)
    total = graph.node("Add", [graph.node("Add", [graph.input("x", FLOAT, [1]), "one"]), "two"])
    graph.output(total, "y", FLOAT, [1])
    data = graph.model("sum")
    model = onnx.load_model_from_string(data)
    assert model.SerializeToString(deterministic=True) == data
    assert [float(numpy_helper.to_array(tensor)) for tensor in model.graph.initializer] == [1, 2]


def test_nodes_that_do_not_fit_are_refused() -> None:
    """A graph that refers to what is not there is no file."""
    graph = GraphBuilder()
    graph.output(graph.node("Neg", ["nothing"]), "y", FLOAT, [1])
    with pytest.raises(onnx.checker.ValidationError):
        graph.model("broken")
