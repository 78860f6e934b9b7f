import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from understudy.domain.answer import answer_from
from understudy.domain.decision import AnsweredBy, Decision
from understudy.serving.identity import Mint
from understudy.serving.recorder import Entry, Outcome, Recorder, Writer
from understudy.store.blobs import BlobStore
from understudy.store.errors import DecisionExists, StageMoved
from understudy.store.ledger import Ledger
from understudy.store.served import Served

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class CountingLedger:
    """The real ledger, which also notes how many decisions each commit held and may be slow about the first."""

    def __init__(self, ledger: Ledger, gate: threading.Event) -> None:
        self.ledger = ledger
        self.gate = gate
        self.commits: list[int] = []

    def record_served(self, served: Sequence[Served]) -> Sequence[Outcome]:
        self.commits.append(len(served))
        assert self.gate.wait(10)
        return self.ledger.record_served(served)


def entry(*, name: str | None = None, stage: int = 0, blob: bytes | None = None) -> Entry:
    answer = answer_from(("bright", "dark"), (0.8, 0.2), threshold=0.5)
    made = Decision(
        name or Mint().name(NOW),
        "lamp",
        "0" * 64,
        answer,
        AnsweredBy.MODEL,
        model="ab" * 32,
        at=NOW,
        seconds=0.01,
        stage=stage,
    )
    return Entry(Served(made), blob)


def test_requests_that_wait_during_a_commit_share_the_next_one(ledger: Ledger, blobs: BlobStore) -> None:
    """Ten requests cost two transactions, not ten, and all are durable when they return."""
    gate = threading.Event()
    counting = CountingLedger(ledger, gate)
    entries = [entry(blob=bytes([number])) for number in range(10)]

    async def scene() -> None:
        recorder = Recorder(Writer(counting, blobs))
        tasks = [asyncio.create_task(recorder.record([entries[0]]))]
        while not counting.commits:
            await asyncio.sleep(0.001)
        tasks += [asyncio.create_task(recorder.record([each])) for each in entries[1:]]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
        await recorder.close()

    asyncio.run(scene())
    assert counting.commits == [1, 9]
    assert {each.id for each in ledger.decisions("lamp", 20)} == {each.served.decision.id for each in entries}


def test_each_entry_has_its_own_outcome(ledger: Ledger, blobs: BlobStore) -> None:
    """One whose stage is past spoils nothing for those that share its commit."""

    async def scene() -> list[Sequence[Outcome]]:
        recorder = Recorder(Writer(ledger, blobs))
        outcomes = await asyncio.gather(*(recorder.record([entry(stage=stage)]) for stage in (0, 7, 0)))
        await recorder.close()
        return outcomes

    (first,), (past,), (last,) = asyncio.run(scene())
    assert isinstance(first, Decision)
    assert isinstance(past, StageMoved)
    assert isinstance(last, Decision)
    assert {each.id for each in ledger.decisions("lamp", 20)} == {first.id, last.id}


def test_an_input_is_there_before_its_decision(ledger: Ledger, blobs: BlobStore) -> None:
    """Bytes for the blob store are stored before the ledger knows of the decision."""
    seen: list[bool] = []
    digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # of b"a"

    class Looking:
        def record_served(self, served: Sequence[Served]) -> Sequence[Outcome]:
            seen.append(blobs.has(digest))
            return ledger.record_served(served)

    Writer(Looking(), blobs).write([entry(blob=b"a")])
    assert seen == [True]


def test_nobody_is_acknowledged_when_the_shared_commit_fails(ledger: Ledger, blobs: BlobStore) -> None:
    """A commit that the database refuses fails for every request in it, and the next one goes through."""
    twice = entry(name="taken")

    async def scene() -> None:
        recorder = Recorder(Writer(ledger, blobs))
        await recorder.record([twice])
        with pytest.raises(DecisionExists):
            await recorder.record([entry(), twice])
        await recorder.record([entry(name="free")])
        await recorder.close()

    asyncio.run(scene())
    assert sorted(each.id for each in ledger.decisions("lamp", 20)) == ["free", "taken"]
