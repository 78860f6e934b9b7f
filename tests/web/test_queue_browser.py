"""The queue in a real Chromium: keys, the next question fetched ahead, and nothing lost."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from brightness import BrightnessModel, Shelf
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, Studio, complaints_of, serving
from .photos import grey

PAGE = "/projects/lamp/queue"


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server whose project “lamp” people answer; two labels are known."""
    folder = tmp_path_factory.mktemp("queue")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    model = BrightnessModel()
    ledger.create_project(Project("lamp", NOW))
    ledger.set_setting("lamp", "double-share", 0.0, "Ada", NOW)
    for name, answers in (("minutes", AnswerKind.NUMBER), ("films", AnswerKind.RANKING)):
        ledger.create_project(Project(name, NOW, task=Task("photo", answers, 5.0)))
        ledger.set_setting(name, "double-share", 0.0, "Ada", NOW)
    shelf = Shelf({"lamp": None, "minutes": None, "films": None})
    with serving(ledger, blobs, shelf) as url:
        for label in ("dark", "bright"):
            with httpx.Client(base_url=url) as client:
                decision = ask(url, 1)
                sent = {"by": "Ada", "decision": decision, "value": f"+{label}"}
                client.post("/api/v1/projects/lamp/queue/answer", json=sent).raise_for_status()
        yield Studio(url, ledger, blobs, shelf, model)
    ledger.close()


