"""The wire: a response leaves in one piece.

The web server writes a response's head and its body one after the other, each at once, which is two system calls and
two packets where one would do. Here what is written in one turn of the event loop is gathered and goes together.
"""

import asyncio
from typing import Any

from starlette.types import Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

OK = b"HTTP/1.1 200 OK\r\n"
LARGE = 65_536
"""Bytes that are sent at once, however soon more may come."""


class Gathering:
    """A transport that gathers what is written in one turn of the loop; all else it leaves to the real one.

    Args:
        transport: The real one.
        loop: Whose turns count.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._later = loop.call_soon
        self._parts: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Takes data that is to be sent."""
        if not self._parts:
            self._later(self._send)
        self._parts.append(data)
        self._size += len(data)
        if self._size >= LARGE:
            self._send()  # so that the transport can say when its receiver is too slow

    def close(self) -> None:
        """Sends what was taken, and closes."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        parts, self._parts, self._size = self._parts, [], 0
        if parts and not self._transport.is_closing():
            self._transport.write(parts[0] if len(parts) == 1 else b"".join(parts))


class OnePiece(HttpToolsProtocol):
    """The web server's own protocol over such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins a connection."""
        super().connection_made(Gathering(transport, self.loop))  # type: ignore[arg-type]


def send_whole(send: Send, head: bytes, body: bytes) -> bool:
    """Sends a response of 200 whole, if the web server's own `send` is at hand and nothing speaks against it.

    To look through each of a dozen headers takes the web server as long as a small model takes for its answer.

    Args:
        send: As the app was given it.
        head: Header lines, each with its end, among them the right content-length and nothing of the connection.
        body: The body.

    Returns:
        Whether it was sent. If not, nothing was, and it has to be sent the usual way.
    """
    cycle = getattr(send, "__self__", None)
    if not isinstance(cycle, RequestResponseCycle) or not _is_free(cycle):
        return False
    given = b"".join([b"%b: %b\r\n" % each for each in cycle.default_headers])
    cycle.transport.write(b"".join((OK, given, head, b"\r\n", body)))
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    cycle.on_response()
    return True


def _is_free(cycle: RequestResponseCycle) -> bool:
    """Whether a response may be written at once: the client is there and reads, stays, and nobody keeps a log."""
    there = not (cycle.disconnected or cycle.flow.write_paused)
    return there and cycle.keep_alive and not (cycle.response_started or cycle.access_log)
