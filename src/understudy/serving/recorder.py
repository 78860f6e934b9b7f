"""The recorder: what was decided is in the ledger before anyone hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.serving.batching import Batcher, Sizes
from understudy.store.served import Served

INLINE_BYTES = 4096
"""Inputs up to this size lie in the ledger itself, larger ones in the blob store."""

Outcome = Decision | UnderstudyError


class ServedLedger(Protocol):
    """The part of the ledger that keeps what was served. Thread-safe; blocks."""

    def record_served(self, served: Sequence[Served]) -> Sequence[Outcome]:
        """Writes all of them in one transaction; durable on return. See `Ledger.record_served`."""
        ...


class InputStore(Protocol):
    """Where large inputs are kept. Thread-safe; blocks."""

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hex; putting them twice keeps one."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded, and the input's bytes where the blob store is to hold them."""

    served: Served
    blob: bytes | None = None


class Writer:
    """Writes entries down: inputs first, so that no decision in the ledger lacks its input.

    Args:
        ledger: Where decisions go.
        inputs: Where large inputs go.
    """

    def __init__(self, ledger: ServedLedger, inputs: InputStore) -> None:
        self._ledger = ledger
        self._inputs = inputs

    def write(self, entries: Sequence[Entry]) -> Sequence[Outcome]:
        """What became of each entry, in order. Blocks; threads may share it.

        Raises:
            Exception: Whatever kept the ledger or the store from writing; then none of the entries counts.
        """
        for entry in entries:
            if entry.blob is not None:
                self._inputs.put(entry.blob)
        return self._ledger.record_served([entry.served for entry in entries])


class Recorder:
    """Writes in a thread for those who have none; what arrives during a commit shares the next one.

    Args:
        writer: Writes.
        max_waiting: Requests that may wait for their commit.
    """

    def __init__(self, writer: Writer, *, max_waiting: int = 1024) -> None:
        self._writer = writer
        self._batcher: Batcher[Sequence[Entry], Sequence[Outcome]] = Batcher(
            self._commit, name="recorder", sizes=Sizes(64, 64), max_waiting=max_waiting
        )

    @property
    def waiting(self) -> int:
        """Requests that wait for their commit."""
        return self._batcher.waiting

    async def record(self, entries: Sequence[Entry]) -> Sequence[Outcome]:
        """What became of each entry, once all of them are durable.

        Raises:
            Overloaded: Too many requests wait for their commit.
            Exception: Whatever kept the ledger or the store from writing; then none of the entries counts.
        """
        return await self._batcher.ask(entries)

    async def close(self) -> None:
        """Finishes what was accepted."""
        await self._batcher.close()

    def _commit(self, requests: Sequence[Sequence[Entry]]) -> list[Sequence[Outcome] | Exception]:
        outcomes = iter(self._writer.write([entry for request in requests for entry in request]))
        return [[next(outcomes) for _ in request] for request in requests]
