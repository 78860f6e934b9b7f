"""Small ONNX files, as others might export them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CHANNELS = 12


def kernel(seed: int = 3) -> onnx.TensorProto:
    values = np.random.default_rng(seed).normal(0, 0.4, (CHANNELS, 3, 5, 5)).astype(np.float32)
    return numpy_helper.from_array(values, "kernel")


def conv_pool(
    path: Path,
    *,
    batch: int | str = "n",
    side: int | str = "side",
    layout: str = "NCHW",
    output: str = "row",
    kind: int = TensorProto.FLOAT,
    opset: int = 18,
    change: Callable[[onnx.ModelProto], None] = lambda _: None,
) -> Path:
    """A convolution and a pool: photos in, 12 features out, as a row, a map or tokens."""
    shape = [batch, 3, side, side] if layout == "NCHW" else [batch, side, side, 3]
    nodes, hidden = [], "pixels"
    if layout == "NHWC":
        nodes.append(helper.make_node("Transpose", ["pixels"], ["first"], perm=[0, 3, 1, 2]))
        hidden = "first"
    if kind != TensorProto.FLOAT:
        nodes.append(helper.make_node("Cast", [hidden], ["floats"], to=TensorProto.FLOAT))
        hidden = "floats"
    nodes.append(helper.make_node("Conv", [hidden, "kernel"], ["conv"], strides=[4, 4], pads=[2, 2, 2, 2]))
    nodes.append(helper.make_node("Relu", ["conv"], ["map"]))
    names, out_shape = _end(nodes, output, batch)
    graph = helper.make_graph(
        nodes,
        "conv",
        [helper.make_tensor_value_info("pixels", kind, shape)],
        [helper.make_tensor_value_info(names, TensorProto.FLOAT, out_shape)],
        [kernel()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    change(model)
    path.write_bytes(model.SerializeToString())
    return path


def _end(nodes: list[onnx.NodeProto], output: str, batch: int | str) -> tuple[str, list[int | str]]:
    if output == "map":
        return "map", [batch, CHANNELS, "height", "width"]
    if output == "tokens":
        sizes = numpy_helper.from_array(np.array([0, CHANNELS, -1]))
        nodes.append(helper.make_node("Constant", [], ["to"], value=sizes))
        nodes.append(helper.make_node("Reshape", ["map", "to"], ["flat"]))
        nodes.append(helper.make_node("Transpose", ["flat"], ["tokens"], perm=[0, 2, 1]))
        return "tokens", [batch, "tokens", CHANNELS]
    nodes.append(helper.make_node("GlobalAveragePool", ["map"], ["pooled"]))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["row"], axis=1))
    return "row", [batch, CHANNELS]
