"""The Open Inference Protocol's tensors: JSON, and the binary extension.

Source: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol, with its binary tensor
data extension.
"""

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.texts import is_storable
from understudy.web.body import FILES, MISSENT, called_right, from_base64, json_object, whole_number
from understudy.web.errors import BodyTooLarge

INPUT = "photo"
ANY = "input"
"""What the input may be called: as it always was for photos, or as for every kind. Its own kind's name does, too."""
NAMES = (INPUT, ANY, "text", "row", "sound", "video")
MOST = 64
OUTPUTS = {
    "label": "BYTES",
    "probability": "FP32",
    "probabilities": "FP32",
    "ask_person": "BOOL",
    "decision": "BYTES",
    "remarks": "BYTES",
}
_FILE = "each element the bytes of a file, in JSON as base64"
_ANY_ELEMENT = "each element a text, a row as JSON, or the bytes of a file, in JSON as base64"
_ELEMENTS = {
    "text": "each element a text",
    "table": 'each element a row as JSON, {"column": value, …}',
    "interactions": 'each element a JSON object, {"who": "Ann", "history": ["an item", "a later one"]}',
}


class WrongTensor(UnderstudyError):
    """The request's tensors are not those of the model."""


@dataclass(frozen=True)
class InferRequest:
    """What a client asked for.

    Attributes:
        id: The client's own name for the request, or None.
        inputs: What is asked about, 1 to 64.
        outputs: Names of the outputs it wants, in order, and whether each shall be binary.
    """

    id: str | None
    inputs: list[bytes]
    outputs: dict[str, bool]


@dataclass(frozen=True)
class Tensor:
    """An output: BYTES as text, FP32 as float, BOOL as bool; row-major."""

    name: str
    shape: list[int]
    values: Sequence[str | float | bool]


def parse_request(body: bytes, header_length: str | None, kind: str) -> InferRequest:
    """Reads an inference request.

    Args:
        body: The whole body.
        header_length: Of its JSON part, as the header Inference-Header-Content-Length gives it; None when the body
            is JSON only.
        kind: The project's modality.

    Raises:
        UnderstudyError: The request does not follow the protocol, or its tensors are not the model's.
    """
    head, tail = _split(body, header_length)
    request = json_object(head)
    inputs = request.get("inputs")
    if not isinstance(inputs, list) or len(inputs) != 1 or not isinstance(inputs[0], dict):
        raise _wrong("The request does not have exactly one input.")
    identity = request.get("id")
    if isinstance(identity, str) and not is_storable(identity):
        raise _wrong("Its id holds half a character, or one that is no text.")
    return InferRequest(
        identity if isinstance(identity, str) else None, _elements_of(inputs[0], tail, kind), _wanted(request)
    )


def called(kind: str) -> str:
    """What the input of a kind is called here."""
    return INPUT if kind == INPUT else ANY


@contextmanager
def told_for(kind: str) -> Iterator[None]:
    """Whoever sends a request that holds no input is told how one of this kind is sent to this address.

    Raises:
        UnderstudyError: One of `MISSENT`, `BodyTooLarge`, or of wrong tensors, as it was met within.
    """
    try:
        yield
    except (WrongTensor, *MISSENT) as error:
        raise type(error)(fact=error.fact, reason=error.reason, remedy=_remedy(kind)) from error
    except BodyTooLarge as error:
        raise BodyTooLarge(
            fact=error.fact, reason=error.reason, remedy="Send fewer inputs in one request, or smaller ones."
        ) from error


def write_response(
    head: dict[str, Any], tensors: Sequence[Tensor], wanted: Mapping[str, bool]
) -> tuple[bytes, int | None]:
    """Writes an inference response.

    Returns:
        The body, and the length of its JSON part when binary data follow it.
    """
    by_name = {tensor.name: tensor for tensor in tensors}
    outputs: list[dict[str, Any]] = []
    chunks: list[bytes] = []
    for name, binary in wanted.items():
        tensor = by_name[name]
        output: dict[str, Any] = {"name": name, "datatype": OUTPUTS[name], "shape": tensor.shape}
        if binary:
            raw = _raw(tensor)
            output["parameters"] = {"binary_data_size": len(raw)}
            chunks.append(raw)
        else:
            output["data"] = list(tensor.values)
        outputs.append(output)
    text = json.dumps({**head, "outputs": outputs}, ensure_ascii=False).encode()
    if not chunks:
        return text, None
    return b"".join([text, *chunks]), len(text)


