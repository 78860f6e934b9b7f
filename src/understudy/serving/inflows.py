"""Inflows: whether what is asked lately is still like what a model learned from.

A dozen requests, drawn by chance from those since the last look, have their inputs read again, whoever answered, and
compared with what is kept in the model's file. One process of all looks, a moment every few seconds, off the path of
every request; all of them read the record and raise the share of audits by it. Nothing here takes a model out.

A process that begins to look knows of no inputs before an hour ago, so with each beginning anew goes a small chance of
an alarm without a shift (`launch.inflow.ALPHA`).
"""

import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from understudy.domain.errors import UnderstudyError
from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind, StageChange
from understudy.launch.inflow import BLOCKS, STEADY, InflowWatch
from understudy.serving.apart import for_each
from understudy.serving.identity import utc_now
from understudy.serving.model import ModelShelf, Watched
from understudy.serving.shifts import INPUTS, LEASE_SECONDS, ShiftLedger, Shifts
from understudy.serving.standings import Standing, Standings
from understudy.serving.watch import MARGIN_SECONDS, Run, run_of
from understudy.store.decisions import Asked

log = logging.getLogger(__name__)

AT_ONCE = 12
"""Inputs that are looked at in one go."""
LOOK_SECONDS = 0.25
"""For so long, a model that is slow looks at fewer."""
LOOK_BACK = timedelta(hours=1)
"""How far a process looks back that begins to look."""
MORE = 0.5
"""By so much the raise has to grow to be told again."""


class InflowLedger(ShiftLedger, Protocol):
    """The part of the ledger that inputs are found in, besides. Thread-safe; blocks."""

    def stages(self, project: str) -> Sequence[StageChange]:
        """Every change of stage, oldest first."""
        ...

    def asked_from(self, project: str, moment: datetime) -> Asked | None:
        """The first request at a moment or after it."""
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


@dataclass
class Lookout:
    """What one process knows of what a model is asked.

    Attributes:
        run: Which model, since when.
        watch: Over its inputs.
        until: Requests before that moment were drawn from already.
        met: Digests of the inputs in the watch: the same input again is no further evidence.
    """

    run: Run
    watch: InflowWatch
    until: datetime
    met: deque[str] = field(default_factory=lambda: deque(maxlen=BLOCKS[-1]))

    def event(self, at: datetime) -> Event:
        """What is put on record of the present state."""
        watch = self.watch
        if watch.moved:
            fact = f"Inputs are not like those that the model learned from, so more answers are checked: {watch.says}."
        else:
            fact = "Inputs are again like those that the model learned from, so as many are checked as before."
        scores = {each.trait.name or "what the model sees": round(each.apart, 4) for each in reversed(watch.moved)}
        told = {"about": INPUTS, "raised": watch.raised, "scores": scores, "inputs": watch.looked}
        return Event(EventKind.DRIFT, self.run.model, fact, at, {**told, "since": self.run.since})


class Inflows:
    """Looks at what every model that answers is asked, and raises the share of its audits. Belongs to one thread.

    Args:
        ledger: Where requests are found, and shifts put on record.
        standings: How the projects stand; told by how much audits are raised.
        shelf: Where models are loaded from.
        inputs: Where inputs are read.
        worker: This process's name, for leases.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: InflowLedger,
        standings: Standings,
        shelf: ModelShelf,
        inputs: Inputs,
        *,
        worker: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._standings, self._shelf, self._inputs = ledger, standings, shelf, inputs
        self._worker, self._now = worker, now
        self._lookouts: dict[tuple[str, str], Lookout] = {}
        self._shifts = Shifts(ledger, INPUTS)

    def tick(self) -> None:
        """Looks at some of what was asked since the last time. Blocks for a few queries and a dozen inputs."""
        for_each((each for each in self._standings.every() if each.answering), self._look_after)

    def _look_after(self, standing: Standing) -> None:
        project, now = standing.project, self._now()
        stages = self._ledger.stages(project)
        runs = [run for version in standing.answering if (run := run_of(project, stages, version))]
        self._shifts.hear(project)
        if self._ledger.take_lease(f"inflow {project}", self._worker, now, now + timedelta(seconds=LEASE_SECONDS)):
            for run in runs:
                self._look(run, standing.settings)
        raised = (self._shifts.raised(run) for run in runs)
        self._standings.raise_audits(project, max(raised, default=1.0), watched=INPUTS)

    def _look(self, run: Run, settings: Settings) -> None:
        until = self._now() - timedelta(seconds=MARGIN_SECONDS)
        known = self._lookouts.get((run.project, run.model))
        since = max(run.began, until - LOOK_BACK) if known is None or known.run != run else known.until
        asked = self._ledger.asked_from(run.project, since)
        if asked is None or asked.at >= until:
            return
        model = self._shelf.load(run.project, run.model)
        if not isinstance(model, Watched) or model.usual is None or not model.usual.tells:
            return
        if known is None or known.run != run:
            known = Lookout(run, InflowWatch(model.usual), since)
            self._lookouts[run.project, run.model] = known
        self._see(known, model, list(self._drawn(run, since, until)))
        known.until = until
        self._tell(known, settings)

    def _drawn(self, run: Run, since: datetime, until: datetime) -> Iterator[Asked]:
        """Requests by chance between two moments, each at most once, in their order."""
        chance, span = random.Random(f"{run.model} {until.isoformat()}"), until - since  # noqa: S311 - no secret
        found: dict[str, None] = {}
        for moment in sorted(since + span * chance.random() for _ in range(AT_ONCE)):
            asked = self._ledger.asked_from(run.project, moment)
            if asked is not None and asked.at < until and asked.decision not in found:
                found[asked.decision] = None
                yield asked

    def _see(self, lookout: Lookout, model: Watched, drawn: Sequence[Asked]) -> None:
        deadline = time.monotonic() + LOOK_SECONDS
        for asked in drawn:
            if asked.input_digest in lookout.met:
                continue
            try:
                row = model.traits(self._inputs.read(asked.input_digest, asked.decision))
            except UnderstudyError as error:
                log.debug("An input is not looked at: %s", error.fact)  # it was deleted, or is none that can be read
                continue
            lookout.met.append(asked.input_digest)
            lookout.watch = lookout.watch.update(row)
            if time.monotonic() > deadline:
                return

    def _tell(self, lookout: Lookout, settings: Settings) -> None:
        """Puts on record what is not, as soon as it is known."""
        watch, told = lookout.watch, self._shifts.raised(lookout.run)
        begins = bool(watch.moved) and watch.raised >= told + (MORE if told > 1.0 else 0.0)
        ends = told > 1.0 and not watch.moved and watch.looked >= STEADY
        if begins or ends:
            self._shifts.tell(lookout.run, lookout.event(self._now()), settings)
