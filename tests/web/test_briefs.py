"""Briefs on pages and over the API."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from briefs import BLADES
from brightness import BrightnessModel, Shelf
from understudy.domain.brief import WrongCost
from understudy.domain.means import Means
from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.brief.briefing import appraised
from understudy.studio.brief.questions import QUESTIONS
from understudy.studio.words.phrases import things_of
from understudy.web.briefs import step_of

from .conftest import serving

FILLED = {
    "problem": "Cracks are found late",
    "who": "the team",
    "decisions_a_month": "4000/month",
    "person_cost": "€2,50",
    "person_error": "3%",
    "wrong_cost": "40",
    "currency": "EUR",
    "wrong_costs": "crack=sound:400\r\nsound=crack:5",
    "minimum_viable": "no",
    "demand": "used",
    "by": "ada",
    "reason": "first talk",
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[httpx.Client, Ledger]]:
    """A real server over an empty workspace."""
    ledger, blobs = Ledger.open(tmp_path / "ledger.db"), BlobStore(str(tmp_path / "blobs"))
    with (
        serving(ledger, blobs, Shelf({"blades": BrightnessModel()})) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client, ledger
    ledger.close()


def begin(client: httpx.Client) -> None:
    assert client.post("/projects", data={"name": "Blades"}).headers["location"] == "/projects/blades/brief"


def test_a_project_starts_with_its_brief(place: tuple[httpx.Client, Ledger]) -> None:
    """The first page offers to start with a brief; the name becomes a project, and leads to the form."""
    client, ledger = place
    assert "Start with a brief" in client.get("/").text
    begin(client)
    begin(client)
    assert [project.name for project in ledger.projects()] == ["blades"]
    html = client.get("/projects/blades/brief").text
    assert html.count("<h1") == 1
    assert "Begin with the problem" in html
    assert len(re.findall(r'class="button"', html)) == 1
    for question in QUESTIONS:
        assert f'name="{question.field}"' in html
        assert question.why.replace("'", "&#39;") in html


def test_a_name_that_cannot_be_comes_back(place: tuple[httpx.Client, Ledger]) -> None:
    """A name of which no project's can be made stays in its field, with what to do."""
    client, ledger = place
    sent = client.post("/projects", data={"name": "<b>!?"} | {"name": "!?<"})
    assert sent.status_code == 422
    assert 'value="!?&lt;"' in sent.text
    assert "cannot be a project&#39;s name" in sent.text
    assert ledger.projects() == []


def test_the_form_is_saved_and_shown(place: tuple[httpx.Client, Ledger]) -> None:
    """A filled form becomes a version; the page says the verdict first, the bar, the money, the scores, who and why."""
    client, ledger = place
    begin(client)
    assert client.post("/projects/blades/brief", data=FILLED).status_code == 303
    version = ledger.latest_brief("blades")
    assert version is not None
    assert (version.by, version.reason, version.brief.decisions_a_month) == ("ada", "first talk", 4000)
    assert version.brief.wrong_costs == (WrongCost("crack", "sound", 400.0), WrongCost("sound", "crack", 5.0))
    html = client.get("/projects/blades/brief").text
    assert "<h1>Not enough examples yet: " in html
    assert "an answer by people costs at least €2.65" in html
    assert "Viable: yes" in html
    assert "by ada: first talk" in html
    assert len(re.findall(r'class="button"', html)) == 1
    picture = re.findall(r'srcset="([^"]+)"', html)[0].replace("&amp;", "&")
    assert client.get(picture).text.startswith("<svg")


def test_what_is_wrong_keeps_what_was_typed(place: tuple[httpx.Client, Ledger]) -> None:
    """Each wrong answer is explained at its field, all of them at once; nothing is saved and nothing typed is lost."""
    client, ledger = place
    begin(client)
    sent = client.post("/projects/blades/brief", data=FILLED | {"person_cost": "1.200", "asked_bar": "100%"})
    assert sent.status_code == 422
    assert ledger.latest_brief("blades") is None
    assert "Nothing was saved: 2 answers" in sent.text
    assert 'value="1.200"' in sent.text
    assert 'value="100%"' in sent.text
    assert "could be 1200 or 1.2." in sent.text
    assert "No number of examples proves" in sent.text
    assert sent.text.count('aria-invalid="true"') == 2
    assert "Cracks are found late" in sent.text


