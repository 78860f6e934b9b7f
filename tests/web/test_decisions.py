import base64
import hashlib
import io
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest
from PIL import Image

from .conftest import MAX_BODY, Studio
from .photos import grey, noisy, sideways

ASK = "/api/v1/projects/lamp/decisions"


def error_of(response: httpx.Response) -> dict[str, str]:
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert set(error) == {"code", "fact", "reason", "remedy"}
    assert all(error.values())
    assert "Traceback" not in response.text
    return error


def test_a_form_is_answered_and_the_decision_is_in_the_ledger(studio: Studio, client: httpx.Client) -> None:
    """A photo sent as a form field is answered at once, with everything that the ledger keeps."""
    sent = grey(230)
    response = client.post(ASK, files={"photo": ("a.png", sent, "image/png")})
    assert response.status_code == 200
    shown = response.json()
    kept = studio.ledger.decision(shown["id"])
    assert shown["answer"] == {
        "label": "bright",
        "probability": pytest.approx(230 / 255),
        "runner_up": "dark",
        "runner_up_probability": pytest.approx(25 / 255),
    }
    assert (shown["project"], shown["ask_person"], shown["answered_by"]) == ("lamp", False, "model")
    assert shown["model"] == kept.model == studio.model.version
    assert shown["probabilities"] == dict(kept.answer.probabilities)
    assert kept.input_digest == hashlib.sha256(sent).hexdigest()
    assert studio.ledger.input(kept.id) == sent
    assert (shown["state"], shown["label"], shown["because"]) == ("answered", "bright", "confident")
    assert client.get(shown["links"]["self"]).json() == shown == {**shown, "settled_at": shown["at"]}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"photo": "%s"}' % base64.b64encode(grey(250)), "application/json"),
        (b'{"photo": "data:image/png;base64,%s"}' % base64.b64encode(grey(250)), "application/json; charset=utf-8"),
        (grey(250), "image/png"),
        (grey(250, kind="JPEG"), "image/jpeg"),
        (grey(250), "application/octet-stream"),
    ],
)
def test_every_way_to_send_a_photo_gives_the_same_answer(client: httpx.Client, body: bytes, content_type: str) -> None:
    """JSON with base64, a data URL, and the bare file are answered as a form is."""
    response = client.post(ASK, content=body, headers={"content-type": content_type})
    assert response.status_code == 200
    assert response.json()["answer"]["label"] == "bright"


def test_the_field_may_have_any_name(client: httpx.Client) -> None:
    """The file of a form is taken, whatever its field is called; of two, neither is."""
    assert client.post(ASK, files={"blade": ("x", grey(250))}).json()["answer"]["label"] == "bright"
    files = [("other", ("a.png", grey(250))), ("photo", ("b.png", grey(3)))]
    refused = client.post(ASK, files=files)
    assert refused.status_code == 422
    assert refused.json()["error"]["reason"] == "2 inputs came (“other”, “photo”), and one is asked about at a time."


def test_a_large_photo_is_kept_beside_the_ledger(studio: Studio, client: httpx.Client) -> None:
    """Whatever its size, the bytes that were asked about can be read again."""
    sent = noisy((80, 80))
    kept = studio.ledger.decision(client.post(ASK, files={"photo": sent}).json()["id"])
    assert studio.ledger.input(kept.id) is None
    assert studio.blobs.get(kept.input_digest) == sent


def test_an_unsure_model_leaves_the_answer_to_a_person(studio: Studio, client: httpx.Client) -> None:
    """Below the threshold: 202, where and when to look again, and nothing of what the model said."""
    response = client.post(ASK, files={"photo": grey(140)})
    shown = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == shown["links"]["self"]
    assert int(response.headers["retry-after"]) > 0
    assert (shown["state"], shown["answered_by"], shown["because"]) == ("waiting", "nobody-yet", "below-threshold")
    assert (shown["label"], shown["answer"], shown["probabilities"]) == (None, None, {})
    assert shown["ask_person"] is True
    assert studio.ledger.decision(shown["id"]).answer is not None


