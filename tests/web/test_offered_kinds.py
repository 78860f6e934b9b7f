"""Inputs of a kind that another package offers, over HTTP and on the pages."""

import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser

from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.modalities.registry import modality_named
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.people.inputs import preview
from understudy.studio.people.playables import Playables
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace
from understudy.web.inputs import installed
from understudy.web.queue_views import curl_of
from understudy.web.services import Services
from understudy.web.trying import Asks, asks_for

from .conftest import serving

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SERIES = b"1.0\n2.0\n4.0\n"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-modality.md"
DRAWN = """
from PIL import Image

from understudy.modalities.abilities import Medium


class Drawn(Series):
    name, plural = "graph-series", "graph series"
    shown_as = Medium.PICTURE

    def media_type(self, data):
        return "image/png" if data.startswith(b"\\x89PNG") else "text/csv"

    def playable(self, data, into):
        Image.new("L", (len(read(data)), 40)).save(into, "PNG")
        return True


class Torn(Drawn):
    name = plural = "torn-series"

    def playable(self, data, into):
        return bool([][len(data)])


class Blank(Drawn):
    name = plural = "blank-series"

    def playable(self, data, into):
        return False


DRAWN, TORN, BLANK = Drawn(), Torn(), Blank()
"""


@pytest.fixture(scope="module", autouse=True)
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The module of the documentation's page, and one whose inputs are drawn, as an installer leaves them."""
    folder = tmp_path_factory.mktemp("site")
    text = PAGE.read_text(encoding="utf-8")
    start = text.index("```python\n") + len("```python\n")
    (folder / "offered_series.py").write_text(text[start : text.index("```", start)] + DRAWN, encoding="utf-8")
    info = folder / "offered_series-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: offered-series\nVersion: 1.0\n")
    entries = "series = offered_series:MODALITY\ngraph-series = offered_series:DRAWN\n"
    entries += "torn-series = offered_series:TORN\nblank-series = offered_series:BLANK\n"
    (info / "entry_points.txt").write_text(f"[understudy.modalities]\n{entries}")
    modality_named.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(folder))
        yield
    modality_named.cache_clear()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A project of each kind, none of which has a model."""
    folder = tmp_path_factory.mktemp("offered")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    for kind in ("series", "graph-series", "torn-series", "blank-series", "sound"):
        ledger.create_project(Project(kind, NOW, task=Task(kind)))
    yield Workspace(folder, ledger, blobs, "")
    ledger.close()


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[httpx.Client]:
    """A client of a server of that workspace."""
    shelf = Shelf(workspace)
    served = serving(workspace.ledger, workspace.blobs, shelf, playables=Playables(workspace.cache / "previews"))
    with served as url, httpx.Client(base_url=url, timeout=30) as made:
        yield made


def ask(client: httpx.Client, kind: str) -> str:
    asked = client.post(f"/api/v1/projects/{kind}/decisions", files={kind: ("a.csv", SERIES)})
    assert asked.status_code == 202, asked.text
    decision: str = asked.json()["id"]
    return decision


@pytest.mark.parametrize("media", ["text/csv", "application/octet-stream", "text/plain; charset=latin-1"])
def test_a_file_of_another_packages_kind_is_taken_bare_under_any_media_type(client: httpx.Client, media: str) -> None:
    """Only the package knows which media types its files have, and their bytes are kept as they came."""
    asked = client.post("/api/v1/projects/series/decisions", content=SERIES, headers={"content-type": media})
    assert asked.status_code == 202, asked.text
    assert client.get(asked.json()["links"]["input"]).content == SERIES


def test_a_file_of_another_packages_kind_goes_by_the_name_of_its_kind(client: httpx.Client) -> None:
    """In a form and in JSON; and what is sent beside it is no input."""
    where = "/api/v1/projects/series/decisions"
    for sent in (
        client.post(where, files={"series": ("a.csv", SERIES)}, data={"subject": "m1"}),
        client.post(where, json={"series": "MS4wCjIuMAo0LjAK", "subject": "m1"}),
        client.post(where, json={"file": "MS4wCjIuMAo0LjAK"}),
    ):
        assert sent.status_code == 202, sent.text
        assert client.get(sent.json()["links"]["input"]).content == SERIES
    assert client.post("/api/v1/projects/sound/decisions", json={"series": "MS4w"}).status_code == 422


def test_whoever_sends_it_wrongly_is_told_how_this_kind_is_sent(client: httpx.Client) -> None:
    """By its own name; nothing is said of rows and texts that would not help."""
    where = "/api/v1/projects/series/decisions"
    for body, media in ((b"{}", "application/json"), (b"a=1", "application/x-www-form-urlencoded")):
        error = client.post(where, content=body, headers={"content-type": media}).json()["error"]
        assert "“series”" in error["remedy"]
        assert "row" not in error["remedy"]


def test_the_inference_protocol_takes_it_by_its_name(client: httpx.Client) -> None:
    """As it does a photo; the names of others are refused with the one that is right."""
    tensor = {"name": "series", "datatype": "BYTES", "shape": [1], "data": ["MS4wCjIuMAo0LjAK"]}
    answered = client.post("/v2/models/series/infer", json={"inputs": [tensor]})
    assert "not called" not in answered.text
    for name in ("sounds", ["series"]):
        refused = client.post("/v2/models/series/infer", json={"inputs": [{**tensor, "name": name}]})
        assert refused.status_code in {400, 422}
        assert "“input”" in refused.text


def test_a_kind_that_makes_pictures_of_its_inputs_is_seen_by_people(client: httpx.Client, tmp_path: Path) -> None:
    """In the queue and with the decision; programs get what was sent."""
    decision = ask(client, "graph-series")
    client.post("/projects/graph-series/queue/name", data={"name": "Ada"})
    for page in (f"/decisions/{decision}", "/projects/graph-series/queue"):
        html = client.get(page).text
        assert f'<img src="/api/v1/decisions/{decision}/input?played=true"' in html
        assert f'<a href="/api/v1/decisions/{decision}/input">As it was sent</a>' in html
    made = Playables(tmp_path).of("graph-series", "00", SERIES)
    assert Image.open(io.BytesIO(made)).size == (3, 40)
    assert client.get(f"/api/v1/decisions/{decision}/input").content == SERIES


def test_a_list_shows_all_of_a_drawn_picture(client: httpx.Client, browser: Browser) -> None:
    """A curve that is wider than high is not cut to its middle, as a photo is."""
    ask(client, "graph-series")
    page = browser.new_page()
    page.goto(f"{client.base_url}/projects/graph-series")
    drawn = page.locator(".examples img").first
    assert drawn.evaluate("it => getComputedStyle(it).objectFit") == "contain"
    page.close()


@pytest.mark.parametrize("kind", ["graph-series", "torn-series", "series"])
def test_the_link_to_what_was_sent_is_a_link_among_words(client: httpx.Client, browser: Browser, kind: str) -> None:
    """Only a photo in the queue is itself a link, as large as there is room."""
    ask(client, kind)
    context = browser.new_context()
    context.add_cookies([{"name": "understudy-name", "value": "Kim", "url": str(client.base_url)}])
    page = context.new_page()
    page.goto(f"{client.base_url}/projects/{kind}/queue")
    assert page.locator(".asked a").evaluate("it => getComputedStyle(it).display") == "inline"
    context.close()


@pytest.mark.parametrize("kind", ["torn-series", "blank-series"])
def test_where_nothing_could_be_made_people_read_so_and_open_what_was_sent(client: httpx.Client, kind: str) -> None:
    """A module that fails on an input, or makes nothing of one that no browser shows, leaves no broken picture."""
    decision = ask(client, kind)
    client.post(f"/projects/{kind}/queue/name", data={"name": "Ada"})
    for page in (f"/decisions/{decision}", f"/projects/{kind}/queue"):
        html = client.get(page).text
        assert "<img" not in html.partition("<figure")[2].partition("</figure>")[0]
        assert re.search(r'No picture could be made of it. <a href="/api/v1/decisions/[^"/]+/input">', html)
    assert f'alt="A {kind}"' in client.get(f"/projects/{kind}").text


def test_on_a_terminal_the_picture_is_the_file_to_open(workspace: Workspace, client: httpx.Client) -> None:
    """And not a file of numbers."""
    decision = ask(client, "graph-series")
    digest = workspace.ledger.decision(decision).input_digest
    place = preview(workspace, "graph-series", digest, decision)
    assert place.suffix == ".png"
    assert Image.open(place).size == (3, 40)


def test_what_is_neither_seen_nor_heard_is_a_link_with_its_name(client: httpx.Client) -> None:
    """A list says what it is."""
    decision = ask(client, "series")
    assert f'<a href="/api/v1/decisions/{decision}/input">' in client.get(f"/decisions/{decision}").text


def test_its_model_is_tried_with_a_file(workspace: Workspace) -> None:
    """The page asks for a file with the package's endings, and names a folder of them for more."""
    asks = asks_for(Services, workspace.ledger.project("series"))  # type: ignore[arg-type]
    assert asks == Asks("file", "series", ".series", "files of one number a line, named .series", source="series/")


