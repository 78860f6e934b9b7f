"""The queue where answers are numbers, several labels or items: forms without script, and the API."""

import re
from collections.abc import Iterator

import httpx
import pytest

from brightness import BrightnessModel, Shelf
from understudy.domain.project import Project
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, Studio, serving
from .photos import grey

TASKS = {
    "minutes": Task("photo", AnswerKind.NUMBER, 5.0, "minutes"),
    "tags": Task("photo", AnswerKind.LABELS),
    "films": Task("photo", AnswerKind.RANKING),
    "lamp": Task(),
    "wine": Task(),
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server with a project for each kind of answer, which people answer."""
    folder = tmp_path_factory.mktemp("kinds")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    for name, task in TASKS.items():
        ledger.create_project(Project(name, NOW, task=task))
        ledger.set_setting(name, "double-share", 0.0, "Ada", NOW)
    shelf = Shelf(dict.fromkeys(TASKS))
    with serving(ledger, blobs, shelf) as url:
        yield Studio(url, ledger, blobs, shelf, BrightnessModel())
    ledger.close()


@pytest.fixture
def kim(studio: Studio) -> Iterator[httpx.Client]:
    """Somebody who has said that she is Kim."""
    with httpx.Client(base_url=studio.url, timeout=60, follow_redirects=True) as client:
        client.post("/projects/minutes/queue/name", data={"name": "Kim"}).raise_for_status()
        yield client


def ask(client: httpx.Client, project: str, level: int) -> str:
    response = client.post(f"/api/v1/projects/{project}/decisions", files={"photo": grey(level)})
    name: str = response.json()["id"]
    return name


def said(studio: Studio, decision: str) -> str | None:
    (opinion,) = studio.ledger.opinions_of(decision)
    return opinion.value


def form(decision: str, **more: str) -> dict[str, str]:
    return {"decision": decision, "kind": "answer", **more}


def test_a_number_is_typed_with_its_unit_beside_it(studio: Studio, kim: httpx.Client) -> None:
    """The page asks for minutes; a text that is no number comes back with what is wrong, and a number is kept."""
    decision = ask(kim, "minutes", 1)
    page = kim.get("/projects/minutes/queue").text
    assert "How many minutes?" in page
    assert 'inputmode="decimal"' in page
    refused = kim.post("/projects/minutes/queue/answer", data=form(decision, value="soon"))
    assert refused.status_code in {400, 422}
    assert "An answer is a number in minutes." in refused.text
    twofold = kim.post("/projects/minutes/queue/answer", data=form(decision, value="1.200"))
    assert "Write 1200 or 1.2." in twofold.text
    api = {"by": "Kim", "decision": decision, "kind": "answer", "value": "1.200"}
    asked_again = kim.post("/api/v1/projects/minutes/queue/answer", json=api)
    assert asked_again.status_code == 422
    assert asked_again.json()["error"]["remedy"] == "Write 1200 or 1.2."
    kim.post("/projects/minutes/queue/answer", data=form(decision, value="1,200.5")).raise_for_status()
    assert said(studio, decision) == "1200.5"


def test_several_labels_are_ticked(studio: Studio, kim: httpx.Client) -> None:
    """What is typed first becomes a box for the next one; none of these is a button, and nothing at all is refused."""
    first, second, third = (ask(kim, "tags", level) for level in (1, 2, 3))
    kim.post("/projects/tags/queue/answer", data=form(first, **{"has.own": "tall; red"})).raise_for_status()
    page = kim.get(f"/projects/tags/queue?of={second}.answer").text
    assert page.count('type="checkbox"') == 2
    refused = kim.post("/projects/tags/queue/answer", data=form(second, **{"has.own": ""}))
    assert "No label was chosen." in refused.text
    boxes = {"has.1": "red", "has.own": "old"}
    kim.post("/projects/tags/queue/answer", data=form(second, **boxes)).raise_for_status()
    kim.post("/projects/tags/queue/answer", data=form(third, value=NONE_OF_THESE)).raise_for_status()
    assert [said(studio, each) for each in (first, second, third)] == ["red; tall", "old; red", NONE_OF_THESE]


def test_none_of_these_is_said_alone(studio: Studio, kim: httpx.Client) -> None:
    """Neither the page nor a program takes it beside a label, as an answer or as what turned out."""
    decision = ask(kim, "tags", 77)
    kim.get(f"/projects/tags/queue?of={decision}.answer")
    page = kim.post("/projects/tags/queue/answer", data=form(decision, **{"has.1": "red", "has.own": NONE_OF_THESE}))
    assert (page.status_code, "others stand beside it" in page.text) == (422, True)
    both = {"by": "Kim", "decision": decision, "value": [NONE_OF_THESE, "red"]}
    assert kim.post("/api/v1/projects/tags/queue/answer", json=both).status_code == 422
    outcome = {"value": ["red", NONE_OF_THESE], "new_labels": True}
    assert kim.put(f"/api/v1/decisions/{decision}/outcome", json=outcome).status_code == 422
    assert studio.ledger.opinions_of(decision) == []
    assert studio.ledger.outcome(decision) is None


def test_an_item_is_chosen_from_those_named_before(studio: Studio, kim: httpx.Client) -> None:
    """What was chosen is typed or picked from a list that grows."""
    first, second = (ask(kim, "films", level) for level in (1, 2))
    kim.post("/projects/films/queue/answer", data=form(first, value="Alien")).raise_for_status()
    page = kim.get(f"/projects/films/queue?of={second}.answer").text
    assert "What was chosen?" in page
    assert '<option value="Alien">' in page
    assert said(studio, first) == "Alien"


def test_none_of_the_labels_is_an_answer(studio: Studio, kim: httpx.Client) -> None:
    """Beside the labels stands a button for what belongs to none of them, once there are labels."""
    first, second = (ask(kim, "lamp", level) for level in (1, 2))
    assert "None of these" not in kim.get("/projects/lamp/queue").text
    kim.post("/projects/lamp/queue/answer", data=form(first, value="bright")).raise_for_status()
    page = kim.get(f"/projects/lamp/queue?of={second}.answer").text
    assert f'value="{NONE_OF_THESE}">None of these' in page
    kim.post("/projects/lamp/queue/answer", data=form(second, value=NONE_OF_THESE)).raise_for_status()
    assert said(studio, second) == NONE_OF_THESE


def test_a_digit_is_the_key_of_the_label_that_it_is(kim: httpx.Client) -> None:
    """Where labels are numbers, no key is a place: the label's own digit chooses it."""
    for level, label in enumerate(("6", "3", "10")):
        kim.post("/projects/wine/queue/answer", data=form(ask(kim, "wine", level), value=label)).raise_for_status()
    ask(kim, "wine", 9)
    page = kim.get("/projects/wine/queue").text
    assert re.findall(r'value="(\d+)"(?: data-key="(\d)")?>', page) == [("6", "6"), ("3", "3"), ("10", "")]


@pytest.mark.parametrize(
    ("project", "value", "kept"),
    [
        ("minutes", 12.345, "12.345"),
        ("minutes", 12.5, "12.5"),
        ("minutes", 40, "40"),
        ("minutes", "7,5 minutes", "7.5"),
        ("tags", ["tall", "red"], "red; tall"),
        ("tags", [], NONE_OF_THESE),
        ("films", "Heat", "Heat"),
        ("lamp", NONE_OF_THESE, NONE_OF_THESE),
    ],
)
def test_programs_answer_in_json_of_the_kind(
    studio: Studio, kim: httpx.Client, project: str, value: object, kept: str
) -> None:
    """A number, a list of labels or a text: the question says which, and the opinion tells it as it is kept."""
    api = f"/api/v1/projects/{project}/queue"
    decision = ask(kim, project, sum(map(ord, repr(value))) % 250)
    question = kim.get(f"{api}/next", params={"by": "Kim"})
    assert (question.json()["answers"], question.json()["unit"]) == (TASKS[project].answers.value, TASKS[project].unit)
    answer = kim.post(f"{api}/answer", json={"by": "Kim", "decision": decision, "kind": "answer", "value": value})
    assert answer.status_code == 200, answer.text
    assert answer.json()["value"] == kept == said(studio, decision)


def test_a_program_says_that_a_label_is_new(studio: Studio, kim: httpx.Client) -> None:
    """One that nobody has used is a slip, by its capitals too, unless a plus sign is in front, which is not kept."""
    kim.post("/projects/wine/queue/answer", data=form(ask(kim, "wine", 31), value="account")).raise_for_status()
    kim.post("/projects/tags/queue/answer", data=form(ask(kim, "tags", 31), **{"has.own": "red; tall"}))
    given: tuple[tuple[str, object, str | None], ...] = (
        ("wine", "Account", None),
        ("wine", "fresh", None),
        ("wine", "+fresh", "fresh"),
        ("wine", "fresh", "fresh"),
        ("tags", ["red", "newer"], None),
        ("tags", ["Red"], None),
        ("tags", ["+newer", "red"], "newer; red"),
    )
    for place, (project, value, kept) in enumerate(given):
        decision = ask(kim, project, 100 + place)
        sent = {"by": "Kim", "decision": decision, "value": value}
        told = kim.post(f"/api/v1/projects/{project}/queue/answer", json=sent)
        if kept is None:
            assert (told.status_code, told.json()["error"]["code"]) == (422, "unknown-label"), value
            assert "write +" in told.json()["error"]["remedy"]
        else:
            assert said(studio, decision) == told.json()["value"] == kept


def test_what_is_typed_on_the_page_may_be_new(studio: Studio, kim: httpx.Client) -> None:
    """As it is or with a plus sign in front; one that is there is meant whatever its capitals."""
    kim.post("/projects/wine/queue/answer", data=form(ask(kim, "wine", 41), value="account")).raise_for_status()
    kim.post("/projects/tags/queue/answer", data=form(ask(kim, "tags", 41), **{"has.own": "red"})).raise_for_status()
    typed = (
        ("wine", {"value": "Account"}, "account"),
        ("wine", {"value": "brand-new"}, "brand-new"),
        ("wine", {"value": "+newest"}, "newest"),
        ("wine", {"value": "None of these"}, NONE_OF_THESE),
        ("tags", {"has.1": "red", "has.own": "+Old; RED; odd"}, "Old; odd; red"),
    )
    for place, (project, fields, kept) in enumerate(typed):
        decision = ask(kim, project, 120 + place)
        kim.post(f"/projects/{project}/queue/answer", data=form(decision, **fields)).raise_for_status()
        assert said(studio, decision) == kept


def test_outcomes_come_in_json_of_the_kind(studio: Studio, kim: httpx.Client) -> None:
    """One or many, as numbers and lists; what is neither is left out with its reason."""
    one, two, three = (ask(kim, "minutes", level) for level in (201, 202, 203))
    assert kim.put(f"/api/v1/decisions/{one}/outcome", json={"value": 12.50}).json()["value"] == "12.5"
    rows = [{"decision": two, "value": "1,000 minutes"}, {"decision": three, "value": {"no": 1}}]
    told = kim.post("/api/v1/projects/minutes/outcomes", json={"outcomes": rows})
    assert told.status_code == 207
    assert told.json()["recorded"] == 1
    assert "a number or a list of texts" in told.json()["rows"][1]["error"]["reason"]
    outcome = studio.ledger.outcome(two)
    assert outcome is not None
    assert outcome.value == "1000"
    tagged = ask(kim, "tags", 211)
    assert (
        kim.put(f"/api/v1/decisions/{tagged}/outcome", json={"value": ["b", "a"], "new_labels": True}).json()["value"]
        == "a; b"
    )


@pytest.mark.parametrize(
    ("project", "fields", "again"),
    [
        ("minutes", {"value": "about 100"}, 'value="about 100" aria-invalid="true"'),
        ("tags", {"has.1": "red", "has.own": NONE_OF_THESE}, 'value="red" checked'),
        ("tags", {"has.own": ""}, "No label was chosen."),
        ("lamp", {"value": "dim" * 99}, f'value="{"dim" * 99}" aria-invalid="true"'),
    ],
)
def test_a_refused_answer_brings_the_same_question_again(
    kim: httpx.Client, project: str, fields: dict[str, str], again: str
) -> None:
    """With what was filled in, though another question is older: a corrected answer cannot go to that one."""
    known = {"has.own": "red"} if project == "tags" else {"value": "bright" if project == "lamp" else "7"}
    kim.post(f"/projects/{project}/queue/answer", data=form(ask(kim, project, 220), **known)).raise_for_status()
    older, newer = ask(kim, project, 221), ask(kim, project, 222)
    kim.get(f"/projects/{project}/queue?of={newer}.answer")
    page = kim.post(f"/projects/{project}/queue/answer", data=form(newer, **fields))
    assert page.status_code == 422
    assert re.findall(r'<div class="card[^>]* data-decision="([^"]*)"', page.text) == [newer]
    assert again in page.text
    gone = kim.post(f"/projects/{project}/queue/answer", data=form("nobody-asked", **fields))
    assert (again if "value=" in again else "checked") not in gone.text
    for each in (older, newer):
        kim.post(f"/projects/{project}/queue/cannot-tell", data=form(each)).raise_for_status()
