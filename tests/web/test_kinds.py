"""Inputs of every kind over HTTP and on the pages, where people answer."""

import io
import json
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace

from .conftest import MAX_BODY, serving

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KINDS = ("text", "table", "sound", "interactions")
NASTY = "<script>alert(1)</script> refund & more"


def tone() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(250)) * 40)
    return file.getvalue()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with a project of each kind, none of which has a model."""
    folder = tmp_path_factory.mktemp("kinds")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    for kind in KINDS:
        ledger.create_project(Project(kind, NOW, task=Task(kind)))
    shelf = Shelf(Workspace(Path(folder), ledger, blobs, ""))
    with serving(ledger, blobs, shelf) as url, httpx.Client(base_url=url, timeout=30) as made:
        yield made
    ledger.close()


def ask(client: httpx.Client, kind: str) -> httpx.Response:
    where = f"/api/v1/projects/{kind}/decisions"
    if kind == "text":
        return client.post(where, json={"text": NASTY})
    if kind == "table":
        return client.post(where, files={"cell.age": (None, "39"), "cell.job": (None, NASTY)})
    if kind == "interactions":
        return client.post(where, json={"input": {"who": "ann", "history": [["tea", 5, None], ["cake", None, None]]}})
    return client.post(where, files={"sound": ("a.wav", tone())})


@pytest.mark.parametrize(
    ("kind", "media_type", "on_page"),
    [
        ("text", "text/plain", ["&lt;script&gt;alert(1)&lt;/script&gt; refund"]),
        ("table", "application/json", ["age", "39", "&lt;script&gt;"]),
        ("sound", "audio/", ["<audio controls"]),
        ("interactions", "application/json", ["ann", "cake", "tea"]),
    ],
)
def test_what_was_asked_is_kept_shown_and_given_back(
    client: httpx.Client, kind: str, media_type: str, on_page: list[str]
) -> None:
    """People are shown the input as what it is, and its bytes come back as data in which nothing can run."""
    asked = ask(client, kind)
    assert asked.status_code == 202, asked.text
    decision = asked.json()["id"]
    sent = client.get(asked.json()["links"]["input"])
    assert sent.headers["content-type"].startswith(media_type)
    assert "sandbox" in sent.headers["content-security-policy"]
    if kind == "text":
        assert sent.text == NASTY
    if kind == "table":
        assert json.loads(sent.content) == {"age": "39", "job": NASTY}
    client.post(f"/projects/{kind}/queue/name", data={"name": "Ada"})
    for page in (f"/decisions/{decision}", f"/projects/{kind}/queue"):
        html = client.get(page).text
        assert [each for each in on_page if each not in html] == []
        assert "<script>alert(1)" not in html
    assert "1 request" in client.get(f"/projects/{kind}").text


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("table", {"row": {"kind": "oa\ud83d"}}),
        ("table", {"row": '{"kind": "oa\\ud83d"}'}),
        ("interactions", {"input": {"who": "oa\ud83d", "history": []}}),
        ("interactions", {"input": {"history": ["oa\ud83d"]}}),
    ],
)
def test_half_an_emoji_is_kept_and_shown_as_a_question_mark(
    client: httpx.Client, kind: str, sent: dict[str, object]
) -> None:
    """A text that its program cut within an emoji is asked of people like others, and the queue goes on."""
    body = json.dumps(sent)  # by hand: a client of its own would not write half of a pair
    asked = client.post(
        f"/api/v1/projects/{kind}/decisions", content=body, headers={"content-type": "application/json"}
    )
    assert asked.status_code == 202, asked.text
    assert client.get(asked.json()["links"]["self"]).status_code == 200
    client.post(f"/projects/{kind}/queue/name", data={"name": "Ada"})
    for page in (f"/decisions/{asked.json()['id']}", f"/projects/{kind}/queue", f"/projects/{kind}"):
        assert client.get(page).status_code == 200
    assert "oa?" in client.get(f"/decisions/{asked.json()['id']}").text


@pytest.mark.parametrize(
    ("kind", "data", "kept"),
    [
        ("text", "hello there", "hello there"),
        ("text", "{}", "{}"),
        ("text", "aGVsbG8=", "aGVsbG8="),
        ("table", '{"age": 1}', '{"age": 1}'),
        ("table", ' {"age": 1}', ' {"age": 1}'),
        ("table", "eyJhZ2UiOiAxfQ==", '{"age": 1}'),
        ("interactions", '{"who": "ann", "history": ["tea"]}', '{"who": "ann", "history": ["tea"]}'),
    ],
)
def test_the_inference_protocol_takes_texts_and_objects_in_json_as_they_are(
    client: httpx.Client, kind: str, data: str, kept: str
) -> None:
    """Under the name that fits every kind; of a row or a history base64 is told from it, and read as well."""
    tensor = {"name": "input", "shape": [1], "datatype": "BYTES", "data": [data]}
    answered = client.post(f"/v2/models/{kind}/infer", json={"inputs": [tensor]})
    assert answered.status_code == 200, answered.text
    (decision,) = next(each["data"] for each in answered.json()["outputs"] if each["name"] == "decision")
    assert client.get(f"/api/v1/decisions/{decision}/input").text == kept


@pytest.mark.parametrize(
    ("kind", "name", "remedy"),
    [
        (
            "table",
            "input",
            '“input” of datatype BYTES and shape [n], each element a row as JSON, {"column": value, …}.',
        ),
        (
            "sound",
            "input",
            "“input” of datatype BYTES and shape [n], each element the bytes of a file, in JSON as base64.",
        ),
        ("interactions", "input", "each element a JSON object"),
        ("text", "photo", "each element a text."),
        ("table", "text", "each element a row as JSON"),
    ],
)
def test_an_element_that_cannot_be_read_is_told_how_it_is_sent_there(
    client: httpx.Client, kind: str, name: str, remedy: str
) -> None:
    """The remedy speaks of tensors and of the project's kind, not of forms."""
    tensor = {"name": name, "shape": [1], "datatype": "BYTES", "data": ["hello there"]}
    refused = client.post(f"/v2/models/{kind}/infer", json={"inputs": [tensor]})
    assert refused.status_code == 422
    assert remedy in refused.json()["error"]
    empty = client.post(f"/v2/models/{kind}/infer")
    assert empty.status_code == 400
    assert "of datatype BYTES" in empty.json()["error"]


