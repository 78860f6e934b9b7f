"""Figures for Prometheus, of one process and of several that count together."""

import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from brightness import photo
from understudy.domain.decision import Decision
from understudy.domain.stage import Stage
from understudy.serving.asking import Request
from understudy.serving.figures import LedgerFigures, exposition_of
from understudy.serving.guard import Guard
from understudy.serving.router import Router

from .house import TERMS, House

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: bytes) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_the_ledger_says_stage_breaker_and_queue(house: House) -> None:
    """Whoever scrapes reads the stage, how far the breaker is from its trip line, and what waits for people."""
    house.promote(Stage.LIVE, terms=replace(TERMS, audit_share=1.0))

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", Request(photo(level))) for level in (250, 249, 140)]

    house.play(scene)
    house.ledger.add_delivery("lamp", "webhook", "x", {}, datetime.now(UTC))
    house.standings.refresh()
    guard = Guard(house.ledger, house.standings, now=lambda: datetime.now(UTC))
    guard.tick()
    figures = LedgerFigures(house.ledger, house.standings, lambda: guard.guarded)
    found = samples(exposition_of(CollectorRegistry(), [figures])())
    model = ("model", house.model.version[:12])

    def figure(name: str, *labels: tuple[str, str]) -> float:
        return found[name, tuple(sorted(labels))]

    lamp = ("project", "lamp")
    assert figure("understudy_stage", lamp, ("stage", "live")) == 1
    assert figure("understudy_stage", lamp, ("stage", "wizard")) == 0
    assert figure("understudy_breaker_closed", lamp, model) == 1
    assert figure("understudy_breaker_needed", lamp, model) == pytest.approx(20.0)
    assert 0 < figure("understudy_breaker_evidence", lamp, model) < 20
    assert figure("understudy_questions_open", lamp, ("kind", "audit")) == 2
    assert figure("understudy_questions_open", lamp, ("kind", "answer")) == 1
    assert figure("understudy_questions_overdue", lamp) == 0
    assert figure("understudy_deliveries_due") == 1
    assert figure("understudy_audits_raised", lamp) == 1


WORKER = """
    import os, sys
    from prometheus_client import CollectorRegistry
    from understudy.serving.figures import exposition_of
    from understudy.serving.metrics import ServingMetrics
    from understudy.serving.model import ModelFault

    registry = CollectorRegistry()
    metrics = ServingMetrics(registry)
    for _ in range(int(sys.argv[1])):
        metrics.fault("lamp", ModelFault.too_slow("ab", 1.0))
    metrics.waiting({"model": int(sys.argv[1])})
    sys.stdout.write(exposition_of(registry, [], os.environ["PROMETHEUS_MULTIPROC_DIR"])().decode())
    sys.stdout.flush()
    sys.stdin.read()
"""


def test_workers_count_together(tmp_path: Path) -> None:
    """Whichever of two workers is asked tells what both counted; what a dead one said of itself is left out."""
    program = [sys.executable, "-c", textwrap.dedent(WORKER)]
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}

    def worker(count: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*program, str(count)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    first = worker(3)
    assert first.stdout is not None
    while "understudy_waiting" not in first.stdout.readline():
        assert first.poll() is None
    second = worker(4)
    both = samples(second.communicate("")[0].encode())
    kinds = (("kind", "too-slow"), ("project", "lamp"))
    waiting = ("understudy_waiting", (("for", "model"),))
    assert both["understudy_faults_total", kinds] == 7
    assert both[waiting] == 7
    first.communicate("")
    third = worker(1)
    alone = samples(third.communicate("")[0].encode())
    assert alone["understudy_faults_total", kinds] == 8
    assert alone[waiting] == 1
