"""Foreign graphs: ONNX files that others made, read with suspicion and made fit to be part of our own graphs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import onnx
from google.protobuf.message import DecodeError
from onnx import AttributeProto, TensorProto, inliner, shape_inference, version_converter

from understudy.domain.errors import UnderstudyError
from understudy.modalities.graph import FLOAT, OLDEST_OPSET, OPSET, GraphBuilder

Layout = Literal["NCHW", "NHWC"]
_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)
_OWN_DOMAINS = ("", "ai.onnx")


class ExtractorUnusable(UnderstudyError):
    """An ONNX file cannot serve as a feature extractor."""


@dataclass(frozen=True)
class ForeignGraph:
    """A graph with one photo input and one output of features.

    Attributes:
        model: The whole of it.
        input: Name of the photo input.
        kind: Number format of the input, as ONNX counts them.
        layout: Where its channels are.
        side: Height and width that it insists on, in pixels, or None.
        output: Name of the output that is used.
        rank: Dimensions of that output: 2, or 3 (tokens) or 4 (a map), which are averaged.
    """

    model: onnx.ModelProto
    input: str
    kind: int
    layout: Layout
    side: int | None
    output: str
    rank: int

    def add_to(self, graph: GraphBuilder, photos: str) -> str:
        """Appends it to a graph; calls on the same graph share the constants.

        Args:
            graph: Receives the nodes.
            photos: Name of prepared photos, float (n, size, size, 3).

        Returns:
            Name of the features, float (n, width).
        """
        laid = graph.node("Transpose", [photos], perm=[0, 3, 1, 2]) if self.layout == "NCHW" else photos
        cast = graph.node("Cast", [laid], to=self.kind)
        names = take_in(graph, self.model, {self.input: cast})
        return self._pooled(graph, graph.node("Cast", [names(self.output)], to=FLOAT))

    def _pooled(self, graph: GraphBuilder, output: str) -> str:
        if self.rank == 2:
            return output
        channels_last = self.rank == 3 or self.layout == "NHWC"
        if channels_last:
            output = graph.node("Transpose", [output], perm=[0, self.rank - 1, *range(1, self.rank - 1)])
        return graph.node("Flatten", [graph.node("GlobalAveragePool", [output])], axis=1)


@dataclass(frozen=True)
class _Names:
    """New names for all values of a graph, so that they meet no other's."""

    prefix: str
    given: dict[str, str]

    def __call__(self, name: str) -> str:
        return self.given.get(name, self.prefix + name) if name else name

    def node(self, node: onnx.NodeProto) -> onnx.NodeProto:
        renamed = onnx.NodeProto()
        renamed.CopyFrom(node)
        renamed.name = self.prefix + node.name if node.name else ""
        renamed.input[:] = [self(name) for name in node.input]
        renamed.output[:] = [self(name) for name in node.output]
        for attribute in renamed.attribute:
            for inner in (attribute.g, *attribute.graphs) if _has_graph(attribute) else ():
                self._rename_inside(inner)
        return renamed

    def _rename_inside(self, graph: onnx.GraphProto) -> None:
        renamed = [self.node(node) for node in graph.node]
        del graph.node[:]
        graph.node.extend(renamed)
        del graph.value_info[:]
        for named in (*graph.input, *graph.output, *graph.initializer):
            named.name = self(named.name)


def take_in(graph: GraphBuilder, model: onnx.ModelProto, given: dict[str, str]) -> Callable[[str], str]:
    """Appends a whole model to a graph; calls on the same graph share the constants.

    Args:
        graph: Receives the nodes.
        model: As `parsed` gave it.
        given: By name of the model's input, the tensor that takes its place.

    Returns:
        From a name in the model to the name of the same tensor in the graph.
    """
    shared = {tensor.name: f"foreign/{tensor.name}" for tensor in model.graph.initializer}
    names = _Names(graph.fresh_name("foreign") + "/", {**shared, **given})
    constants = [_renamed_tensor(tensor, shared[tensor.name]) for tensor in model.graph.initializer]
    opsets = {"" if one.domain in _OWN_DOMAINS else one.domain: one.version for one in model.opset_import}
    nodes = [names.node(node) for node in model.graph.node]
    graph.take_in(nodes, constants, opsets, model.ir_version)
    return names


