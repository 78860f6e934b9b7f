"""A small builder of ONNX graphs: nodes get names, equal nodes and constants are stored once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import GraphProto, ModelProto, TensorProto, helper

OPSET = 17
OLDEST_OPSET = 13
"""Nodes are built so that they mean the same from this version on, for graphs that others made set the version."""
IR_VERSION = 8


@dataclass(frozen=True)
class _Constant:
    """A tensor as it is written: `tensor` is all of it, or all but its many values, which lie in `values`."""

    tensor: TensorProto
    values: npt.NDArray[Any] | None = None

    def written(self) -> list[bytes | npt.NDArray[np.uint8]]:
        """Its parts, one behind the other."""
        tensor = self.tensor.SerializeToString(deterministic=True)
        if self.values is None:
            return [tensor]
        raw = np.ascontiguousarray(self.values, self.values.dtype.newbyteorder("<")).reshape(-1).view(np.uint8)
        return [tensor, _opening(TensorProto.RAW_DATA_FIELD_NUMBER, raw.size), raw]


class GraphBuilder:
    """Collects nodes and constants, then writes them as a checked model."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._known: dict[tuple[str, tuple[str, ...], str], str] = {}
        self._constants: dict[str, _Constant] = {}
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
        """Stores an array under a name; the same name again refers to the first. It is not copied."""
        if name not in self._constants:
            values = np.asarray(value)
            kind = helper.np_dtype_to_tensor_dtype(values.dtype)
            self._constants[name] = _Constant(TensorProto(name=name, data_type=kind, dims=values.shape), values)
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
            self._constants.setdefault(constant.name, _Constant(constant))
        self._opsets.update(opsets)
        self._ir_version = max(self._ir_version, ir_version)

    def model(self, name: str) -> bytes:
        """Finishes the graph, as an ONNX file; the same nodes and constants give the same bytes.

        They are those that ONNX would write. Through its messages a hundred megabytes of constants would be copied four
        times, which takes longer than to learn from few texts.

        Raises:
            onnx.checker.ValidationError: The nodes do not fit together.
        """
        opsets = [helper.make_opsetid(domain, version) for domain, version in sorted(self._opsets.items())]
        graph = [GraphProto(node=self._nodes, name=name).SerializeToString(deterministic=True)]
        for constant in self._constants.values():
            parts = constant.written()
            graph += [_opening(GraphProto.INITIALIZER_FIELD_NUMBER, _size(parts)), *parts]
        graph.append(GraphProto(input=self._inputs, output=self._outputs).SerializeToString(deterministic=True))
        before = ModelProto(ir_version=self._ir_version, producer_name="understudy").SerializeToString()
        opening = _opening(ModelProto.GRAPH_FIELD_NUMBER, _size(graph))
        written = b"".join([before, opening, *graph, ModelProto(opset_import=opsets).SerializeToString()])
        onnx.checker.check_model(written)  # as bytes, for it would write the model once more
        return written


def _opening(field: int, size: int) -> bytes:
    """What stands before a part of so many bytes in a message.

    Source:
        Protocol buffers, "Encoding": a key and a length, seven bits a byte, the lowest first.
    """
    written = bytearray()
    for number in (field << 3 | 2, size):
        rest = number
        while rest > 0x7F:
            written.append(rest & 0x7F | 0x80)
            rest >>= 7
        written.append(rest)
    return bytes(written)


def _size(parts: Iterable[bytes | npt.NDArray[np.uint8]]) -> int:
    return sum(len(part) for part in parts)


FLOAT = TensorProto.FLOAT
UINT8 = TensorProto.UINT8
INT64 = TensorProto.INT64
