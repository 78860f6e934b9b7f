"""The queue: its page without script, and its API."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from brightness import BrightnessModel, Shelf
from understudy.domain.opinion import Opinion, QuestionKind
from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.store.questions import QueueCounts
from understudy.studio.words.phrases import PHOTOS
from understudy.web.queue_views import lasting, queue_words, said_of
from understudy.web.visitor import BadPerson, checked_person

from .conftest import NOW, Studio, serving
from .photos import grey
from .test_decisions import error_of

PAGE = "/projects/lamp/queue"
API = "/api/v1/projects/lamp/queue"


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server whose project “lamp” people answer, with nothing in it yet."""
    folder = tmp_path_factory.mktemp("queue")
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    model = BrightnessModel()
    for name in ("lamp", "other"):
        ledger.create_project(Project(name, NOW))
        ledger.set_setting(name, "double-share", 0.0, "Ada", NOW)
    shelf = Shelf({"lamp": None, "other": None})
    with serving(ledger, blobs, shelf) as url:
        yield Studio(url, ledger, blobs, shelf, model)
    ledger.close()


@pytest.fixture
def kim(studio: Studio) -> Iterator[httpx.Client]:
    """Somebody who has said that she is Kim."""
    yield from visitor(studio, "Kim")


@pytest.fixture
def lou(studio: Studio) -> Iterator[httpx.Client]:
    """Somebody else."""
    yield from visitor(studio, "Lou")


def visitor(studio: Studio, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=studio.url, timeout=60, follow_redirects=True) as client:
        client.post(f"{PAGE}/name", data={"name": name}).raise_for_status()
        yield client


def ask(client: httpx.Client, level: int, project: str = "lamp") -> str:
    response = client.post(f"/api/v1/projects/{project}/decisions", files={"photo": grey(level)})
    assert response.status_code == 202
    name: str = response.json()["id"]
    return name


