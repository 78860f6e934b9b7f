"""The model file: an ONNX graph that carries its own description and its golden answers.

Any ONNX runtime runs it as it is; the description, what preparing an input takes (a tokenizer) and the golden inputs
are entries of the file's metadata.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from google.protobuf.message import DecodeError

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph
from understudy.modalities.graph import GraphBuilder
from understudy.modalities.protocol import Array, Modality, Preparer
from understudy.modalities.registry import modality_named
from understudy.search.description import Description, speech_of
from understudy.search.sketch import Sketch, sketched, what_differs
from understudy.search.speech import Speech

DESCRIPTION_KEY = "understudy"
GOLDEN_KEY = "understudy.golden"
ASSET_KEY = "understudy.asset."
TOLERANCE = 0.01
"""How far a golden probability may be off, or a number in deviations. Models answer in 32 bits, where engines and
processors agree to 0.0001."""

_FAULTS = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What a module raises that is given what another version of it said."""

Probabilities = npt.NDArray[np.float32]


class ModelUnreadable(UnderstudyError):
    """A file is not a model of Understudy, or a damaged one."""


class ModelBroken(UnderstudyError):
    """A model no longer gives the answers it gave when it was made."""


class MadeOtherwise(ModelBroken):
    """A model was made with a module that prepared inputs otherwise than the installed one does."""


class NothingGolden(UnderstudyError):
    """A modality has no golden inputs, by which a model could be known again."""


@dataclass(frozen=True)
class GoldenAnswer:
    """An input and what the model said to it when it was made.

    Attributes:
        data: The input's bytes.
        probabilities: In the order of the labels; or a number, and how far off it is likely to be, in deviations.
        arrays: Of what the preparer made of it, by name.
    """

    data: bytes
    probabilities: tuple[float, ...]
    arrays: Mapping[str, Sketch]

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        arrays = {name: sketch.to_json() for name, sketch in self.arrays.items()}
        return {"input": base64.b64encode(self.data).decode(), "probabilities": self.probabilities, "arrays": arrays}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "GoldenAnswer":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        data = base64.b64decode(given["input"])
        arrays = {str(name): Sketch.from_json(each) for name, each in given["arrays"].items()}
        return cls(data, tuple(float(each) for each in given["probabilities"]), arrays)


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
    """Makes the file. The same graph, description and inputs give the same bytes.

    Raises:
        NothingGolden: There are no golden inputs.
    """
    check_golden(golden_inputs, description.task.modality)
    model = graph.model("understudy")
    plain = Graph(model, rows=1, goal="latency", precision="f32")
    speech = speech_of(description)
    golden = [_golden_answer(plain, preparer, speech, data) for data in golden_inputs]
    properties = onnx.ModelProto()
    onnx.helper.set_model_props(
        properties,
        {
            DESCRIPTION_KEY: json.dumps(description.to_json(), ensure_ascii=False, sort_keys=True),
            GOLDEN_KEY: json.dumps([each.to_json() for each in golden]),
            **{ASSET_KEY + name: base64.b64encode(data).decode() for name, data in sorted(preparer.assets().items())},
        },
    )
    # The parts of a message may follow each other, and what is added comes last in any case.
    return model + bytes(properties.SerializeToString(deterministic=True))


def read_model(data: bytes) -> ModelFile:
    """Reads a model file, without running it.

    Raises:
        ModelUnreadable: It is damaged, or no model of Understudy.
        MadeOtherwise: The modality prepares inputs otherwise than the file says.
        UnknownModality: The modality is not installed.
    """
    try:
        properties = {entry.key: entry.value for entry in onnx.load_model_from_string(data).metadata_props}
        assets = {
            key.removeprefix(ASSET_KEY): base64.b64decode(value)
            for key, value in properties.items()
            if key.startswith(ASSET_KEY)
        }
        description = Description.from_json(json.loads(properties[DESCRIPTION_KEY]))
        golden = tuple(GoldenAnswer.from_json(each) for each in json.loads(properties[GOLDEN_KEY]))
        speech = speech_of(description)
    except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise refusal(error) from error
    if not golden:
        raise refusal(ValueError("no golden inputs"))
    preparer = _remade(modality_named(description.task.modality), description.preparation, assets)
    return ModelFile(data, hashlib.sha256(data).hexdigest(), description, golden, preparer, speech)


