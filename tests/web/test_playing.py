"""Recordings and clips in a real Chromium: whoever is asked about one can hear and see it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from clips import clip, moving
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace

from .conftest import complaints_of, serving
from .test_kinds import tone

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SENT = {"sound": ("a.wav", tone()), "video": ("a.mp4", clip(moving(24), rate=12, codec="libx264"))}
LENGTH = """() => new Promise((told, failed) => {
  const player = document.querySelector("audio, video");
  const seen = () =>
    player.error ? failed(new Error(player.error.message)) : player.readyState && told(player.duration);
  player.onloadedmetadata = player.onerror = seen;
  seen();
})"""
"""What a player says of how long it plays, once it knows; fails where there is nothing to play."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Where a server is, and where the input of a decision about each kind is."""
    folder = tmp_path_factory.mktemp("playing")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    for kind in SENT:
        ledger.create_project(Project(kind, NOW, task=Task(kind)))
    shelf = Shelf(Workspace(Path(folder), ledger, blobs, ""))
    with serving(ledger, blobs, shelf) as url:
        inputs = {}
        for kind, file in SENT.items():
            response = httpx.post(f"{url}/api/v1/projects/{kind}/decisions", files={kind: file}, timeout=30)
            inputs[kind] = response.json()["links"]["input"]
        yield url, inputs
    ledger.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that tolerates no broken content policy."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    complaints = complaints_of(page)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize(("kind", "seconds"), [("sound", 0.625), ("video", 2.0)])
def test_what_is_asked_about_plays(asked: tuple[str, dict[str, str]], page: Page, kind: str, seconds: float) -> None:
    """The player on the queue's page and the one behind the link both have something to play, of the right length."""
    url, inputs = asked
    page.context.add_cookies([{"name": "understudy-name", "value": "Kim", "url": url}])
    for path in (f"/projects/{kind}/queue", inputs[kind]):
        page.goto(f"{url}{path}")
        assert page.evaluate(LENGTH) == pytest.approx(seconds, abs=0.2)


@pytest.mark.parametrize(("kind", "seconds"), [("sound", 0.625), ("video", 2.0)])
def test_what_is_asked_next_plays_too(asked: tuple[str, dict[str, str]], page: Page, kind: str, seconds: float) -> None:
    """A question that the page's script fetches has a player that plays, not only the one that came with the page."""
    url, _ = asked
    httpx.post(f"{url}/api/v1/projects/{kind}/decisions", files={kind: SENT[kind]}, timeout=30).raise_for_status()
    page.context.add_cookies([{"name": "understudy-name", "value": "Lou", "url": url}])
    page.goto(f"{url}/projects/{kind}/queue")
    page.wait_for_load_state("networkidle")
    first = page.locator(".card").get_attribute("data-decision")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".card")).not_to_have_attribute("data-decision", str(first))
    assert page.locator("audio, video").count() == 1
    assert page.evaluate(LENGTH) == pytest.approx(seconds, abs=0.2)


def test_a_player_may_ask_for_a_piece(asked: tuple[str, dict[str, str]]) -> None:
    """A range is answered with that piece, one beyond the end is refused, and what is no range gets everything."""
    url, inputs = asked
    data = SENT["sound"][1]
    pieces = {
        "bytes=10-19": (206, data[10:20], f"bytes 10-19/{len(data)}"),
        "bytes=10000-": (206, data[10000:], f"bytes 10000-{len(data) - 1}/{len(data)}"),
        "bytes=-7": (206, data[-7:], f"bytes {len(data) - 7}-{len(data) - 1}/{len(data)}"),
        f"bytes=0-{10**9}": (206, data, f"bytes 0-{len(data) - 1}/{len(data)}"),
        f"bytes={len(data)}-": (416, b"", f"bytes */{len(data)}"),
        "bytes=-": (200, data, None),
        "bytes=1-2,5-6": (200, data, None),
        "lines=1-2": (200, data, None),
        f"bytes={'9' * 5000}-": (200, data, None),
    }
    for asked_for, (status, body, said) in pieces.items():
        given = httpx.get(f"{url}{inputs['sound']}", headers={"range": asked_for})
        assert (given.status_code, given.content, given.headers.get("content-range")) == (status, body, said), asked_for
        assert given.headers["accept-ranges"] == "bytes"
