"""Gets the input out of a request: a form, JSON, or the bare file."""

import binascii
import json
import math
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from understudy.domain.task import number_in
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.web.charset import in_utf8
from understudy.web.errors import BodyTooLarge, BrokenForm, BrokenJson, EmptyRequest, UnsupportedBody, WrongInputField
from understudy.web.multipart import MAX_PARTS, Part, parts_of

FILE_FIELDS = ("photo", "sound", "video", "file", "input")
"""What the field of an input that is a file may be called: by its kind, or as for every kind. Base64 in JSON."""
TEXT_FIELD, ROW_FIELD, CELL = "text", "row", "cell."
"""Fields of a text, of a row as JSON, and what stands before a column's name where each cell is a field of its own."""
WHO, HAD = "history.who", "history.items"
"""Fields of a form that ask about somebody: who, and what they had so far, an item a line."""
RATED = " = "
"""Stands between an item and how it was rated."""
INPUT_FIELDS = (*FILE_FIELDS, TEXT_FIELD, ROW_FIELD)
MEANT = {"photo": "photo", "sound": "sound", "video": "video", TEXT_FIELD: "text", ROW_FIELD: "table"}
"""Which kind of input a field's name says; names that are not here fit every kind."""
OBJECTS = frozenset({"table", "interactions"})
KINDS = frozenset({*MEANT.values(), *OBJECTS})
"""Kinds whose inputs are objects in JSON, and all whose names are known here; other packages may add more, which are
sent under their own names."""
BARE = {"image": {"photo"}, "audio": {"sound", "video"}, "video": {"sound", "video"}}
"""Files that are sent bare, by how their media type begins, and of which kind they may be; one of another package may
be of any."""
FILE_TYPE, TEXT_TYPE = "application/octet-stream", "text/plain"
FORM_TYPE, TYPED_FORM_TYPE = "multipart/form-data", "application/x-www-form-urlencoded"
"""Of a form that can hold files, and of one that holds what was typed."""
FILES = frozenset({"photo", "sound", "video"})
"""Kinds whose inputs are files."""

SEND_IT_SO = (
    'Send it as a form field (“photo”, “sound”, “video”, “file”, “text”, “row”), as JSON ({"text": "…"}, '
    '{"row": {…}}, {"file": base64}, {"input": {"who": "…", "history": […]}}), or as the bare file with its media type.'
)
_FILE = 'Send the file as the form field “{0}”, as JSON {{"{0}": base64}}, or bare with its media type.'
SEND_SO = {
    **{kind: _FILE.format(kind) for kind in ("photo", "sound", "video")},
    "text": 'Send the text as JSON {"text": "…"}, as the form field “text”, or bare as text/plain.',
    "table": 'Send the row as JSON {"row": {"column": value, …}}, or as the form field “row” with such an object.',
    "interactions": 'Send what somebody had, oldest first, as JSON {"input": {"who": "Ann", "history": ["an item", "a '
    'later one"]}}; where a rating or a time is known, an item is [item, rating or null, time or null].',
}
"""How an input is sent, by its kind."""
SMALLER = {
    "photo": "Send a smaller version; 1,000 pixels a side are plenty.",
    "sound": "Send less of it, or a compressed version; a few minutes are plenty.",
    "video": "Send less of it, or a compressed version; a few minutes are plenty.",
    "text": "Send the part that the decision is about.",
    "table": "Send one row, with the columns of the table that was added and no others.",
    "interactions": "Send what they had last, and leave out what lies long ago.",
}
"""What to do where an input is too large, by its kind."""
SEND_LESS = "Send a smaller one, or a part of it."
MISSENT = (BrokenForm, BrokenJson, EmptyRequest, UnsupportedBody, WrongInputField)
"""What is raised where a body holds no input."""


async def read_body(request: Request, *, limit: int) -> bytes:
    """Reads a request's body, holding at most `limit` bytes of it.

    Raises:
        BodyTooLarge: The body is longer, by its own word or in fact.
        EmptyRequest: It has no byte.
    """
    first = await request.receive()
    body: bytes = first.get("body", b"")
    if 0 < len(body) <= limit and not first.get("more_body", False):
        return body  # in one piece, as nearly all come
    return await _gathered(_chunks(request, first), limit, too_large=_declared(request) > limit)


async def _gathered(stream: AsyncIterator[bytes], limit: int, *, too_large: bool) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if too_large or size > limit:
            chunks.clear()
            await _drain(stream, allowance=limit)
            raise _too_large(limit)
        chunks.append(chunk)
    if not size:
        raise _empty()
    return b"".join(chunks)


