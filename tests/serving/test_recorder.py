import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from understudy.domain.answer import answer_from
from understudy.domain.decision import AnsweredBy, Decision
from understudy.serving.identity import Mint
from understudy.serving.recorder import Entry, Recorder
from understudy.store.blobs import BlobStore
from understudy.store.errors import DecisionExists
from understudy.store.ledger import Ledger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class CountingLedger:
    """The real ledger, which also notes how many decisions each commit held and may be slow about the first."""

    def __init__(self, ledger: Ledger, gate: threading.Event) -> None:
        self.ledger = ledger
        self.gate = gate
        self.commits: list[int] = []

    def record_decisions(self, decisions: Sequence[Decision]) -> None:
        self.commits.append(len(decisions))
        assert self.gate.wait(10)
        self.ledger.record_decisions(decisions)


def entry(blobs_of: bytes, *, name: str | None = None) -> Entry:
    answer = answer_from(("bright", "dark"), (0.8, 0.2), threshold=0.5)
    made = Decision(
        name or Mint().name(NOW), "lamp", "0" * 64, answer, AnsweredBy.MODEL, model="ab" * 32, at=NOW, seconds=0.01
    )
    return Entry(made, blobs_of)


def test_requests_that_wait_during_a_commit_share_the_next_one(ledger: Ledger, blobs: BlobStore) -> None:
    """Ten requests cost two transactions, not ten, and all are durable when they return."""
    gate = threading.Event()
    counting = CountingLedger(ledger, gate)
    entries = [entry(bytes([number])) for number in range(10)]

    async def scene() -> None:
        recorder = Recorder(counting, blobs)
        tasks = [asyncio.create_task(recorder.record([each])) for each in entries]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
        await recorder.close()

    asyncio.run(scene())
    assert counting.commits == [1, 9]
    assert {each.id for each in ledger.decisions("lamp", 20)} == {each.decision.id for each in entries}


def test_nobody_is_acknowledged_when_the_shared_commit_fails(ledger: Ledger, blobs: BlobStore) -> None:
    """A commit that the database refuses fails for every request in it, and the next one goes through."""
    twice = entry(b"a", name="taken")

    async def scene() -> None:
        recorder = Recorder(ledger, blobs)
        await recorder.record([twice])
        with pytest.raises(DecisionExists):
            await recorder.record([entry(b"b"), twice])
        await recorder.record([entry(b"c", name="free")])
        await recorder.close()

    asyncio.run(scene())
    assert sorted(each.id for each in ledger.decisions("lamp", 20)) == ["free", "taken"]
