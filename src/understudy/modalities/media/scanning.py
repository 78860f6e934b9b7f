"""One window after another through a network, inside a graph: memory for one, however many there are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy.typing as npt
import onnx
from onnx import helper

from understudy.modalities.graph import FLOAT, GraphBuilder

Shape = list[int | str]
"""Lengths of axes; a name is a free one."""
Look = Callable[[GraphBuilder, str], str]
"""Appends a network to a graph: from the name of a window's values to that of what it makes of them."""


def one_by_one(graph: GraphBuilder, values: str, kind: int, window: Shape, row: Shape, look: Look) -> str:
    """Runs a network on each window in turn.

    All at once would need the memory of all, and no less time: measured for 48 pictures of 224 by 224 through the
    built-in backbone, 734 MB where one by one takes 57.

    Args:
        graph: Receives the node.
        values: Name of a tensor of the `kind`, (n, w, *window).
        kind: Number format, as ONNX counts them.
        window: Shape of one window of one input.
        row: Shape of what the network gives for it.
        look: Appends the network; what it stores goes to `graph`, so that several share their weights.

    Returns:
        Name of floats, (n, w, *row).
    """
    inner = _Inner(graph, graph.fresh_name("window"))
    given = inner.input(inner.fresh_name("given"), kind, ["n", *window])
    inner.output(look(inner, given), inner.fresh_name("row"), FLOAT, ["n", *row])
    axes = {"scan_input_axes": [1], "scan_output_axes": [1]}
    return graph.node("Scan", [values], body=inner.body(), num_scan_inputs=1, **axes)


class _Inner(GraphBuilder):
    """The graph of one window: its nodes are its own, its constants those of the graph around it."""

    def __init__(self, outer: GraphBuilder, prefix: str) -> None:
        super().__init__()
        self._outer, self._prefix = outer, prefix

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        """Stores an array in the graph around."""
        return self._outer.constant(self._within + name, value)

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Adds a node whose name no other graph has."""
        name = self.fresh_name(operator)
        self._all.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def fresh_name(self, stem: str) -> str:
        """A name that no node has yet, here or around."""
        return f"{self._prefix}/{super().fresh_name(stem)}"

    def take_in(
        self,
        nodes: Iterable[onnx.NodeProto],
        constants: Iterable[onnx.TensorProto],
        opsets: Mapping[str, int],
        ir_version: int,
    ) -> None:
        """Adds nodes that somebody else made; their constants and versions go to the graph around."""
        self._all.nodes += nodes
        self._outer.take_in([], constants, opsets, ir_version)

    def body(self) -> onnx.GraphProto:
        """The graph of one window, from its values to its row."""
        return helper.make_graph(self._all.nodes, self._prefix, self._all.inputs, self._all.outputs)