async def _chunks(request: Request, message: Message) -> AsyncIterator[bytes]:
    """A body's parts, from its first message on.

    Raises:
        ClientDisconnect: The client went away before it had sent all.
    """
    while message["type"] != "http.disconnect":
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
        message = await request.receive()
    raise ClientDisconnect


@dataclass(frozen=True)
class Sent:
    """What a body holds.

    Attributes:
        data: The encoded input, not empty; whether it is one is for the model to say.
        fields: What was sent beside it, by name: texts, or what JSON holds.
    """

    data: bytes
    fields: Mapping[str, object] = field(default_factory=dict)


async def read_text(request: Request, *, limit: int) -> bytes:
    """Reads a body that holds no input: a form's fields, JSON, a table.

    Raises:
        BodyTooLarge: It is longer.
        EmptyRequest: There is none.
    """
    try:
        return await read_body(request, limit=limit)
    except EmptyRequest as error:
        raise EmptyRequest(
            fact="The request was not read.",
            reason="It came without a body.",
            remedy="Send the form from its page; what programs send stands at /docs.",
        ) from error
    except BodyTooLarge as error:
        raise BodyTooLarge(
            fact="The request was not read.",
            reason=f"It is larger than {limit / 1000:,.0f} kB, which is as large as one of this kind may be.",
            remedy="Send less at a time.",
        ) from error


def sent_in(body: bytes, content_type: str, kind: str) -> Sent:
    """Finds the input in a body, and what was sent beside it.

    Args:
        body: The request's whole body, not empty.
        content_type: Its Content-Type header.
        kind: The project's modality.

    Raises:
        UnderstudyError: The body holds no input, several, or one that is called something else; is broken, or is of
            another type.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media == FORM_TYPE:
        sent = _sent_in_form(parts_of(body, content_type, remedy=SEND_IT_SO), kind)
    elif media == TYPED_FORM_TYPE and kind not in FILES and (typed := _typed(body, kind)):
        sent = _sent_in_form(typed, kind)
    elif media == "application/json" or media.endswith("+json"):
        sent = _sent_in_json(body, kind)
    elif media == TEXT_TYPE and kind in KINDS:
        sent = Sent(in_utf8(body, content_type, remedy=SEND_IT_SO))
    elif media == FILE_TYPE or _may_be(media, kind):
        sent = Sent(body)
    else:
        raise UnsupportedBody(
            fact="The input was not read.",
            reason=f"A body of type “{media[:60]}” is none that is read here." if media else "The body has no type.",
            remedy=SEND_IT_SO,
        )
    if not sent.data:
        raise _empty()
    return sent


def input_in(body: bytes, content_type: str, kind: str) -> bytes:
    """The input alone; see `sent_in`."""
    return sent_in(body, content_type, kind).data


def fields_of(kind: str) -> tuple[str, ...]:
    """What the field of an input may be called: one that another package offers goes by its own name, too."""
    return INPUT_FIELDS if kind in KINDS or not kind else (*INPUT_FIELDS, kind)


def called_right(name: str, kind: str) -> bool:
    """Whether an input of this kind may be called so."""
    meant = "table" if name.startswith(CELL) else "interactions" if name in {WHO, HAD} else MEANT.get(name)
    return meant in {None, kind} or kind not in KINDS


def send_so(kind: str) -> str:
    """How an input is sent: of a kind that another package offers, as files are; of none, in all ways there are."""
    return SEND_SO.get(kind) or (_FILE.format(kind) if kind else SEND_IT_SO)


def from_base64(text: str) -> bytes:
    """Decodes base64 or a base64 data URL.

    Raises:
        WrongInputField: It is neither.
    """
    head, comma, rest = text.partition(",")
    if head.startswith("data:"):
        if not comma or not head.endswith(";base64"):
            raise _wrong_field("The data URL does not say that it is base64.")
        text = rest
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise _wrong_field("A text in that field is read as a file in base64, and this is none.") from error


def json_value(body: bytes) -> object:
    """Reads JSON that is no input.

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
        WrongInputField: It is JSON, but no object, or one in which a name comes again.
    """
    try:
        value = json.loads(body, object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError) as error:
        raise BrokenJson(
            fact="The request was not read.", reason="Its body is not valid JSON.", remedy=SEND_IT_SO
        ) from error
    if not isinstance(value, dict):
        raise _wrong_field("The JSON is not an object.")
    return value


def _may_be(media: str, kind: str) -> bool:
    if kind not in KINDS:
        return media not in {"", TYPED_FORM_TYPE}
    return kind in BARE.get(media.partition("/")[0], ())


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise _wrong_field(f"“{twice[:40]}” stands more than once in an object of the JSON, and one of them is meant.")
    return found


def _sent_in_json(body: bytes, kind: str) -> Sent:
    value = json_object(body)
    fields = fields_of(kind)
    there = [name for name in fields if name in value]
    named = [name for name in there if value[name] is not None] or there[:1]
    if not named:
        raise _wrong_field("The JSON has none of the fields that an input is sent in.")
    _check(named, kind)
    beside = {name: value[name] for name in value if name not in fields}
    return Sent(_input_of(named[0], value[named[0]], kind), beside)


def _check(named: Sequence[str], kind: str) -> None:
    """Refuses several inputs, of which all but one would be dropped, and one that is called another kind."""
    if len(named) > 1:
        told = ", ".join(f"“{name[:40]}”" for name in named[:4])
        raise _wrong_field(f"{len(named)} inputs came ({told}), and one is asked about at a time.")
    wrong = next((name for name in named if not called_right(name, kind)), None)
    if wrong is not None:
        raise _wrong_field(f"“{wrong[:40]}” is what an input of another kind than this project’s is called.")


def _input_of(name: str, given: object, kind: str) -> bytes:
    """The input's bytes: a text as it is, a row or a history as JSON, anything else from base64."""
    objects = kind in OBJECTS or kind not in KINDS
    if objects and isinstance(given, dict):
        return json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
    if not isinstance(given, str):
        raise _wrong_field(f"The JSON has {'neither a text nor an object' if objects else 'no text'} under “{name}”.")
    return given.encode("utf-8", "surrogatepass") if name in {TEXT_FIELD, ROW_FIELD} else from_base64(given)