def replay(file: ModelFile, graph: Graph) -> None:
    """Prepares and answers the golden inputs again.

    Raises:
        MadeOtherwise: An input is not prepared as it was.
        ModelBroken: An answer is not what it was.
    """
    for place, golden in enumerate(file.golden, start=1):
        arrays = _prepared_again(file, place)
        now = _answer(graph, file.speech, arrays)
        gap = float(np.abs(np.subtract(now, golden.probabilities)).max())
        if not gap <= TOLERANCE:
            raise ModelBroken(
                fact="The model does not give the answers it gave when it was made.",
                reason=f"To golden input {place} an answer is off by {gap:.3f}, and {TOLERANCE} is allowed.",
                remedy="Copy the file again from where it was exported, or train anew.",
            )


def check_golden(inputs: Sequence[bytes], modality: str) -> None:
    """Makes sure that there are golden inputs.

    Raises:
        NothingGolden: There are none.
    """
    if not inputs:
        raise NothingGolden(
            fact=f"The module “{modality}” has no golden inputs.",
            reason="Without them nobody would notice when a model no longer answers as it did.",
            remedy="Let its golden() give two or three small inputs that differ.",
        )


def _golden_answer(graph: Graph, preparer: Preparer, speech: Speech, data: bytes) -> GoldenAnswer:
    arrays = preparer.arrays(data)
    return GoldenAnswer(data, _answer(graph, speech, arrays), sketched(arrays))


def _answer(graph: Graph, speech: Speech, arrays: dict[str, Array]) -> tuple[float, ...]:
    given = graph.run(arrays)
    return tuple(round(float(value), 7) for output in speech.outputs for value in given[output][0])


def _remade(modality: Modality, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> Preparer:
    """The preparer that says of itself what a file's did."""
    try:
        preparer = modality.preparer(described, assets)
        now = json.loads(json.dumps(preparer.described()))
    except _FAULTS as error:
        told = f"{type(error).__name__}: {error}"[:160]
        reason = f"The installed one cannot prepare inputs as the file says ({told})."
        raise _made_otherwise(modality.name, reason) from error
    differing = sorted(name for name in now.keys() | described.keys() if now.get(name) != described.get(name))
    if differing:
        name = differing[0]
        told = f"“{name}” is {str(now.get(name))[:60]} and was {str(described.get(name))[:60]}"
        raise _made_otherwise(modality.name, f"The installed one prepares inputs otherwise: {told}.")
    return preparer


def _prepared_again(file: ModelFile, place: int) -> dict[str, Array]:
    """What the preparer makes of a golden input, where that is what it made of it before."""
    golden, modality = file.golden[place - 1], file.description.task.modality
    try:
        arrays = file.preparer.arrays(golden.data)
        now = sketched(arrays)
    except (UnderstudyError, *_FAULTS) as error:
        reason = f"The installed one cannot prepare golden input {place} ({type(error).__name__}: {str(error)[:160]})."
        raise _made_otherwise(modality, reason) from error
    told = what_differs(now, golden.arrays)
    if told:
        raise _made_otherwise(modality, f"The installed one, or what it reads with, prepares inputs otherwise: {told}.")
    return arrays


def _made_otherwise(modality: str, reason: str) -> MadeOtherwise:
    return MadeOtherwise(
        fact=f"This model was made with another version of the module “{modality}”.",
        reason=reason,
        remedy="Install the version that it was made with; or train anew, once whoever changed the module has raised "
        "the key of its encoder.",
    )


def refusal(error: Exception) -> ModelUnreadable:
    """The error for bytes that are no model file."""
    return ModelUnreadable(
        fact="This file is not a model of Understudy.",
        reason=f"It is damaged or something else ({type(error).__name__}).",
        remedy="Give a file that “understudy export” wrote, or copy it again.",
    )
