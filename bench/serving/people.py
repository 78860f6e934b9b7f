"""People who audit: they answer every audit soon, in bulk, as a system that reports outcomes does."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from bench.serving.tables import PROJECT
from understudy.domain.opinion import Outcome
from understudy.store.ledger import Ledger

AT_ONCE = 500


@dataclass
class Auditors:
    """Answers what is audited, in a thread, while the block runs.

    Attributes:
        ledger: Where audits wait and outcomes go.
        truth: The label that is true.
        pause: Seconds between two looks.
        told: Called with how many were answered.
    """

    ledger: Ledger
    truth: str = "honest"
    pause: float = 0.2
    told: Callable[[int], None] | None = None

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(30)

    def _work(self) -> None:
        after = 0
        while not self._stop.wait(self.pause):
            after = self._answer(after)

    def _answer(self, after: int) -> int:
        """Answers what was drawn since, and returns how far it came."""
        stage = self.ledger.stage(PROJECT)
        if stage is None or stage.model is None:
            return after
        cases = self.ledger.draws_after(PROJECT, stage.model, after, since_stage=1, limit=5000, beyond=1.0)
        now = datetime.now(UTC)
        outcomes = [Outcome(case.decision, self.truth, "till", "api", now) for case in cases]
        for start in range(0, len(outcomes), AT_ONCE):
            self.ledger.record_outcomes(outcomes[start : start + AT_ONCE])
        if self.told is not None and outcomes:
            self.told(len(outcomes))
        return cases[-1].seq if cases else after
