import asyncio
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from brightness import photo
from understudy.domain.decision import Decision
from understudy.domain.stage import Stage
from understudy.serving import telemetry
from understudy.serving.asking import Request
from understudy.serving.router import Router, Setup
from understudy.serving.telemetry import TelemetryMissing, Tracing, configure_logging

from .house import House


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[str]]]:
    """What went to the standard error output; the loggers are put back afterwards."""
    ours, decisions = logging.getLogger("understudy"), telemetry.decisions_log
    before = ours.handlers[:], ours.propagate, ours.level, decisions.level

    def written() -> list[str]:
        return capsys.readouterr().err.splitlines()

    yield written
    ours.handlers[:], ours.propagate = before[:2]
    ours.setLevel(before[2])
    decisions.setLevel(before[3])


def broken() -> None:
    raise ValueError("a\nb")


def test_log_lines_can_be_read_by_programs(lines: Callable[[], list[str]]) -> None:
    """Each line is one JSON object, with what a record carries besides and with its traceback."""
    configure_logging({"UNDERSTUDY_LOG": "json", "UNDERSTUDY_LOG_LEVEL": "info"})
    log = logging.getLogger("understudy.serving.test")
    log.info("first of %d", 2, extra={"project": "lamp"})
    try:
        broken()
    except ValueError:
        log.exception("second")
    first, second = map(json.loads, lines())
    assert (first["level"], first["message"], first["project"]) == ("info", "first of 2", "lamp")
    assert second["traceback"].endswith("ValueError: a\nb")
    assert second["logger"] == "understudy.serving.test"


@pytest.mark.parametrize(("asked", "count"), [("1", 2), ("", 0)])
def test_decisions_are_logged_only_when_asked_for(
    house: House, lines: Callable[[], list[str]], asked: str, count: int
) -> None:
    """One line a decision with all that matters of it, or none."""
    configure_logging({"UNDERSTUDY_LOG": "json", "UNDERSTUDY_LOG_DECISIONS": asked})
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", Request(photo(level))) for level in (250, 140)]

    decided = house.play(scene)
    told = [json.loads(line) for line in lines()]
    assert len(told) == count
    if count:
        assert [each["decision"] for each in told] == [each.id for each in decided]
        assert [each["because"] for each in told] == ["confident", "below-threshold"]
        assert told[0]["model"] == house.model.version


def test_plain_lines_stay_plain(lines: Callable[[], list[str]]) -> None:
    """Without being asked for anything, warnings are told in words and nothing below them is."""
    configure_logging({})
    logging.getLogger("understudy.x").info("quiet")
    logging.getLogger("understudy.x").warning("loud")
    (line,) = lines()
    assert line.endswith("WARNING understudy.x loud")


def test_a_request_is_traced_from_its_sender_to_the_model(house: House) -> None:
    """Spans of the decision and of the model's batch, with what they were about; the sender's trace goes on."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing = Tracing(provider)
    house.setup = Setup(tracing=tracing)
    house.promote(Stage.LIVE)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    async def scene(router: Router) -> Decision:
        with tracing.span("request", headers={"traceparent": parent}):
            return await router.decide("lamp", Request(photo(250)))

    decision = house.play(scene)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert set(spans) == {"request", "decide", "model"}
    assert spans["decide"].attributes["decision"] == decision.id
    assert spans["decide"].attributes["because"] == "confident"
    assert spans["decide"].parent.span_id == spans["request"].context.span_id
    assert f"{spans['request'].context.trace_id:032x}" == parent.split("-")[1]
    assert spans["model"].attributes["size"] == 1


def test_traces_are_off_unless_they_have_somewhere_to_go() -> None:
    """Without an address there is no tracer, and a span is nothing."""
    tracing = Tracing.from_environment({})
    assert not tracing.on
    with tracing.span("anything", project="lamp") as span:
        assert span is None
    tracing.close()


def test_traces_that_were_asked_for_are_sent_or_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address switches them on; where the extra is missing, that is said with how to install it."""
    named = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    tracing = Tracing.from_environment(named)
    assert tracing.on
    monkeypatch.setattr(telemetry, "TRACES", False)
    with pytest.raises(TelemetryMissing, match=r"understudy\[telemetry\]"):
        Tracing.from_environment(named)


def test_tracing_costs_no_answer(house: House) -> None:
    """With traces on, many requests at once get the answers that they get without."""
    house.setup = Setup(tracing=Tracing(TracerProvider()))
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[str]:
        asked = [router.decide("lamp", Request(photo(level))) for level in range(200, 250, 5)]
        return [decision.answer.label for decision in await asyncio.gather(*asked)]

    assert house.play(scene) == ["bright"] * 10
