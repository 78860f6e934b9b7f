"""A watch over one model that answers: feeds its breaker from the ledger, in an order that a replay repeats.

A breaker is told of every draw in the order of the ledger, of each truth at the moment since when it is known, and of
faults at theirs. Nothing is told that could still be overtaken by something earlier: what happens is read a moment
after it happened. So a process that starts anew and reads it all again gets the same breaker, to the last bit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from understudy.domain.project import Project
from understudy.domain.settings import Settings
from understudy.domain.stage import Cause, Event, EventKind, Stage, StageChange, Terms
from understudy.launch.breaker import Breaker
from understudy.launch.events import Answered, Drawn, Fault, Passed, Unaudited
from understudy.launch.events import Event as Told
from understudy.launch.rules import Rules
from understudy.store.draws import DrawnCase
from understudy.store.outcomes import Truth

MARGIN_SECONDS = 0.25
"""So long after a moment everything that happened until then can be read."""
AT_ONCE = 1000
"""Draws, or events, that are read together."""


class WatchedLedger(Protocol):
    """The part of the ledger that a breaker is told from. Thread-safe; blocks."""

    def project(self, name: str) -> Project:
        """One project, whose task says which answers are right."""
        ...

    def stages(self, project: str) -> Sequence[StageChange]:
        """Every change of stage, oldest first."""
        ...

    def draws_after(
        self, project: str, model: str, seq: int, *, since_stage: int, limit: int, beyond: float | None = None
    ) -> Sequence[DrawnCase]:
        """A model's draws, in order; see `Ledger.draws_after`."""
        ...

    def truths(self, decisions: Sequence[str], now: datetime) -> Mapping[str, Truth]:
        """What is known to be true; see `Ledger.truths`."""
        ...

    def events(self, project: str, *, after: int = 0, limit: int = 1000) -> Sequence[Event]:
        """Events, oldest first."""
        ...


@dataclass(frozen=True)
class Run:
    """A stretch of stages in which one model answers under the same terms.

    Attributes:
        project: The project's name.
        model: The model's version.
        terms: Under which it answers.
        since: Number of the stage change with which it began.
        began: When that was, UTC.
    """

    project: str
    model: str
    terms: Terms
    since: int
    began: datetime

    def rules(self, settings: Settings) -> Rules:
        """What its breaker goes by."""
        rules = Rules.of(self.terms, most_waiting=int(settings.most_audits_waiting))
        return replace(rules, most_faults=int(settings.fault_limit))


def answers_under(change: StageChange, model: str) -> Terms | None:
    """The terms under which a model may answer in a stage; None where it may not."""
    if change.model == model and change.stage in {Stage.CANARY, Stage.LIVE}:
        return change.terms
    if change.fallback == model and change.stage in {Stage.SHADOW, Stage.CANARY}:
        return change.fallback_terms
    return None


def run_of(project: str, changes: Sequence[StageChange], model: str) -> Run | None:
    """The run that a model is in at the last of these changes; None if it does not answer.

    A run goes back over stages in which it answered under the same terms. A trip ends it, whoever answers then.
    """
    terms = answers_under(changes[-1], model) if changes else None
    if terms is None:
        return None
    first = changes[-1]
    for change, after in zip(reversed(changes[:-1]), reversed(changes), strict=False):
        if answers_under(change, model) != terms or (after.cause is Cause.TRIPPED and model == after.model):
            break
        first = change
    return Run(project, model, terms, first.number, first.at)


@dataclass(frozen=True)
class _Said:
    """What the model said in an answer that is audited, and when it counts as drawn."""

    label: str
    at: float


