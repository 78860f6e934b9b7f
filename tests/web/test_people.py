"""Requests that people answer, over HTTP."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from brightness import BrightnessModel, Shelf
from understudy.domain.project import Project
from understudy.domain.stage import Stage
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, Studio, launch, serving
from .photos import grey
from .test_decisions import error_of

ASK = "/api/v1/projects/lamp/decisions"
HOLDS_AFTER = 0.5


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server whose project “lamp” never had a stage, so people answer; an answer holds after half a second."""
    folder = tmp_path_factory.mktemp("people")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    model = BrightnessModel()
    shelf = Shelf({"lamp": model, "other": None})
    for name in ("lamp", "other"):
        ledger.create_project(Project(name, NOW))
        ledger.set_setting(name, "undo-seconds", HOLDS_AFTER, "Ada", NOW)
        ledger.set_setting(name, "double-share", 0.0, "Ada", NOW)
    ledger.set_setting("lamp", "hold-seconds", 60.0, "Ada", NOW)
    with serving(ledger, blobs, shelf) as url:
        yield Studio(url, ledger, blobs, shelf, model)
    ledger.close()


def ask(client: httpx.Client, level: int, **params: object) -> httpx.Response:
    return client.post(ASK, files={"photo": grey(level)}, params=params)


def say(client: httpx.Client, decision: str, value: str | None, by: str = "Kim") -> httpx.Response:
    does = "answer" if value is not None else "cannot-tell"
    sent = {"decision": decision, "by": by} | ({"value": value} if value is not None else {})
    return client.post(f"/api/v1/projects/lamp/queue/{does}", json=sent)


def settled(client: httpx.Client, decision: str) -> dict[str, object]:
    shown = client.get(f"/api/v1/decisions/{decision}", params={"wait": 60}).json()
    assert shown["state"] != "waiting"
    return shown


def test_a_request_that_people_answer_says_where_to_look(client: httpx.Client) -> None:
    """202 with the id, a Location and a Retry-After; the page and the API say that it waits."""
    response = ask(client, 3)
    shown = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"/api/v1/decisions/{shown['id']}"
    assert response.headers["retry-after"].isdecimal()
    looked = client.get(response.headers["location"])
    assert looked.status_code == 200
    assert looked.headers["retry-after"].isdecimal()
    assert (looked.json()["state"], looked.json()["because"]) == ("waiting", "wizard")
    assert "A person will answer" in client.get(shown["links"]["page"]).text


def test_nobody_is_told_an_answer_that_can_be_taken_back(studio: Studio, client: httpx.Client) -> None:
    """A client waits on while it can be, and hears nothing of one that was taken back."""
    decision = ask(client, 4).json()["id"]
    studio.ledger.set_setting("lamp", "undo-seconds", 600.0, "Ada", NOW)
    try:
        assert say(client, decision, "bright").status_code == 200
        shown = client.get(f"/api/v1/decisions/{decision}").json()
        assert (shown["state"], shown["label"]) == ("waiting", None)
        client.post("/api/v1/projects/lamp/queue/undo", json={"by": "Kim"}).raise_for_status()
    finally:
        studio.ledger.set_setting("lamp", "undo-seconds", HOLDS_AFTER, "Ada", NOW)
    say(client, decision, "dark")
    assert settled(client, decision)["label"] == "dark"


def test_a_persons_answer_comes_once_it_holds(client: httpx.Client) -> None:
    """Label and who answered stand at the address that was asked before."""
    decision = ask(client, 16).json()["id"]
    assert say(client, decision, "dark").status_code == 200
    shown = settled(client, decision)
    assert (shown["state"], shown["label"], shown["answered_by"]) == ("answered", "dark", "person")
    assert (shown["ask_person"], shown["answer"]) == (False, None)
    assert shown["settled_at"] > shown["at"]


def test_people_who_cannot_tell_end_a_request_without_a_label(client: httpx.Client) -> None:
    """After the second one the client hears that nobody could tell."""
    decision = ask(client, 5).json()["id"]
    say(client, decision, None, by="Kim")
    assert client.get(f"/api/v1/decisions/{decision}").json()["state"] == "waiting"
    say(client, decision, None, by="Lou")
    shown = settled(client, decision)
    assert (shown["state"], shown["label"], shown["answered_by"]) == ("cannot-tell", None, "person")


@pytest.mark.parametrize("how", ["address", "preference"])
def test_a_held_connection_gets_the_answer_itself(studio: Studio, client: httpx.Client, how: str) -> None:
    """A client that waits is answered with 200 as soon as a person's answer holds."""
    level = {"address": 6, "preference": 7}[how]
    params = {"wait": 60} if how == "address" else {}
    headers = {"prefer": "wait=60"} if how == "preference" else {}

    held = threading.Event()

    def answer() -> None:
        with httpx.Client(base_url=studio.url) as other:
            while not held.wait(0.02):
                found = other.get("/api/v1/projects/lamp/queue/next", params={"by": "Mo"})
                if found.status_code == 200:
                    say(other, found.json()["decision"], "dark", by="Mo")

    with ThreadPoolExecutor(1) as person:
        person.submit(answer)
        response = client.post(ASK, files={"photo": grey(level)}, params=params, headers=headers)
        held.set()
    assert response.status_code == 200
    assert (response.json()["label"], response.json()["answered_by"]) == ("dark", "person")


