"""What serving counts, in Prometheus' terms; one registry an app, nothing global."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError

SECONDS = (0.002, 0.004, 0.006, 0.008, 0.012, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0)
SIZES = (1, 2, 3, 4, 6, 8)


class ServingMetrics:
    """Counters and histograms of decisions.

    Args:
        registry: Where they are registered.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._decisions = Counter(
            "understudy_decisions",
            "Decisions written to the ledger, by project and by who answered.",
            ["project", "answered_by"],
            registry=registry,
        )
        self._answers = Counter(
            "understudy_answers", "Answers of the model, by project and label.", ["project", "label"], registry=registry
        )
        self._asked = Counter(
            "understudy_ask_person", "Decisions in which the model asked for a person.", ["project"], registry=registry
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
            "understudy_batch_size", "Photos that went through the model together.", buckets=SIZES, registry=registry
        )

    def decided(self, decision: Decision, seconds: float) -> None:
        """Counts one written decision, and how long it took with its writing."""
        answer = decision.answer
        self._decisions.labels(decision.project, decision.answered_by.value).inc()
        self._answers.labels(decision.project, answer.label).inc()
        self._seconds.labels(decision.project).observe(seconds)
        if answer.ask_person:
            self._asked.labels(decision.project).inc()

    def refused(self, error: UnderstudyError) -> None:
        """Counts one question that got no answer."""
        self._refused.labels(type(error).__name__).inc()

    def batch(self, size: int) -> None:
        """Counts one batch."""
        self._batch.observe(size)