def shown(page: httpx.Response) -> str:
    """The decision that a page asks about, or nothing."""
    found = re.search(r'class="card[^"]*" data-decision="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def about(decision: str, **more: str) -> dict[str, str]:
    return {"decision": decision, "kind": "answer", **more}


# The page.


def test_a_visitor_is_asked_once_who_they_are(studio: Studio) -> None:
    """Without a name nothing is claimed; with it the first question comes, and the name is kept."""
    with httpx.Client(base_url=studio.url, follow_redirects=True) as client:
        decision = ask(client, 1)
        page = client.get(PAGE)
        assert "Who are you?" in page.text
        assert decision not in page.text
        for name in ("  ", "model", "Breaker", "a\tb\x00"):
            refused = client.post(f"{PAGE}/name", data={"name": name})
            assert refused.status_code == 422
            assert 'role="alert"' in refused.text
        page = client.post(f"{PAGE}/name", data={"name": " Zoë  K. "})
        assert shown(page) == decision
        assert "Answering as <strong>Zoë K.</strong>" in page.text
        assert shown(client.get(PAGE)) == decision
        assert "Who are you?" in client.get(f"{PAGE}?who=change").text


def test_the_name_is_kept_from_scripts_and_other_sites(studio: Studio) -> None:
    """The cookie is for this site's own requests only."""
    cookie = httpx.post(studio.url + f"{PAGE}/name", data={"name": "Kim"}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_project_without_any_label_has_them_typed(kim: httpx.Client) -> None:
    """The first answer is typed; from then on everybody is offered it as a button."""
    first, second = ask(kim, 1), ask(kim, 2)
    page = kim.get(PAGE)
    assert shown(page) == first
    assert "Type the answer" in page.text
    page = kim.post(f"{PAGE}/answer", data=about(first, value=" crack "))
    assert "You said “crack”." in page.text
    assert shown(page) == second
    assert re.search(r'<button class="choice" name="value" value="crack" data-key="1">', page.text)


def test_what_waits_stands_first(kim: httpx.Client) -> None:
    """How many, since when, and in the window's title; nothing, where nothing waits, with a way to ask."""
    page = kim.get(PAGE)
    assert '<h1 id="headline">Nothing waits for an answer.</h1>' in page.text
    assert "/api/v1/projects/lamp/decisions" in page.text
    assert shown(page) == ""
    ask(kim, 1)
    ask(kim, 2)
    page = kim.get(PAGE)
    assert "2 photos wait for an answer, the oldest for under a minute." in page.text
    assert "<title>(2) Queue of lamp" in page.text


def test_skip_leaves_a_question_to_others(kim: httpx.Client, lou: httpx.Client) -> None:
    """Who skipped it is not offered it again; the next one is."""
    decision = ask(kim, 1)
    assert shown(kim.post(f"{PAGE}/skip", data=about(decision))) == ""
    assert shown(lou.get(PAGE)) == decision


def test_two_people_never_get_the_same_question(kim: httpx.Client, lou: httpx.Client) -> None:
    """What one has in hand the other is not offered, and cannot answer by accident."""
    first, second = ask(kim, 1), ask(kim, 2)
    assert (shown(kim.get(PAGE)), shown(lou.get(PAGE))) == (first, second)
    refused = lou.post(f"{PAGE}/answer", data=about(first, value="dark"))
    assert refused.status_code == 409
    assert "Kim has this question in hand." in refused.text
    assert shown(refused) == second


def test_a_claim_that_ran_out_is_offered_to_others(studio: Studio, kim: httpx.Client, lou: httpx.Client) -> None:
    """The page says until when a question is theirs; after that the first answer counts."""
    studio.ledger.set_setting("lamp", "claim-minutes", 0.05 / 10, "Ada", NOW)
    decision = ask(kim, 1)
    page = kim.get(PAGE)
    assert re.search(r"Yours until \d\d:\d\d UTC; then others are offered it.", page.text)
    time.sleep(0.5)
    assert shown(lou.get(PAGE)) == decision
    lou.post(f"{PAGE}/answer", data=about(decision, value="dark"))
    late = kim.post(f"{PAGE}/answer", data=about(decision, value="bright"))
    assert late.status_code == 409
    assert "needs no answer here any more" in late.text


def test_who_leaves_the_page_lets_go(studio: Studio, kim: httpx.Client, lou: httpx.Client) -> None:
    """What was in hand is offered to others at once, and nothing else is claimed by leaving."""
    decision = ask(kim, 1)
    assert shown(kim.get(PAGE)) == decision
    assert kim.post(f"{PAGE}/release", data=about(decision)).status_code == 204
    assert [each.claimed_by for each in studio.ledger.open_questions("lamp", NOW, 9)] == [None]
    assert shown(lou.get(PAGE)) == decision


def test_an_answer_can_be_taken_back_for_some_seconds(studio: Studio, kim: httpx.Client) -> None:
    """Undo brings the question back; once the answer holds there is nothing to undo."""
    decision = ask(kim, 1)
    kim.post(f"{PAGE}/answer", data=about(decision, value="bright"))
    assert "You said “bright”." in kim.get(PAGE).text
    page = kim.post(f"{PAGE}/undo", data={"opinion": "it is the last one"})
    assert shown(page) == decision
    assert studio.ledger.opinions_of(decision) == []
    studio.ledger.set_setting("lamp", "undo-seconds", 0.0, "Ada", NOW)
    kim.post(f"{PAGE}/answer", data=about(decision, value="dark"))
    late = kim.post(f"{PAGE}/undo", data={"opinion": "the last one"})
    assert late.status_code == 409
    assert "There is no answer to take back." in late.text
    assert [each.value for each in studio.ledger.opinions_of(decision)] == ["dark"]


def test_an_answer_to_another_project_is_not_offered_to_be_undone_here(kim: httpx.Client) -> None:
    """What was said elsewhere stands there."""
    decision = ask(kim, 1, "other")
    kim.post("/projects/other/queue/answer", data=about(decision, value="bright"))
    assert "You said" not in kim.get(PAGE).text
    assert "You said" in kim.get("/projects/other/queue").text


def test_how_long_an_answer_took_is_kept(studio: Studio, kim: httpx.Client) -> None:
    """By the page's own watch, else from when the page was sent; nonsense counts as unknown."""
    for sent, low, high in (({"seconds": "2.5"}, 2.5, 2.5), ({"seconds": "nan"}, 0, 0), ({"seconds": "x"}, 0, 0)):
        decision = ask(kim, 1)
        kim.post(f"{PAGE}/answer", data=about(decision, value="dark", **sent))
        assert low <= studio.ledger.opinions_of(decision)[0].seconds <= high
    decision = ask(kim, 1)
    page = kim.get(PAGE)
    stamp = re.search(r'name="shown" value="([^"]+)"', page.text)
    kim.post(f"{PAGE}/answer", data=about(decision, value="dark", shown=stamp[1]))
    assert 0 < studio.ledger.opinions_of(decision)[0].seconds < 60


@pytest.mark.parametrize(
    ("does", "sent", "status"),
    [
        ("answer", about("none", value="dark"), 404),
        ("answer", {"decision": "x", "kind": "guess", "value": "dark"}, 422),
        ("answer", about("", value="dark"), 404),
        ("fly", about("x"), 404),
        ("undo", {"opinion": "x"}, 409),
    ],
)
def test_what_cannot_be_done_is_said_in_the_page(
    kim: httpx.Client, does: str, sent: dict[str, str], status: int
) -> None:
    """The queue comes back with what was wrong; its script gets the same as a part."""
    page = kim.post(f"{PAGE}/{does}", data=sent)
    part = kim.post(f"{PAGE}/{does}", data=sent, headers={"x-fragment": "1"})
    assert (page.status_code, part.status_code) == (status, status)
    assert "<html" in page.text
    assert "<html" not in part.text
    assert 'role="alert"' in part.text


def test_an_answer_that_is_none_is_refused(kim: httpx.Client) -> None:
    """An empty answer leaves the question where it was, in the same hand."""
    decision = ask(kim, 1)
    page = kim.post(f"{PAGE}/answer", data=about(decision, value="  "))
    assert (page.status_code, shown(page)) == (422, decision)
    assert "That cannot be a label." in page.text


def test_labels_and_names_from_people_are_escaped(kim: httpx.Client) -> None:
    """A label or a name that is markup is shown as text."""
    kim.post(f"{PAGE}/name", data={"name": "<b>Kim</b>"})
    first = ask(kim, 1)
    ask(kim, 2)
    page = kim.post(f"{PAGE}/answer", data=about(first, value="<script>alert(1)</script>"))
    assert "<script>alert" not in page.text
    assert "<b>Kim" not in page.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page.text


def test_another_site_cannot_answer(studio: Studio, kim: httpx.Client) -> None:
    """A page elsewhere can neither answer in Kim's name nor rename her."""
    decision = ask(kim, 1)
    headers = {"sec-fetch-site": "cross-site"}
    assert kim.post(f"{PAGE}/answer", data=about(decision, value="x"), headers=headers).status_code == 403
    assert kim.post(f"{PAGE}/name", data={"name": "Eve"}, headers=headers).status_code == 403
    assert kim.post(f"{API}/answer", json={"by": "Kim", "decision": decision}, headers=headers).status_code == 403
    assert studio.ledger.opinions_of(decision) == []


def test_a_question_can_be_linked_to(kim: httpx.Client) -> None:
    """An address that names a question shows it, also before who one is was said; one that is gone gives the next."""
    first, second = ask(kim, 1), ask(kim, 2)
    assert shown(kim.get(f"{PAGE}?of={second}.answer")) == second
    with httpx.Client(base_url=str(kim.base_url), follow_redirects=True) as stranger:
        page = stranger.get(f"{PAGE}?of={first}.answer")
        assert f'name="of" value="{first}.answer"' in page.text
        assert shown(stranger.post(f"{PAGE}/name", data={"name": "Lou", "of": f"{first}.answer"})) == first
    assert shown(kim.get(f"{PAGE}?of=nonsense")) == second


def test_the_script_is_told_of_the_next_one_and_how_many_wait(kim: httpx.Client) -> None:
    """A card besides those in hand, and the headline with it."""
    first, second = ask(kim, 1), ask(kim, 2)
    assert shown(kim.get(PAGE)) == first
    part = kim.get(f"{PAGE}/card", params={"besides": first}, headers={"x-fragment": "1"})
    assert shown(part) == second
    assert part.headers["x-headline"].startswith("2%20photos%20wait")
    assert shown(kim.get(f"{PAGE}/card", params={"besides": [first, second]})) == ""


# The API.


def test_a_program_claims_answers_and_takes_back(studio: Studio, client: httpx.Client) -> None:
    """Next is a claim; the answer comes with until when it can be undone; undo gives the question again."""
    decision = ask(client, 1)
    question = client.get(f"{API}/next", params={"by": "Kim"}).json()
    assert (question["decision"], question["kind"], question["claimed_by"]) == (decision, "answer", "Kim")
    assert client.get(f"{API}/next", params={"by": "Lou"}).status_code == 204
    said = client.post(question["links"]["answer"], json={"by": "Kim", "decision": decision, "value": "dark"}).json()
    assert (said["value"], said["by"]) == ("dark", "Kim")
    assert said["settles_at"] > said["at"]
    again = client.post(question["links"]["undo"], json={"by": "Kim"}).json()
    assert (again["decision"], again["claimed_by"]) == (decision, "Kim")
    assert studio.ledger.opinions_of(decision) == []
    assert client.post(question["links"]["release"], json={"by": "Kim", "decision": decision}).status_code == 204
    assert client.get(f"{API}/next", params={"by": "Lou"}).json()["decision"] == decision
    assert client.post(f"{API}/skip", json={"by": "Lou", "decision": decision}).status_code == 204
    assert client.get(f"{API}/next", params={"by": "Lou"}).status_code == 204


def test_a_program_sees_what_waits(client: httpx.Client) -> None:
    """Counts, labels and where to begin."""
    ask(client, 1)
    told = client.get(API).json()
    assert (told["answer"], told["audit"], told["double"], told["overdue"]) == (1, 0, 0, 0)
    assert told["headline"].startswith("1 photo waits for an answer")
    assert told["links"]["next"] == f"{API}/next"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/answer", b"{", 400, "broken-json"),
        ("/answer", b"", 400, "empty-request"),
        ("/answer", b"{}", 422, "wrong-parameter"),
        ("/answer", b'{"by": "Kim", "decision": "none", "value": "x"}', 404, "unknown-decision"),
        ("/answer", b'{"by": "Kim", "decision": "none", "kind": "guess"}', 422, "wrong-parameter"),
        ("/answer", b'{"by": "model", "decision": "none"}', 422, "bad-person"),
        ("/answer", b'{"by": "Kim", "secret": 1}', 422, "wrong-parameter"),
        ("/fly", b'{"by": "Kim"}', 404, "unknown-page"),
        ("/fly", b"", 404, "unknown-page"),
        ("/undo", b'{"by": "Kim"}', 409, "nothing-to-undo"),
    ],
)
def test_programs_get_every_error_in_one_shape(
    client: httpx.Client, path: str, body: bytes, status: int, code: str
) -> None:
    """Fact, reason and remedy, with a code of its own."""
    response = client.post(API + path, content=body)
    assert (response.status_code, error_of(response)["code"]) == (status, code)


def test_a_question_is_answered_under_its_own_project(client: httpx.Client) -> None:
    """A decision of another project is refused, and unknown projects have no queue."""
    decision = ask(client, 1, "other")
    response = client.post(f"{API}/answer", json={"by": "Kim", "decision": decision, "value": "x"})
    assert (response.status_code, error_of(response)["code"]) == (422, "wrong-parameter")
    for path in ("", "/next?by=Kim"):
        assert client.get(f"/api/v1/projects/nowhere/queue{path}").status_code == 404
    assert client.post("/api/v1/projects/nowhere/queue/undo", json={"by": "Kim"}).status_code == 404


def test_a_program_asks_for_one_kind(client: httpx.Client) -> None:
    """Only questions of the kinds that were named are offered; a kind that there is none of is an error."""
    decision = ask(client, 1)
    assert client.get(f"{API}/next", params={"by": "Kim", "kind": "audit"}).status_code == 204
    wrong = client.get(f"{API}/next", params={"by": "Kim", "kind": "guess"})
    assert (wrong.status_code, error_of(wrong)["reason"]) == (422, "“kind.0” is none of answer, audit or double.")
    both = client.get(f"{API}/next", params={"by": "Kim", "kind": ["audit", "answer"]})
    assert both.json()["decision"] == decision


def test_the_answer_may_be_called_label(client: httpx.Client) -> None:
    """As it is in decisions."""
    sent = {"by": "Kim", "decision": ask(client, 1), "label": "dark"}
    assert client.post(f"{API}/answer", json=sent).json()["value"] == "dark"


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/answer", b"[]", "The body is no JSON object."),
        ("/answer", b"{}", "“by” is missing."),
        ("/answer", b'{"by": 3}', "“by” is no text."),
        ("/answer", b'{"by": "Kim", "seconds": "long"}', "“seconds” is no number."),
        ("/answer", b'{"by": "Kim", "seconds": -1}', "“seconds” is less than 0.0."),
        ("/answer", b'{"by": "Kim", "kind": "guess"}', "“kind” is none of answer, audit or double."),
        ("/answer", b'{"by": "Kim", "colour": 1}', "“colour” is not known here."),
    ],
)
def test_what_was_misread_is_said_in_plain_words(client: httpx.Client, path: str, body: bytes, reason: str) -> None:
    """No validator's words."""
    assert error_of(client.post(API + path, content=body))["reason"] == reason


