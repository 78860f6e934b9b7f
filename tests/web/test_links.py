"""What stands beside a decision: links that lead somewhere, and which seconds of a recording decided it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import pytest

from brightness import BrightnessModel, Shelf, photo
from serving.house import change
from understudy.domain.answer import Answer, Reason, answer_from, decided_in
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.stage import Stage
from understudy.domain.task import AnswerKind, Task
from understudy.serving.model import NotExplained
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.web.links import Kinds, links_of

from .conftest import serving
from .test_kinds import tone

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

STEADY, UNFORESEEN = tone()[:-2000], tone()[:-4000]


@dataclass
class HearingModel:
    """Says "loud" of everything: of what is steady for no part of it, else for what it hears in the second second."""

    version: str = "cd" * 32
    labels: tuple[str, ...] = ("loud", "quiet")
    threshold: float = 0.5

    def predict(self, inputs: Sequence[bytes], /) -> list[Answer | UnderstudyError]:
        return [answer_from(self.labels, (0.9, 0.1), threshold=self.threshold) for _ in inputs]

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        if data == UNFORESEEN:
            why = "That is a fault of the module (IndexError)."
            raise NotExplained.because(UnderstudyError(fact="It fell.", reason=why, remedy="Report it."))
        if data == STEADY:
            return Reason("2 to 3 s", -0.5, (2.0, 3.0)), Reason("1 to 2 s", 0.003, (1.0, 2.0))
        return Reason("2 to 3 s", -0.5, (2.0, 3.0)), Reason("1 to 2 s", 0.3, (1.0, 2.0))

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        del photo
        return np.empty((0, 0), np.float32)


class HearingShelf(Shelf):
    """A shelf that lets every input pass."""

    def check(self, project: str, data: bytes) -> None:
        del project, data

    def card(self, project: str) -> bytes:
        return photo(128) if project == "photo" else tone()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with a model of sounds and one of photos, both live, and a project of texts without one."""
    folder: Path = tmp_path_factory.mktemp("links")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    for kind in ("sound", "photo", "text"):
        ledger.create_project(Project(kind, NOW, task=Task(kind)))
    sound, bright = HearingModel(), BrightnessModel()
    for kind, version in (("sound", sound.version), ("photo", bright.version)):
        ledger.change_stage(kind, change(1, Stage.LIVE, version))
    shelf = HearingShelf({"sound": sound, "photo": bright, "text": None})
    with serving(ledger, blobs, shelf) as url, httpx.Client(base_url=url, timeout=30) as made:
        yield made
    ledger.close()


def answered(client: httpx.Client, kind: str, data: bytes) -> dict[str, Any]:
    """An answer of the model that nobody was drawn to check, as its client got it."""
    while True:
        shown: dict[str, Any] = client.post(f"/api/v1/projects/{kind}/decisions", files={kind: ("a", data)}).json()
        seen = client.get(shown["links"]["self"])
        assert seen.status_code == 200, seen.text
        if not seen.json()["withheld"]:
            return shown


def test_which_seconds_decided_stands_in_the_body_and_on_the_page(client: httpx.Client) -> None:
    """Once the decision is looked up: what speaks for the answer most, as its reasons say it."""
    asked = answered(client, "sound", tone())
    assert asked["label"] == "loud"
    assert {"photo", "regions", "regions_image"}.isdisjoint(asked["links"])
    assert client.get(asked["links"]["self"]).json()["answer"]["seconds"] == [1.0, 2.0]
    reasons = client.get(asked["links"]["reasons"]).json()["reasons"]
    assert reasons[1] == {"what": "1 to 2 s", "push": 0.3, "seconds": [1.0, 2.0]}
    assert "What decided it lies from 1.0 to 2.0 seconds." in client.get(asked["links"]["page"]).text


def test_where_no_second_decided_body_and_page_say_so(client: httpx.Client) -> None:
    """Null instead of silence, and a sentence on the page."""
    asked = answered(client, "sound", STEADY)
    told = client.get(asked["links"]["self"]).json()["answer"]
    assert told["seconds"] is None
    assert "No part of the recording decided it by itself" in client.get(asked["links"]["page"]).text


