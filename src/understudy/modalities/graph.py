"""A small builder of ONNX graphs: nodes get names, equal nodes and constants are stored once."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import onnx
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from understudy.domain.errors import UnderstudyError

OPSET = 17
OLDEST_OPSET = 13
"""Nodes are built so that they mean the same from this version on, for graphs that others made set the version."""
IR_VERSION = 8
_FEW = 4
"""Numbers up to which an error shows all of a constant."""


class ConstantTaken(UnderstudyError):
    """A graph has a constant of this name already, and it has another value."""


@dataclass(frozen=True)
class _Constant:
    """A tensor as it is written: `tensor` is all of it, or all but its many values, which lie in `values`."""

    tensor: TensorProto
    values: npt.NDArray[Any] | None = None

    def written(self) -> list[bytes | npt.NDArray[np.uint8]]:
        """Its parts, one behind the other."""
        tensor = _plain(self.tensor)
        if self.values is None:
            return [tensor]
        raw = np.ascontiguousarray(self.values, self.values.dtype.newbyteorder("<")).reshape(-1).view(np.uint8)
        return [tensor, _opening(TensorProto.RAW_DATA_FIELD_NUMBER, raw.size), raw]

    def same(self, other: "_Constant") -> bool:
        """Whether both hold the same numbers in the same form."""
        if self.values is None and other.values is None:
            return _plain(self.tensor) == _plain(other.tensor)
        mine, theirs = self._array(), other._array()
        alike = mine.dtype == theirs.dtype and mine.shape == theirs.shape
        return alike and (mine is theirs or mine.tobytes() == theirs.tobytes())

    def told(self) -> str:
        """What it is, for people: a short one by its numbers."""
        array = self._array()
        numbers = f" {array.tolist()}" if array.size <= _FEW else ""
        return f"{array.dtype}{numbers} of shape {array.shape}"

    def _array(self) -> npt.NDArray[Any]:
        return numpy_helper.to_array(self.tensor) if self.values is None else self.values


@dataclass
class _Collected:
    """What was put into a graph so far, by whichever of its parts."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    known: dict[tuple[str, tuple[str, ...], str], str] = field(default_factory=dict)
    constants: dict[str, _Constant] = field(default_factory=dict)
    inputs: list[onnx.ValueInfoProto] = field(default_factory=list)
    outputs: list[onnx.ValueInfoProto] = field(default_factory=list)
    opsets: dict[str, int] = field(default_factory=lambda: {"": OPSET})
    ir_version: int = IR_VERSION


class GraphBuilder:
    """Collects nodes and constants, then writes them as a checked model."""

    def __init__(self) -> None:
        self._all = _Collected()
        self._within = ""

    def part(self, name: str) -> Self:
        """The same graph for one of its makers, whose constants meet no other's: their names begin with the part's."""
        part = copy(self)
        part._within = f"{self._within}{name}/"
        return part

    def input(self, name: str, kind: int, shape: list[int | str]) -> str:
        """Declares an input; a name in the shape is a free dimension."""
        self._all.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, value: str, name: str, kind: int, shape: list[int | str]) -> str:
        """Gives a value a public name."""
        self._all.nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._all.outputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        """Stores an array, once where the same comes again. It is not copied.

        Args:
            name: Unique in the part of the graph (`part`) that it is stored for.
            value: Its numbers.

        Returns:
            The name by which nodes refer to it.

        Raises:
            ConstantTaken: The part has another value under this name.
        """
        full, values = self._within + name, np.asarray(value)
        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        self._store(_Constant(TensorProto(name=full, data_type=kind, dims=values.shape), values))
        return full

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Adds a node with one output and returns that output's name; the same node again is the first."""
        known = operator, tuple(inputs), repr(sorted(attributes.items()))
        if known not in self._all.known:
            name = self._all.known[known] = f"{operator}_{len(self._all.nodes)}"
            self._all.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return self._all.known[known]

    def fresh_name(self, stem: str) -> str:
        """A name that no node has yet, for others to build names on."""
        return f"{stem}_{len(self._all.nodes)}"

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
            constants: What they refer to by these very names, whatever the part.
            opsets: Version of each domain of operators, "" being ONNX's own, at least `OLDEST_OPSET`.
            ir_version: Of the format.

        Raises:
            ConstantTaken: There is another value under the name of a constant.
        """
        self._all.nodes += nodes
        for constant in constants:
            self._store(_Constant(constant))
        self._all.opsets.update(opsets)
        self._all.ir_version = max(self._all.ir_version, ir_version)

    def model(self, name: str, *, checked: bool = True) -> bytes:
        """Finishes the graph, as an ONNX file; the same nodes and constants give the same bytes.

        They are those that ONNX would write. Through its messages a hundred megabytes of constants would be copied four
        times, which takes longer than to learn from few texts.

        Args:
            name: The graph's.
            checked: Whether its nodes fit together; not where it is run at once and then thrown away.

        Raises:
            onnx.checker.ValidationError: The nodes do not fit together.
        """
        opsets = [helper.make_opsetid(domain, version) for domain, version in sorted(self._all.opsets.items())]
        graph = [GraphProto(node=self._all.nodes, name=name).SerializeToString(deterministic=True)]
        for constant in self._all.constants.values():
            parts = constant.written()
            graph += [_opening(GraphProto.INITIALIZER_FIELD_NUMBER, _size(parts)), *parts]
        graph.append(GraphProto(input=self._all.inputs, output=self._all.outputs).SerializeToString(deterministic=True))
        before = ModelProto(ir_version=self._all.ir_version, producer_name="understudy").SerializeToString()
        opening = _opening(ModelProto.GRAPH_FIELD_NUMBER, _size(graph))
        written = b"".join([before, opening, *graph, ModelProto(opset_import=opsets).SerializeToString()])
        if checked:
            onnx.checker.check_model(written)  # as bytes, for it would write the model once more
        return written

    def _store(self, constant: _Constant) -> None:
        name = constant.tensor.name
        known = self._all.constants.setdefault(name, constant)
        if not known.same(constant):
            raise ConstantTaken(
                fact=f"Two constants of the graph are called “{name}”.",
                reason=f"The first is {known.told()}, the second {constant.told()}.",
                remedy="Give one of them another name where the encoder adds to the graph.",
            )


def _plain(tensor: TensorProto) -> bytes:
    written: bytes = tensor.SerializeToString(deterministic=True)
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
