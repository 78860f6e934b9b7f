"""What a client asks with a request: the input, what it calls the request, whose data it is, how long it waits."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from understudy.domain.texts import is_storable
from understudy.web.body import MISSENT, SMALLER, send_so, sent_in
from understudy.web.context import Context
from understudy.web.errors import BodyTooLarge, WrongParameter

P = ParamSpec("P")
T = TypeVar("T")
LARGE: Final = 200_000
"""Bytes of a body from which on it takes long to read."""
LONGEST_KEY = 200
LONGEST_SUBJECT = 200
LONGEST_WAIT = 3600.0
"""Seconds beyond which a wait is taken for a mistake; how long is really waited is a setting of the project."""

PREFERRED_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?:[;,]|$)", re.IGNORECASE)
UNSHOWN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Asked:
    """One question as it was sent.

    Attributes:
        data: The encoded input, not empty.
        key: What the client calls the request, or None.
        subject: Whose data it is, in the client's words, or None.
        wait: Seconds for which it holds the connection until a person answers.
    """

    data: bytes
    key: str | None
    subject: str | None
    wait: float


def asked_in(request: Request, body: bytes, kind: str) -> Asked:
    """Reads a question: headers go before fields of the body, and these before the address.

    Args:
        request: With its headers and address.
        body: Its whole body, not empty.
        kind: The project's modality.

    Raises:
        UnderstudyError: The body cannot be read, or a parameter cannot be what it is.
    """
    headers, query = request.headers, query_of(request)
    sent = sent_in(body, headers.get("content-type", ""), kind)
    key = headers.get("idempotency-key") or sent.fields.get("key") or query.get("key")
    return Asked(
        data=sent.data,
        key=_text("key", _unquoted(key), LONGEST_KEY),
        subject=_text("subject", sent.fields.get("subject") or query.get("subject"), LONGEST_SUBJECT),
        wait=wait_of(headers.get("prefer"), query),
    )


@asynccontextmanager
async def telling_how(context: Context, project: str) -> AsyncIterator[None]:
    """Whoever sends what holds no input, or too much, is told what to do with one of the project's own kind.

    Raises:
        UnderstudyError: One of `MISSENT`, or `BodyTooLarge`, as it was met within.
        UnknownProject: No such project.
    """
    try:
        yield
    except MISSENT as error:
        kind = await kind_of(context, project)
        raise type(error)(fact=error.fact, reason=error.reason, remedy=send_so(kind)) from error
    except BodyTooLarge as error:
        kind = await kind_of(context, project)
        raise BodyTooLarge(fact=error.fact, reason=error.reason, remedy=SMALLER.get(kind, error.remedy)) from error


async def kind_of(context: Context, project: str) -> str:
    """The project's modality, at once where it is in memory.

    Raises:
        UnknownProject: No such project.
    """
    kind = context.kinds.known(project)
    return await run_in_threadpool(context.kinds.of, project) if kind is None else kind


async def understood(size: int, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `read` makes of a body: of a large one beside the loop, so that nobody else is kept waiting.

    Args:
        size: The body's, in bytes.
        read: Reads it.
        args: What it takes.
        kwargs: Likewise.
    """
    if size <= LARGE:
        return read(*args, **kwargs)
    return await run_in_threadpool(read, *args, **kwargs)


def query_of(request: Request) -> Mapping[str, str]:
    """The query of the address; the last of a name counts."""
    raw: bytes = request.scope["query_string"]
    return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if raw else {}


def wait_of(prefer: str | None, query: Mapping[str, str]) -> float:
    """For how long a client holds its connection, in seconds; 0.0 where it does not.

    Args:
        prefer: The header Prefer (RFC 7240), whose preferences may be ignored.
        query: The address' query; its "wait" goes first.

    Raises:
        WrongParameter: "wait" in the address is no number of seconds.
    """
    text = query.get("wait")
    if text is not None:
        return _seconds(text)
    found = PREFERRED_WAIT.search(prefer) if prefer else None
    return min(float(found[1]), LONGEST_WAIT) if found else 0.0


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= LONGEST_WAIT:
        raise WrongParameter(
            fact="The request was not understood.",
            reason=f"“wait” is “{text[:40]}”, which is no number of seconds from 0 to {LONGEST_WAIT:g}.",
            remedy="Give whole seconds, for example ?wait=20, or leave it out.",
        )
    return seconds


def _unquoted(key: object) -> object:
    """A key as its client means it: the header's standard has it in quotation marks, most clients leave them out."""
    return key[1:-1] if isinstance(key, str) and len(key) > 2 and key[0] == key[-1] == '"' else key


def _text(name: str, value: object, longest: int) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest or UNSHOWN.search(value) or not is_storable(value):
        raise WrongParameter(
            fact="The request was not understood.",
            reason=f"Its “{name}” is no text of at most {longest} characters on one line.",
            remedy="Send a short text, for example an order’s number, or leave it out.",
        )
    return value