@pytest.fixture
def page(studio: Studio, browser: Browser) -> Iterator[Page]:
    """Kim's page; it tolerates no script error and no broken content policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "understudy-name", "value": "Kim", "url": studio.url}])
    page = context.new_page()
    complaints = complaints_of(page)
    yield page
    context.close()
    assert complaints == []


def ask(url: str, level: int, project: str = "lamp") -> str:
    response = httpx.post(f"{url}/api/v1/projects/{project}/decisions", files={"photo": grey(level, size=(300, 200))})
    name: str = response.json()["id"]
    return name


def open_queue(studio: Studio, page: Page, *levels: int) -> list[str]:
    """Asks about photos and opens the queue at the first of them."""
    asked = [ask(studio.url, level) for level in levels]
    page.goto(studio.url + PAGE)
    expect(page.locator(".card")).to_have_attribute("data-decision", asked[0])
    return asked


def current(page: Page, decision: str) -> None:
    expect(page.locator(".card")).to_have_attribute("data-decision", decision)


def said(studio: Studio, decision: str) -> list[str | None]:
    return [each.value for each in studio.ledger.opinions_of(decision)]


def test_digits_answer_and_the_next_photo_is_there_at_once(studio: Studio, page: Page) -> None:
    """A key answers, and the next question was fetched before it was needed: it stands there without the server."""
    first, second, third = open_queue(studio, page, 10, 20, 30)
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    page.route("**/queue/answer", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it is given
    page.keyboard.press("1")
    current(page, second)
    assert said(studio, first) == []
    held[0].continue_()
    expect(page.locator("#said")).to_contain_text("You said “dark”.")
    assert said(studio, first) == ["dark"]
    page.unroute("**/queue/answer")
    page.keyboard.press("2")
    current(page, third)
    expect(page.locator("#said")).to_contain_text("You said “bright”.")
    assert said(studio, second) == ["bright"]


def test_who_answers_before_the_next_photo_has_come_gets_that_one(studio: Studio, page: Page) -> None:
    """One request at a time takes a question in hand: the one under way is shown, and none is held for nobody."""
    held: list[Route] = []
    released: list[bool] = []
    page.route("**/queue/card*", lambda route: route.continue_() if released else held.append(route))
    first, second, third = open_queue(studio, page, 10, 20, 30)
    page.keyboard.press("1")
    expect(page.locator("#said")).to_contain_text("You said “dark”.")
    assert len(held) == 1
    released.append(True)
    held[0].continue_()
    current(page, second)
    assert said(studio, first) == ["dark"]
    page.wait_for_load_state("networkidle")
    page.keyboard.press("2")
    current(page, third)


def test_a_digit_chooses_the_label_that_it_is(studio: Studio, page: Page) -> None:
    """Where a label is a number, its own digit gives it, and that of a place gives nothing."""
    sent = {"by": "Ada", "decision": ask(studio.url, 1), "value": "+0"}
    httpx.post(f"{studio.url}/api/v1/projects/lamp/queue/answer", json=sent).raise_for_status()
    (first,) = open_queue(studio, page, 10)
    page.keyboard.press("1")
    page.keyboard.press("0")
    expect(page.locator("#said")).to_contain_text("You said “0”.")
    assert said(studio, first) == ["0"]


def test_undo_brings_the_question_back(studio: Studio, page: Page) -> None:
    """U takes the last answer back and shows its photo again; the one that stood there comes next."""
    first, second = open_queue(studio, page, 10, 20)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("1")
    current(page, second)
    expect(page.locator("#said button")).to_have_text("Undo")
    page.keyboard.press("u")
    current(page, first)
    assert said(studio, first) == []
    expect(page.locator("h1")).to_contain_text("2 photos wait")
    page.keyboard.press("1")
    current(page, second)
    expect(page.locator("#said")).to_contain_text("You said “dark”.")
    assert said(studio, first) == ["dark"]


def test_what_was_taken_back_is_asked_once(studio: Studio, page: Page) -> None:
    """A request that was under way meanwhile may bring the same question; it does not come a second time."""
    (first,) = open_queue(studio, page, 10)
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    released: list[bool] = []
    page.route("**/queue/card*", lambda route: route.continue_() if released else held.append(route))
    page.keyboard.press("1")
    expect(page.locator("#said button")).to_have_text("Undo")
    page.keyboard.press("u")
    current(page, first)
    released.append(True)
    with page.expect_response("**/queue/card*") as brought:
        held[0].continue_()
    assert first in brought.value.text()
    page.keyboard.press("2")
    expect(page.locator("#said")).to_contain_text("You said “bright”.")
    current(page, "")
    assert said(studio, first) == ["bright"]


def test_skip_and_cannot_tell_have_their_keys(studio: Studio, page: Page) -> None:
    """S leaves it to others, c says that one cannot tell."""
    first, second = open_queue(studio, page, 10, 20)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("s")
    current(page, second)
    assert said(studio, first) == []
    page.keyboard.press("c")
    expect(page.locator("#said")).to_contain_text("You could not tell.")
    assert said(studio, second) == [None]
    current(page, "")


def test_a_new_answer_is_typed_without_giving_another_by_accident(studio: Studio, page: Page) -> None:
    """N opens the field; digits and letters typed there are text, and Enter gives it."""
    (first,) = open_queue(studio, page, 10)
    page.keyboard.press("n")
    page.keyboard.type("scratch 2us")
    assert said(studio, first) == []
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("You said “scratch 2us”.")
    assert said(studio, first) == ["scratch 2us"]


def test_a_new_answer_is_offered_with_the_next_question(studio: Studio, page: Page) -> None:
    """Though that one was fetched ahead, before anybody had given the answer."""
    first, second = open_queue(studio, page, 10, 20)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.keyboard.type("scratch")
    page.keyboard.press("Enter")
    current(page, second)
    expect(page.get_by_role("group", name="Your answer").get_by_role("button", name="scratch")).to_be_visible()
    assert said(studio, first) == ["scratch"]


def test_the_menu_and_the_tab_count_what_waits(studio: Studio, page: Page) -> None:
    """Both say after each answer how many wait still, as the headline does."""
    asked = open_queue(studio, page, 10, 20)
    menu = page.get_by_role("navigation", name="The project’s way")
    in_menu = menu.get_by_role("link", name="Queue").locator(".number")
    for left, decision in zip(("2", "1", "0"), [*asked, ""], strict=True):
        current(page, decision)
        expect(in_menu).to_have_text(re.compile(rf"\b{left}$"))
        expect(page).to_have_title(f"({left}) Queue of lamp · Understudy" if decision else "Queue of lamp · Understudy")
        page.keyboard.press("1")


def test_a_late_count_does_not_undo_a_newer_one(studio: Studio, page: Page) -> None:
    """The next question, asked for before an answer was sent, may come later, and counts that one as waiting still."""
    first, second, *_ = open_queue(studio, page, 10, 20, 30, 40)
    in_menu = (
        page.get_by_role("navigation", name="The project’s way").get_by_role("link", name="Queue").locator(".number")
    )
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    page.route("**/queue/card*", lambda route: held.append(route))  # noqa: PLW0108 - as above
    page.keyboard.press("1")
    current(page, second)
    expect(in_menu).to_have_text(re.compile(r"\b3$"))
    assert said(studio, first) == ["dark"]
    late = held[0].fetch()
    held[0].fulfill(response=late, headers={**late.headers, "x-waiting": "4"})
    expect(page.locator("#said")).to_contain_text("You said")
    page.wait_for_timeout(300)
    expect(in_menu).to_have_text(re.compile(r"\b3$"))


def test_space_shows_the_photo_full_screen(studio: Studio, page: Page) -> None:
    """And again back; a click on the photo does the same, and Escape ends it."""
    open_queue(studio, page, 10)
    photo = page.locator(".asked a")
    small = photo.bounding_box()
    page.keyboard.press("Space")
    assert photo.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 900}
    page.keyboard.press("Space")
    assert photo.bounding_box() == small
    photo.click()
    page.keyboard.press("Escape")
    assert photo.bounding_box() == small


def test_a_question_mark_lists_the_keys(studio: Studio, page: Page) -> None:
    """The list opens and closes by key, and no key answers while it is open."""
    (first,) = open_queue(studio, page, 10)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    assert said(studio, first) == []


def test_without_a_connection_nothing_is_lost(studio: Studio, page: Page) -> None:
    """What could not be sent comes back with the reason, and is given once the connection is there again."""
    first, second = open_queue(studio, page, 10, 20)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.locator("#said")).to_contain_text("Not sent: there is no connection")
    current(page, first)
    page.context.set_offline(False)
    page.keyboard.press("2")
    current(page, second)
    expect(page.locator("#said")).to_contain_text("You said “bright”.")
    assert said(studio, first) == ["bright"]


def test_two_people_at_their_pages_never_hold_the_same_question(studio: Studio, page: Page, browser: Browser) -> None:
    """Not even the one that is fetched ahead: each is in one hand, and is free again when a page is left."""
    asked = open_queue(studio, page, 10, 20, 30)
    page.wait_for_load_state("networkidle")
    context = browser.new_context()
    context.add_cookies([{"name": "understudy-name", "value": "Lou", "url": studio.url}])
    other = context.new_page()
    other.goto(studio.url + PAGE)
    current(other, asked[2])
    page.goto("about:blank")
    soon = time.monotonic() + 60
    while any(each.claimed_by == "Kim" for each in studio.ledger.open_questions("lamp", NOW, 9)):
        assert time.monotonic() < soon
        time.sleep(0.02)
    other.keyboard.press("1")
    current(other, asked[0])
    context.close()


def test_a_claim_that_runs_out_is_said(studio: Studio, page: Page) -> None:
    """The page tells that others may be offered the question now; the answer still counts if it comes first."""
    studio.ledger.set_setting("lamp", "claim-minutes", 1 / 60, "Ada", NOW)
    (first,) = open_queue(studio, page, 10)
    expect(page.get_by_text("Your time for this one is over.")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("#said")).to_contain_text("You said “bright”.")
    assert said(studio, first) == ["bright"]


def test_somebody_who_was_faster_is_named(studio: Studio, page: Page) -> None:
    """An answer that comes second is not lost unsaid: the page says why it does not count, and goes on."""
    first, second = open_queue(studio, page, 10, 20)
    page.wait_for_load_state("networkidle")
    studio.ledger.release(first, studio.ledger.open_questions("lamp", NOW, 1)[0].kind, "Kim")
    sent = {"by": "Lou", "decision": first, "value": "dark"}
    httpx.post(f"{studio.url}/api/v1/projects/lamp/queue/answer", json=sent).raise_for_status()
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("needs no answer here any more")
    current(page, second)


def test_an_empty_queue_fills_by_itself(studio: Studio, page: Page) -> None:
    """What comes in stands there within seconds, and the headline counts it."""
    page.goto(studio.url + PAGE)
    expect(page.locator("h1")).to_have_text("Nothing waits for an answer.")
    asked = ask(studio.url, 10)
    current(page, asked)
    expect(page.locator("h1")).to_contain_text("1 photo waits for an answer")


def test_without_script_the_queue_is_worked_through(studio: Studio, browser: Browser) -> None:
    """Name, answer, undo, another answer, skip: each a plain form."""
    first, second = ask(studio.url, 10), ask(studio.url, 20)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(studio.url + PAGE)
    page.get_by_label("Your name").fill("Kim")
    page.get_by_role("button", name="Begin").click()
    current(page, first)
    page.get_by_role("button", name="bright").click()
    current(page, second)
    page.get_by_role("button", name="Undo").click()
    current(page, first)
    page.get_by_role("button", name="dark").click()
    page.get_by_text("Another answer").click()
    page.get_by_label("An answer that is not listed").fill("scratch")
    page.get_by_label("An answer that is not listed").press("Enter")
    expect(page.locator("#said")).to_contain_text("You said “scratch”.")
    assert (said(studio, first), said(studio, second)) == (["dark"], ["scratch"])
    context.close()


def test_a_screen_reader_is_told_what_it_needs(studio: Studio, page: Page) -> None:
    """Buttons bear their answers alone, what was said is a status, and the answers are one group."""
    open_queue(studio, page, 10)
    answers = page.get_by_role("group", name="Your answer")
    expect(answers.get_by_role("button", name="bright", exact=True)).to_be_visible()
    expect(page.locator("#said")).to_have_attribute("role", "status")
    expect(page.get_by_role("img", name="The photo that is asked about")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_queue_fits_a_laptop_and_a_phone(studio: Studio, browser: Browser, width: int) -> None:
    """Nothing scrolls sideways, and on a phone the answers are within reach without scrolling."""
    ask(studio.url, 10)
    context = browser.new_context(viewport={"width": width, "height": 844})
    context.add_cookies([{"name": "understudy-name", "value": "Kim", "url": studio.url}])
    page = context.new_page()
    page.goto(studio.url + PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.get_by_role("button", name="Cannot tell").bounding_box()
    assert box is not None
    rail = page.locator(".rail").bounding_box()
    assert rail is not None
    assert box["y"] + box["height"] < (rail["y"] if width < 800 else 844)
    context.close()


def test_a_number_is_typed_without_a_click(studio: Studio, page: Page) -> None:
    """A digit begins the number in its field, Enter gives it, and the other keys work where none is typed."""
    first, second = (ask(studio.url, level, "minutes") for level in (10, 20))
    page.goto(f"{studio.url}/projects/minutes/queue")
    expect(page.locator("p.keys")).to_contain_text("type the number, Enter gives it")
    current(page, first)
    page.keyboard.type("45")
    expect(page.get_by_label("Which number?")).to_have_value("45")
    page.keyboard.press("Enter")
    current(page, second)
    expect(page.locator("#said")).to_contain_text("You said “45”.")
    assert said(studio, first) == ["45"]
    page.keyboard.press("c")
    expect(page.locator(".card.empty")).to_be_visible()


def test_what_was_chosen_is_named_by_its_key(studio: Studio, page: Page) -> None:
    """Of a list there are no digits; the key that the page names leads into the field."""
    film = ask(studio.url, 10, "films")
    page.goto(f"{studio.url}/projects/films/queue")
    current(page, film)
    page.keyboard.press("n")
    expect(page.get_by_label("What was chosen?")).to_be_focused()
    page.keyboard.type("Heat")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("You said “Heat”.")


def test_after_the_last_answer_the_focus_stays_where_the_next_will_be(studio: Studio, page: Page) -> None:
    """It never falls to the page's top, and what somebody focuses meanwhile keeps it."""
    open_queue(studio, page, 10)
    page.locator("[data-key='1']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card.empty")).to_contain_text("Look again")
    expect(page.locator("#card")).to_be_focused()
    undo = page.locator("#said button")
    undo.focus()
    with page.expect_response("**/queue/card*"):
        pass
    expect(undo).to_be_focused()
