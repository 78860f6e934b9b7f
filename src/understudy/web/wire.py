"""The wire: a response leaves in one piece.

The web server writes a response's head and its body one after the other, each at once, which is two system calls and
two packets where one would do. Here what is written in one turn of the event loop is gathered and goes together.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

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
