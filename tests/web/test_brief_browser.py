"""The brief in a real browser: by keyboard, without script, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from brightness import BrightnessModel, Shelf
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, serving


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server over an empty workspace."""
    folder: Path = tmp_path_factory.mktemp("briefs")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    with serving(ledger, blobs, Shelf({"lamp": BrightnessModel()})) as url:
        yield url
    ledger.close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=request.param)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_from_an_idea_to_a_verdict_on_a_phone(url: str, page: Page, request: pytest.FixtureRequest) -> None:
    """A name, a few figures, save: the page says what it means, with the picture; with or without script."""
    name = request.node.callspec.id
    page.goto(url)
    page.get_by_label("The decision, in a word or two").fill(name)
    page.get_by_role("button", name="Start with a brief").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Begin with the problem")
    page.get_by_label("What goes wrong today").fill("Cracks are found late")
    page.get_by_label("Who hurts?").fill("the team")
    page.get_by_label("What is the strongest sign").select_option("used")
    page.get_by_role("group", name="Is this the first version").get_by_label("No", exact=True).check()
    page.get_by_label("How many answers are needed").fill("150 a day")
    page.get_by_label("What does one answer by a person cost?").fill("2,50 €")
    page.get_by_label("What does a wrong answer cost?").fill("1.200")
    page.get_by_role("button", name="Save the brief").click()
    wrong = page.get_by_label("What does a wrong answer cost?")
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was saved: 1 answer needs another look")
    expect(wrong).to_have_value("1.200")
    described = str(wrong.get_attribute("aria-describedby")).split()[-1]
    expect(page.locator(f"#{described}")).to_contain_text("could be 1200 or 1.2")
    expect(page.get_by_label("What does one answer by a person cost?")).to_have_value("2,50 €")
    wrong.fill("40")
    page.get_by_role("button", name="Save the brief").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not enough examples yet")
    expect(page.get_by_text("by someone", exact=False).first).to_be_visible()
    picture = page.locator("figure.chart img")
    picture.scroll_into_view_if_needed()
    assert picture.get_attribute("alt")
    expect(page.locator("#versions")).to_contain_text("Cracks are found late")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_can_be_read(url: str, browser: Browser, width: int, scheme: str) -> None:
    """No width scrolls sideways, the verdict is the largest type, and every field has a name and its reason."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.request.put(
        f"{url}/api/v1/projects/fits/brief",
        data={"brief": {"problem": "x" * 300, "who": "y", "decisions_a_month": 40, "person_cost": 2, "wrong_cost": 9}},
    )
    page.goto(f"{url}/projects/fits/brief")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    largest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('body *')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert largest == page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('form.brief :is(input:not([type=hidden]), select, textarea)')]"
        ".filter(e => !e.labels.length).map(e => e.name)"
    )
    assert unnamed == []
    missing = page.evaluate(
        "[...document.querySelectorAll('[aria-describedby]')]"
        ".flatMap(e => e.getAttribute('aria-describedby').split(' '))"
        ".filter(id => !document.getElementById(id))"
    )
    assert missing == []
    context.close()


def test_the_form_is_filled_by_keyboard(url: str, browser: Browser) -> None:
    """Tab alone goes from the first question to the button, in the order of the page, and Enter saves."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.request.post(f"{url}/projects", form={"name": "keys"})
    page.goto(f"{url}/projects/keys/brief")
    page.get_by_label("What goes wrong today").focus()
    page.keyboard.type("Cracks are found late")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        if reached[-1] == "Save the brief":
            break
    assert [name for name in reached if name in {"who", "person_cost", "wrong_cost", "kill_by", "by"}] == [
        "who",
        "person_cost",
        "wrong_cost",
        "kill_by",
        "by",
    ]
    page.keyboard.press("Enter")
    expect(page.locator(".place")).to_have_text("Brief, version 1")
    context.close()


def test_a_project_with_photos_has_its_brief_first(url: str, browser: Browser) -> None:
    """The way of every project begins with its brief."""
    context = browser.new_context()
    page = context.new_page()
    page.request.post(f"{url}/projects", form={"name": "way"})
    page.goto(f"{url}/projects/way")
    first = page.locator(".rail a").first
    expect(first).to_contain_text("Brief")
    first.click()
    expect(page).to_have_url(f"{url}/projects/way/brief")
    context.close()


def test_the_clock_is_the_servers(url: str, browser: Browser) -> None:
    """A version is dated by the server, in UTC."""
    page = browser.new_page()
    answer = page.request.put(f"{url}/api/v1/projects/clock/brief", data={"brief": {"who": "y"}})
    assert answer.json()["version"]["at"] > NOW.isoformat()
    page.close()
