"""Load: wrk where it is installed, else a small client of our own; the same one for whatever is compared."""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True)
class Load:
    """What a server bore.

    Attributes:
        requests: Answered.
        failed: Of those, with another status than 200 or 202, or none.
        rate: Answers a second.
        median: Seconds from a request to its answer, in the middle.
        worst: The same, for 99 of 100.
    """

    requests: int
    failed: int
    rate: float
    median: float
    worst: float


def load(url: str, body: bytes, kind: str, *, seconds: float, connections: int) -> Load:
    """As many posts as a server answers, over kept-alive connections.

    Args:
        url: Where to.
        body: Of every post.
        kind: Its content type.
        seconds: For how long.
        connections: So many at once, each with one request under way.
    """
    if shutil.which("wrk"):
        return _by_wrk(url, body, kind, seconds, connections)
    return asyncio.run(_by_hand(url, body, kind, seconds, connections))


def generator() -> str:
    """Which client makes the load."""
    return "wrk" if shutil.which("wrk") else "a client of our own"


def _by_wrk(url: str, body: bytes, kind: str, seconds: float, connections: int) -> Load:
    quoted = body.decode().replace("\\", "\\\\").replace("'", "\\'")
    script = f"wrk.method='POST'\nwrk.body='{quoted}'\nwrk.headers['Content-Type']='{kind}'\n"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency", "-s", file.name, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    errors = re.findall(r"(?:Non-2xx or 3xx responses:|connect|read|write|timeout) (\d+)", said)
    return Load(
        requests=int(_found(r"(\d+) requests in", said)),
        failed=sum(map(int, errors)),
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        median=_seconds(_found(r"\n\s+50%\s+(\S+)", said)),
        worst=_seconds(_found(r"\n\s+99%\s+(\S+)", said)),
    )


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"wrk said nothing like {pattern}:\n{said}")
    return found[1]


def _seconds(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if found is None:
        raise RuntimeError(f"wrk said a time of {text}")
    return float(found[1]) * UNITS[found[2]]


async def _by_hand(url: str, body: bytes, kind: str, seconds: float, connections: int) -> Load:
    parts = urlsplit(url)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {kind}\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    times: list[float] = []
    failed = [0]
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while time.perf_counter() < end:
            started = time.perf_counter()
            writer.write(request)
            status = await _answer(reader)
            times.append(time.perf_counter() - started)
            failed[0] += status not in {200, 202}
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    taken, ranked = time.perf_counter() - began, sorted(times)
    return Load(len(times), failed[0], len(times) / taken, ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100])


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1])
