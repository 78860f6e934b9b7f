"""Telemetry: log lines that programs can read, and traces where they were asked for."""

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError

try:
    from opentelemetry import propagate, trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
except ImportError:  # the extra "telemetry" is not installed
    TRACES = False
else:
    TRACES = True

LOG = "UNDERSTUDY_LOG"
"""Names the variable that is "json" where each line is to be an object."""
LEVEL = "UNDERSTUDY_LOG_LEVEL"
DECISIONS = "UNDERSTUDY_LOG_DECISIONS"
"""Names the variable that is "1" where every decision gets a line."""
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Where OpenTelemetry's own variables say that traces go; without either there are none."""

PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

decisions_log = logging.getLogger("understudy.decisions")


class TelemetryMissing(UnderstudyError):
    """Traces were asked for and cannot be made."""


class BadTraces(UnderstudyError):
    """Traces are to go where they cannot."""


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how grave, where, what, and whatever else the record carries."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def configure_logging(environment: Mapping[str, str] = os.environ) -> None:
    """Sends this product's log lines to the standard error output, in the form that the environment asks for."""
    handler = logging.StreamHandler(sys.stderr)
    as_json = environment.get(LOG, "").lower() == "json"
    handler.setFormatter(JsonLines() if as_json else logging.Formatter(PLAIN))
    ours = logging.getLogger("understudy")
    ours.handlers[:] = [handler]
    ours.propagate = False
    ours.setLevel(environment.get(LEVEL, "WARNING").upper())
    decisions_log.setLevel(logging.INFO if environment.get(DECISIONS) == "1" else logging.WARNING)


def log_decision(decision: Decision) -> None:
    """Writes one line about a decision, where decisions are logged."""
    if decisions_log.isEnabledFor(logging.INFO):
        decisions_log.info(
            "decided",
            extra={
                "decision": decision.id,
                "project": decision.project,
                "answered_by": decision.answered_by.value,
                "because": decision.because.value,
                "model": decision.model,
                "stage": decision.stage,
                "probability": decision.answer.probability if decision.answer else None,
                "audited": decision.draw.audited if decision.draw else False,
                "seconds": round(decision.seconds, 6),
            },
        )


class Tracing:
    """Spans of what a request goes through; costs nothing where traces are off.

    Args:
        provider: OpenTelemetry's tracer provider, or None for no traces.
    """

    def __init__(self, provider: Any = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("understudy") if provider is not None else None

    @classmethod
    def check(cls, environment: Mapping[str, str]) -> None:
        """Makes sure that traces can go where OpenTelemetry's variables say, without sending any.

        Raises:
            TelemetryMissing: They name a place, and the extra is not installed.
            BadTraces: What they say cannot be used.
        """
        named = [name for name in ENDPOINTS if environment.get(name)]
        if named and not TRACES:
            raise _missing()
        for name in named:
            _check_address(name, environment[name])

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Tracing":
        """Traces that go where OpenTelemetry's variables say; none where they say nothing.

        Raises:
            TelemetryMissing: They name a place, and the extra is not installed.
        """
        if not any(environment.get(name) for name in ENDPOINTS):
            return cls()
        if not TRACES:
            raise _missing()
        provider = TracerProvider(resource=Resource.create({"service.name": "understudy"}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    @property
    def on(self) -> bool:
        """Whether anything is traced."""
        return self._tracer is not None

    @contextmanager
    def span(self, name: str, headers: Mapping[str, str] | None = None, **attributes: Any) -> Iterator[Any]:
        """A span around the block; the value is the span, or None where traces are off.

        Args:
            name: Of the span.
            headers: Of a request whose sender may have begun the trace (W3C traceparent).
            attributes: What is known at its beginning.
        """
        if self._tracer is None:
            yield None
            return
        context = propagate.extract(headers) if headers else None
        kind = trace.SpanKind.INTERNAL if headers is None else trace.SpanKind.SERVER
        with self._tracer.start_as_current_span(name, context=context, kind=kind, attributes=attributes) as span:
            yield span

    def close(self) -> None:
        """Sends what is left."""
        if self._provider is not None:
            self._provider.shutdown()


def _missing() -> TelemetryMissing:
    return TelemetryMissing(
        fact="Traces cannot be sent.",
        reason=f"{ENDPOINTS[0]} names where they go, and OpenTelemetry is not installed.",
        remedy="Install it with pip install 'understudy[telemetry]', or clear that variable.",
    )


def _check_address(variable: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadTraces(
            fact=f"Traces cannot go to “{address[:80]}”.",
            reason=f"{variable} has to be written http://host:port or https://host:port.",
            remedy="Correct or clear it, and start again.",
        )
