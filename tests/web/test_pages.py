import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from brightness import BrightnessModel, Shelf
from understudy.domain.evidence import Later
from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.collection.gathering import unfinished

from .conftest import NOW, Studio, serving
from .photos import grey

PAGES = (
    "/", "/projects/lamp", "/projects/untrained", "/projects/lamp/launch", "/projects/untrained/launch",
    "/projects/lamp/queue", "/projects/lamp/history", "/projects/lamp/settings", "/docs", "/nowhere",
    "/projects/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_page_reaches_beyond_this_server(client: httpx.Client, path: str) -> None:
    """With the network cable out, everything still loads: every script, style and picture is our own."""
    html = client.get(path).text
    loaded = re.findall(r"(?:src|srcset|<link[^>]*href)=\"([^\"]+)\"", html)
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    for address in {found.replace("&amp;", "&") for found in loaded}:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/api/v1/projects", "/static/try.js", "/healthz"])
def test_every_response_is_kept_safe_by_its_headers(client: httpx.Client, path: str) -> None:
    """Nothing from elsewhere runs, nothing is sniffed, and no other site frames a page."""
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_inline_script_or_style(client: httpx.Client, path: str) -> None:
    """What the policy forbids is not there, so nothing is broken by it."""
    html = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\s(style|on\w+)=", html)
    assert "<style" not in html


def test_the_verdict_stands_first_and_once(client: httpx.Client) -> None:
    """A project's page has one main heading: the verdict, with its bound under it and one filled button."""
    html = client.get("/projects/lamp").text
    assert html.count("<h1") == 1
    assert re.search(r"<h1>17 of 20 sealed drawings right\.</h1>", html)
    assert "With 95% confidence, at least" in html
    assert len(re.findall(r'class="button"', html)) == 1
    assert "Look 1 at the sealed drawings" in html
    assert "drawn, so they are no evidence about real ones" in html


def test_names_from_people_are_escaped(client: httpx.Client) -> None:
    """Markup in a file's name is shown as text."""
    html = client.get("/projects/lamp").text
    assert "&lt;b&gt;IMG_0412.heic&lt;/b&gt;" in html
    assert "<b>IMG_0412" not in html


def test_labels_from_people_are_escaped(studio: Studio, client: httpx.Client) -> None:
    """A label that is a script is shown as text, in the answer and on its page."""
    labels, studio.model.labels = studio.model.labels, ("<script>alert(1)</script>", "dark")
    try:
        form = {"photo": ("a.png", grey(250))}
        fragment = client.post("/projects/lamp/try", files=form, headers={"x-fragment": "1"})
        page = client.post("/projects/lamp/try", files=form, follow_redirects=True)
    finally:
        studio.model.labels = labels
    for html in (fragment.text, page.text, client.get("/projects/lamp").text):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "<script>alert" not in html


def test_a_bare_form_leads_to_the_answers_page(studio: Studio, client: httpx.Client) -> None:
    """Without any script a photo can be tried: the form leads to a page with the answer, its photo and its record."""
    response = client.post("/projects/lamp/try", files={"photo": ("a.png", grey(230))})
    assert response.status_code == 303
    page = client.get(response.headers["location"])
    decision = response.headers["location"].rpartition("/")[2]
    assert studio.ledger.decision(decision).answer.label == "bright"
    assert "<h1>bright, about 90 in 100.</h1>" in page.text
    assert f"/api/v1/decisions/{decision}/regions.png" in page.text
    assert "the model" in page.text


def test_a_part_of_the_page_comes_to_its_script(client: httpx.Client) -> None:
    """The page's script gets the answer alone, and it says when a person should be asked."""
    response = client.post("/projects/lamp/try", files={"photo": grey(140)}, headers={"x-fragment": "1"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert "Ask a person" in response.text
    assert "Perhaps bright" in response.text


def test_an_answer_survives_a_reload(client: httpx.Client) -> None:
    """A project's page that names an answer shows it again; an unknown or foreign one is simply not there."""
    location = client.post("/projects/lamp/try", files={"photo": grey(230)}).headers["location"]
    decision = location.rpartition("/")[2]
    assert f'data-decision="{decision}"' in client.get("/projects/lamp", params={"answer": decision}).text
    for path, answer in (("/projects/untrained", decision), ("/projects/lamp", "nonsense")):
        response = client.get(path, params={"answer": answer})
        assert response.status_code == 200
        assert "data-decision" not in response.text


@pytest.mark.parametrize(
    ("path", "files", "status", "words"),
    [
        ("/projects/lamp/try", {"photo": ("a.txt", b"text")}, 422, "This is no photo."),
        ("/projects/lamp/try", {"photo": ("", b"")}, 400, "There is nothing to answer about."),
        ("/projects/untrained/try", {"photo": ("a.png", grey(1))}, 409, "cannot answer yet"),
        ("/projects/nowhere/try", {"photo": ("a.png", grey(1))}, 404, "There is no project"),
    ],
)
def test_what_goes_wrong_is_said_in_the_page(
    client: httpx.Client, path: str, files: dict[str, tuple[str, bytes]], status: int, words: str
) -> None:
    """A bad photo gives a page, or a part of one, in the words that the API uses."""
    page = client.post(path, files=files)
    part = client.post(path, files=files, headers={"x-fragment": "1"})
    for response in (page, part):
        assert response.status_code == status
        assert response.headers["content-type"].startswith("text/html")
        assert words in response.text
    assert "<html" in page.text
    assert "<html" not in part.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_forms_from_other_sites_are_refused(
    studio: Studio, client: httpx.Client, headers: dict[str, str], status: int
) -> None:
    """Another site cannot put photos into the ledger in a visitor's name."""
    before = studio.ledger.decision_count("lamp")
    response = client.post("/projects/lamp/try", files={"photo": grey(9)}, headers=headers)
    assert response.status_code == status
    assert studio.ledger.decision_count("lamp") == before + (status == 303)


def test_a_form_from_our_own_origin_passes(studio: Studio, client: httpx.Client) -> None:
    """A browser that names our own origin is let through."""
    response = client.post("/projects/lamp/try", files={"photo": grey(9)}, headers={"origin": studio.url})
    assert response.status_code == 303


def test_a_page_without_projects_is_not_empty(tmp_path: Path) -> None:
    """A newcomer sees what to do, and a small true example of what will stand here."""
    blobs, shelf = BlobStore(str(tmp_path / "b")), Shelf({"x": BrightnessModel()})
    with Ledger.open(tmp_path / "l.db") as ledger, serving(ledger, blobs, shelf) as url:
        html = httpx.get(url).text
        drawn = httpx.get(url + "/example.svg", params={"theme": "dark", "width": 340})
    assert "understudy train photos/" in html
    assert "31 of 32 sealed photos right" in html
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "31 of 32 seen" in drawn.text


def test_a_project_without_examples_is_told_of_no_photos(tmp_path: Path) -> None:
    """It may become one of texts or rows: its pages and its curve's speak of examples until the first ones came."""
    blobs = BlobStore(str(tmp_path / "b"))
    with Ledger.open(tmp_path / "l.db") as ledger, serving(ledger, blobs, Shelf({"mails": None})) as url:
        ledger.create_project(Project("mails", NOW))
        listed, html = httpx.get(url).text, httpx.get(f"{url}/projects/mails").text
        curve = httpx.get(f"{url}/projects/mails/curve").text
    assert "no examples" in listed
    assert "Nothing here yet: this project has no examples." in html
    assert "understudy add mails examples/" in html
    assert "or add a table that holds them with their answers." in html
    assert "photos" not in html
    assert "what more examples would bring" in curve


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "width"), [("gauge", 640), ("gauge", 340), ("reliability", 640), ("row", 340)])
def test_the_verdicts_drawings_come_in_both_themes(client: httpx.Client, theme: str, kind: str, width: int) -> None:
    """Each drawing is an SVG that names its finding."""
    response = client.get(f"/projects/lamp/charts/{kind}.svg", params={"theme": theme, "width": width})
    assert response.status_code == 200
    assert response.text.startswith("<svg")
    assert "<title>" in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/projects/lamp/charts/gauge.svg?theme=light&width=9999", 404),
        ("/projects/lamp/charts/other.svg?theme=light&width=640", 404),
        ("/projects/lamp/charts/gauge.svg?theme=pink&width=640", 422),
        ("/projects/untrained/charts/gauge.svg?theme=light&width=640", 404),
    ],
)
def test_drawings_that_do_not_exist_are_refused(client: httpx.Client, path: str, status: int) -> None:
    """Nobody makes the server draw what no page asks for."""
    assert client.get(path).status_code == status


