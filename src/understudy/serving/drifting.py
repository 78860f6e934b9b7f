"""Drift: whether answers and confidence are still what they were when a model began to answer.

One process looks, and puts a shift on record; all of them read the record and raise the share of audits by it. Nothing
here takes a model out: a shift may be harmless, and only audits can tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind, StageChange
from understudy.domain.task import BETWEEN_LABELS, AnswerKind, number_in
from understudy.launch.drift import DriftWatch, raised_by
from understudy.serving.apart import for_each
from understudy.serving.identity import utc_now
from understudy.serving.shifts import LEASE_SECONDS, ShiftLedger, Shifts
from understudy.serving.standings import Standing, Standings
from understudy.serving.watch import Run, run_of
from understudy.store.draws import Said

REFERENCE = 1_000
"""A model's first answers, with which all later ones are compared."""
AT_ONCE, PARTS_AT_ONCE = 1_000, 50
"""Answers that are read together, and how many such parts are read in one go."""


class DriftLedger(ShiftLedger, Protocol):
    """The part of the ledger that drift is seen in, besides. Thread-safe; blocks."""

    def stages(self, project: str) -> Sequence[StageChange]:
        """Every change of stage, oldest first."""
        ...

    def said_after(self, project: str, model: str, seq: int, *, since_stage: int, limit: int) -> Sequence[Said]:
        """What a model said, in order; see `Ledger.said_after`."""
        ...

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Takes or prolongs a lease; False where another has it."""
        ...


@dataclass
class Lookout:
    """What is known of one model's answers since it began to answer.

    Attributes:
        run: Which model, since when.
        seq: The last answer that was seen, by its place in the ledger.
        seen: Answers seen.
        confidence: Of the first answers, until there are enough to compare with.
        labels: The same answers' labels, or numbers where answers are numbers.
        watches: Over confidence and labels; none before there are enough.
    """

    run: Run
    seq: int = 0
    seen: int = 0
    confidence: list[float] = field(default_factory=list)
    labels: list[float | str] = field(default_factory=list)
    watches: tuple[DriftWatch, ...] = ()

    @property
    def room(self) -> int:
        """So many answers, at least 1, are to be looked at together next."""
        return min(watch.room for watch in self.watches) if self.watches else REFERENCE - len(self.labels)

    @property
    def raised(self) -> float:
        """By how much the share of audits is to be raised, 1 for not at all."""
        return raised_by(self.watches)

    def see(self, said: Sequence[Said]) -> None:
        """Looks at more answers, at most `room`."""
        self.seq, self.seen = said[-1].seq, self.seen + len(said)
        sure, labels = [each.probability for each in said], [_watched(each) for each in said]
        if not self.watches:
            self._remember(sure, labels)
            return
        confidence, label = self.watches
        self.watches = (confidence.update(*sure), label.update(*labels))

    def event(self, at: datetime) -> Event:
        """What is put on record of the present state."""
        shifted = [watch for watch in self.watches if watch.shifted]
        if shifted:
            named = " and ".join(watch.name for watch in shifted)
            fact = f"The model's {named} shifted against its first {REFERENCE:,} answers, so more answers are checked."
        else:
            fact = "The model's answers are again as its first ones were, so as many are checked as before."
        scores = {watch.name: round(watch.score, 4) for watch in self.watches}
        return Event(
            EventKind.DRIFT,
            self.run.model,
            fact,
            at,
            {"raised": self.raised, "scores": scores, "answers": self.seen, "since": self.run.since},
        )

    def _remember(self, sure: Sequence[float], labels: Sequence[float | str]) -> None:
        self.confidence += sure
        self.labels += labels
        if len(self.labels) == REFERENCE:
            self.watches = (
                DriftWatch.of_numbers("confidence", self.confidence),
                _mix(self.labels),
            )
            self.confidence, self.labels = [], []


def _watched(said: Said) -> float | str:
    """What of an answer is compared: its number, the first item of a ranking, or its label."""
    if said.kind is AnswerKind.NUMBER:
        return number_in(said.label)
    return said.label.split(BETWEEN_LABELS, 1)[0] if said.kind is AnswerKind.RANKING else said.label


def _mix(answers: Sequence[float | str]) -> DriftWatch:
    numbers = [each for each in answers if not isinstance(each, str)]
    if len(numbers) == len(answers):
        return DriftWatch.of_numbers("mix of answers", numbers)
    return DriftWatch.of_labels("mix of answers", [str(each) for each in answers])


class Drifting:
    """Looks for drift in every model that answers, and raises the share of its audits. Belongs to one thread.

    Args:
        ledger: Where answers are read, and shifts put on record.
        standings: How the projects stand; told by how much audits are raised.
        worker: This process's name, for leases.
        now: The present moment, UTC.
    """

    def __init__(
        self, ledger: DriftLedger, standings: Standings, *, worker: str, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._ledger, self._standings, self._worker, self._now = ledger, standings, worker, now
        self._lookouts: dict[tuple[str, str], Lookout] = {}
        self._shifts = Shifts(ledger)

    def tick(self) -> None:
        """Looks at what was answered since the last time. Blocks for a few queries."""
        for_each((each for each in self._standings.every() if each.answering), self._look_after)

    def _look_after(self, standing: Standing) -> None:
        project, now = standing.project, self._now()
        self._shifts.hear(project)
        runs = [run for version in standing.answering if (run := self._run(project, version))]
        if self._ledger.take_lease(f"drift {project}", self._worker, now, now + timedelta(seconds=LEASE_SECONDS)):
            for run in runs:
                self._look(run, standing.settings)
            self._shifts.hear(project)
        raised = (self._shifts.raised(run) for run in runs)
        self._standings.raise_audits(project, max(raised, default=1.0))

    def _run(self, project: str, version: str) -> Run | None:
        return run_of(project, self._ledger.stages(project), version)

    def _look(self, run: Run, settings: Settings) -> None:
        place = (run.project, run.model)
        lookout = self._lookouts.get(place)
        if lookout is None or lookout.run != run:
            lookout = self._lookouts[place] = Lookout(run)
        self._tell(lookout, settings)  # what could not be put on record the last time, before anything more is seen
        for _ in range(PARTS_AT_ONCE):
            said = self._ledger.said_after(run.project, run.model, lookout.seq, since_stage=run.since, limit=AT_ONCE)
            self._see(lookout, said, settings)
            if len(said) < AT_ONCE:
                break

    def _see(self, lookout: Lookout, said: Sequence[Said], settings: Settings) -> None:
        start = 0
        while start < len(said):
            end = start + lookout.room
            lookout.see(said[start:end])
            self._tell(lookout, settings)
            start = end

    def _tell(self, lookout: Lookout, settings: Settings) -> None:
        """Puts on record what is not; what was seen less far than the record goes is no news."""
        if lookout.raised != self._shifts.raised(lookout.run) and lookout.seen > self._seen(lookout.run):
            self._shifts.tell(lookout.run, lookout.event(self._now()), settings)

    def _seen(self, run: Run) -> int:
        """Answers that whoever looked last had seen when it put something on record of this run."""
        event = self._shifts.latest(run)
        return 0 if event is None else int(event.evidence["answers"])
