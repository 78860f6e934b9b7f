"""Responses leave in one piece, and nothing of them is lost."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn

from understudy.web.wire import OnePiece, send_whole

Send = Callable[[dict[str, object]], Awaitable[None]]
PIECES = 300
LARGE = b"x" * 100_000


async def app(scope: dict[str, object], receive: Callable[[], Awaitable[object]], send: Send) -> None:
    """Answers /short and /whole in one piece, and /long in many large ones."""
    if scope["type"] != "http":
        return
    await receive()
    if scope["path"] == "/whole" and send_whole(send, b"content-length: 5\r\nx-kind: whole\r\n", b"whole"):
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-kind", b"test")]})
    if scope["path"] in {"/short", "/whole"}:
        await send({"type": "http.response.body", "body": b"short"})
        return
    for _ in range(PIECES):
        await send({"type": "http.response.body", "body": LARGE, "more_body": True})
    await send({"type": "http.response.body", "body": b"end"})


class Counting(OnePiece):
    """Notes how large each piece is that is really written."""

    pieces: list[int] = []  # noqa: RUF012 - the test reads it

    def connection_made(self, transport: asyncio.Transport) -> None:
        class Noting:
            def __getattr__(self, name: str) -> object:
                return getattr(transport, name)

            def write(self, data: bytes) -> None:
                Counting.pieces.append(len(data))
                transport.write(data)

        super().connection_made(Noting())


async def asked(path: str, *, close: bool = False) -> bytes:
    """The whole response to one request of a server of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, http=Counting, log_level="critical", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        ending = "close" if close else "keep-alive"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: {ending}\r\n\r\n".encode())
        if close:
            whole = await asyncio.wait_for(reader.read(-1), 30)
        else:
            whole = await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 30)
        writer.close()
        server.should_exit = True
        await serving
        return whole


@pytest.mark.parametrize("close", [False, True])
def test_head_and_body_leave_together(close: bool) -> None:
    """A short response is written once, also where the connection closes after it."""
    Counting.pieces = []
    whole = asyncio.run(asked("/short", close=close))
    assert whole.startswith(b"HTTP/1.1 200 OK")
    assert b"x-kind: test" in whole
    assert b"short" in whole
    assert len(Counting.pieces) == 1


async def asked_in_turn(requests: bytes, answers: int) -> bytes:
    """What comes back on one connection, up to so many ends of an answer to /whole."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(app, http=Counting, log_level="critical", lifespan="off", access_log=False)
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(requests)
        found = b"".join([await asyncio.wait_for(reader.readuntil(b"whole\r\n\r\nwhole"), 30) for _ in range(answers)])
        writer.close()
        server.should_exit = True
        await serving
        return found


def test_whole_responses_keep_the_order_of_their_requests_on_one_connection() -> None:
    """Requests that were sent at once are answered one after the other, whole and with the server's headers."""
    one = b"POST /whole HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
    found = asyncio.run(asked_in_turn(one * 5, 5))
    assert found.count(b"HTTP/1.1 200 OK\r\n") == found.count(b"\r\ndate: ") == found.count(b"x-kind: whole") == 5
    assert b"test" not in found


def test_a_connection_that_ends_is_told_so() -> None:
    """Where the connection closes after the answer, it goes the usual way, which says that it does."""
    whole = asyncio.run(asked("/whole", close=True))
    assert b"connection: close" in whole
    assert b"x-kind: test" in whole
    assert whole.rstrip(b"\r\n0").endswith(b"short")


def test_no_other_server_is_mistaken_for_this_one() -> None:
    """A `send` that is not the web server's own is left alone."""
    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    assert not send_whole(send, b"", b"")
    assert sent == []


def test_a_long_response_is_whole() -> None:
    """What a slow reader cannot take at once is neither lost nor held in memory without end."""
    Counting.pieces = []
    whole = asyncio.run(asked("/long", close=True))
    assert whole.count(b"x" * 1000) >= PIECES * 100
    assert whole.rstrip(b"\r\n0").endswith(b"end")
    assert max(Counting.pieces) < 20 * len(LARGE)