def test_addresses_that_are_none_and_those_for_posts(client: httpx.Client) -> None:
    """An unknown address is a 404, however it is asked; one that does something is for POST alone."""
    assert error_of(client.get(f"{API}/bogus"))["code"] == "unknown-page"
    assert error_of(client.get(f"{API}/answer"))["code"] == "wrong-method"
    assert error_of(client.get(f"{API}/next"))["reason"] == "“by” is missing."


def test_the_page_says_in_whose_hands_the_questions_are(studio: Studio, kim: httpx.Client, lou: httpx.Client) -> None:
    """Where others hold all, until when; where one has skipped or answered, that; the headline counts after an undo."""
    first = ask(kim, 1)
    assert shown(kim.get(PAGE)) == first
    until = studio.ledger.open_questions("lamp", NOW, 1)[0].claimed_until
    assert f"It is in another’s hands until {until:%H:%M} UTC" in lou.get(PAGE).text
    second = ask(kim, 2)
    kim.get(f"{PAGE}/card", params={"besides": first})
    assert f"All 2 are in others’ hands until {until:%H:%M} UTC or later" in lou.get(PAGE).text
    kim.post(f"{PAGE}/skip", data=about(second))
    kim.post(f"{PAGE}/skip", data=about(first))
    assert "What waits is for others: you have skipped it" in kim.get(PAGE).text
    script = {"x-fragment": "1"}
    given = lou.post(f"{PAGE}/answer", data=about(first, value="dark"), headers=script).raise_for_status()
    assert given.headers["x-headline"].startswith("1%20photo%20waits")
    undone = lou.post(f"{PAGE}/undo", data={"opinion": "x"}, headers=script).raise_for_status()
    assert undone.headers["x-headline"].startswith("2%20photos%20wait")


