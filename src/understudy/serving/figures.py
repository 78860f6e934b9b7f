"""Figures for Prometheus: what this server's workers counted, added up, and what the ledger itself says.

Each worker counts for itself, and a scrape reaches any one of them. So with several workers they count in files that
they share (`prometheus_client`'s multiprocess mode), and whichever is asked adds all of them up; a label for each
worker would have needed an address for each. What the ledger says is the same whoever is asked.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import psutil
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from understudy.domain.stage import Stage
from understudy.serving.guard import Guarded
from understudy.serving.identity import utc_now
from understudy.serving.standings import Standings
from understudy.store.deliveries import Delivery
from understudy.store.questions import QueueCounts

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the variable that says where the workers of a server count together."""
MOST_DELIVERIES = 1000
_LIVE = re.compile(r"gauge_live\w+_(\d+)\.db")


class FiguresLedger(Protocol):
    """The part of the ledger that figures are read from. Thread-safe; blocks."""

    def queue_counts(self, project: str | None, now: datetime) -> QueueCounts:
        """How much waits for people."""
        ...

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """What is to be delivered now."""
        ...


class LedgerFigures(Collector):
    """Stages, breakers, queues and deliveries, read when they are asked for.

    Args:
        ledger: What they are read from.
        standings: How the projects stand.
        guarded: The models that answer, with their breakers.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: FiguresLedger,
        standings: Standings,
        guarded: Callable[[], Sequence[Guarded]],
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._standings, self._guarded, self._now = ledger, standings, guarded, now

    def describe(self) -> list[Metric]:
        """Nothing: so that registering it reads nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every figure. Blocks for a few small queries."""
        yield self._stages()
        yield self._raised()
        yield from self._breakers()
        yield from self._queues()
        due = GaugeMetricFamily("understudy_deliveries_due", "Webhooks and mails that are due and not delivered.")
        due.add_metric([], len(self._ledger.due_deliveries(self._now(), MOST_DELIVERIES)))
        yield due

    def _stages(self) -> Metric:
        stages = GaugeMetricFamily(
            "understudy_stage", "1 for the stage that a project is in.", labels=["project", "stage"]
        )
        for standing in self._standings.every():
            present = standing.change.stage if standing.change else Stage.WIZARD
            for stage in Stage:
                stages.add_metric([standing.project, stage.value], float(stage is present))
        return stages

    def _raised(self) -> Metric:
        raised = GaugeMetricFamily(
            "understudy_audits_raised",
            "How many times as much is audited because something drifted.",
            labels=["project"],
        )
        for standing in self._standings.every():
            raised.add_metric([standing.project], standing.raised)
        return raised

    def _breakers(self) -> Iterator[Metric]:
        labels = ["project", "model"]
        told: Mapping[str, tuple[str, Callable[[Guarded], float]]] = {
            "understudy_breaker_closed": ("Whether the model may answer.", lambda one: one.breaker.lets_answer),
            "understudy_breaker_evidence": (
                "How often the odds against no more errors than allowed have multiplied.",
                lambda one: one.breaker.mixture.evidence,
            ),
            "understudy_breaker_needed": ("Evidence at which it trips.", lambda one: 1 / one.breaker.rules.alpha),
            "understudy_breaker_audits": ("Audits that were counted.", lambda one: one.breaker.mixture.audits),
            "understudy_breaker_waiting": ("Audits that wait.", lambda one: len(one.breaker.waiting)),
            "understudy_breaker_lost": ("What wrong answers cost so far.", lambda one: one.breaker.meter.lost),
        }
        for name, (meaning, figure) in told.items():
            family = GaugeMetricFamily(name, meaning, labels=labels)
            for guarded in self._guarded():
                family.add_metric([guarded.project, guarded.model[:12]], float(figure(guarded)))
            yield family

    def _queues(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily(
            "understudy_questions_open", "Questions that wait for a person.", labels=["project", "kind"]
        )
        overdue = GaugeMetricFamily("understudy_questions_overdue", "Those that are late.", labels=["project"])
        now = self._now()
        for standing in self._standings.every():
            counts = self._ledger.queue_counts(standing.project, now)
            for kind in ("answer", "audit", "double"):
                waiting.add_metric([standing.project, kind], getattr(counts, kind))
            overdue.add_metric([standing.project], counts.overdue)
        yield from (waiting, overdue)


def exposition_of(
    registry: CollectorRegistry, figures: Sequence[Collector], folder: str | None = None
) -> Callable[[], bytes]:
    """Writes every figure in Prometheus' text format, whenever it is called.

    Args:
        registry: Of this process.
        figures: What is read when it is asked for.
        folder: Where the workers count together, or None where there is only one.
    """
    if folder is None:
        for each in figures:
            registry.register(each)
        return lambda: generate_latest(registry)

    def added_up() -> bytes:
        _forget_the_dead(Path(folder))
        whole = CollectorRegistry()
        MultiProcessCollector(whole, folder)  # type: ignore[no-untyped-call]
        for each in figures:
            whole.register(each)
        return generate_latest(whole)

    return added_up


def _forget_the_dead(folder: Path) -> None:
    """Leaves out what workers that are gone said of themselves last; what they counted stays."""
    for file in folder.glob("gauge_live*.db"):
        found = _LIVE.fullmatch(file.name)
        if found is not None and not psutil.pid_exists(int(found[1])):
            mark_process_dead(int(found[1]), str(folder))  # type: ignore[no-untyped-call]