def test_only_mistaken_photos_of_the_sealed_set_are_shown(studio: Studio, client: httpx.Client) -> None:
    """The page shows the photos behind the mistakes; no other photo can be fetched by its digest."""
    judgement = studio.ledger.latest_judgement("lamp")
    assert judgement is not None
    mistaken = judgement.mistakes[0][0]
    shown = client.get(f"/api/v1/projects/lamp/examples/{mistaken}", params={"side": 384})
    assert shown.headers["content-type"] == "image/jpeg"
    other = studio.blobs.put(grey(234))
    assert client.get(f"/api/v1/projects/lamp/examples/{other}").status_code == 404


def test_a_source_that_is_there_in_part_is_the_first_thing_to_do(studio: Studio, client: httpx.Client) -> None:
    """While only a part of it is recorded, the page leads to the rest of it and not to a training."""
    part = unfinished("lamps.csv")
    studio.ledger.record_findings("untrained", [part], at=datetime(2026, 1, 1, tzinfo=UTC))
    page = client.get("/projects/untrained").text
    assert "<h1>Only a part of “lamps.csv” is recorded.</h1>" in page
    assert "understudy add untrained SOURCE" in page
    studio.ledger.withdraw_finding("untrained", part)
    assert "Only a part of" not in client.get("/projects/untrained").text


