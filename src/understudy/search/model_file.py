"""The model file: an ONNX graph that carries its own description and its golden answers.

Any ONNX runtime runs it as it is; the description, what preparing an input takes (a tokenizer) and the golden inputs
are entries of the file's metadata.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnx
from google.protobuf.message import DecodeError

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph
from understudy.modalities.graph import GraphBuilder
from understudy.modalities.protocol import Array, Preparer
from understudy.modalities.registry import modality_named
from understudy.search.description import Description, speech_of
from understudy.search.speech import Speech

DESCRIPTION_KEY = "understudy"
GOLDEN_KEY = "understudy.golden"
ASSET_KEY = "understudy.asset."
TOLERANCE = 0.01
"""How far a golden probability may be off, or a number in deviations. Models answer in 32 bits, where engines and
processors agree to 0.0001."""

Probabilities = npt.NDArray[np.float32]


class ModelUnreadable(UnderstudyError):
    """A file is not a model of Understudy, or a damaged one."""


class ModelBroken(UnderstudyError):
    """A model no longer gives the answers it gave when it was made."""


@dataclass(frozen=True)
class GoldenAnswer:
    """An input and what the model said to it when it was made.

    Attributes:
        data: The input's bytes.
        probabilities: In the order of the labels; or a number, and how far off it is likely to be, in deviations.
    """

    data: bytes
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class ModelFile:
    """A model file that was read.

    Attributes:
        graph: The whole file's bytes.
        version: SHA-256 of them, in hex.
        description: What it says of itself.
        golden: What it must say again.
        preparer: Makes an input ready for the graph.
        speech: How what the graph says becomes an answer.
    """

    graph: bytes
    version: str
    description: Description
    golden: tuple[GoldenAnswer, ...]
    preparer: Preparer
    speech: Speech


def write_model(
    graph: GraphBuilder, description: Description, preparer: Preparer, golden_inputs: Sequence[bytes]
) -> bytes:
    """Makes the file. The same graph, description and inputs give the same bytes."""
    model = graph.model("understudy")
    plain = Graph(model, rows=1, goal="latency", precision="f32")
    speech = speech_of(description)
    golden = [GoldenAnswer(data, _answer(plain, preparer, speech, data)) for data in golden_inputs]
    properties = onnx.ModelProto()
    onnx.helper.set_model_props(
        properties,
        {
            DESCRIPTION_KEY: json.dumps(description.to_json(), ensure_ascii=False, sort_keys=True),
            GOLDEN_KEY: json.dumps(
                [{"input": base64.b64encode(g.data).decode(), "probabilities": g.probabilities} for g in golden]
            ),
            **{ASSET_KEY + name: base64.b64encode(data).decode() for name, data in sorted(preparer.assets().items())},
        },
    )
    # The parts of a message may follow each other, and what is added comes last in any case.
    return model + bytes(properties.SerializeToString(deterministic=True))


def read_model(data: bytes) -> ModelFile:
    """Reads a model file, without running it.

    Raises:
        ModelUnreadable: It is damaged, or no model of Understudy.
    """
    try:
        properties = {entry.key: entry.value for entry in onnx.load_model_from_string(data).metadata_props}
        assets = {
            key.removeprefix(ASSET_KEY): base64.b64decode(value)
            for key, value in properties.items()
            if key.startswith(ASSET_KEY)
        }
        description = Description.from_json(json.loads(properties[DESCRIPTION_KEY]))
        golden = tuple(
            GoldenAnswer(
                base64.b64decode(each.get("input") or each["photo"]), tuple(float(p) for p in each["probabilities"])
            )
            for each in json.loads(properties[GOLDEN_KEY])
        )
        preparer = modality_named(description.task.modality).preparer(description.preparation, assets)
        speech = speech_of(description)
    except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise refusal(error) from error
    return ModelFile(data, hashlib.sha256(data).hexdigest(), description, golden, preparer, speech)


def replay(file: ModelFile, graph: Graph) -> None:
    """Answers the golden inputs again.

    Raises:
        ModelBroken: An answer is not what it was.
    """
    for place, golden in enumerate(file.golden):
        now = _answer(graph, file.preparer, file.speech, golden.data)
        gap = float(np.abs(np.subtract(now, golden.probabilities)).max())
        if not gap <= TOLERANCE:
            raise ModelBroken(
                fact="The model does not give the answers it gave when it was made.",
                reason=f"To golden input {place + 1} an answer is off by {gap:.3f}, and {TOLERANCE} is allowed.",
                remedy="Copy the file again from where it was exported, or train anew.",
            )


def _answer(graph: Graph, preparer: Preparer, speech: Speech, data: bytes) -> tuple[float, ...]:
    batch: dict[str, Array] = preparer.arrays(data)
    given = graph.run(batch)
    return tuple(round(float(value), 7) for output in speech.outputs for value in given[output][0])


def refusal(error: Exception) -> ModelUnreadable:
    """The error for bytes that are no model file."""
    return ModelUnreadable(
        fact="This file is not a model of Understudy.",
        reason=f"It is damaged or something else ({type(error).__name__}).",
        remedy="Give a file that “understudy export” wrote, or copy it again.",
    )