def test_two_people_who_change_different_figures_keep_both(place: tuple[httpx.Client, Ledger]) -> None:
    """A form that was opened before somebody else saved changes only what its own sender changed."""
    client, ledger = place
    begin(client)
    client.post("/projects/blades/brief", data=FILLED)
    client.post("/projects/blades/brief", data=FILLED | {"of": "1", "person_cost": "3"})
    client.post("/projects/blades/brief", data=FILLED | {"of": "1", "wrong_cost": "50", "person_cost": "2.5"})
    version = ledger.latest_brief("blades")
    assert version is not None
    assert (version.number, version.brief.person_cost, version.brief.wrong_cost) == (3, 3.0, 50.0)


def test_a_form_sent_unchanged_is_no_version(place: tuple[httpx.Client, Ledger]) -> None:
    """Saving what stands already adds nothing."""
    client, ledger = place
    begin(client)
    client.post("/projects/blades/brief", data=FILLED)
    client.post("/projects/blades/brief", data=FILLED | {"of": "1"})
    assert len(ledger.briefs("blades")) == 1


@pytest.mark.parametrize("path", ["/projects", "/projects/blades/brief"])
def test_no_other_site_writes_a_brief(place: tuple[httpx.Client, Ledger], path: str) -> None:
    """A form from another site is refused."""
    client, ledger = place
    sent = client.post(path, data=FILLED | {"name": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    assert ledger.projects() == []


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"a", 400), (b"x" * 500_000, 413), (b"\xff=1", 400)])
def test_a_broken_form_is_refused(place: tuple[httpx.Client, Ledger], body: bytes, status: int) -> None:
    """What is no form of ours is a clear error."""
    client, _ = place
    begin(client)
    assert client.post("/projects/blades/brief", content=body).status_code == status


def test_names_are_escaped(place: tuple[httpx.Client, Ledger]) -> None:
    """Markup in an answer is shown as text."""
    client, _ = place
    begin(client)
    client.post("/projects/blades/brief", data=FILLED | {"problem": "<script>alert(1)</script>", "by": "<i>"})
    html = client.get("/projects/blades/brief").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<i>" not in html


def test_programs_read_and_write(place: tuple[httpx.Client, Ledger]) -> None:
    """PUT begins a project with its brief; what GET gives can be sent back and changes nothing."""
    client, ledger = place
    brief = {
        "problem": "Cracks are found late",
        "decisions_a_month": 4000,
        "person_cost": 2.5,
        "person_error": 0.03,
        "wrong_cost": 40,
        "class_bars": {"crack": 0.98},
        "wrong_costs": [{"truth": "crack", "answer": "sound", "cost": 400}],
        "kill_by": "2099-06-30",
        "demand": "used",
    }
    sent = client.put("/api/v1/projects/blades/brief", json={"brief": brief, "by": "ada", "reason": "first talk"})
    assert sent.status_code == 200, sent.text
    told = sent.json()
    assert told == client.get("/api/v1/projects/blades/brief").json()
    assert {field: told["brief"][field] for field in brief} == brief
    assert told["version"]["by"] == "ada"
    assert told["economics"]["bar"] == pytest.approx(1 - 3.7 / 400)
    assert len(told["economics"]["monthly_value"]) == 11
    assert told["scores"]["viable"]["holds"] == "met"
    assert told["advice"][0]["kind"] == "too-few-examples"
    assert {each["field"] for each in told["unknown"]} >= {"who", "loss_budget"}
    again = client.put("/api/v1/projects/blades/brief", json={"brief": told["brief"]})
    assert again.json()["version"]["number"] == 1
    assert len(ledger.briefs("blades")) == 1


