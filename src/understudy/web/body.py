"""Gets the photo out of a request: a form, JSON, or the bare file."""

import binascii
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import Message

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser
from starlette.requests import Request

from understudy.web.errors import (
    BodyTooLarge,
    BrokenForm,
    BrokenJson,
    EmptyRequest,
    UnsupportedBody,
    WrongPhotoField,
)

MAX_PARTS = 64
MAX_HEADER = 8192
SEND_IT_SO = (
    "Send the photo as a form field “photo”, as JSON {“photo”: base64}, or as the bare file with its image type."
)


async def read_body(request: Request, *, limit: int) -> bytes:
    """Reads a request's body, holding at most `limit` bytes of it.

    Raises:
        BodyTooLarge: The body is longer, by its own word or in fact.
        EmptyRequest: It has no byte.
    """
    stream = request.stream()
    chunks: list[bytes] = []
    size = 0
    too_large = _declared(request) > limit
    async for chunk in stream:
        size += len(chunk)
        if too_large or size > limit:
            chunks.clear()
            await _drain(stream, allowance=limit)
            raise _too_large(limit)
        chunks.append(chunk)
    if not size:
        raise _empty()
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def photo_in(body: bytes, content_type: str) -> bytes:
    """Finds the photo in a body.

    Args:
        body: The request's whole body, not empty.
        content_type: Its Content-Type header.

    Returns:
        The encoded photo, not empty; whether it is one is for the model to say.

    Raises:
        UnderstudyError: The body holds none, is broken, or is of another type.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        photo = _photo_in_form(body, content_type)
    elif kind == "application/json" or kind.endswith("+json"):
        photo = _photo_in_json(body)
    elif kind.startswith("image/") or kind == "application/octet-stream":
        photo = body
    else:
        raise UnsupportedBody(
            fact="The photo was not read.",
            reason=f"A body of type “{kind[:60]}” is none that is read here." if kind else "The body has no type.",
            remedy=SEND_IT_SO,
        )
    if not photo:
        raise _empty()
    return photo


def photo_from_base64(text: str) -> bytes:
    """Decodes base64 or a base64 data URL.

    Raises:
        WrongPhotoField: It is neither.
    """
    head, comma, rest = text.partition(",")
    if head.startswith("data:"):
        if not comma or not head.endswith(";base64"):
            raise _wrong_field("The data URL does not say that it is base64.")
        text = rest
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise _wrong_field("The text is not valid base64.") from error


def json_value(body: bytes) -> object:
    """Reads JSON that is no photo.

    Raises:
        BrokenJson: It is not JSON.
    """
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenJson(
            fact="The request was not read.",
            reason="Its body is not valid JSON.",
            remedy="Send JSON; the reference at /docs shows it.",
        ) from error
    return value


def json_object(body: bytes) -> dict[str, object]:
    """Reads a JSON object.

    Raises:
        BrokenJson: It is not JSON.
        WrongPhotoField: It is JSON, but no object.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenJson(
            fact="The request was not read.", reason="Its body is not valid JSON.", remedy=SEND_IT_SO
        ) from error
    if not isinstance(value, dict):
        raise _wrong_field("The JSON is not an object.")
    return value


def _photo_in_json(body: bytes) -> bytes:
    photo = json_object(body).get("photo")
    if not isinstance(photo, str):
        raise _wrong_field("The JSON has no text under “photo”.")
    return photo_from_base64(photo)


@dataclass
class _Part:
    name: str = ""
    filename: str | None = None
    data: bytearray = field(default_factory=bytearray)


class _Form:
    """Collects the parts of a form as the parser meets them."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.ended = False
        self._field = bytearray()
        self._value = bytearray()

    def begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise FormParserError("too many parts")
        self.parts.append(_Part())

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        if len(self._value) > MAX_HEADER:
            raise FormParserError("a header is too long")

    def header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            header = Message()
            header["content-disposition"] = self._value.decode("utf-8", "replace").replace("\r", "").replace("\n", "")
            name = header.get_param("name", "", "content-disposition")
            self.parts[-1].name = name if isinstance(name, str) else ""
            self.parts[-1].filename = header.get_filename()
        self._field.clear()
        self._value.clear()

    def part_data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].data += memoryview(data)[start:end]

    def end(self) -> None:
        self.ended = True

    def photo(self) -> bytes:
        files = [part for part in self.parts if part.filename is not None and part.data]
        named = [part for part in self.parts if part.name == "photo" and part.data]
        chosen = next((part for part in files if part.name == "photo"), None) or next(iter(files + named), None)
        return bytes(chosen.data) if chosen else b""


def _photo_in_form(body: bytes, content_type: str) -> bytes:
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise _broken_form("Its type names no boundary between the fields.")
    form = _Form()
    try:
        parser = MultipartParser(
            boundary.encode("latin-1"),
            {
                "on_part_begin": form.begin,
                "on_header_field": form.header_field,
                "on_header_value": form.header_value,
                "on_header_end": form.header_end,
                "on_part_data": form.part_data,
                "on_end": form.end,
            },
        )
        parser.write(body)
        parser.finalize()
    except (FormParserError, UnicodeError) as error:
        raise _broken_form("It does not follow the form it claims to have.") from error
    if not form.ended:
        raise _broken_form("It ends before its last field does.")
    return form.photo()


def whole_number(text: str) -> int | None:
    """A length as a header gives it, or None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def _declared(request: Request) -> int:
    return whole_number(request.headers.get("content-length", "")) or 0


async def _drain(stream: AsyncIterator[bytes], *, allowance: int) -> None:
    """Reads on without keeping anything, so that an ordinary client gets to read the answer."""
    async for chunk in stream:
        allowance -= len(chunk)
        if allowance < 0:
            return


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(
        fact="The photo was not read.",
        reason=f"The request is larger than {limit / 1e6:.0f} MB, which is as large as one may be.",
        remedy="Send a smaller version of the photo; 1,000 pixels a side are plenty.",
    )


def _empty() -> EmptyRequest:
    return EmptyRequest(fact="There is no photo to look at.", reason="The request came without one.", remedy=SEND_IT_SO)


def _wrong_field(reason: str) -> WrongPhotoField:
    return WrongPhotoField(fact="The photo was not read.", reason=reason, remedy=SEND_IT_SO)


def _broken_form(reason: str) -> BrokenForm:
    return BrokenForm(fact="The form was not read.", reason=reason, remedy=SEND_IT_SO)
