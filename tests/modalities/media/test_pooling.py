"""Rows that go by in time are pooled inside a graph, and windows run through a network one by one."""

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.media.batches import padded
from understudy.modalities.media.pooling import all_of, change_over, lasting
from understudy.modalities.media.scanning import one_by_one

WIDTH = 3


def pooling_graph() -> bytes:
    graph = GraphBuilder()
    rows = graph.input("rows", FLOAT, ["n", "m", WIDTH])
    mask = lasting(graph, graph.input("when", FLOAT, ["n", "m", 2]))
    graph.output(all_of(graph, rows, mask), "all", FLOAT, ["n", 3 * WIDTH])
    graph.output(change_over(graph, rows, mask), "change", FLOAT, ["n", WIDTH])
    return graph.model("pooling")


POOLING = onnxruntime.InferenceSession(pooling_graph())


@settings(max_examples=30)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(0, 1000))
def test_what_is_not_there_does_not_count(lengths: list[int], seed: int) -> None:
    """Mean, peak, deviation and change are those of the rows that are there, however the batch was filled up."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(0, 5, (1, length, WIDTH)).astype(np.float32) for length in lengths]
    when = [np.stack([np.arange(length), np.arange(length) + 1.0], -1)[None].astype(np.float32) for length in lengths]
    pooled, change = POOLING.run(None, {"rows": padded(rows), "when": padded(when)})
    for place, each in enumerate(row[0] for row in rows):
        expected = np.concatenate([each.mean(axis=0), each.max(axis=0), each.std(axis=0)])
        np.testing.assert_allclose(pooled[place], expected, atol=2e-3)
        moved = np.abs(np.diff(each, axis=0)).mean(axis=0) if len(each) > 1 else np.zeros(WIDTH)
        np.testing.assert_allclose(change[place], moved, atol=1e-4)


@pytest.mark.parametrize("windows", [1, 2, 9])
def test_one_by_one_is_all_at_once(windows: int) -> None:
    """Each window goes through the network by itself, in order, and two networks share what they store."""
    weights = np.random.default_rng(1).normal(size=(4, WIDTH)).astype(np.float32)
    graph = GraphBuilder()
    values = graph.input("values", FLOAT, ["n", "w", 4])

    def look(inner: GraphBuilder, window: str) -> str:
        return inner.node("MatMul", [window, inner.constant("weights", weights)])

    rows = [one_by_one(graph, values, FLOAT, [4], [WIDTH], look) for _ in range(2)]
    graph.output(graph.node("Add", rows), "rows", FLOAT, ["n", "w", WIDTH])
    model = graph.model("windows")
    assert [tensor.name for tensor in onnx.load_model_from_string(model).graph.initializer] == ["weights"]
    given = np.random.default_rng(2).normal(size=(2, windows, 4)).astype(np.float32)
    ours = Graph(model, rows=2, precision="f32").run({"values": given})["rows"]
    theirs = onnxruntime.InferenceSession(model).run(None, {"values": given})[0]
    np.testing.assert_allclose(ours, 2 * given @ weights, atol=1e-4)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
