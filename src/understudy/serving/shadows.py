"""Shadows: models that answer in the dark what people are asked, off the path of every request."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Protocol

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.stage import Stage, StageChange
from understudy.serving.apart import for_each
from understudy.serving.faults import Faults
from understudy.serving.identity import utc_now
from understudy.serving.model import ModelFault, ModelShelf, ServedModel
from understudy.serving.standings import Standing, Standings
from understudy.store.blobs import BlobStoreUnavailable
from understudy.store.errors import LedgerUnavailable
from understudy.store.shadows import PendingCase

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Answers that are recorded together."""
LEASE_SECONDS = 15.0
HANGING = 10.0
"""A model in the dark hangs when it takes so many times as long over one input as one may that answers."""
LOADING_SECONDS = 60.0
"""So long a model may be loaded before it counts as hanging, however little time its answers have."""


class ShadowLedger(Protocol):
    """The part of the ledger that models in the dark read and write. Thread-safe; blocks."""

    def stages(self, project: str) -> Sequence[StageChange]:
        """Every change of stage, oldest first."""
        ...

    def shadow_pending(self, project: str, model: str, *, since_stage: int, limit: int) -> Sequence[PendingCase]:
        """What the model has still to answer, in order."""
        ...

    def record_shadow_answers(
        self, project: str, model: str, answers: Sequence[tuple[str, Answer | None]], at: datetime
    ) -> None:
        """Records what it says; None where it fails on an input."""
        ...

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Takes or prolongs a lease; False where another has it."""
        ...


class Inputs(Protocol):
    """Where the inputs of decisions are read. Thread-safe; blocks."""

    def read(self, digest: str, decision: str) -> bytes:
        """The bytes that a decision is about, whose SHA-256 is `digest`.

        Raises:
            UnderstudyError: They are not there.
        """
        ...


@dataclass(frozen=True)
class _Task:
    """What a model was given to do: to answer one input, or to be loaded; and when."""

    since: float
    loading: bool


@dataclass
class _Shift:
    """One model at work in the dark, for a while.

    Attributes:
        thread: In which it works.
        task: What it does now; None while it has nothing to do.
        told_of: The last task of which was said that it hangs.
    """

    thread: threading.Thread
    task: _Task | None = None
    told_of: _Task | None = None

    @contextmanager
    def at_work(self, since: float, *, loading: bool = False) -> Iterator[None]:
        """While this holds, the model is waited for."""
        self.task = _Task(since, loading)
        try:
            yield
        finally:
            self.task = None


class Shadows:
    """Lets every model that a project has in shadow answer what people are asked, in order, each in a thread.

    A model that hangs holds up nothing but itself, and a shadow never answers a client: nothing here is reached from a
    request.

    Args:
        ledger: What people are asked, and where the models' answers go.
        standings: How the projects stand.
        shelf: Where models are loaded from.
        inputs: Where inputs are read.
        faults: Where faults of models are counted.
        worker: This process's name, for leases.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: ShadowLedger,
        standings: Standings,
        shelf: ModelShelf,
        inputs: Inputs,
        faults: Faults,
        *,
        worker: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._standings, self._shelf, self._inputs = ledger, standings, shelf, inputs
        self._faults, self._worker, self._now = faults, worker, now
        self._since: dict[str, tuple[Standing, int]] = {}
        self._shifts: dict[tuple[str, str], _Shift] = {}

    def tick(self) -> None:
        """Sets to work whoever has something to answer. Blocks for a few queries, never for a model."""
        self._shifts = {place: shift for place, shift in self._shifts.items() if shift.thread.is_alive()}
        for_each(self._standings.every(), self._look_after)

    def _look_after(self, standing: Standing) -> None:
        change = standing.change
        if change is not None and change.stage is Stage.SHADOW and change.model is not None:
            self._set_to_work(standing, change.model)

    def _set_to_work(self, standing: Standing, model: str) -> None:
        place = (standing.project, model)
        shift = self._shifts.get(place)
        if shift is not None:
            self._tell_of_hanging(shift, model, standing)
            return
        now, since = self._now(), self._begun(standing)
        if not self._ledger.shadow_pending(standing.project, model, since_stage=since, limit=1):
            return
        until = now + timedelta(seconds=LEASE_SECONDS)
        if not self._ledger.take_lease(f"shadow {standing.project}", self._worker, now, until):
            return
        self._begin(*place, since)

    def _begin(self, project: str, model: str, since: int) -> None:
        def work() -> None:
            self._work(shift, project, model, since)

        # A daemon, because a model may hang for good.
        shift = _Shift(threading.Thread(target=work, name=f"shadow-{project}", daemon=True))
        self._shifts[project, model] = shift
        shift.thread.start()

    def _begun(self, standing: Standing) -> int:
        """Number of the change with which this shadow began; taking the model beside it away does not begin another."""
        known = self._since.get(standing.project)
        if known is not None and known[0] is standing:
            return known[1]
        since = 0
        for change in reversed(self._ledger.stages(standing.project)):
            present = standing.change
            if present is None or change.stage is not Stage.SHADOW:
                break
            if (change.model, change.terms) != (present.model, present.terms):
                break
            since = change.number
        self._since[standing.project] = (standing, since)
        return since

    def _tell_of_hanging(self, shift: _Shift, model: str, standing: Standing) -> None:
        task = shift.task  # read once, for the model goes on meanwhile
        if task is None or task is shift.told_of:
            return
        seconds, allowed = monotonic() - task.since, HANGING * standing.settings.model_seconds
        if seconds > (max(allowed, LOADING_SECONDS) if task.loading else allowed):
            shift.told_of = task
            self._faults.note(standing.project, model, ModelFault.too_slow(model, seconds), asked=0)

    # What follows runs in a thread of the model's own.

    def _work(self, shift: _Shift, project: str, model: str, since: int) -> None:
        began = monotonic()
        deadline = began + LEASE_SECONDS * 0.6
        try:
            with shift.at_work(began, loading=True):
                served = self._shelf.load(project, model)
            while monotonic() < deadline:
                cases = self._ledger.shadow_pending(project, model, since_stage=since, limit=AT_ONCE)
                if not cases:
                    return
                answers = [(case.decision, self._answer(shift, project, served, case)) for case in cases]
                self._ledger.record_shadow_answers(project, model, answers, self._now())
        except (LedgerUnavailable, BlobStoreUnavailable):
            log.warning("What model %s of %s is to answer in the dark waits", model[:12], project, exc_info=True)
            sleep(1.0)
        except Exception as error:
            log.exception("Model %s of %s does not work in the dark", model[:12], project)
            self._faults.note(project, model, ModelFault.of(model, error), asked=0)
            sleep(1.0)  # so that a model that cannot be loaded is not loaded without a pause

    def _answer(self, shift: _Shift, project: str, served: ServedModel, case: PendingCase) -> Answer | None:
        try:
            data = self._inputs.read(case.input_digest, case.decision)
        except (LedgerUnavailable, BlobStoreUnavailable):
            raise  # it is there, only not just now
        except UnderstudyError:
            return None  # the input is gone or damaged
        try:
            with shift.at_work(monotonic()):
                (answer,) = served.predict([data])
        except (LedgerUnavailable, BlobStoreUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a model raises is its fault
            fault = ModelFault.of(served.version, error, digest=case.input_digest)
            self._faults.note(project, served.version, fault, asked=0)
            return None
        return None if isinstance(answer, UnderstudyError) else answer