def _typed(body: bytes, kind: str) -> list[Part]:
    """The fields of a form without files; none where no input is in it: clients call other bodies so by default."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_PARTS)
    except ValueError:
        return []
    asks = any(name in {*fields_of(kind), WHO, HAD} or name.startswith(CELL) for name, _ in pairs)
    return [Part(name, None, bytearray(said.encode())) for name, said in pairs] if asks else []


def _sent_in_form(parts: Sequence[Part], kind: str) -> Sent:
    fields = fields_of(kind)
    chosen = [part for part in parts if part.data and (part.filename is not None or part.name in fields)]
    cells = _once([part for part in parts if part.name.startswith(CELL)])
    had = _once([part for part in parts if part.name in {WHO, HAD}])
    _check([*(part.name for part in chosen), *list(cells)[:1], *list(had)[:1]], kind)
    beside = {
        part.name: part.text for part in parts if part.filename is None and part.name not in {*fields, *cells, *had}
    }
    if cells:
        row = {name.removeprefix(CELL): cell for name, cell in cells.items()}
        return Sent(json.dumps(row, ensure_ascii=False).encode(), beside)
    return Sent(_history(had) if had else bytes(chosen[0].data) if chosen else b"", beside)


def _once(parts: Sequence[Part]) -> dict[str, str]:
    """What was typed into the fields of one input, by their names."""
    typed = {part.name: part.text for part in parts}
    if len(typed) < len(parts):
        twice = next(name for name, count in Counter(part.name for part in parts).items() if count > 1)
        raise _wrong_field(f"“{twice[:40]}” came more than once.")
    return typed


def _history(typed: dict[str, str]) -> bytes:
    """What somebody had, as it was typed, as the bytes of a question; of who is named alone nothing is said of it."""
    lines = [line for line in (each.strip() for each in typed.get(HAD, "").splitlines()) if line]
    who = typed.get(WHO, "").strip()
    if who and not lines:
        return json.dumps({"who": who}, ensure_ascii=False).encode("utf-8", "replace")
    return question_bytes(Question(who, tuple(_event(line) for line in lines)))


def _event(line: str) -> Event:
    """An item, and its rating where a number stands behind the last sign of equality."""
    item, _, rating = line.rpartition(RATED)
    value = number_in(rating)
    return Event(line) if not item or not math.isfinite(value) else Event(item.strip(), value)


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
        fact="The input was not read.",
        reason=f"The request is larger than {_size(limit)}, which is as large as one may be.",
        remedy=SEND_LESS,
    )


def _size(limit: int) -> str:
    return f"{limit / (1 << 20):.0f} MiB" if limit >= 1 << 20 else f"{limit / 1000:,.0f} kB"


def _empty() -> EmptyRequest:
    return EmptyRequest(
        fact="There is nothing to answer about.", reason="The request came without an input.", remedy=SEND_IT_SO
    )


def _wrong_field(reason: str) -> WrongInputField:
    return WrongInputField(fact="The input was not read.", reason=reason, remedy=SEND_IT_SO)