def test_the_api_tells_a_projects_verdict(client: httpx.Client) -> None:
    """Programs get the words and the figures that the page shows."""
    listed = client.get("/api/v1/projects").json()["projects"]
    assert [project["name"] for project in listed] == ["lamp", "untrained"]
    lamp, untrained = listed
    assert untrained["verdict"] is None
    assert lamp == client.get("/api/v1/projects/lamp").json() | {"decisions": lamp["decisions"]}
    accuracy = lamp["verdict"]["accuracy"]
    assert (accuracy["right"], accuracy["of"], accuracy["confidence"]) == (17, 20, 0.95)
    assert 0.6 < accuracy["at_least"] < 0.85
    assert lamp["verdict"]["headline"] == "17 of 20 sealed drawings right."
    assert sum(map(sum, lamp["verdict"]["confusion"])) == 20
    assert client.get("/api/v1/projects/nowhere").status_code == 404


def test_the_api_tells_what_the_order_of_time_showed(studio: Studio, client: httpx.Client) -> None:
    """Right, of how many, and whether that is worse; nothing where no column says when each was."""
    assert client.get("/api/v1/projects/lamp").json()["verdict"]["later"] is None
    first = studio.ledger.latest_judgement("lamp")
    assert first is not None
    look = studio.ledger.open_sealed("lamp", model=studio.model.version, at=NOW)
    studio.ledger.record_judgement("lamp", replace(first, look=look.number, later=Later(160, 400, worse=True)), at=NOW)
    told = client.get("/api/v1/projects/lamp").json()["verdict"]
    assert told["later"] == {"right": 160, "of": 400, "worse": True}
    assert told["look"] == 2
