"""Recordings and clips on the pages, in a real browser, whatever format they came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from clips import clip, moving
from recordings import encoded, melody
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.people.playables import Playables
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace

from .conftest import NOW, serving

CLIP = clip(moving(30), container="avi")
RECORDING = encoded(melody(1), "aiff", "pcm_s16be")


@dataclass(frozen=True)
class Asked:
    """A server, and the decision about each kind of input on it."""

    url: str
    decisions: dict[str, str]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A clip as cameras write it and a recording as studios do, which wait for people."""
    folder = tmp_path_factory.mktemp("playing")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    shelf = Shelf(Workspace(Path(folder), ledger, blobs, ""))
    decisions = {}
    with serving(ledger, blobs, shelf, playables=Playables(folder / "previews")) as url:
        for kind, data in (("video", CLIP), ("sound", RECORDING)):
            ledger.create_project(Project(kind, NOW, task=Task(kind)))
            sent = httpx.post(f"{url}/api/v1/projects/{kind}/decisions", files={kind: ("a", data)}, timeout=60)
            decisions[kind] = sent.raise_for_status().json()["id"]
        yield Asked(url, decisions)
    ledger.close()


@pytest.mark.parametrize(("kind", "seconds"), [("video", 3.0), ("sound", 2.0)])
def test_a_browser_plays_what_it_could_not(asked: Asked, browser: Browser, kind: str, seconds: float) -> None:
    """In the queue and on the decision's page the player knows how long it is and comes to its end."""
    element = {"video": "video", "sound": "audio"}[kind]
    context = browser.new_context()
    context.add_cookies([{"name": "understudy-name", "value": "Kim", "url": asked.url}])
    page = context.new_page()
    for path in (f"/projects/{kind}/queue", f"/decisions/{asked.decisions[kind]}"):
        page.goto(asked.url + path)
        page.wait_for_function(f"document.querySelector('{element}').readyState >= 1", timeout=60_000)
        played = page.locator(element)
        assert played.evaluate("it => it.duration") == pytest.approx(seconds, abs=0.15)
        assert played.evaluate("it => it.error") is None
        at_the_end = "it => new Promise(done => { it.onseeked = () => done(it.currentTime); it.currentTime = 1.5; })"
        assert played.evaluate(at_the_end) == pytest.approx(1.5, abs=0.1)
    context.close()


@pytest.mark.parametrize("kind", ["video", "sound"])
def test_programs_get_what_was_sent(asked: Asked, kind: str) -> None:
    """Only who asks for it gets what was made anew, in pieces too, and under its own media type."""
    where = f"{asked.url}/api/v1/decisions/{asked.decisions[kind]}/input"
    sent, made = httpx.get(where), httpx.get(where, params={"played": "true"}, timeout=60)
    assert sent.content == {"video": CLIP, "sound": RECORDING}[kind]
    assert made.headers["content-type"] == {"video": "video/mp4", "sound": "audio/flac"}[kind]
    piece = httpx.get(where, params={"played": "true"}, headers={"range": "bytes=4-11"})
    assert (piece.status_code, piece.content) == (206, made.content[4:12])
