"""The guard: one breaker for each model that answers, and what is done when one opens."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind, StageChange
from understudy.launch.breaker import Breaker
from understudy.launch.trip import State
from understudy.serving.apart import for_each
from understudy.serving.faults import FaultCount, Faults
from understudy.serving.identity import utc_now
from understudy.serving.notices import event_notices
from understudy.serving.standings import Standing, Standings
from understudy.serving.tripping import change_after, event_of, notices_of
from understudy.serving.watch import Watch, WatchedLedger, run_of
from understudy.store.deliveries import Notice
from understudy.store.errors import StageMoved

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE, OVER_SECONDS = 0.25, 600.0, 1800.0
"""Seconds after which the same fault is told again, twice as long each time, at most; and after which it is over."""
PARTS_AT_ONCE = 20
"""Parts of a long history that are replayed in one go."""


class GuardLedger(WatchedLedger, Protocol):
    """The part of the ledger that a guard reads and writes. Thread-safe; blocks."""

    def change_stage(
        self, project: str, change: StageChange, *, events: Sequence[Event] = (), notices: Sequence[Notice] = ()
    ) -> StageChange:
        """Records a change of stage; see `Ledger.change_stage`."""
        ...

    def record_event(self, project: str, event: Event, *, notices: Sequence[Notice] = ()) -> Event:
        """Records an event."""
        ...

    def settings(self, project: str) -> Settings:
        """What the project's team has set."""
        ...


@dataclass(frozen=True)
class Guarded:
    """A model that answers, and its breaker as it stands in this process."""

    project: str
    model: str
    breaker: Breaker


class Guard:
    """Watches every model that answers, and takes it out when its breaker opens. Belongs to one thread.

    Each process has one, and any of them may act: whoever is first changes the stage, and the others see it changed.

    Args:
        ledger: Where breakers are told from, and stages are changed.
        standings: How the projects stand.
        on_trip: Told project, version and the number of the stage before anything is written, so that this process
            stops asking at once.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: GuardLedger,
        standings: Standings,
        *,
        on_trip: Callable[[str, str, int], None] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._standings, self._on_trip, self._now = ledger, standings, on_trip, now
        self._watches: dict[tuple[str, str], Watch] = {}
        self._seen: dict[tuple[str, str], Standing] = {}

    @property
    def guarded(self) -> list[Guarded]:
        """What is watched. Safe from any thread."""
        return [Guarded(*place, watch.breaker) for place, watch in list(self._watches.items())]

    def tick(self) -> None:
        """Tells every breaker what happened, and acts on those that opened. Blocks.

        Raises:
            Exception: Whatever kept the ledger from being read or written, or went wrong over one model; nothing is
                lost by trying again.
        """
        standings = self._standings.every()
        answering = {(each.project, version) for each in standings for version in each.answering}
        for place in self._watches.keys() - answering:
            del self._watches[place]
            self._seen.pop(place, None)
        placed = ((standing, version) for standing in standings for version in standing.answering)
        for_each(placed, lambda place: self._look_after(*place))

    def _look_after(self, standing: Standing, version: str) -> None:
        watch = self._watch(standing, version)
        if watch is None:
            return
        for _ in range(PARTS_AT_ONCE):
            if watch.advance(self._now()):
                break
        if watch.breaker.state is State.OPEN:
            self._trip(standing, watch)

    def _watch(self, standing: Standing, version: str) -> Watch | None:
        """The watch over a model; a new one where its run or its rules are others than before."""
        place = (standing.project, version)
        watch = self._watches.get(place)
        if watch is not None and self._seen.get(place) is standing:
            return watch
        run = run_of(standing.project, self._ledger.stages(standing.project), version)
        if run is None:
            self._watches.pop(place, None)
            return None
        rules = run.rules(standing.settings)
        if watch is None or (watch.run, watch.rules) != (run, rules):
            watch = self._watches[place] = Watch(self._ledger, run, rules)
        self._seen[place] = standing
        return watch

    def _trip(self, standing: Standing, watch: Watch) -> None:
        trip, change = watch.breaker.trip, standing.change
        if trip is None or change is None:
            return
        if self._on_trip is not None:
            self._on_trip(standing.project, watch.run.model, change.number)
        at = self._now()
        event = event_of(watch.run, trip, at, fault=watch.last_fault)
        after = change_after(change, watch.run, event, at)
        if after is None:
            return
        notices = notices_of(standing.project, event, after, standing.settings)
        try:
            self._ledger.change_stage(standing.project, after, events=[event], notices=notices)
        except StageMoved:
            log.info("The stage of %s had moved already when its breaker opened", standing.project)
        else:
            log.warning("The breaker of %s opened: %s", standing.project, event.fact)
        self._standings.refresh()


@dataclass
class _Trouble:
    """One kind of fault of one model that goes on.

    Attributes:
        waiting: What is not on record yet, or None.
        told: How often it was put on record in a row.
        next_at: Not again before.
        last_at: When it was last heard of.
    """

    waiting: FaultCount | None = None
    told: int = 0
    next_at: float = 0.0
    last_at: float = 0.0


class FaultTeller:
    """Puts faults of models on record, so that every process's guard hears of them. Belongs to one thread.

    What a breaker counts is put on record as it comes. Of a model that answers nobody, the first fault of a kind is
    told at once and further ones are gathered, so that days of failing in the dark do not fill the ledger; and
    nobody's inbox is filled by either.

    Args:
        ledger: Where events go.
        faults: What this process counted.
        worker: This process's name.
        answers: Whether a project's model, by its version, may answer clients now.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: GuardLedger,
        faults: Faults,
        worker: str,
        *,
        answers: Callable[[str, str], bool],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._faults, self._worker, self._answers, self._now = ledger, faults, worker, answers, now
        self._troubles: dict[tuple[str, str, str], _Trouble] = {}

    def tick(self) -> None:
        """Records what was counted and is due to be told. Blocks."""
        at = self._now()
        moment = at.timestamp()
        for fault in self._faults.take():
            trouble = self._troubles.setdefault((fault.project, fault.model, fault.kind), _Trouble())
            trouble.waiting, trouble.last_at = trouble.waiting.then(fault) if trouble.waiting else fault, moment
        for place, trouble in list(self._troubles.items()):
            due = trouble.next_at <= moment
            if trouble.waiting is not None and (due or self._answers(*place[:2])):
                self._tell(trouble.waiting, at, aloud=due)
                trouble.waiting = None
                if due:
                    trouble.told += 1
                    trouble.next_at = moment + min(FIRST_PAUSE * 2.0 ** (trouble.told - 1), LONGEST_PAUSE)
            elif trouble.waiting is None and moment - trouble.last_at > OVER_SECONDS:
                del self._troubles[place]

    def _tell(self, fault: FaultCount, at: datetime, *, aloud: bool) -> None:
        evidence = {"kind": fault.kind, "count": fault.count, "asked": fault.asked, "worker": self._worker}
        evidence |= {"inputs": list(fault.inputs)} if fault.inputs else {}
        event = Event(EventKind.FAULT, fault.model, fault.fact, at, evidence)
        posts = event_notices(fault.project, event, self._ledger.settings(fault.project)) if aloud else []
        self._ledger.record_event(fault.project, event, notices=posts)