@pytest.mark.parametrize(
    ("path", "body", "content_type", "status", "code"),
    [
        ("/api/v1/projects/nowhere/decisions", grey(1), "image/png", 404, "unknown-project"),
        ("/api/v1/projects/untrained/decisions", b"no photo", "image/png", 422, "no-photo"),
        (ASK, b"", "image/png", 400, "empty-request"),
        (ASK, b"not a picture", "image/png", 422, "no-photo"),
        (ASK, b"{", "application/json", 400, "broken-json"),
        (ASK, b"[" * 100_000, "application/json", 400, "broken-json"),
        (ASK, b"\xff\xfe", "application/json", 400, "broken-json"),
        (ASK, b"[1]", "application/json", 422, "wrong-input-field"),
        (ASK, b"{}", "application/json", 422, "wrong-input-field"),
        (ASK, b'{"photo": 7}', "application/json", 422, "wrong-input-field"),
        (ASK, b'{"photo": "%%%"}', "application/json", 422, "wrong-input-field"),
        (ASK, b'{"photo": "data:image/png,abc"}', "application/json", 422, "wrong-input-field"),
        (ASK, b'{"photo": ""}', "application/json", 400, "empty-request"),
        (ASK, b"photo=1", "application/x-www-form-urlencoded", 415, "unsupported-body"),
        (ASK, b"<svg/>", "text/html", 415, "unsupported-body"),
        (ASK, b"--x\r\n", "multipart/form-data", 400, "broken-form"),
        (ASK, b"nonsense", "multipart/form-data; boundary=x", 400, "broken-form"),
        (ASK, b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nhal',
         "multipart/form-data; boundary=x", 400, "broken-form"),
        (ASK, b'--x\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n\r\n\r\n--x--\r\n',
         "multipart/form-data; boundary=x", 400, "empty-request"),
        (ASK, b"x" * (MAX_BODY + 1), "image/png", 413, "body-too-large"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(
    studio: Studio, client: httpx.Client, path: str, body: bytes, content_type: str, status: int, code: str
) -> None:
    """Each kind of bad request has its status and says what, why and what to do; nothing is written down."""
    before = studio.ledger.decision_count("lamp")
    response = client.post(path, content=body, headers={"content-type": content_type})
    assert response.status_code == status
    assert error_of(response)["code"] == code
    assert studio.ledger.decision_count("lamp") == before


def test_a_body_without_a_type_is_refused_with_a_way_to_send_it(client: httpx.Client) -> None:
    """The remedy says how to send a photo."""
    response = client.post(ASK, content=grey(1))
    assert response.status_code == 415
    assert "form field" in error_of(response)["remedy"]


def test_an_endless_body_is_cut_off_while_it_streams(studio: Studio) -> None:
    """A body that never says its length is refused as soon as it is too large, not when it ends."""
    host, port = studio.address.split(":")
    fields = f"Host: {studio.address}\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
    head = f"POST {ASK} HTTP/1.1\r\n{fields}"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as wire:
        wire.sendall(head.encode())
        sent = 0
        reply = b""
        wire.settimeout(0.05)
        while sent < 100 * MAX_BODY and not reply:
            try:
                wire.sendall(chunk)
                sent += len(chunk)
                reply = wire.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                break
    assert reply.startswith(b"HTTP/1.1 413")
    assert sent < 4 * MAX_BODY


def test_what_an_overloaded_model_cannot_take_goes_to_people(studio: Studio) -> None:
    """When too many wait, the rest get 202 at once and never an error; all others are answered."""
    studio.model.gate = threading.Event()
    try:
        with ThreadPoolExecutor(90) as crowd:
            asked = [
                crowd.submit(httpx.post, studio.url + ASK, files={"photo": grey(9)}, timeout=60) for _ in range(90)
            ]
            while not any(each.done() for each in asked):  # the model hangs, so only people can take it
                threading.Event().wait(0.02)
            studio.model.gate.set()
            responses = [each.result() for each in asked]
    finally:
        studio.model.gate = None
    assert {response.status_code for response in responses} == {200, 202}
    left = [response.json() for response in responses if response.status_code == 202]
    assert left
    assert {each["because"] for each in left} == {"overloaded"}
    assert len({response.json()["id"] for response in responses}) == 90


def test_a_decision_that_was_never_made_is_not_found(client: httpx.Client) -> None:
    """An unknown id is a clear 404 for the decision, its photo and its regions."""
    for part in ("", "/photo", "/regions", "/regions.png"):
        response = client.get(f"/api/v1/decisions/none{part}")
        assert response.status_code == 404
        assert error_of(response)["code"] == "unknown-decision"


def test_a_photo_is_shown_encoded_anew_and_upright(client: httpx.Client) -> None:
    """What a browser gets is a JPEG made here, turned as the camera meant, never the bytes that were sent."""
    sent = sideways()
    shown = client.post(ASK, files={"photo": sent}).json()
    response = client.get(shown["links"]["photo"])
    assert response.headers["content-type"] == "image/jpeg"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.content != sent
    assert Image.open(io.BytesIO(response.content)).size == (30, 60)


def test_a_large_photo_is_shown_small(client: httpx.Client) -> None:
    """No thumbnail has a side above 1,024 pixels, and its proportions are the photo's."""
    shown = client.post(ASK, files={"photo": grey(9, size=(3000, 1500))}).json()
    assert Image.open(io.BytesIO(client.get(shown["links"]["photo"]).content)).size == (1024, 512)


def test_the_regions_come_as_a_picture_and_as_numbers(client: httpx.Client) -> None:
    """The overlay has the photo's size; the numbers have the model's grid."""
    out = io.BytesIO()
    bright = Image.new("RGB", (64, 64), "black")
    bright.paste("white", (16, 0, 64, 64))
    bright.save(out, "PNG")
    shown = client.post(ASK, files={"photo": out.getvalue()}).json()
    overlay = Image.open(io.BytesIO(client.get(shown["links"]["regions_image"]).content)).convert("L")
    assert overlay.size == (64, 64)
    assert overlay.getpixel((60, 32)) > 200
    numbers = client.get(shown["links"]["regions"]).json()
    assert (numbers["rows"], numbers["columns"]) == (4, 4)
    assert numbers["largest"] == pytest.approx(max(max(row) for row in numbers["drops"]), abs=1e-6)
    assert all(row[3] > row[0] for row in numbers["drops"])


def test_regions_of_a_replaced_model_are_refused(studio: Studio, client: httpx.Client) -> None:
    """Where the model that answered is gone, another one's reasons are not passed off as its own."""
    shown = client.post(ASK, files={"photo": grey(7)}).json()
    studio.model.version = "cd" * 32
    try:
        response = client.get(shown["links"]["regions_image"])
        assert response.status_code == 404
        assert error_of(response)["code"] == "unknown-model"
    finally:
        studio.model.version = "ab" * 32


def test_a_broken_model_leaves_the_answer_to_a_person(studio: Studio, client: httpx.Client) -> None:
    """When a model raises, the client gets 202 and never an error, and the server goes on."""
    labels, studio.model.labels = studio.model.labels, ("only one",)
    try:
        response = client.post(ASK, files={"photo": grey(1)})
        assert response.status_code == 202
        assert response.json()["because"] == "fault"
    finally:
        studio.model.labels = labels
    assert client.post(ASK, files={"photo": grey(1)}).status_code == 200


def test_the_latest_decisions_are_listed_newest_first(client: httpx.Client) -> None:
    """A project's list of decisions begins with the last one, and is as long as asked for."""
    ids = [client.post(ASK, files={"photo": grey(level)}).json()["id"] for level in (1, 2, 3)]
    listed = client.get(ASK, params={"limit": 3}).json()["decisions"]
    assert [each["id"] for each in listed] == ids[::-1]
    wrong = client.get(ASK, params={"limit": 0})
    assert wrong.status_code == 422
    assert error_of(wrong)["code"] == "wrong-parameter"


def test_a_photo_of_many_bytes_within_the_limit_passes(client: httpx.Client) -> None:
    """A form larger than one packet is put together again."""
    sent = noisy((280, 280))
    assert len(sent) > 200_000
    response = client.post(ASK, files={"photo": ("noise.png", sent)})
    assert response.status_code in {200, 202}


def test_a_deleted_photo_is_said_to_be_deleted_and_no_broken_picture_is_shown(
    studio: Studio, client: httpx.Client
) -> None:
    """The API answers 410 with when and why; pages say the same in place of the picture."""
    shown = client.post(ASK, files={"photo": ("a.png", grey(231), "image/png")}).json()
    page = f"/decisions/{shown['id']}"
    assert client.get(shown["links"]["photo"]).status_code == 200
    digest = studio.ledger.decision(shown["id"]).input_digest
    studio.ledger.erase("lamp", [digest], by="Kim", reason="The customer asked for it", at=datetime.now(UTC))
    for link in ("photo", "regions", "regions_image"):
        gone = client.get(shown["links"][link])
        assert gone.status_code == 410
        told = error_of(gone)
        assert told["code"] == "input-deleted"
        assert told["reason"] == "Kim deleted it, because: “The customer asked for it”."
    html = client.get(page).text
    assert told["fact"] in html
    assert "<img" not in html
    assert f'{page}"><div class="shot gone"><p>Drawing deleted</p>' in client.get("/projects/lamp").text
    again = client.post(ASK, files={"photo": ("a.png", grey(231), "image/png")}).json()
    assert client.get(again["links"]["photo"]).status_code == 200