def test_commands_to_copy_can_be_copied(client: httpx.Client) -> None:
    """The file that is sent has an ending of its kind, and a folder whose name has a blank is one word."""
    assert "-F graph-series=@graph-series.series http" in curl_of("graph-series", "http://here", "curves")
    assert "-F gone-kind=@gone-kind http" in curl_of("gone-kind", "http://here", "curves")
    for page in ("/projects/graph-series", "/projects/graph-series/audit"):
        assert "understudy add graph-series 'graph series/'" in html.unescape(client.get(page).text)


@pytest.mark.parametrize("ending", ["photo", "regions", "regions.png"])
def test_what_only_photos_have_is_not_found_for_others(client: httpx.Client, ending: str) -> None:
    """The error says where the input is and what moved its answer."""
    decision = ask(client, "series")
    found = client.get(f"/api/v1/decisions/{decision}/{ending}")
    assert found.status_code == 404
    error = found.json()["error"]
    assert error["code"] == "no-photo"
    assert "/input" in error["remedy"]


def test_pages_stand_where_the_package_is_gone(client: httpx.Client, workspace: Workspace) -> None:
    """A kind that nobody offers any more is shown as far as it can be."""
    workspace.ledger.create_project(Project("gone", NOW, task=Task("gone-kind")))
    assert installed("gone-kind") is None
    trained = {"blob": "b" * 64, "trials": [], "data_version": "v", "at": NOW}
    workspace.ledger.record_model("gone", version="a" * 64, **trained)
    shown = client.get("/projects/gone")
    assert shown.status_code == 200
    assert "The package that offers the kind “gone-kind” is not installed" in shown.text
    assert "as JSON" not in shown.text
    refused = client.post("/api/v1/projects/gone/decisions", files={"file": ("a", SERIES)})
    assert refused.json()["error"]["code"] == "unknown-modality"
