"""EfficientNet-Lite0 in torch, defined anew: the network that is fine-tuned beside us."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

MEAN, SCALE = 127.0, 128.0
STAGES = (
    # repeats, kernel, stride, expansion, channels (Tan & Le 2019, table 1; "Lite": ReLU6, no squeeze and excitation)
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM, LAST = 32, 1280
DROPOUT = 0.2


class SameConvolution(nn.Conv2d):  # type: ignore[misc]
    """A convolution whose output covers the input as TensorFlow's "same" does: any odd padding goes right and below.

    Attributes:
        wide: Compute in 32 bits even where the rest does not.
    """

    wide = False

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> None:
        even = kernel // 2 if stride == 1 else 0
        super().__init__(inputs, outputs, kernel, stride, even, groups=groups, bias=False)

    def forward(self, hidden: Any) -> Any:
        (step, _), (kernel, _) = self.stride, self.kernel_size
        if step > 1:
            missing = [max(0, (-(-side // step) - 1) * step + kernel - side) for side in hidden.shape[:1:-1]]
            hidden = functional.pad(hidden, [part for gap in missing for part in (gap // 2, gap - gap // 2)])
        if not self.wide:
            return super().forward(hidden)
        with torch.autocast("cpu", enabled=False):
            return super().forward(hidden.float())


class Block(nn.Module):  # type: ignore[misc]
    """An inverted residual. Its parts bear the names they have in the weights file."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expands = expansion != 1
        self.residual = stride == 1 and inputs == outputs
        if self.expands:
            self._expand_conv = SameConvolution(inputs, inner, 1)
            self._bn0 = _norm(inner)
        self._depthwise_conv = SameConvolution(inner, inner, kernel, stride=stride, groups=inner)
        self._bn1 = _norm(inner)
        self._project_conv = SameConvolution(inner, outputs, 1)
        self._bn2 = _norm(outputs)

    def forward(self, inputs: Any) -> Any:
        hidden = inputs
        if self.expands:
            hidden = functional.relu6(self._bn0(self._expand_conv(hidden)), inplace=True)
        hidden = functional.relu6(self._bn1(self._depthwise_conv(hidden)), inplace=True)
        hidden = self._bn2(self._project_conv(hidden))
        return hidden + inputs if self.residual else hidden


class EfficientNetLite0(nn.Module):  # type: ignore[misc]
    """The network, with a new last layer.

    Args:
        weights: The arrays of the ImageNet weights, by name.
        classes: Answers of the new last layer.
        wide: Compute in 32 bits the depthwise convolutions that are larger than 3 by 3 or have a stride.
    """

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]], classes: int, *, wide: bool = False) -> None:
        super().__init__()
        self._conv_stem = SameConvolution(3, STEM, 3, stride=2)
        self._bn0 = _norm(STEM)
        blocks, width = [], STEM
        for repeats, kernel, stride, expansion, channels in STAGES:
            for repeat in range(repeats):
                blocks.append(Block(width, channels, kernel, 1 if repeat else stride, expansion))
                width = channels
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = SameConvolution(width, LAST, 1)
        self._bn1 = _norm(LAST)
        self.load_state_dict(_tensors(weights))
        self.head = nn.Linear(LAST, classes)
        for block in self._blocks:
            slow = block._depthwise_conv
            slow.wide = wide and (slow.kernel_size[0] > 3 or slow.stride[0] > 1)

    def features(self, pixels: Any) -> Any:
        """The last layer's maps, (n, 1280, height / 32, width / 32), of float pixels (n, 3, height, width), 0..255."""
        hidden = (pixels - MEAN) / SCALE
        hidden = functional.relu6(self._bn0(self._conv_stem(hidden)), inplace=True)
        for block in self._blocks:
            hidden = block(hidden)
        return functional.relu6(self._bn1(self._conv_head(hidden)), inplace=True)

    def forward(self, pixels: Any) -> Any:
        pooled = self.features(pixels).mean((2, 3))
        return self.head(functional.dropout(pooled, DROPOUT, self.training))


def _norm(channels: int) -> Any:
    return nn.BatchNorm2d(channels, eps=1e-3)


def _tensors(weights: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """The weights but for the old last layer."""
    kept = {name: array for name, array in weights.items() if not name.startswith("_fc.")}
    counters = {name for name in kept if name.endswith("num_batches_tracked")}
    return {
        name: torch.from_numpy(np.array(array.reshape(()) if name in counters else array))
        for name, array in kept.items()
    }