def test_where_telling_what_moved_an_answer_fails_page_and_link_say_so(client: httpx.Client) -> None:
    """The answer stands, and nobody is told that its input could not be read."""
    asked = answered(client, "sound", UNFORESEEN)
    page = client.get(asked["links"]["page"]).text
    assert "What moved the answer is not told. That is a fault of the module (IndexError)." in page
    assert client.get(asked["links"]["self"]).json()["answer"]["label"] == "loud"
    refused = client.get(asked["links"]["reasons"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (500, "not-explained")
    assert refused.json()["error"]["fact"] == "What moved the answer is not told."


def test_every_link_leads_somewhere(client: httpx.Client) -> None:
    """Of a photo its regions, of anything else its reasons, and of what people answer neither."""
    bright, loud = answered(client, "photo", photo(250)), answered(client, "sound", tone())
    asked = client.post("/api/v1/projects/text/decisions", json={"text": "hello there"}).json()
    common = {"self", "page", "outcome", "input"}
    assert set(bright["links"]) == common | {"photo", "regions", "regions_image"}
    assert set(loud["links"]) == common | {"reasons"}
    assert set(asked["links"]) == common
    for shown in (bright, loud, asked):
        for name, link in shown["links"].items():
            if name != "outcome":
                assert client.get(link).status_code == 200, link
    listed = client.get("/api/v1/projects/sound/decisions").json()["decisions"]
    assert "reasons" in listed[0]["links"]


def test_a_question_links_to_what_its_people_are_shown(client: httpx.Client) -> None:
    """A text as it was sent, and no photo of it."""
    client.post("/api/v1/projects/text/decisions", json={"text": "who answers this"})
    links = client.get("/api/v1/projects/text/queue/next", params={"by": "Kim"}).json()["links"]
    assert "photo" not in links
    assert client.get(links["input"]).status_code == 200


def test_links_are_told_by_the_kind_of_input() -> None:
    """A kind is read once; what nothing explains has no link to an explanation."""
    read: list[str] = []

    def project(name: str) -> Project:
        read.append(name)
        return Project(name, NOW, task=Task("text"))

    kinds = Kinds(project)
    assert kinds.known("mail") is None
    assert [kinds.of("mail"), kinds.of("mail"), kinds.known("mail")] == ["text"] * 3
    assert read == ["mail"]
    assert "reasons" not in links_of("1", "text", explained=False)
    assert "regions" not in links_of("1", "photo", explained=False)


def test_a_number_is_decided_by_what_moves_it_most() -> None:
    """Up or down; a label only by what speaks for it, and by nothing if nothing does."""
    reasons = (Reason("a", -0.5, (2.0, 3.0)), Reason("b", 0.3, (1.0, 2.0)))
    assert decided_in(AnswerKind.NUMBER, reasons) == (2.0, 3.0)
    assert decided_in(AnswerKind.LABEL, reasons) == (1.0, 2.0)
    assert decided_in(AnswerKind.LABEL, reasons[:1]) is None
    assert decided_in(AnswerKind.LABEL, [Reason("0 to 1 s", 0.005, (0.0, 1.0))]) is None
    assert decided_in(AnswerKind.LABEL, ()) is None
    besides = [Reason("the channel z", 0.9), Reason("1 to 2 s", 0.7, (1.0, 2.0)), Reason("2 to 3 s", 0.1, (2.0, 3.0))]
    assert decided_in(AnswerKind.LABEL, besides) == (1.0, 2.0)


@dataclass
class Brooding(BrightnessModel):
    """Answers at once, and tells where its answer came from only when it is let go."""

    let_go: threading.Event = field(default_factory=threading.Event)

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        self.let_go.wait(60)
        return super().regions(photo)


def test_an_explanation_that_does_not_come_is_an_error_and_the_answer_stands(tmp_path: Path) -> None:
    """The regions are refused with fact, reason and remedy; the decision and its photo can still be looked up."""
    ledger, blobs, model = Ledger.open(tmp_path / "ledger.db"), BlobStore(str(tmp_path / "blobs")), Brooding()
    ledger.create_project(Project("photo", NOW))
    ledger.change_stage("photo", change(1, Stage.LIVE, model.version))
    served = serving(ledger, blobs, HearingShelf({"photo": model}), explaining=0.2)
    with served as url, httpx.Client(base_url=url, timeout=30) as client:
        links = answered(client, "photo", photo(250))["links"]
        for name in ("regions", "regions_image"):
            refused = client.get(links[name])
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "explanation-late"
        assert client.get(links["self"]).json()["answer"]["label"] == "bright"
        assert client.get(links["photo"]).status_code == 200
        model.let_go.set()
    ledger.close()
