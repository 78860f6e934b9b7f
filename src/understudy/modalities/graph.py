"""A small builder of ONNX graphs: nodes get names, equal nodes and constants are stored once."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
OLDEST_OPSET = 13
"""Nodes are built so that they mean the same from this version on, for graphs that others made set the version."""
IR_VERSION = 8


class GraphBuilder:
    """Collects nodes and constants, then writes them as a checked model."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._known: dict[tuple[str, tuple[str, ...], str], str] = {}
        self._constants: dict[str, onnx.TensorProto] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._opsets = {"": OPSET}
        self._ir_version = IR_VERSION

    def input(self, name: str, kind: int, shape: list[int | str]) -> str:
        """Declares an input; a name in the shape is a free dimension."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, value: str, name: str, kind: int, shape: list[int | str]) -> str:
        """Gives a value a public name."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        """Stores an array under a name; the same name again refers to the first."""
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Adds a node with one output and returns that output's name; the same node again is the first."""
        known = operator, tuple(inputs), repr(sorted(attributes.items()))
        if known not in self._known:
            name = self._known[known] = f"{operator}_{len(self._nodes)}"
            self._nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return self._known[known]

    def fresh_name(self, stem: str) -> str:
        """A name that no node has yet, for others to build names on."""
        return f"{stem}_{len(self._nodes)}"

    def take_in(
        self,
        nodes: Iterable[onnx.NodeProto],
        constants: Iterable[onnx.TensorProto],
        opsets: Mapping[str, int],
        ir_version: int,
    ) -> None:
        """Adds nodes that somebody else made; the whole graph then speaks their version of the operators.

        Args:
            nodes: In topological order, with names that are new here.
            constants: What they refer to; a name that is there already refers to the first.
            opsets: Version of each domain of operators, "" being ONNX's own, at least `OLDEST_OPSET`.
            ir_version: Of the format.
        """
        self._nodes += nodes
        for constant in constants:
            self._constants.setdefault(constant.name, constant)
        self._opsets.update(opsets)
        self._ir_version = max(self._ir_version, ir_version)

    def model(self, name: str) -> bytes:
        """Finishes the graph, as an ONNX file; the same nodes and constants give the same bytes.

        Raises:
            onnx.checker.ValidationError: The nodes do not fit together.
        """
        graph = helper.make_graph(self._nodes, name, self._inputs, self._outputs)
        opsets = [helper.make_opsetid(domain, version) for domain, version in sorted(self._opsets.items())]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=self._ir_version, producer_name="understudy")
        model.graph.initializer.extend(self._constants.values())
        written = bytes(model.SerializeToString(deterministic=True))
        onnx.checker.check_model(written)  # as bytes, for it would write the model once more
        return written


FLOAT = TensorProto.FLOAT
UINT8 = TensorProto.UINT8
INT64 = TensorProto.INT64
