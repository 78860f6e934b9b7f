"""Audits and doubtful answers over real HTTP: what the model said reaches nobody who is to answer blind."""

import time
from collections.abc import Iterator

import httpx
import pytest

from brightness import BrightnessModel, Shelf
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, Studio, launch, serving
from .photos import grey
from .test_decisions import error_of

ASK = "/api/v1/projects/lamp/decisions"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server whose project “lamp” is live with a model that calls bright photos “luminous”; all of it is audited."""
    folder = tmp_path_factory.mktemp("blind")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    model = BrightnessModel(labels=("luminous", "dark"))
    ledger.create_project(Project("lamp", NOW))
    ledger.set_setting("lamp", "undo-seconds", 600.0, "Ada", NOW)
    ledger.set_setting("lamp", "double-share", 0.0, "Ada", NOW)
    launch(ledger, "lamp", model.version, audits=1.0)
    shelf = Shelf({"lamp": model})
    with serving(ledger, blobs, shelf) as url:
        yield Studio(url, ledger, blobs, shelf, model)
    ledger.close()


def reachable(client: httpx.Client, decision: str) -> dict[str, str]:
    """Every text that a person can get to see about a decision, by address."""
    addresses = [
        f"/api/v1/decisions/{decision}",
        f"/decisions/{decision}",
        f"/projects/lamp?answer={decision}",
        "/projects/lamp",
        ASK,
        "/projects/lamp/history",
        "/api/v1/projects/lamp/history",
        "/projects/lamp/launch",
        "/projects/lamp/queue",
        "/api/v1/projects/lamp/queue/next?by=Kim",
    ]
    return {address: client.get(address).text for address in addresses}


def test_a_doubtful_answer_is_told_nobody_before_a_person_has_answered(studio: Studio, client: httpx.Client) -> None:
    """Below the threshold neither client nor person learns what the model leaned to."""
    shown = client.post(ASK, files={"photo": grey(150)}).json()
    assert studio.ledger.decision(shown["id"]).answer.label == "luminous"
    assert "luminous" not in str(shown)
    for address, text in reachable(client, shown["id"]).items():
        assert "luminous" not in text, address


def test_an_audited_answer_is_withheld_until_the_audit_holds(studio: Studio, client: httpx.Client) -> None:
    """The client has the answer; nobody else reads it before a person's answer can no longer be taken back."""
    served = client.post(ASK, files={"photo": grey(250)}, headers={"idempotency-key": "one"})
    shown = served.json()
    assert (served.status_code, shown["label"]) == (200, "luminous")
    assert studio.ledger.decision(shown["id"]).draw.audited
    for address, text in reachable(client, shown["id"]).items():
        assert "luminous" not in text, address
    for part in ("regions", "regions.png"):
        response = client.get(f"/api/v1/decisions/{shown['id']}/{part}")
        assert (response.status_code, error_of(response)["code"]) == (409, "answer-withheld")
    looked = client.get(f"/api/v1/decisions/{shown['id']}").json()
    assert (looked["state"], looked["answered_by"], looked["withheld"]) == ("answered", "model", True)

    said = {"decision": shown["id"], "kind": "audit", "value": "shiny", "by": "Kim"}
    client.post("/api/v1/projects/lamp/queue/answer", json=said).raise_for_status()
    for address, text in reachable(client, shown["id"]).items():
        assert "luminous" not in text, address
    client.post("/api/v1/projects/lamp/queue/undo", json={"by": "Kim"}).raise_for_status()
    studio.ledger.set_setting("lamp", "undo-seconds", 0.0, "Ada", NOW)
    client.post("/api/v1/projects/lamp/queue/answer", json=said).raise_for_status()
    soon = time.monotonic() + 60
    while client.get(f"/api/v1/decisions/{shown['id']}").json()["withheld"]:
        assert time.monotonic() < soon
        time.sleep(0.05)
    assert "luminous" in client.get(f"/decisions/{shown['id']}").text
    assert client.get(f"/api/v1/decisions/{shown['id']}/regions").status_code == 200


def test_a_client_that_asks_again_gets_its_answer_again(client: httpx.Client) -> None:
    """The same key and photo give the answer to whoever asked, though it is audited meanwhile."""
    for _ in range(2):
        response = client.post(ASK, files={"photo": grey(251)}, headers={"idempotency-key": "two"})
        assert (response.status_code, response.json()["label"]) == (200, "luminous")


def test_the_queue_does_not_tell_an_audit_from_a_question(studio: Studio, client: httpx.Client) -> None:
    """A person sees the same page for both, without a word of the model."""
    client.cookies.set("understudy-name", "Lou")
    while studio.ledger.queue_counts("lamp", NOW.max.replace(tzinfo=NOW.tzinfo)).audit < 1:
        client.post(ASK, files={"photo": grey(252)})
    kinds = set()
    for _ in range(8):
        page = client.get("/projects/lamp/queue").text
        kind = "audit" if 'data-kind="audit"' in page else "answer"
        kinds.add(kind)
        words = page.split("<main")[1]
        assert "model" not in words.split('id="about"')[0]
        decision = page.split('data-decision="')[1].split('"')[0]
        if not decision:
            break
        client.post("/projects/lamp/queue/skip", data={"decision": decision, "kind": kind})
    assert QuestionKind.AUDIT.value in kinds