def test_nobody_is_held_longer_than_the_project_allows(studio: Studio, client: httpx.Client) -> None:
    """A client that would wait for ten minutes gets its 202 when hold-seconds are over."""
    studio.ledger.set_setting("other", "hold-seconds", 0.3, "Ada", NOW)
    started = time.monotonic()
    response = client.post("/api/v1/projects/other/decisions", files={"photo": grey(9)}, params={"wait": 600})
    assert (response.status_code, response.headers["preference-applied"]) == (202, "wait=0.3")
    assert 0.25 < time.monotonic() - started < 60


def test_a_request_that_is_sent_again_is_answered_once(studio: Studio, client: httpx.Client) -> None:
    """The same key and photo give the same decision, with the person's answer once there is one."""
    first = client.post(ASK, files={"photo": grey(10)}, headers={"idempotency-key": "order 1"})
    before = studio.ledger.decision_count("lamp")
    again = client.post(ASK, files={"photo": grey(10)}, data={"key": "order 1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    say(client, first.json()["id"], "dark")
    settled(client, first.json()["id"])
    last = client.post(ASK, files={"photo": grey(10)}, headers={"idempotency-key": '"order 1"'})
    assert (last.status_code, last.json()["label"]) == (200, "dark")
    assert studio.ledger.decision_count("lamp") == before


def test_a_key_of_another_request_is_refused(studio: Studio, client: httpx.Client) -> None:
    """One key for two photos is a mistake of the client's; nothing is recorded."""
    client.post(ASK, files={"photo": grey(11)}, headers={"idempotency-key": "order 2"})
    before = studio.ledger.decision_count("lamp")
    response = client.post(ASK, files={"photo": grey(12)}, headers={"idempotency-key": "order 2"})
    assert response.status_code == 409
    assert error_of(response)["code"] == "key-reused"
    assert studio.ledger.decision_count("lamp") == before


def test_whose_data_it_is_can_be_found_again(studio: Studio, client: httpx.Client) -> None:
    """The subject that a client names is kept beside the request."""
    shown = client.post(ASK, files={"photo": grey(13)}, data={"subject": "Ada Lovelace"}).json()
    assert [each.id for each in studio.ledger.decisions_of_subject("lamp", "Ada Lovelace")] == [shown["id"]]


def test_many_requests_at_once_with_one_key_are_one(studio: Studio) -> None:
    """A client that panics and sends the same eight times is answered once."""
    sent = grey(14)
    barrier = threading.Barrier(8)

    def once() -> httpx.Response:
        barrier.wait()
        return httpx.post(studio.url + ASK, files={"photo": sent}, headers={"idempotency-key": "panic"}, timeout=60)

    with ThreadPoolExecutor(8) as crowd:
        responses = [each.result() for each in [crowd.submit(once) for _ in range(8)]]
    assert {response.status_code for response in responses} == {202}
    assert len({response.json()["id"] for response in responses}) == 1


def test_the_list_tells_what_people_said(client: httpx.Client) -> None:
    """A project's list of decisions has each request as it stands, waiting or settled."""
    decision = ask(client, 15).json()["id"]
    assert client.get(ASK, params={"limit": 1}).json()["decisions"][0]["state"] == "waiting"
    say(client, decision, "dark")
    settled(client, decision)
    listed = client.get(ASK, params={"limit": 1}).json()["decisions"][0]
    assert (listed["id"], listed["state"], listed["label"]) == (decision, "answered", "dark")


def test_a_tried_photo_is_answered_by_the_model_and_asked_of_nobody(client: httpx.Client) -> None:
    """Trying the model on its page serves nobody: no question waits for it, whatever the stage."""
    waiting = client.get("/api/v1/projects/lamp/queue").json()["answer"]
    page = client.post("/projects/lamp/try", files={"photo": grey(140)}, follow_redirects=True)
    assert "Ask a person: perhaps bright" in page.text
    assert "nobody was served" in page.text
    assert client.get("/api/v1/projects/lamp/queue").json()["answer"] == waiting
    shown = client.get("/api/v1/decisions/" + str(page.url).rpartition("/")[2]).json()
    assert (shown["because"], shown["state"], shown["answer"]["label"]) == ("tried", "cannot-tell", "bright")


def test_a_model_in_shadow_is_never_told(tmp_path: Path) -> None:
    """In shadow people answer, and nothing that a client or a visitor can reach has anything of the model's answer."""
    model = BrightnessModel(labels=("secret", "dark"))
    blobs = BlobStore(str(tmp_path / "b"))
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.create_project(Project("lamp", NOW))
        ledger.set_setting("lamp", "undo-seconds", 0.0, "Ada", NOW)
        ledger.set_setting("lamp", "double-share", 0.0, "Ada", NOW)
        launch(ledger, "lamp", model.version, Stage.SHADOW)
        shelf = Shelf({"lamp": model})
        with serving(ledger, blobs, shelf) as url, httpx.Client(base_url=url, timeout=60) as client:
            first = ask(client, 250).json()
            assert first["because"] == "shadow"
            say(client, first["id"], "dark")
            soon = time.monotonic() + 60
            while not ledger.shadow_told("lamp", model.version, since_stage=1, now=datetime.now(UTC)):
                assert time.monotonic() < soon
                time.sleep(0.05)
            for path in _everything(first["id"]):
                assert "secret" not in client.get(path).text, path
            for part in ("regions", "regions.png"):
                response = client.get(f"/api/v1/decisions/{first['id']}/{part}")
                assert response.status_code == 409
                assert error_of(response)["code"] == "answer-withheld"


def _everything(decision: str) -> list[str]:
    return [
        f"/api/v1/decisions/{decision}",
        f"/decisions/{decision}",
        f"/projects/lamp?answer={decision}",
        ASK,
        "/projects/lamp",
        "/projects/lamp/history",
        "/projects/lamp/launch",
        "/api/v1/projects/lamp/history",
    ]
