"""Rows that go by in time, pooled to one row inside a graph; places that hold nothing do not count."""

from typing import Final

import numpy as np

from understudy.modalities.graph import FLOAT, GraphBuilder

FAR: Final = np.float32(-30_000)
"""Added where nothing is, so that it is never the largest; within the range of half precision."""
_TINY: Final = np.float32(1e-6)


def lasting(graph: GraphBuilder, when: str) -> str:
    """Which windows are there.

    Args:
        graph: Receives the nodes.
        when: Name of floats, (n, m, 2): from where to where each goes.

    Returns:
        Name of floats, (n, m): 1 where a window lasts, else 0.
    """
    axis = graph.constant("axis 2", np.array([2], np.int64))
    start, end = (graph.constant(name, np.array([at], np.int64)) for name, at in (("from 0", 0), ("from 1", 1)))
    stop = graph.constant("from 2", np.array([2], np.int64))
    length = graph.node(
        "Sub", [graph.node("Slice", [when, end, stop, axis]), graph.node("Slice", [when, start, end, axis])]
    )
    there = graph.node("Greater", [graph.node("Squeeze", [length, axis]), graph.constant("nothing", np.float32(0))])
    return graph.node("Cast", [there], to=FLOAT)


def mean_over(graph: GraphBuilder, rows: str, mask: str) -> str:
    """The mean of rows over time.

    Args:
        graph: Receives the nodes.
        rows: Name of floats, (n, m, width).
        mask: Name of floats, (n, m): 1 where there is something, at least once in each row, else 0.

    Returns:
        Name of floats, (n, width).
    """
    time, last = _axis(graph, 1), _axis(graph, -1)
    weights = graph.node("Unsqueeze", [mask, last])
    total = graph.node("ReduceSum", [graph.node("Mul", [rows, weights]), time], keepdims=0)
    count = graph.node("ReduceSum", [mask, time], keepdims=1)
    return graph.node("Div", [total, graph.node("Max", [count, graph.constant("one", np.float32(1))])])


def peak_over(graph: GraphBuilder, rows: str, mask: str) -> str:
    """The largest of rows over time; arguments and result as for `mean_over`."""
    absent = graph.node("Sub", [graph.constant("one", np.float32(1)), mask])
    far = graph.node("Mul", [absent, graph.constant("far", FAR)])
    seen = graph.node("Add", [rows, graph.node("Unsqueeze", [far, _axis(graph, -1)])])
    # GlobalMaxPool rather than ReduceMax: it is written alike in every version of ONNX that a graph here may have.
    pooled = graph.node("GlobalMaxPool", [graph.node("Transpose", [seen], perm=[0, 2, 1])])
    return graph.node("Flatten", [pooled], axis=1)


def deviation_over(graph: GraphBuilder, rows: str, mask: str, mean: str) -> str:
    """The standard deviation of rows over time, 0 where there is one; `mean` is what `mean_over` gave."""
    off = graph.node("Sub", [rows, graph.node("Unsqueeze", [mean, _axis(graph, 1)])])
    variance = mean_over(graph, graph.node("Mul", [off, off]), mask)
    return graph.node("Sqrt", [graph.node("Add", [variance, graph.constant("tiny", _TINY)])])


def change_over(graph: GraphBuilder, rows: str, mask: str) -> str:
    """The mean absolute difference between successive rows; arguments and result as for `mean_over`.

    0 where there is one row only.
    """
    both = _neighbours(graph, rows, 1)
    masks = _neighbours(graph, mask, 1)
    change = graph.node("Abs", [graph.node("Sub", [both[1], both[0]])])
    return mean_over(graph, change, graph.node("Mul", [masks[0], masks[1]]))


def all_of(graph: GraphBuilder, rows: str, mask: str) -> str:
    """Mean, peak and deviation beside each other, (n, 3 * width)."""
    mean = mean_over(graph, rows, mask)
    return graph.node("Concat", [mean, peak_over(graph, rows, mask), deviation_over(graph, rows, mask, mean)], axis=1)


def _neighbours(graph: GraphBuilder, value: str, axis: int) -> tuple[str, str]:
    """All but the last, and all but the first; one more stands at the end, so that there always are some."""
    start, second = graph.constant("start", np.array([0], np.int64)), graph.constant("second", np.array([1], np.int64))
    last, end = graph.constant("last", np.array([-1], np.int64)), graph.constant("end", np.array([2**31 - 1], np.int64))
    along = graph.constant(f"along {axis}", np.array([axis], np.int64))
    return graph.node("Slice", [value, start, last, along]), graph.node("Slice", [value, second, end, along])


def _axis(graph: GraphBuilder, axis: int) -> str:
    return graph.constant(f"axis {axis}", np.array([axis], np.int64))
