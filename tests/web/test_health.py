import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from brightness import BrightnessModel, Shelf
from understudy.domain.project import Project
from understudy.domain.stage import Stage
from understudy.serving.backstage import Here, Server, Vitals
from understudy.serving.company import company, worker_of
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.web.doctor import Doctor

from .conftest import NOW, Studio, launch, serving
from .photos import grey


@pytest.fixture
def lamp(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of its own with the project “lamp”."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.create_project(Project("lamp", NOW))
        yield ledger


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


@pytest.mark.parametrize(
    ("stage", "expected"),
    [(Stage.LIVE, ["ok", "ok", "failing", "ok"]), (Stage.SHADOW, ["ok", "ok", "people", "ok"])],
)
def test_a_model_that_fails_is_found_out_and_its_recovery_too(
    lamp: Ledger, tmp_path: Path, stage: Stage, expected: list[str]
) -> None:
    """When a model raises, the doctor says so; what was seen holds for seconds. One that answers nobody harms none."""
    model = BrightnessModel()
    clock = [0.0]
    launch(lamp, "lamp", model.version, stage)

    async def scene() -> list[str]:
        router = company(lamp, BlobStore(str(tmp_path / "blobs")), Shelf({"lamp": model})).router
        doctor = Doctor(router, stopwatch=lambda: clock[0], fresh=5)
        seen = []
        for labels, at in ((("a", "b"), 0), (("a",), 1), (("a",), 7), (("a", "b"), 13)):
            model.labels, clock[0] = labels, at
            seen.append((await doctor.examine(["lamp"]))["lamp"].status)
        await router.close()
        return seen

    assert asyncio.run(scene()) == expected
    assert model.batches == [1, 1, 1]
    assert lamp.decision_count("lamp") == 0


def test_the_fallback_is_asked_too(lamp: Ledger, tmp_path: Path) -> None:
    """Where two models may answer, health is that of the worse."""
    model, before = BrightnessModel(), BrightnessModel(version="cd" * 32, labels=("a",))
    shelf = Shelf({"lamp": model}, [before])
    launch(lamp, "lamp", model.version, Stage.CANARY, fallback=before.version)
    with serving(lamp, BlobStore(str(tmp_path / "blobs")), shelf) as url:
        response = httpx.get(f"{url}/healthz", timeout=60)
    assert response.status_code == 503
    assert response.json()["projects"]["lamp"]["status"] == "failing"


class Backstage:
    """What goes on behind the answers, as a test has it."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals

    def vitals(self) -> Vitals:
        return self._vitals

    def start(self) -> None:
        """Nothing begins."""

    def stop(self) -> None:
        """Nothing ends."""


@pytest.mark.parametrize(
    ("vitals", "status"),
    [
        (Vitals(2, 2, {"pulse": 0.1, "guard": 0.2, "shadow": 99.0}), 200),
        (Vitals(1, 2, {"pulse": 0.1, "guard": 0.2}), 503),
        (Vitals(2, 2, {"pulse": 99.0, "guard": 0.2}), 503),
        (Vitals(2, 2, {"pulse": 0.1, "guard": 99.0}), 503),
    ],
)
def test_health_fails_when_workers_or_their_keepers_are_dead(
    lamp: Ledger, tmp_path: Path, vitals: Vitals, status: int
) -> None:
    """Fewer workers than were started, or standings and breakers that nobody looks after, are not well."""
    with serving(lamp, BlobStore(str(tmp_path / "b")), Shelf({"lamp": None}), backstage=Backstage(vitals)) as url:
        response = httpx.get(f"{url}/healthz", timeout=60)
    assert response.status_code == status
    assert response.json()["workers"] == {"alive": vitals.workers, "started": vitals.expected}


def test_a_worker_that_is_gone_is_missed(lamp: Ledger, tmp_path: Path) -> None:
    """One that beats counts; one whose process is gone, that fell silent, or that is another server's does not."""
    server = Server("ours", 2)
    made = company(lamp, BlobStore(str(tmp_path / "b")), Shelf({"lamp": None}))
    backstage = made.backstage
    here = Here(worker_of(server, NOW), server)
    backstage._worker, backstage._server, backstage._now = here.worker, server, lambda: NOW

    def alive(workers: Sequence[tuple[str, int, float]]) -> int:
        for name, pid, ago in workers:
            worker = worker_of(Server(name), NOW)
            lamp.beat(type(worker)(worker.id, pid, worker.host, NOW), NOW - timedelta(seconds=ago))
        return backstage.vitals().workers

    lamp.beat(here.worker, NOW)
    pid = here.worker.pid
    assert alive([("other", pid, 0.0), ("ours", pid, 60.0), ("ours", 2**22 + 1, 0.0)]) == 1
    assert not backstage.vitals().ok
    assert alive([("ours", pid, 1.0)]) == 2


def test_readiness_needs_the_ledger(client: httpx.Client) -> None:
    """The server says that it can take requests."""
    assert client.get("/readyz").json() == {"status": "ready"}


def test_metrics_count_what_happened(client: httpx.Client) -> None:
    """Decisions by project, who answered and why, answers, batches, requests and their time."""
    before = samples(client)
    ask = "/api/v1/projects/lamp/decisions"
    for level in (250, 250, 140):
        client.post(ask, files={"photo": grey(level)})
    client.post(ask, content=b"nonsense", headers={"content-type": "image/png"})
    after = samples(client)

    def grown(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    decided = {"project": "lamp", "answered_by": "model", "because": "confident"}
    assert grown("understudy_decisions_total", **decided) == 2
    decided |= {"answered_by": "nobody-yet", "because": "below-threshold"}
    assert grown("understudy_decisions_total", **decided) == 1
    assert grown("understudy_answers_total", project="lamp", label="bright") == 3
    assert grown("understudy_refused_total", reason="NoPhoto") == 1
    assert grown("understudy_batch_size_count") == 4
    assert grown("understudy_decision_seconds_count", project="lamp") == 3
    route = "/api/v1/projects/{project}/decisions"
    assert grown("understudy_http_requests_total", method="POST", route=route, status="200") == 2
    assert grown("understudy_http_requests_total", method="POST", route=route, status="202") == 1
    assert grown("understudy_http_requests_total", method="POST", route=route, status="422") == 1


def test_guessed_addresses_share_one_name_in_the_metrics(client: httpx.Client) -> None:
    """Asking for a hundred addresses that do not exist adds one line to the metrics, not a hundred."""
    client.get("/guess")
    before = len(samples(client))
    for number in range(100):
        client.get(f"/guess-{number}")
        client.post(f"/api/v1/projects/guess-{number}/decisions", files={"photo": grey(1)})
    assert len(samples(client)) - before < 25


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/projects", "/nowhere"])
def test_who_asks_for_headers_alone_gets_those_of_the_page(client: httpx.Client, path: str) -> None:
    """As monitors and proxies do: the same status, and no body."""
    asked, whole = client.head(path), client.get(path)
    assert asked.status_code == whole.status_code
    assert asked.headers["content-type"] == whole.headers["content-type"]
    assert asked.content == b""