def _split(body: bytes, header_length: str | None) -> tuple[bytes, bytes]:
    if header_length is None:
        return body, b""
    length = whole_number(header_length)
    if length is None or length > len(body):
        raise _wrong("Inference-Header-Content-Length is not a length within the body.")
    return body[:length], body[length:]


def _elements_of(tensor: dict[str, Any], tail: bytes, kind: str) -> list[bytes]:
    name = tensor.get("name")
    if name not in (*NAMES, kind) or tensor.get("datatype") != "BYTES":
        raise _wrong(f"The input is not called “{called(kind)}”, or is not of datatype BYTES.")
    if not called_right(name, kind):
        raise _wrong(f"“{name}” is what an input of another kind than this project’s is called.")
    count = _count(tensor.get("shape"))
    parameters = tensor.get("parameters")
    size = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
    if size is not None:
        if type(size) is not int or size != len(tail):
            raise _wrong("binary_data_size is not the number of bytes that follow the JSON.")
        found = _elements(tail)
    else:
        data = tensor.get("data")
        if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
            raise _wrong("The input has neither binary data nor a flat list of texts as its data.")
        found = [_said(item, name, kind) for item in data]
    if len(found) != count:
        raise _wrong(f"The shape says {count} and {len(found)} came.")
    return found


def _said(item: str, name: str, kind: str) -> bytes:
    """An element as JSON holds it: texts and objects as they are, all else in base64, which never begins with “{”."""
    plain = kind == "text" or name in {"text", "row"} or (kind not in FILES and item.lstrip().startswith("{"))
    return item.encode("utf-8", "surrogatepass") if plain else from_base64(item)


def _count(shape: object) -> int:
    if not isinstance(shape, list) or len(shape) != 1 or type(shape[0]) is not int:
        raise _wrong("The input's shape is not [n].")
    if not 1 <= shape[0] <= MOST:
        raise _wrong(f"A request may hold 1 to {MOST} inputs.")
    return shape[0]


def _elements(raw: bytes) -> list[bytes]:
    elements: list[bytes] = []
    at = 0
    while at < len(raw):
        if at + 4 > len(raw):
            raise _wrong("The binary data end within a length.")
        (length,) = struct.unpack_from("<I", raw, at)
        at += 4
        if at + length > len(raw):
            raise _wrong("The binary data end within an input.")
        elements.append(raw[at : at + length])
        at += length
    return elements


def _wanted(request: dict[str, object]) -> dict[str, bool]:
    parameters = request.get("parameters")
    everything = bool(parameters.get("binary_data_output")) if isinstance(parameters, dict) else False
    outputs = request.get("outputs")
    if outputs is None or outputs == []:
        return dict.fromkeys(OUTPUTS, everything)
    if not isinstance(outputs, list):
        raise _wrong("The outputs are not a list.")
    wanted: dict[str, bool] = {}
    for output in outputs:
        name = output.get("name") if isinstance(output, dict) else None
        if not isinstance(name, str) or name not in OUTPUTS:
            raise _wrong(f"An output asked for is none of {', '.join(OUTPUTS)}.")
        own = output.get("parameters")
        wanted[name] = bool(own.get("binary_data", everything)) if isinstance(own, dict) else everything
    return wanted


def _raw(tensor: Tensor) -> bytes:
    datatype = OUTPUTS[tensor.name]
    if datatype == "BYTES":
        texts = [str(value).encode() for value in tensor.values]
        return b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return np.asarray(tensor.values, dtype="<f4" if datatype == "FP32" else "?").tobytes()


def _wrong(reason: str) -> WrongTensor:
    return WrongTensor(fact="The request was not answered.", reason=reason, remedy=_remedy(""))


def _remedy(kind: str) -> str:
    elements = _ELEMENTS.get(kind) or (_FILE if kind else _ANY_ELEMENT)
    return f"Send one input “{called(kind)}” of datatype BYTES and shape [n], {elements}."
