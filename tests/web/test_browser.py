from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Studio, complaints_of
from .photos import grey


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that tolerates no script error and no broken content policy."""
    page = context.new_page()
    complaints = complaints_of(page)
    yield page
    assert complaints == []


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "bright.png").write_bytes(grey(250, size=(200, 100)))
    (tmp_path / "unsure.png").write_bytes(grey(140))
    (tmp_path / "text.png").write_bytes(b"this is text")
    return tmp_path


def test_a_chosen_photo_is_answered_in_place(studio: Studio, page: Page, files: Path) -> None:
    """Choosing a photo shows the answer, the photo and the regions that mattered, without leaving the page."""
    page.goto(f"{studio.url}/projects/lamp")
    page.set_input_files("input[type=file] >> nth=0", files / "bright.png")
    answer = page.locator("#answer")
    expect(answer.locator(".label")).to_have_text("bright")
    expect(answer).to_contain_text("98 of 100 answers as sure as this one would be right; too little is sealed")
    assert answer.get_attribute("aria-live") == "polite"
    for picture in answer.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") == 200
    expect(answer.locator("[data-regions]")).to_contain_text("patch")
    page.reload()
    expect(answer.locator(".label")).to_have_text("bright")


def test_an_unsure_answer_asks_for_a_person_in_words(studio: Studio, page: Page, files: Path) -> None:
    """Doubt is said in words and a shape, not by colour alone."""
    page.goto(f"{studio.url}/projects/lamp")
    page.set_input_files("input[type=file] >> nth=0", files / "unsure.png")
    expect(page.locator("#answer .ask")).to_contain_text("Ask a person")
    expect(page.locator("#answer .label")).to_have_text("Perhaps bright")


def test_a_bad_file_is_explained_and_the_next_one_answered(studio: Studio, page: Page, files: Path) -> None:
    """After a file that is no photo the page says so, and goes on."""
    page.goto(f"{studio.url}/projects/lamp")
    page.set_input_files("input[type=file] >> nth=0", files / "text.png")
    expect(page.get_by_role("alert")).to_contain_text("This is no photo.")
    page.set_input_files("input[type=file] >> nth=0", files / "bright.png")
    expect(page.locator("#answer .label")).to_have_text("bright")


def test_a_photo_can_be_dropped_and_pasted(studio: Studio, page: Page) -> None:
    """A photo dropped on the field, or pasted anywhere, is asked about."""
    page.goto(f"{studio.url}/projects/lamp")
    carry = """async (level) => {
        const canvas = new OffscreenCanvas(20, 20), brush = canvas.getContext("2d");
        brush.fillStyle = `rgb(${level},${level},${level})`;
        brush.fillRect(0, 0, 20, 20);
        const held = new DataTransfer();
        held.items.add(new File([await canvas.convertToBlob()], "held.png", { type: "image/png" }));
        window.held = held;
    }"""
    page.evaluate(carry, 255)
    page.evaluate(
        "document.querySelector('form.try').dispatchEvent(new DragEvent('drop', {dataTransfer: held, bubbles: true}))"
    )
    expect(page.locator("#answer .label")).to_have_text("bright")
    page.evaluate(carry, 0)
    page.evaluate("document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: held}))")
    expect(page.locator("#answer .label")).to_have_text("dark")


def test_a_photo_that_is_too_large_is_not_even_sent(studio: Studio, page: Page, tmp_path: Path) -> None:
    """The page says at once that a file is too large; nothing is sent."""
    (tmp_path / "huge.jpg").write_bytes(b"x" * 400_000)
    page.goto(f"{studio.url}/projects/lamp")
    page.on("request", lambda request: pytest.fail("it was sent") if request.method == "POST" else None)
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "huge.jpg")
    expect(page.get_by_role("status")).to_contain_text("huge.jpg takes 0.4 MB")


def test_without_script_the_form_serves(studio: Studio, browser: Browser, files: Path) -> None:
    """With scripts switched off a photo is chosen, sent, and answered on its own page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{studio.url}/projects/lamp")
    page.set_input_files("input[type=file] >> nth=0", files / "bright.png")
    page.get_by_role("button", name="Ask about it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bright")
    assert "/decisions/" in page.url
    context.close()


def test_the_keyboard_reaches_the_photo_field(studio: Studio, page: Page) -> None:
    """The first stop is the way past the head, and the file field can be reached by Tab alone."""
    page.goto(f"{studio.url}/projects/lamp")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "file":
            break
    assert page.evaluate("document.activeElement.type") == "file"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/", "/projects/lamp", "/projects/untrained", "/docs", "/nowhere"])
def test_no_page_scrolls_sideways(studio: Studio, browser: Browser, width: int, path: str) -> None:
    """Every page fits a laptop and a phone."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(studio.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_verdict_is_the_largest_type(studio: Studio, page: Page) -> None:
    """No other text on a project's page is set larger than its verdict."""
    page.goto(f"{studio.url}/projects/lamp")
    largest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('body *')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert largest == page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
