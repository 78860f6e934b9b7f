"""The model file: an ONNX graph that carries its own description and its golden answers.

Any ONNX runtime runs it as it is; the description and the golden photos are entries of the file's metadata.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import onnx
from google.protobuf.message import DecodeError

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import input_name
from understudy.modalities.graph import GraphBuilder
from understudy.search.assembly import OUTPUT
from understudy.search.description import Description
from understudy.search.golden import golden_photos

DESCRIPTION_KEY = "understudy"
GOLDEN_KEY = "understudy.golden"
TOLERANCE = 0.01
"""How far a golden probability may be off. Models answer in 32 bits, where engines and processors agree to 0.0001."""

Probabilities = npt.NDArray[np.float32]


class ModelUnreadable(UnderstudyError):
    """A file is not a model of Understudy, or a damaged one."""


class ModelBroken(UnderstudyError):
    """A model no longer gives the answers it gave when it was made."""


@dataclass(frozen=True)
class GoldenAnswer:
    """A photo and what the model said to it when it was made.

    Attributes:
        photo: The file's bytes.
        probabilities: In the order of the labels.
    """

    photo: bytes
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class ModelFile:
    """A model file that was read.

    Attributes:
        graph: The whole file's bytes.
        version: SHA-256 of them, in hex.
        description: What it says of itself.
        golden: What it must say again.
    """

    graph: bytes
    version: str
    description: Description
    golden: tuple[GoldenAnswer, ...]


def write_model(graph: GraphBuilder, description: Description) -> bytes:
    """Makes the file. The same graph and description give the same bytes."""
    model = graph.model("understudy")
    plain = Graph(model.SerializeToString(deterministic=True), rows=1, precision="f32")
    golden = [GoldenAnswer(photo, _answer(plain, description, photo)) for photo in golden_photos()]
    onnx.helper.set_model_props(
        model,
        {
            DESCRIPTION_KEY: json.dumps(description.to_json(), ensure_ascii=False, sort_keys=True),
            GOLDEN_KEY: json.dumps(
                [{"photo": base64.b64encode(g.photo).decode(), "probabilities": g.probabilities} for g in golden]
            ),
        },
    )
    return bytes(model.SerializeToString(deterministic=True))


def read_model(data: bytes) -> ModelFile:
    """Reads a model file, without running it.

    Raises:
        ModelUnreadable: It is damaged, or no model of Understudy.
    """
    try:
        properties = {entry.key: entry.value for entry in onnx.load_model_from_string(data).metadata_props}
        description = Description.from_json(json.loads(properties[DESCRIPTION_KEY]))
        golden = tuple(
            GoldenAnswer(base64.b64decode(each["photo"]), tuple(float(p) for p in each["probabilities"]))
            for each in json.loads(properties[GOLDEN_KEY])
        )
    except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        _refuse(error)
    return ModelFile(data, hashlib.sha256(data).hexdigest(), description, golden)


def replay(file: ModelFile, graph: Graph) -> None:
    """Answers the golden photos again.

    Raises:
        ModelBroken: An answer is not what it was.
    """
    for place, golden in enumerate(file.golden):
        now = _answer(graph, file.description, golden.photo)
        gap = float(np.abs(np.subtract(now, golden.probabilities)).max())
        if not gap <= TOLERANCE:
            raise ModelBroken(
                fact="The model does not give the answers it gave when it was made.",
                reason=f"To drawn photo {place + 1} a probability is off by {gap:.3f}, and {TOLERANCE} is allowed.",
                remedy="Copy the file again from where it was exported, or train anew.",
            )


def _answer(graph: Graph, description: Description, photo: bytes) -> tuple[float, ...]:
    squares = decode_photo(photo, description.sizes)
    named = zip(map(input_name, description.sizes), squares, strict=True)
    batch: dict[str, Any] = {name: square[None] for name, square in named}
    return tuple(round(float(value), 7) for value in graph.run(batch)[OUTPUT][0])


def _refuse(error: Exception) -> NoReturn:
    raise ModelUnreadable(
        fact="This file is not a model of Understudy.",
        reason=f"It is damaged or something else ({type(error).__name__}).",
        remedy="Give a file that “understudy export” wrote, or copy it again.",
    ) from error
