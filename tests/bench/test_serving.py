"""The measurements of serving run, and what they would find out is found out, on a small scale."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from bench.serving import cycles, kill, load, memory
from bench.serving.memory import Memory
from bench.serving.shadow import Shadow


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_or_doubled_when_servers_are_killed(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    """Servers die at random moments under load; the client's own ledger and the database agree to the last request."""
    url = None if database == "sqlite" else request.getfixturevalue("postgres").empty()
    found = kill.measure(5, 60.0, 0.5, url, tmp_path)
    assert found.requests > 8
    assert (found.lost, found.doubled, found.strange, found.odd) == (0, 0, 0, ())


def test_a_trip_reaches_clients_at_once_and_fails_none() -> None:
    """A bad version is found out again and again; no request fails, and its last answer comes soon after its trip."""
    found = cycles.measure(3)
    assert found.failed == 0
    assert found.answered > 50
    assert found.worst < 250


def test_memory_is_watched_under_load() -> None:
    """A few seconds of load give samples, and the measurement's own check that the model answered holds."""
    found = memory.measure(0.08)
    assert found.requests > 50
    assert len(found.samples) >= 3
    assert all(50 < each < 2000 for each in found.samples)


def test_growth_is_that_of_the_settled_time() -> None:
    """What fills up at the beginning does not count, what grows afterwards does."""
    flat = Memory(1.0, 1, (10.0, 50.0, *[100.0] * 20))
    assert flat.growth == pytest.approx(0.0)
    leaking = Memory(1.0, 1, tuple(100.0 + place for place in range(100)))
    assert leaking.growth > 0.3


def test_what_a_shadow_adds_is_told_against_what_can_be_told() -> None:
    """The difference of medians, and by how much rounds without a shadow differ anyway."""
    found = Shadow(without=(1.0, 1.1, 0.9, 1.0, 1.0), hanging=(1.5, 1.65, 1.35, 1.5, 1.5))
    assert found.added == pytest.approx(0.5)
    assert 0.0 <= found.spread < 0.11


def test_the_client_of_our_own_counts_answers_and_failures() -> None:
    """Where wrk is not installed, posts, statuses and times are counted by a client that does the same."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        count = 0

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            Handler.count += 1
            self.send_response(500 if Handler.count % 10 == 0 else 202)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/x"
    found = asyncio.run(load._by_hand(url, b"{}", "application/json", 0.5, 3))
    server.shutdown()
    server.server_close()
    assert found.requests == Handler.count
    assert found.failed == Handler.count // 10
    assert 0 < found.median <= found.worst
