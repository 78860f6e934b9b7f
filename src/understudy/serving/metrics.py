"""What serving counts, in Prometheus' terms; one registry an app, nothing global."""

from collections.abc import Mapping
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.task import AnswerKind
from understudy.serving.model import ModelFault

SECONDS = (0.002, 0.004, 0.006, 0.008, 0.012, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0)
SIZES = (1, 2, 3, 4, 6, 8)


class _Counts(Protocol):
    def inc(self, amount: float = 1) -> None: ...


class _Times(Protocol):
    def observe(self, amount: float) -> None: ...


class ServingMetrics:
    """Counters and histograms of decisions.

    Args:
        registry: Where they are registered.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._decisions = Counter(
            "understudy_decisions",
            "Decisions written to the ledger, by project, by who answered, and why they did.",
            ["project", "answered_by", "because"],
            registry=registry,
        )
        self._answers = Counter(
            "understudy_answers", "Answers of models, by project and label.", ["project", "label"], registry=registry
        )
        self._audits = Counter(
            "understudy_audits_drawn", "Answers of models that a person answers again.", ["project"], registry=registry
        )
        self._faults = Counter(
            "understudy_faults", "Faults of models; a person was asked instead.", ["project", "kind"], registry=registry
        )
        self._refused = Counter(
            "understudy_refused", "Questions that got no answer, by reason.", ["reason"], registry=registry
        )
        self._seconds = Histogram(
            "understudy_decision_seconds",
            "From the question's arrival to the written decision.",
            ["project"],
            buckets=SECONDS,
            registry=registry,
        )
        self._batch = Histogram(
            "understudy_batch_size", "Inputs that went through a model together.", buckets=SIZES, registry=registry
        )
        self._waiting = Gauge(
            "understudy_waiting",
            "Requests that wait: for a model, for their commit, for a person's answer on a held connection.",
            ["for"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        # Looking a child up by its labels costs more than counting does.
        self._by_way: dict[tuple[str, str, str], _Counts] = {}
        self._by_project: dict[str, _Times] = {}
        self._by_label: dict[tuple[str, str], _Counts] = {}

    def decided(self, decision: Decision, seconds: float) -> None:
        """Counts one written decision, and how long it took with its writing."""
        project, answer = decision.project, decision.answer
        way = (project, decision.answered_by.value, decision.because.value)
        counts = self._by_way.get(way)
        if counts is None:
            counts = self._by_way[way] = self._decisions.labels(*way)
        counts.inc()
        times = self._by_project.get(project)
        if times is None:
            times = self._by_project[project] = self._seconds.labels(project)
        times.observe(seconds)
        if answer is not None:
            # Numbers, sets and rankings are too many to be counted one by one.
            named = (project, answer.label if answer.kind is AnswerKind.LABEL else answer.kind.value)
            counts = self._by_label.get(named)
            if counts is None:
                counts = self._by_label[named] = self._answers.labels(*named)
            counts.inc()
        if decision.draw is not None and decision.draw.audited:
            self._audits.labels(project).inc()

    def fault(self, project: str, fault: ModelFault) -> None:
        """Counts one fault of a model."""
        self._faults.labels(project, fault.kind).inc()

    def refused(self, error: UnderstudyError) -> None:
        """Counts one question that got no answer."""
        self._refused.labels(type(error).__name__).inc()

    def batch(self, size: int) -> None:
        """Counts one batch."""
        self._batch.observe(size)

    def waiting(self, counts: Mapping[str, int]) -> None:
        """Says how many requests wait just now, by what they wait for."""
        for what, count in counts.items():
            self._waiting.labels(what).set(count)