# Words.


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "under a minute"), (59, "under a minute"), (60, "1 minute"), (3599, "59 minutes"), (7200, "2 hours"),
        (86_400, "1 day"), (10_000_000, "115 days"),
    ],
)  # fmt: skip
def test_a_duration_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    """Never more exact than anybody needs, never more than is true."""
    assert lasting(timedelta(seconds=seconds)) == words


def test_overdue_questions_are_named() -> None:
    """One is, several are; without any nothing is said."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    old = now - timedelta(hours=3)
    assert (
        queue_words(QueueCounts(1, 0, 0, 0, old), now, PHOTOS).headline == "1 photo waits for an answer, for 3 hours."
    )
    words = queue_words(QueueCounts(2, 3, 1, 2, old), now, PHOTOS)
    assert words.headline == "6 photos wait for an answer, the oldest for 3 hours."
    assert words.says == "2 of them are overdue; overdue ones come first."
    assert queue_words(QueueCounts(3, 0, 0, 1, old), now, PHOTOS).says.startswith("1 of them is overdue;")
    assert queue_words(QueueCounts(1, 0, 0, 1, old), now, PHOTOS).says == "It is overdue."


def test_what_was_said_is_told_while_it_can_be_taken_back() -> None:
    """Not a moment longer, and “cannot tell” in words of its own."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    opinion = Opinion("o", "d", QuestionKind.ANSWER, None, "Kim", now, now + timedelta(seconds=8))
    assert said_of(opinion, now).text == "You could not tell."
    assert said_of(opinion, now).left == 8
    assert said_of(opinion, now + timedelta(seconds=8)) is None


@pytest.mark.parametrize("name", ["", " ", "nobody", "MODEL", "x" * 81, "a\ud800", "\x00"])
def test_some_names_cannot_be_a_person_s(name: str) -> None:
    """Neither nothing nor the product's own words, which would say that no person answered."""
    with pytest.raises(BadPerson):
        checked_person(name)


def test_a_question_is_answered_in_its_own_project_alone(studio: Studio, kim: httpx.Client) -> None:
    """The page of another project refuses it, as the API does, and says where."""
    decision = ask(kim, 1)
    for does in ("answer", "skip", "cannot-tell"):
        refused = kim.post(f"/projects/other/queue/{does}", data=about(decision, value="bright"))
        assert refused.status_code == 422
        assert "queue of “lamp”" in refused.text
    assert studio.ledger.opinions_of(decision) == []