@pytest.mark.parametrize(
    ("kind", "remedy"), [("text", "Send the part"), ("table", "Send one row"), ("sound", "a few minutes")]
)
def test_what_is_too_large_is_told_how_to_be_smaller(client: httpx.Client, kind: str, remedy: str) -> None:
    """In the words of its kind, with the limit as it is; of tensors there may be fewer."""
    body, headers = b"x" * (MAX_BODY + 1), {"content-type": "application/json"}
    refused = client.post(f"/api/v1/projects/{kind}/decisions", content=body, headers=headers)
    assert refused.status_code == 413
    assert refused.json()["error"]["reason"] == "The request is larger than 300 kB, which is as large as one may be."
    assert remedy in refused.json()["error"]["remedy"]
    assert "Send fewer inputs" in client.post(f"/v2/models/{kind}/infer", content=body).json()["error"]


@pytest.mark.parametrize("body", [b'{"row": {"age": 1, "age": 2}}', b'{"row": {"age": 1}, "row": {"age": 2}}'])
def test_a_name_that_json_holds_twice_is_refused(client: httpx.Client, body: bytes) -> None:
    """Of two values one would be dropped unsaid."""
    headers = {"content-type": "application/json"}
    refused = client.post("/api/v1/projects/table/decisions", content=body, headers=headers)
    assert refused.status_code == 422
    assert "stands more than once" in refused.json()["error"]["reason"]


def test_a_field_that_comes_twice_is_refused(client: httpx.Client) -> None:
    """Of two texts in one form none is dropped unsaid."""
    fields = [("text", (None, "firstone")), ("text", (None, "secondone"))]
    refused = client.post("/api/v1/projects/text/decisions", files=fields)
    assert refused.status_code == 422
    assert refused.json()["error"]["reason"] == "2 inputs came (“text”, “text”), and one is asked about at a time."
    assert "form field “text”" in refused.json()["error"]["remedy"]


@pytest.mark.parametrize(
    ("kind", "sent", "status"),
    [
        ("text", {"text": ""}, 400),
        ("text", {"text": "\x00\x00"}, 422),
        ("table", {"row": [1, 2]}, 422),
        ("table", {"text": "no JSON"}, 422),
        ("sound", {"sound": "bm90IGEgc291bmQ="}, 422),
        ("interactions", {"input": {"history": 3}}, 422),
        ("interactions", {"input": "x"}, 422),
        ("interactions", {"foo": 1}, 422),
        ("text", {"text": "aaa", "row": {"x": 1}, "photo": "aGk="}, 422),
        ("text", {"photo": "aGVsbG8="}, 422),
        ("text", {"row": {"text": "hello"}}, 422),
        ("text", {"input": {"text": "hello"}}, 422),
        ("sound", {"photo": "aGVsbG8="}, 422),
    ],
)
def test_what_is_no_such_input_is_refused_in_words(
    client: httpx.Client, kind: str, sent: dict[str, object], status: int
) -> None:
    """An input of another kind, or a damaged one, is refused before it is kept; the remedy is one for the kind."""
    given = client.post(f"/api/v1/projects/{kind}/decisions", json=sent)
    assert given.status_code == status, given.text
    assert all(given.json()["error"][part] for part in ("fact", "reason", "remedy"))
    assert kind != "interactions" or "history" in given.json()["error"]["remedy"]
