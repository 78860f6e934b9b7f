import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from understudy.store.ledger import Ledger

from .photos import grey

KILLABLE = Path(__file__).parent / "killable.py"
MANY = 60


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """A server is killed outright while it answers; every answer that left it is in the ledger, with its photo."""
    server = subprocess.Popen(
        [sys.executable, str(KILLABLE), str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    acknowledged: list[str] = []

    def ask_until_it_dies(url: str, level: int) -> None:
        with httpx.Client(base_url=url, timeout=5) as client:
            while True:
                try:
                    response = client.post("/api/v1/projects/lamp/decisions", files={"photo": grey(level)})
                except httpx.TransportError:
                    return
                acknowledged.append(response.json()["id"])
                if len(acknowledged) == MANY:
                    server.kill()

    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with ThreadPoolExecutor(4) as crowd:
            list(crowd.map(lambda level: ask_until_it_dies(url, level), range(4)))
    finally:
        server.kill()
        server.communicate()
    assert len(acknowledged) >= MANY
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        for each in acknowledged:
            assert ledger.input(each) is not None