def read_foreign(data: bytes, name: str) -> ForeignGraph:
    """Reads an ONNX file's bytes. Nothing is run, and no other file is opened.

    Args:
        data: The file's bytes.
        name: What people call the file.

    Raises:
        ExtractorUnusable: It is no ONNX file, or takes or gives something else than an extractor does.
    """
    model = parsed(data, name)
    photo = _photo_input(model, name)
    dimensions = [entry.dim_value for entry in photo.type.tensor_type.shape.dim]
    layout: Layout = "NHWC" if dimensions[3] == 3 and dimensions[1] != 3 else "NCHW"
    height, width = dimensions[1:3] if layout == "NHWC" else dimensions[2:]
    channels = dimensions[3] if layout == "NHWC" else dimensions[1]
    if dimensions[0] > 1:
        raise unusable(name, f"It takes exactly {dimensions[0]} photos at a time.", "Export it with a free batch size.")
    if channels not in (0, 3) or height != width:
        shape = " x ".join(str(length or "any") for length in dimensions)
        raise unusable(
            name, f"It takes {shape} numbers and no square colour photos.", "Choose one that sees RGB photos."
        )
    output, rank = _feature_output(model, name)
    return ForeignGraph(model, photo.name, photo.type.tensor_type.elem_type, layout, height or None, output, rank)


def unusable(name: str, reason: str, remedy: str) -> ExtractorUnusable:
    """The error for one file, by its name."""
    return ExtractorUnusable(fact=f"“{name}” cannot serve as a feature extractor.", reason=reason, remedy=remedy)


def parsed(data: bytes, name: str) -> onnx.ModelProto:
    """Reads and checks an ONNX file's bytes; nothing is run, and no other file is opened.

    Raises:
        ExtractorUnusable: It is no ONNX file, or not a valid one.
    """
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise unusable(name, "It is no ONNX file, or a damaged one.", "Copy or download it again.") from error
    if any(tensor.data_location == TensorProto.EXTERNAL for tensor in _tensors(model.graph)):
        reason = "Its weights lie in another file, which is never opened."
        raise unusable(name, reason, "Save it as one file: onnx.save(onnx.load(path), path).")
    versions = {one.domain: one.version for one in model.opset_import}
    version = versions.get("", versions.get("ai.onnx", 0))
    if version > onnx.defs.onnx_opset_version():
        raise unusable(name, f"It needs version {version} of ONNX's operators.", "Export it with an older version.")
    try:
        if model.functions:
            model = inliner.inline_local_functions(model)
        if version < OLDEST_OPSET:
            model = version_converter.convert_version(model, OPSET)
        onnx.checker.check_model(model)
        inferred: onnx.ModelProto = shape_inference.infer_shapes(model)
    except (RuntimeError, ValueError, onnx.checker.ValidationError, shape_inference.InferenceError) as error:
        reason = f"Its graph is not valid ({str(error).strip().splitlines()[0][:120]})."
        raise unusable(name, reason, "Export it again with a newer version of its tool.") from error
    return inferred


def _photo_input(model: onnx.ModelProto, name: str) -> onnx.ValueInfoProto:
    """The only input that is no constant; formats of old list the constants too."""
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [each for each in model.graph.input if each.name not in constants]
    photos = [each for each in inputs if len(each.type.tensor_type.shape.dim) == 4]
    remedy = "Choose a graph from one batch of photos, as floats, to features."
    if len(inputs) != 1 or len(photos) != 1:
        named = ", ".join(each.name for each in inputs[:4]) or "none"
        raise unusable(name, f"It needs one input of four dimensions, a batch of photos, and has: {named}.", remedy)
    if photos[0].type.tensor_type.elem_type not in _FLOATS:
        raise unusable(name, "Its photos are not floating-point numbers.", remedy)
    return photos[0]


def _feature_output(model: onnx.ModelProto, name: str) -> tuple[str, int]:
    """The first output that is a row for each photo; else a map, else tokens."""
    ranks = {
        each.name: len(each.type.tensor_type.shape.dim)
        for each in model.graph.output
        if each.type.tensor_type.elem_type in _FLOATS and each.type.tensor_type.HasField("shape")
    }
    for rank in (2, 4, 3):
        for output, found in ranks.items():
            if found == rank:
                return output, rank
    told = ", ".join(f"{output} of {rank} dimensions" for output, rank in ranks.items()) or "none of numbers"
    remedy = "Choose a graph that gives a row, a map or tokens for each photo."
    raise unusable(name, f"Its outputs are not features ({told}).", remedy)


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """All constants of a graph, those inside nodes and inner graphs too."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for inner in (attribute.g, *attribute.graphs) if _has_graph(attribute) else ():
                yield from _tensors(inner)


def _has_graph(attribute: onnx.AttributeProto) -> bool:
    return attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS)


def _renamed_tensor(tensor: onnx.TensorProto, name: str) -> onnx.TensorProto:
    renamed = onnx.TensorProto()
    renamed.CopyFrom(tensor)
    renamed.name = name
    return renamed