def test_a_project_without_a_brief(place: tuple[httpx.Client, Ledger]) -> None:
    """Before the first version everything is unknown; of no project there is no brief."""
    client, _ = place
    begin(client)
    told = client.get("/api/v1/projects/blades/brief").json()
    assert told["version"] is None
    assert told["economics"]["bar"] is None
    assert client.get("/api/v1/projects/nowhere/brief").status_code == 404
    assert client.get("/projects/nowhere/brief").status_code == 404
    assert client.get("/projects/blades/brief/value.svg?theme=light&width=640").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"brief": {"person_cost": -1}}, 422, "never below zero"),
        ({"brief": {"asked_bar": 1}}, 422, "No number of examples"),
        ({"brief": {"person_cost": "cheap"}}, 422, "brief.person_cost"),
        ({"brief": {"colour": "red"}}, 422, "brief.colour"),
        ({"brief": {"currency": "euro"}}, 422, "no currency"),
        ({"brief": {"decisions_a_month": True}}, 422, "no figures"),
        ({"brief": {"kill_labels": False}}, 422, "no figures"),
        ({"brief": {"class_bars": {"crack": True}}}, 422, "no figures"),
        ({"brief": {"problem": "\ud800x"}}, 422, "half a character"),
        ({"brief": {"problem": "a\0b"}}, 422, "NUL"),
        ({"brief": {"currency": "\ud800"}}, 422, "half a character"),
        ({"brief": {"slices": ["\udfff"]}}, 422, "half a character"),
        ({"brief": {"class_bars": {"\ud800": 0.9}}}, 422, "half a character"),
        ({"brief": {"wrong_costs": [{"truth": "\ud800", "answer": "x", "cost": 1}]}}, 422, "half a character"),
        ({"brief": {}, "by": "\ud800"}, 422, "“by” holds half a character"),
        ({"brief": {}, "reason": "\0"}, 422, "NUL"),
        ({"brief": {"\ud800": 1}}, 422, "“brief"),
        ({"brief": {"demand": "\ud800"}}, 422, "brief.demand"),
        ({}, 422, "brief"),
        ([], 422, "no JSON object"),
    ],
)
def test_programs_are_told_what_is_wrong(
    place: tuple[httpx.Client, Ledger], sent: object, status: int, says: str
) -> None:
    """An impossible or unknown figure is an error in the usual shape, and no project begins."""
    client, ledger = place
    answer = client.put("/api/v1/projects/blades/brief", content=json.dumps(sent))
    assert answer.status_code == status
    assert says in " ".join(answer.json()["error"].values())
    assert ledger.projects() == []


def test_what_is_no_json(place: tuple[httpx.Client, Ledger]) -> None:
    """A body that is no JSON, or holds what is no number, is refused."""
    client, _ = place
    assert client.put("/api/v1/projects/blades/brief", content=b"{").status_code == 400
    nan = client.put("/api/v1/projects/blades/brief", content=b'{"brief": {"wrong_cost": NaN}}')
    assert nan.status_code == 422


def test_no_other_site_puts_a_brief(place: tuple[httpx.Client, Ledger]) -> None:
    """A page of another site cannot replace a brief in a visitor's name."""
    client, ledger = place
    headers = {"origin": "https://elsewhere.example"}
    sent = client.put("/api/v1/projects/blades/brief", json={"brief": {"problem": "x"}}, headers=headers)
    assert sent.status_code == 403
    assert ledger.projects() == []


def test_a_form_with_a_text_that_cannot_be_kept(place: tuple[httpx.Client, Ledger]) -> None:
    """A NUL in a form is refused at its field, and in a name too; nothing is saved."""
    client, ledger = place
    begin(client)
    sent = client.post("/projects/blades/brief", data=FILLED | {"problem": "a\0b"})
    assert sent.status_code == 422
    assert "It holds a NUL" in sent.text
    assert client.post("/projects/blades/brief", data=FILLED | {"by": "a\0b"}).status_code == 422
    assert ledger.latest_brief("blades") is None


def test_the_next_step_leads_where_the_open_check_is_settled() -> None:
    """An open check that a figure settles leads to its field, any other to the checks."""
    photos = things_of(Project("blades", datetime(2026, 5, 4, tzinfo=UTC)))
    means = Means(labels=(("crack", 200), ("sound", 220)), sealed=140)
    unnamed = step_of(appraised(replace(BLADES, who=None), means), "blades", photos)
    assert (unnamed.label, unnamed.href) == ("Go to that figure", "#brief-who")
    unproven = step_of(appraised(BLADES, replace(means, sealed=20)), "blades", photos)
    assert (unproven.label, unproven.href) == ("Go to the checks", "#scores")


def test_nobody_writes_a_brief_in_the_products_name(place: tuple[httpx.Client, Ledger]) -> None:
    """The form comes back with what was typed and why, and the API refuses it; nothing is saved."""
    client, ledger = place
    begin(client)
    sent = client.post("/projects/blades/brief", data=FILLED | {"by": "model"})
    assert sent.status_code == 422
    assert "“model” cannot be your name here." in sent.text
    assert 'href="#brief-by"' in sent.text
    assert "that word means that no person answered" in sent.text
    put = client.put("/api/v1/projects/blades/brief", json={"brief": {}, "by": "breaker"})
    assert (put.status_code, put.json()["error"]["code"]) == (422, "bad-person")
    assert ledger.briefs("blades") == []
