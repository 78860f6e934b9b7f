import asyncio
import io

import httpx
from PIL import Image
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from brightness import BrightnessModel, Shelf
from understudy.serving.metrics import ServingMetrics
from understudy.serving.recorder import Recorder
from understudy.serving.router import Router
from understudy.web.doctor import Doctor, draw_card

from .conftest import Studio
from .photos import grey


class Nowhere:
    """Keeps nothing: health checks must not write."""

    def record_decisions(self, _decisions: object) -> None:
        raise AssertionError("a health check wrote a decision")

    def put(self, _data: bytes) -> str:
        raise AssertionError("a health check stored a photo")


def samples(client: httpx.Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_health_asks_each_trained_model_and_writes_nothing(studio: Studio, client: httpx.Client) -> None:
    """A real prediction for each trained project; none of it is a decision."""
    before = (len(studio.model.batches), studio.ledger.decision_count("lamp"))
    response = client.get("/healthz")
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ok"
    assert {name: check["status"] for name, check in body["projects"].items()} == {
        "lamp": "ok",
        "untrained": "not trained",
    }
    assert len(studio.model.batches) > before[0]
    assert studio.ledger.decision_count("lamp") == before[1]


def test_a_model_that_fails_is_found_out_and_its_recovery_too() -> None:
    """When a model raises, the doctor says so; what was seen holds for seconds, and is then asked again."""
    model = BrightnessModel()
    clock = [0.0]

    async def scene() -> list[str]:
        nowhere = Nowhere()
        router = Router(Shelf({"lamp": model}), Recorder(nowhere, nowhere), ServingMetrics(CollectorRegistry()))
        doctor = Doctor(router, stopwatch=lambda: clock[0], fresh=5)
        seen = []
        for labels, at in ((("a", "b"), 0), (("a",), 1), (("a",), 7), (("a", "b"), 13)):
            model.labels, clock[0] = labels, at
            seen.append((await doctor.examine(["lamp"]))["lamp"].status)
        await router.close()
        return seen

    assert asyncio.run(scene()) == ["ok", "ok", "failing", "ok"]
    assert model.batches == [1, 1, 1]


def test_the_test_card_is_a_real_photo() -> None:
    """It opens as any photo does, and is not of one colour."""
    picture = Image.open(io.BytesIO(draw_card()))
    assert picture.size == (32, 32)
    assert len(picture.getcolors(2000) or []) > 100


def test_readiness_needs_the_ledger(client: httpx.Client) -> None:
    """The server says that it can take requests."""
    assert client.get("/readyz").json() == {"status": "ready"}


def test_metrics_count_what_happened(client: httpx.Client) -> None:
    """Decisions by project and by who answered, answers, requests for a person, batches, requests and their time."""
    before = samples(client)
    ask = "/api/v1/projects/lamp/decisions"
    for level in (250, 250, 140):
        client.post(ask, files={"photo": grey(level)})
    client.post(ask, content=b"nonsense", headers={"content-type": "image/png"})
    after = samples(client)

    def grown(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    assert grown("understudy_decisions_total", project="lamp", answered_by="model") == 2
    assert grown("understudy_decisions_total", project="lamp", answered_by="nobody-yet") == 1
    assert grown("understudy_ask_person_total", project="lamp") == 1
    assert grown("understudy_answers_total", project="lamp", label="bright") == 3
    assert grown("understudy_refused_total", reason="NoPhoto") == 1
    assert grown("understudy_batch_size_count") == 4
    assert grown("understudy_decision_seconds_count", project="lamp") == 3
    route = "/api/v1/projects/{project}/decisions"
    assert grown("understudy_http_requests_total", method="POST", route=route, status="200") == 3
    assert grown("understudy_http_requests_total", method="POST", route=route, status="422") == 1


def test_guessed_addresses_share_one_name_in_the_metrics(client: httpx.Client) -> None:
    """Asking for a hundred addresses that do not exist adds one line to the metrics, not a hundred."""
    client.get("/guess")
    before = len(samples(client))
    for number in range(100):
        client.get(f"/guess-{number}")
        client.post(f"/api/v1/projects/guess-{number}/decisions", files={"photo": grey(1)})
    assert len(samples(client)) - before < 25
