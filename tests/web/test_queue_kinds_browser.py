"""The queue in a real Chromium where answers are numbers or several labels: what is refused, and keys."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from brightness import BrightnessModel, Shelf
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, Studio, complaints_of, serving
from .photos import grey

TASKS = {"minutes": Task("photo", AnswerKind.NUMBER, 5.0, "minutes"), "tags": Task("photo", AnswerKind.LABELS)}


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server with a project of numbers and one of several labels, of which “red” and “tall” are known."""
    folder = tmp_path_factory.mktemp("kinds")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    for name, task in TASKS.items():
        ledger.create_project(Project(name, NOW, task=task))
        ledger.set_setting(name, "double-share", 0.0, "Ada", NOW)
    shelf = Shelf(dict.fromkeys(TASKS))
    with serving(ledger, blobs, shelf) as url:
        sent = {"by": "Ada", "decision": ask(url, "tags", 1), "value": ["+red", "+tall"]}
        httpx.post(f"{url}/api/v1/projects/tags/queue/answer", json=sent).raise_for_status()
        yield Studio(url, ledger, blobs, shelf, BrightnessModel())
    ledger.close()


@pytest.fixture
def page(studio: Studio, browser: Browser) -> Iterator[Page]:
    """Kim's page; it tolerates no script error and no broken content policy but what a refusal logs."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "understudy-name", "value": "Kim", "url": studio.url}])
    page = context.new_page()
    complaints = complaints_of(page)
    yield page
    context.close()
    assert [each for each in complaints if "422" not in each] == []


def ask(url: str, project: str, level: int) -> str:
    response = httpx.post(f"{url}/api/v1/projects/{project}/decisions", files={"photo": grey(level)})
    name: str = response.json()["id"]
    return name


def open_queue(studio: Studio, page: Page, project: str, *levels: int) -> list[str]:
    """Asks about photos and opens the queue at the first of them, with the next one fetched."""
    asked = [ask(studio.url, project, level) for level in levels]
    page.goto(f"{studio.url}/projects/{project}/queue")
    current(page, asked[0])
    page.wait_for_load_state("networkidle")
    return asked


def current(page: Page, decision: str) -> None:
    expect(page.locator(".card")).to_have_attribute("data-decision", decision)


def said(studio: Studio, decision: str) -> list[str | None]:
    return [each.value for each in studio.ledger.opinions_of(decision)]


def test_a_refused_number_comes_back_to_be_mended(studio: Studio, page: Page) -> None:
    """With what was typed, and the field ready: the mended number goes to the row that it was meant for."""
    first, second = open_queue(studio, page, "minutes", 10, 20)
    field = page.get_by_label("How many minutes?")
    field.fill("about 100")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“about 100” is no answer here.")
    current(page, first)
    expect(field).to_have_value("about 100")
    expect(field).to_be_focused()
    field.fill("100")
    field.press("Enter")
    current(page, second)
    expect(page.locator("#said")).to_contain_text("You said “100”.")
    assert (said(studio, first), said(studio, second)) == (["100"], [])


def test_where_no_label_is_ticked_the_question_stays(studio: Studio, page: Page) -> None:
    """However often it is sent; what is ticked then is said of the photo that was shown."""
    first, second = open_queue(studio, page, "tags", 10, 20)
    for _ in range(2):
        page.get_by_role("button", name="Give these answers").click()
        expect(page.get_by_role("alert")).to_contain_text("No label was chosen.")
        current(page, first)
    page.get_by_label("red").check()
    page.get_by_role("button", name="Give these answers").click()
    current(page, second)
    expect(page.locator("#said")).to_contain_text("You said “red”.")
    assert (said(studio, first), said(studio, second)) == (["red"], [])


def test_several_labels_are_ticked_and_given_by_keys(studio: Studio, page: Page) -> None:
    """Digits tick, wherever the last tick was set; Enter gives what is ticked, and the list of keys says so."""
    first, second = open_queue(studio, page, "tags", 10, 20)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Give what is ticked and typed")
    page.keyboard.press("Escape")
    page.get_by_label("red").check()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    current(page, second)
    expect(page.locator("#said")).to_contain_text("You said “red; tall”.")
    page.keyboard.press("n")
    page.keyboard.type("old")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("You said “old”.")
    assert (said(studio, first), said(studio, second)) == (["red; tall"], ["old"])


def test_a_number_has_keys_of_its_own(studio: Studio, page: Page) -> None:
    """N leads to the field, Enter gives what is typed, and no digit is promised to answer."""
    (first,) = open_queue(studio, page, "minutes", 10)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).not_to_contain_text("shows this key")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("You said “12.5”.")
    assert said(studio, first) == ["12.5"]
