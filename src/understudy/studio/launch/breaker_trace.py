"""How a breaker came to stand where it does: every audit of a model in order, told to it again from the ledger."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from understudy.domain.stage import Cause, StageChange, Terms
from understudy.launch.breaker import Breaker, Waiting
from understudy.launch.events import Answered, Drawn, Event
from understudy.serving.watch import Run, Watch, run_of
from understudy.stats.bets import Bets
from understudy.store.ledger import Ledger
from understudy.studio.launch.breaker_charts import Audited
from understudy.studio.launch.gate import trips_of


@dataclass(frozen=True)
class Watched:
    """A model that answers, and its breaker.

    Attributes:
        model: Its version.
        terms: Under which it answers.
        since: When it began to, UTC.
        breaker: As it stands now.
        audits: Every audit that was counted, in the order in which they were drawn.
    """

    model: str
    terms: Terms
    since: datetime
    breaker: Breaker
    audits: tuple[Audited, ...]

    @property
    def next_due(self) -> datetime | None:
        """When the first of them is due, UTC, or None."""
        due = min((audit.due for audit in self.breaker.waiting.values() if audit.loss is None), default=None)
        return None if due is None else datetime.fromtimestamp(due, UTC)


@dataclass
class _Trace:
    """A watch, and the audits that its breaker was heard to count."""

    watch: Watch
    audits: list[Audited]


class BreakerTraces:
    """The breakers of models that answer, each told again from the ledger, and from where it was left off. Thread-safe.

    Args:
        ledger: What they are told from.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._telling = threading.Lock()
        self._traces: dict[Run, _Trace] = {}

    def of(self, project: str, now: datetime) -> list[Watched]:
        """The models that answer for a project now, that of the stage first; before them the one that has just tripped.

        Raises:
            UnknownProject: No such project.
        """
        stages = self._ledger.stages(project)
        runs = [*_tripped(project, stages), *_answering(project, stages)]
        with self._telling:
            old = [run for run in self._traces if run.project == project and run not in runs]
            for run in old:
                del self._traces[run]
            return [self._told(run, now) for run in runs]

    def _told(self, run: Run, now: datetime) -> Watched:
        rules = run.rules(self._ledger.settings(run.project))
        trace = self._traces.get(run)
        if trace is None or trace.watch.rules != rules:
            audits: list[Audited] = []
            watch = Watch(self._ledger, run, rules, heard=lambda *told: audits.extend(counted(*told)))
            trace = self._traces[run] = _Trace(watch, audits)
        while not trace.watch.advance(now):
            pass
        return Watched(run.model, run.terms, run.began, trace.watch.breaker, tuple(trace.audits))


def counted(before: Breaker, event: Event, after: Breaker) -> list[Audited]:
    """The audits that one event let a breaker count, in their order; the last has the breaker's own evidence.

    Args:
        before: The breaker as it was.
        event: What it was told.
        after: As it is.
    """
    fresh = after.mixture.audits - before.mixture.audits
    bets, mixture = Bets(before.rules.most_error, before.rules.floor), before.mixture
    found: list[Audited] = []
    for name, audit in islice(_in_line(before, event), max(0, fresh)):
        loss = audit.loss
        if isinstance(event, Answered) and event.id == name and loss is None and audit.due > after.now:
            loss = event.loss
        mixture = mixture.grown(audit.gap, bets.audited(loss or 0.0, audit.propensity, audit.expected))
        found.append(Audited(mixture.audits, loss or 0.0, loss is not None, mixture.evidence))
    return found


def _in_line(before: Breaker, event: Event) -> Iterator[tuple[str, Waiting]]:
    """Audits that were not counted yet, in the order in which they were drawn."""
    yield from before.waiting.items()
    if isinstance(event, Drawn) and event.id not in before.waiting:
        yield event.id, Waiting(event.due, event.propensity, event.at, event.expected, before.gap)


def _answering(project: str, stages: Sequence[StageChange]) -> list[Run]:
    """The runs that models are in at the last of these stages."""
    present = stages[-1] if stages else None
    versions = dict.fromkeys((present.model, present.fallback) if present else ())
    runs = [run_of(project, stages, version) for version in versions if version]
    return [run for run in runs if run is not None]


def _tripped(project: str, stages: Sequence[StageChange]) -> list[Run]:
    """The run that the last of these stages ended, if a breaker brought it about."""
    if not stages or stages[-1].cause is not Cause.TRIPPED:
        return []
    version, _ = trips_of(stages)[-1]
    run = run_of(project, stages[:-1], version)
    return [] if run is None else [run]