class Watch:
    """One model's breaker and how far it has been told. Not shared between threads.

    Args:
        ledger: What it is told from.
        run: Which model, since when.
        rules: What its breaker goes by.
        heard: Told of every event, with the breaker before and after it.
    """

    def __init__(
        self,
        ledger: WatchedLedger,
        run: Run,
        rules: Rules,
        *,
        heard: Callable[[Breaker, Told, Breaker], None] | None = None,
    ) -> None:
        self.run, self.rules = run, rules
        self.breaker = Breaker.new(rules)
        self.last_fault = ""
        self._ledger = ledger
        self._task = ledger.project(run.project).task
        self._heard = heard
        self._seq, self._event, self._drawn_at = 0, 0, 0.0
        self._ahead: list[Told] = []
        self._open: dict[str, _Said] = {}
        self._known: set[str] = set()
        self._asked: dict[str, int] = {}

    def advance(self, now: datetime) -> bool:
        """Tells the breaker what happened until a moment ago.

        Args:
            now: The present moment, UTC.

        Returns:
            Whether that was all; if not, there is more to be told at once.

        Raises:
            Exception: Whatever kept the ledger from being read; nothing is lost by advancing again.
        """
        moment = now.timestamp() - MARGIN_SECONDS
        cases = self._ledger.draws_after(
            self.run.project,
            self.run.model,
            self._seq,
            since_stage=self.run.since,
            limit=AT_ONCE,
            beyond=self.rules.most_error,
        )
        faults, last = self._faults()
        # Nothing moves on before all of this is read: what fails half-way is read again.
        self._ahead += [*self._draws(cases), *(fault for event in faults for fault in self._read(event))]
        self._event = last
        whole = len(cases) < AT_ONCE
        until = moment if whole else min(moment, self._drawn_at)
        told = [event for event in self._ahead if event.at <= until] + self._truths(until)
        self._ahead = [event for event in self._ahead if event.at > until]
        for event in sorted(told, key=lambda each: each.at):
            self._tell(event)
        due = self.breaker.next_due
        if due is not None and due <= until:
            self._tell(Passed(until))
        self._forget()
        return whole

    def _tell(self, event: Told) -> None:
        before = self.breaker
        self.breaker, _ = before.observe(event)
        if self._heard is not None:
            self._heard(before, event, self.breaker)

    def _draws(self, cases: Sequence[DrawnCase]) -> Iterator[Told]:
        for case in cases:
            self._seq = case.seq
            self._drawn_at = at = max(self._drawn_at, case.at.timestamp())  # in the order of the ledger
            propensity = max(case.draw.propensity, self.rules.floor)
            if case.draw.audited:
                self._open[case.decision] = _Said(case.answer.label, at)
                due = case.due_at.timestamp() if case.due_at else at
                yield Drawn(at, case.decision, due, propensity, case.error)
            else:
                yield Unaudited(at, propensity, case.error)

    def _truths(self, until: float) -> list[Told]:
        asked = [decision for decision, said in self._open.items() if said.at <= until and decision not in self._known]
        found = self._ledger.truths(asked, datetime.fromtimestamp(until, UTC)) if asked else {}
        told: list[Told] = []
        for decision, truth in found.items():
            said, at = self._open[decision], truth.at.timestamp()
            if at <= until:
                self._known.add(decision)
                # Where people cannot tell, nothing was proven wrong.
                wrong = truth.value is not None and not self._task.right(said.label, truth.value)
                told.append(Answered(max(at, said.at), decision, float(wrong)))
        return told

    def _faults(self) -> tuple[list[Event], int]:
        """All faults since the last time, and how far they were read: of one that comes late the moment is lost."""
        found: list[Event] = []
        last = self._event
        while True:
            part = self._ledger.events(self.run.project, after=last, limit=AT_ONCE)
            found += [event for event in part if self._concerns(event)]
            last = part[-1].number if part else last
            if len(part) < AT_ONCE:
                return found, last

    def _concerns(self, event: Event) -> bool:
        return event.kind is EventKind.FAULT and event.model == self.run.model and event.at >= self.run.began

    def _read(self, event: Event) -> list[Fault]:
        told, self.last_fault = event.evidence, event.fact
        self._asked[str(told.get("worker", ""))] = int(told.get("asked", 0))
        asked = sum(self._asked.values())
        marks = [str(mark) for mark in told.get("inputs", ())]
        rest = [""] * (int(told.get("count", 1)) - len(marks))
        return [Fault(event.at.timestamp(), asked, mark) for mark in (*marks, *rest)]

    def _forget(self) -> None:
        """Keeps labels only of audits whose truth the breaker still has a use for."""
        ahead = {event.id for event in self._ahead if isinstance(event, Drawn)}
        kept = {*self.breaker.waiting, *self.breaker.late, *ahead}
        self._open = {decision: said for decision, said in self._open.items() if decision in kept}
        self._known &= self._open.keys()
