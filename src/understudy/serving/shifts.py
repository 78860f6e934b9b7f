"""Shifts: which of them are on record, and by how much audits are raised for them."""

from collections.abc import Sequence
from typing import Final, Protocol

from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind
from understudy.serving.notices import event_notices
from understudy.serving.watch import Run
from understudy.store.deliveries import Notice

INPUTS: Final = "inputs"
"""What an event of drift is about that concerns inputs; those of answers name nothing."""
LEASE_SECONDS: Final = 60.0
"""For so long one process looks for a kind of shift, and no other."""


class ShiftLedger(Protocol):
    """The part of the ledger that shifts are on record in. Thread-safe; blocks."""

    def events(self, project: str, *, after: int = 0, limit: int = 1000) -> Sequence[Event]:
        """Events, oldest first."""
        ...

    def record_event(self, project: str, event: Event, *, notices: Sequence[Notice] = ()) -> Event:
        """Records an event."""
        ...


class Shifts:
    """The shifts of one kind that are on record, whoever put them there. Belongs to one thread.

    Args:
        ledger: Holds the record.
        about: `INPUTS`, or None for answers.
    """

    def __init__(self, ledger: ShiftLedger, about: str | None = None) -> None:
        self._ledger, self._about = ledger, about
        self._read: dict[str, int] = {}
        self._latest: dict[tuple[str, str], Event] = {}

    def hear(self, project: str) -> None:
        """Reads all that was put on record since."""
        while events := self._ledger.events(project, after=self._read.get(project, 0)):
            self._read[project] = events[-1].number
            for event in events:
                if event.kind is EventKind.DRIFT and event.evidence.get("about") == self._about:
                    self._latest[project, event.model] = event

    def tell(self, run: Run, event: Event, settings: Settings) -> None:
        """Puts a shift, or the end of one, on record, and writes to whom a project's settings name."""
        notices = event_notices(run.project, event, settings)
        self._latest[run.project, run.model] = self._ledger.record_event(run.project, event, notices=notices)

    def latest(self, run: Run) -> Event | None:
        """What was put on record last of a run."""
        event = self._latest.get((run.project, run.model))
        return event if event is not None and event.evidence["since"] == run.since else None

    def raised(self, run: Run) -> float:
        """By how much audits of a run are raised, 1 for not at all."""
        event = self.latest(run)
        return 1.0 if event is None else float(event.evidence["raised"])
