"""The recorder: a decision is in the ledger before anyone hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from understudy.domain.decision import Decision
from understudy.serving.batching import Batcher


class DecisionLedger(Protocol):
    """The part of the ledger that keeps decisions."""

    def record_decisions(self, decisions: Sequence[Decision]) -> None:
        """Writes all of them in one transaction; durable on return."""
        ...


class InputStore(Protocol):
    """Where the inputs of decisions are kept."""

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hex; putting them twice keeps one."""
        ...


@dataclass(frozen=True)
class Entry:
    """A decision and the bytes it was made about."""

    decision: Decision
    data: bytes


class Recorder:
    """Writes decisions and their inputs in a thread; what arrives during a commit shares the next one.

    Args:
        ledger: Where decisions go.
        inputs: Where their bytes go, first: no decision in the ledger lacks its input.
        max_waiting: Requests that may wait for their commit.
    """

    def __init__(self, ledger: DecisionLedger, inputs: InputStore, *, max_waiting: int = 256) -> None:
        self._ledger = ledger
        self._inputs = inputs
        self._batcher: Batcher[Sequence[Entry], None] = Batcher(
            self._commit, name="recorder", max_batch=64, max_waiting=max_waiting
        )

    async def record(self, entries: Sequence[Entry]) -> None:
        """Returns once all entries are durable.

        Raises:
            Overloaded: Too many requests wait for their commit.
            Exception: Whatever kept the ledger or the store from writing; then none of the entries counts.
        """
        await self._batcher.ask(entries)

    async def close(self) -> None:
        """Finishes what was accepted."""
        await self._batcher.close()

    def _commit(self, requests: Sequence[Sequence[Entry]]) -> list[None]:
        entries = [entry for request in requests for entry in request]
        for entry in entries:
            self._inputs.put(entry.data)
        self._ledger.record_decisions([entry.decision for entry in entries])
        return [None] * len(requests)
