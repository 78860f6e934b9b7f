"""The launch page over a workspace with a real model: gates, overrides, breakers, and the way back."""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from studio.launches import TERMS, change
from studio.materials import GOOD
from studio.reviews import launch as said_launch
from studio.served import label_anew
from trained import PROJECT, Trained
from understudy.domain.opinion import Outcome
from understudy.domain.stage import Cause, EventKind, Stage
from understudy.studio.launch.breaker_trace import BreakerTraces
from understudy.studio.launch.staging import promote
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace

from .conftest import launch, serving
from .test_decisions import error_of
from .test_pages import PAGES

HERE = f"/projects/{PROJECT}/launch"
CHROMIUM = shutil.which("chromium")


class Theatre:
    """A running server over a trained workspace that a test may change."""

    def __init__(self, workspace: Workspace, client: httpx.Client, photos: Path) -> None:
        self.workspace, self.client, self.photos = workspace, client, photos
        self.ledger = workspace.ledger

    @property
    def version(self) -> str:
        return self.ledger.latest_model(PROJECT).version

    def page(self) -> str:
        return self.client.get(HERE).text

    def ask(self, number: int) -> dict[str, object]:
        photo = self.photos / "amber" / f"photo {number}.jpg"
        response = self.client.post(f"/api/v1/projects/{PROJECT}/decisions", content=photo.read_bytes(), headers={
            "content-type": "image/jpeg"
        })  # fmt: skip
        told: dict[str, object] = response.json()
        return told

    def soon(self, what: str) -> str:
        """The page, as soon as it holds these words."""
        until = time.monotonic() + 60
        while what not in (page := self.page()):
            assert time.monotonic() < until, page
            time.sleep(0.1)
        return page


@pytest.fixture
def theatre(trained: Trained, tmp_path: Path) -> Iterator[Theatre]:
    with Workspace.open(trained.copy(tmp_path)) as workspace:
        workspace.ledger.set_setting(PROJECT, "model-seconds", 60.0, "Ada", datetime.now(UTC))  # on a busy machine too
        shelf = Shelf(workspace)
        with (
            serving(workspace.ledger, workspace.blobs, shelf, max_body=10_000_000) as url,
            httpx.Client(base_url=url, timeout=30) as client,
        ):
            yield Theatre(workspace, client, trained.photos)


def sent(stage: str, **more: str) -> dict[str, str]:
    return {"stage": stage, "by": "Kim", "reason": "To see what it can do.", **more}


def test_the_page_says_who_answers_and_what_comes_next(theatre: Theatre) -> None:
    """Before any stage people answer; one filled button leads to the shadow, which needs no evidence."""
    page = theatre.page()
    assert "<h1>People answer every request.</h1>" in page
    assert len(re.findall(r'class="button"', page)) == 1
    assert re.search(r'<a class="button" href="#to-shadow">Let it work in shadow</a>', page)
    assert "There is nothing to roll back" in page


def test_a_stage_needs_a_name_and_a_reason(theatre: Theatre) -> None:
    """Without them nothing changes, and what was typed stays in the form."""
    for missing in ("by", "reason"):
        response = theatre.client.post(f"{HERE}/promote", data={**sent("shadow"), missing: " "})
        assert response.status_code == 422
        assert 'role="alert"' in response.text
        kept = {"by": "To see what it can do.", "reason": 'value="Kim"'}[missing]
        assert kept in response.text
    assert theatre.ledger.stage(PROJECT) is None


def test_the_shadow_begins_and_is_told_with_who_and_why(theatre: Theatre) -> None:
    """The page leads back to itself and says who wanted it; the name is remembered for the next form."""
    response = theatre.client.post(f"{HERE}/promote", data=sent("shadow"), follow_redirects=True)
    assert "works in the dark; nobody is given its answers." in response.text
    assert "Kim asked for it: “To see what it can do.”" in response.text
    assert 'value="Kim"' in response.text
    assert theatre.ledger.stage(PROJECT).by == "Kim"


def test_a_launch_that_the_evidence_forbids_is_refused_and_stands_on_record(theatre: Theatre) -> None:
    """409 with what stands against it; the refusal is an event that everybody sees."""
    response = theatre.client.post(f"{HERE}/promote", data=sent("live"))
    assert response.status_code == 409
    assert "There is no brief, so nothing says how good is good enough." in response.text
    assert theatre.ledger.stage(PROJECT) is None
    (event,) = theatre.ledger.events(PROJECT)
    assert event.kind is EventKind.REFUSED
    assert f'id="event-{event.number}"' in theatre.page()
    assert "refused" in theatre.client.get(f"/projects/{PROJECT}/history?show=events").text


def test_a_try_says_from_how_sure_on_the_stage_lets_it_answer(theatre: Theatre) -> None:
    """The threshold of the model's file does not speak against, or for, what the stage says."""
    photo = theatre.photos / "amber" / "photo 1.jpg"
    for threshold, asks in ((1.0 - 1e-9, True), (0.0, False)):
        number = len(theatre.ledger.stages(PROJECT)) + 1
        begun = replace(change(number, Stage.LIVE), model=theatre.version, terms=replace(TERMS, threshold=threshold))
        theatre.ledger.change_stage(PROJECT, begun)
        sent = {"photo": photo.read_bytes()}
        part = theatre.client.post(f"/projects/{PROJECT}/try", files=sent, headers={"x-fragment": "1"}).text
        assert ("Ask a person" in part) is asks
        assert ("by its stage." in part) is asks


def test_an_override_is_shown_for_as_long_as_the_project_is_kept(theatre: Theatre) -> None:
    """On the launch page and in the history, with the name, the reason, and what stood against it."""
    theatre.client.post(f"{HERE}/promote", data=sent("live", override="yes"))
    assert theatre.ledger.stage(PROJECT).cause is Cause.OVERRIDDEN
    theatre.client.post(f"{HERE}/rollback", data=sent("rollback", reason="Enough seen."))
    history = theatre.client.get(f"/projects/{PROJECT}/history").text
    for words in ("Kim overrode the evidence", "There is no brief", "Enough seen."):
        assert words in history


def test_a_canary_answers_the_share_that_was_asked_for(theatre: Theatre) -> None:
    """In percent, as people say it; nonsense and shares that cannot be are refused."""
    for share in ("many", "0", "100", "-5"):
        response = theatre.client.post(f"{HERE}/promote", data=sent("canary", override="yes", share=share))
        assert response.status_code == 422
        assert f'value="{share}"' in response.text
    theatre.client.post(f"{HERE}/promote", data=sent("canary", override="yes", share="2,5 %"))
    assert theatre.ledger.stage(PROJECT).share == pytest.approx(0.025)
    assert "2.5% of the requests" in theatre.page()


def test_a_rollback_asks_for_a_reason_and_takes_effect_at_once(theatre: Theatre) -> None:
    """It is at hand on the page of every stage in which a model answers."""
    launch(theatre.ledger, PROJECT, theatre.version)
    assert "people take over at once" in theatre.page()
    refused = theatre.client.post(f"{HERE}/rollback", data=sent("rollback", reason=""))
    assert (refused.status_code, theatre.ledger.stage(PROJECT).stage) == (422, Stage.LIVE)
    page = theatre.client.post(f"{HERE}/rollback", data=sent("rollback", reason="It errs."), follow_redirects=True).text
    assert "<h1>People answer every request.</h1>" in page
    assert "Kim rolled back: “It errs.”" in page
    again = theatre.client.post(f"{HERE}/rollback", data=sent("rollback"))
    assert (again.status_code, "There is nothing to roll back" in again.text) == (409, True)


def test_a_model_before_it_takes_over_where_there_is_one(theatre: Theatre) -> None:
    """With a champion behind it, a rollback gives back to that, or to people where that is asked for."""
    launch(theatre.ledger, PROJECT, theatre.version)
    first = theatre.ledger.stage(PROJECT)
    second = launch(theatre.ledger, PROJECT, "cd" * 32)
    assert (first.fallback, second.fallback) == (None, None)
    launch(theatre.ledger, PROJECT, theatre.version, fallback="cd" * 32)
    page = theatre.page()
    assert "model cdcdcdcdcdcd takes over at once" in page
    assert "People answer everything" in page
    theatre.client.post(f"{HERE}/rollback", data=sent("rollback", to_people="yes"))
    assert theatre.ledger.stage(PROJECT).stage is Stage.WIZARD


def test_audits_move_the_breaker_s_evidence(theatre: Theatre) -> None:
    """Each audit stands in the table with what it showed; the drawing has the trip line, in both themes and sizes."""
    theatre.ledger.set_setting(PROJECT, "undo-seconds", 0.0, "Ada", datetime.now(UTC))
    launch(theatre.ledger, PROJECT, theatre.version, audits=1.0)
    assert "No audit has been answered yet." in theatre.page()
    for number, label in ((0, "amber"), (1, "azure"), (2, "amber")):
        decision = theatre.ask(number)
        assert (decision["label"], decision["withheld"]) == ("amber", False)
        said = {"by": "Kim", "decision": decision["id"], "kind": "audit", "value": label}
        theatre.client.post(f"/api/v1/projects/{PROJECT}/queue/answer", json=said).raise_for_status()
    page = theatre.soon("its breaker is closed); 3 answers were checked")
    rows = re.findall(r'<th scope="row">(\d)</th><td>(\w+)</td>', page)
    assert rows == [("1", "right"), ("2", "wrong"), ("3", "right")]
    assert "1 of 3 audits that count" in page
    assert "at most €310 is lost to errors beyond those allowed before others take over, in 95 of 100 cases" in page
    drawings = re.findall(r'(?:src|srcset)="([^"]*/launch/charts/[^"]+)"', page)
    assert len(drawings) == 8
    for address in drawings:
        drawn = theatre.client.get(address.replace("&amp;", "&"))
        assert drawn.headers["content-type"].startswith("image/svg+xml")
        assert "trips here" in drawn.text


def test_an_audit_answered_ahead_of_an_earlier_one_is_not_denied(theatre: Theatre) -> None:
    """It is told with what it showed, and when it will count; only where nobody answered any does the page say so."""
    theatre.ledger.set_setting(PROJECT, "undo-seconds", 0.0, "Ada", datetime.now(UTC))
    launch(theatre.ledger, PROJECT, theatre.version, audits=1.0)
    _, second = theatre.ask(0), theatre.ask(1)
    said = {"by": "Kim", "decision": second["id"], "kind": "audit", "value": "azure"}
    theatre.client.post(f"/api/v1/projects/{PROJECT}/queue/answer", json=said).raise_for_status()
    page = theatre.soon("its breaker is closed); 1 answer was checked")
    assert "No audit has been answered yet." not in page
    assert "1 audit is answered (1 wrong), and counted in the order in which it was drawn" in page
    assert "0 of 0 audits that count" in page


def test_the_trace_ends_at_the_breaker_s_own_evidence(theatre: Theatre) -> None:
    """What the page draws is what the breaker goes by, to the last bit, told in one go or step by step."""
    theatre.ledger.set_setting(PROJECT, "undo-seconds", 0.0, "Ada", datetime.now(UTC))
    launch(theatre.ledger, PROJECT, theatre.version, audits=1.0)
    traces, now = BreakerTraces(theatre.ledger), lambda: datetime.now(UTC)
    asked = [theatre.ask(number) for number in range(12)]
    for place, decision in reversed(list(enumerate(asked))):
        outcome = Outcome(str(decision["id"]), "azure" if place % 5 == 2 else "amber", "Kim", "api", now())
        theatre.ledger.record_outcomes([outcome])
        traces.of(PROJECT, now())
    time.sleep(0.6)
    (stepwise,), (at_once,) = traces.of(PROJECT, now()), BreakerTraces(theatre.ledger).of(PROJECT, now())
    assert len(stepwise.audits) == 12
    assert stepwise.audits[-1].evidence == stepwise.breaker.mixture.evidence
    assert stepwise.audits == at_once.audits
    assert [each.told for each in stepwise.audits].count("wrong") == 2


def test_a_trip_is_told_with_the_figures_it_went_by(theatre: Theatre) -> None:
    """The first thing on the page is that people took over and why; the trace that led to it stays."""
    theatre.ledger.set_setting(PROJECT, "most-audits-waiting", 3.0, "Ada", datetime.now(UTC))
    launch(theatre.ledger, PROJECT, theatre.version, audits=1.0)
    for number in range(5):
        theatre.ask(number)
    page = theatre.soon("The breaker tripped:")
    assert "<h1>People answer every request." in page
    assert "it does not close by itself" in page
    assert "The model may not answer (its breaker is open)" in page
    assert "<dt>cause</dt>" in page
    assert theatre.ledger.stage(PROJECT).cause is Cause.TRIPPED
    assert theatre.ask(6)["because"] == "shadow"


def test_the_shadow_s_evidence_stands_under_the_verdict(theatre: Theatre) -> None:
    """Its bound against the bar is drawn as soon as people have answered; before, nothing is known."""
    theatre.ledger.set_setting(PROJECT, "undo-seconds", 0.0, "Ada", datetime.now(UTC))
    theatre.client.post(f"{HERE}/promote", data=sent("shadow"))
    assert "No answer that it would have given alone is known yet" in theatre.page()
    decision = theatre.ask(3)
    said = {"by": "Kim", "decision": decision["id"], "value": "amber"}
    theatre.client.post(f"/api/v1/projects/{PROJECT}/queue/answer", json=said).raise_for_status()
    page = theatre.soon("1 of 1 answers it would have given alone")
    assert page.index('id="shadow"') < page.index('class="steps"')
    assert "/launch/charts/shadow.svg" in page
    caption = "with 95% confidence, however often one looks and over all shadow stages together."
    assert caption in page
    assert "96.5%" not in page


def test_an_outdated_review_leads_to_another(theatre: Theatre) -> None:
    """Where examples changed since a review that says launch, this page and the project's both say to review again."""
    ledger, now = theatre.ledger, theatre.workspace.now()
    brief = ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=now)
    ledger.record_review(PROJECT, said_launch(project=PROJECT, model=theatre.version, brief=brief.number, at=now))
    button = '<a class="button" href="{}">{}</a>'
    assert button.format("#to-canary", "Let it answer a share") in theatre.page()
    label_anew(theatre.workspace, PROJECT)
    page, again = theatre.page(), button.format(f"/projects/{PROJECT}/review", "Review again")
    assert again in page
    assert "The photos changed since the last review." in page
    assert '<span class="tag">allowed</span>' in page
    assert again in theatre.client.get(f"/projects/{PROJECT}").text


def test_a_project_in_service_says_what_is_to_be_done_there(theatre: Theatre) -> None:
    """Its page and its review's lead to the queue, else to the stage that it is in, and never to a launch again."""
    ledger, now = theatre.ledger, theatre.workspace.now()
    brief = ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=now)
    ledger.record_review(PROJECT, said_launch(project=PROJECT, model=theatre.version, brief=brief.number, at=now))
    button, here = '<a class="button" href="{}">{}</a>', f"/projects/{PROJECT}"
    pages = (here, f"{here}/review")
    for path in pages:
        assert button.format(HERE, "Launch it") in theatre.client.get(path).text
    told = {
        Stage.SHADOW: ("See the shadow", "it may be given a share of the requests"),
        Stage.CANARY: ("See the canary", "let it answer all that it is sure of"),
        Stage.LIVE: ("See how it does", "Nothing has to be done now."),
    }
    for stage, (label, why) in told.items():
        launch(ledger, PROJECT, theatre.version, stage)
        for path in pages:
            page = theatre.client.get(path).text
            assert button.format(HERE, label) in page
            assert why in page
            assert "Launch it" not in page
    launch(ledger, PROJECT, theatre.version, audits=1.0)
    theatre.ask(0)
    for path in pages:
        page = theatre.client.get(path).text
        assert button.format(f"{here}/queue", "Answer the queue") in page
        assert "Answer what waits for people (1): checks of the model’s answers are among" in page


def test_no_gate_stands_open_without_a_model(theatre: Theatre) -> None:
    """A project that was never trained shows what will stand there, and how to train."""
    theatre.client.post("/projects", data={"name": "empty"})
    page = theatre.client.get("/projects/empty/launch").text
    assert "What will stand here" in page
    assert "understudy train empty" in page
    refused = theatre.client.post("/projects/empty/launch/promote", data=sent("shadow"))
    assert (refused.status_code, "cannot answer yet" in refused.text) == (409, True)


def test_a_model_whose_file_is_gone_is_said_at_its_gates(theatre: Theatre) -> None:
    """The page comes with the reason in place of the gates' figures, and nothing can be asked for."""
    record = theatre.ledger.latest_model(PROJECT)
    theatre.workspace.blobs.remove(record.blob)
    page = theatre.page()
    assert page.count(">refused<") == 3
    assert 'name="override"' not in page


@pytest.mark.parametrize("path", ["promote", "rollback"])
def test_another_site_cannot_change_a_stage(theatre: Theatre, path: str) -> None:
    """A page elsewhere cannot launch anything in a visitor's name."""
    headers = {"sec-fetch-site": "cross-site"}
    response = theatre.client.post(f"{HERE}/{path}", data=sent("shadow"), headers=headers)
    assert response.status_code == 403
    assert theatre.ledger.stage(PROJECT) is None


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/projects/{PROJECT}/launch/charts/trace-none.svg?theme=light&width=640", 404, "no-picture"),
        (f"/projects/{PROJECT}/history/timeline.svg?theme=light&width=9", 404, "no-picture"),
        (f"/projects/{PROJECT}/history/timeline.svg?theme=pink&width=640", 422, "wrong-parameter"),
        ("/projects/nowhere/launch", 404, "unknown-project"),
        ("/projects/nowhere/history", 404, "unknown-project"),
        ("/api/v1/projects/nowhere/history", 404, "unknown-project"),
    ],
)
def test_what_is_not_there_is_said(theatre: Theatre, path: str, status: int, code: str) -> None:
    """Unknown projects, pictures and widths have their status; programs get the one shape of errors."""
    response = theatre.client.get(path)
    assert response.status_code == status
    if path.startswith("/api"):
        assert error_of(response)["code"] == code


def test_what_was_live_when_has_no_gap(theatre: Theatre) -> None:
    """Page and JSON tell every stage from the project's beginning to now; the list can be narrowed and linked to."""
    promote(theatre.workspace, PROJECT, Stage.SHADOW, by="Ada", reason="The pilot begins.")
    launch(theatre.ledger, PROJECT, theatre.version)
    told = theatre.client.get(f"/api/v1/projects/{PROJECT}/history").json()
    assert [each["stage"] for each in told["periods"]] == ["wizard", "shadow", "live"]
    for before, after in zip(told["periods"], told["periods"][1:], strict=False):
        assert before["ended"] == after["began"]
    assert told["periods"][-1]["ended"] is None
    page = theatre.client.get(f"/projects/{PROJECT}/history?show=stages").text
    assert "<h1>Who answers has changed twice; no breaker tripped.</h1>" in page
    for anchor in ("stage-0", "stage-1", "stage-2"):
        assert f'id="{anchor}"' in page
        assert f'href="#{anchor}"' in page
    assert 'id="stage-1"' not in theatre.client.get(f"/projects/{PROJECT}/history?show=events").text
    assert re.findall(r'aria-current="true">(\w+)', page) == ["Stages"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)")
def test_every_page_of_a_launched_project_fits_a_laptop_and_a_phone(theatre: Theatre) -> None:
    """Nothing scrolls sideways, no script fails, no policy is broken, and one button alone is filled."""
    launch(theatre.ledger, PROJECT, theatre.version, audits=1.0)
    theatre.ask(1)
    paths = [HERE, f"/projects/{PROJECT}/history", f"/projects/{PROJECT}/settings", f"/projects/{PROJECT}/queue"]
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width, theme in ((1280, "light"), (390, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)  # type: ignore[arg-type]
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda entry: complaints.append(entry.text))
            for path in paths:
                page.goto(str(theatre.client.base_url) + path)
                page.wait_for_load_state("networkidle")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert page.locator(".button:not(.outlined)").count() == 1, path
                assert page.locator("h1").count() == 1, path
                sizes = "[...document.querySelectorAll('body *')].map(e => parseFloat(getComputedStyle(e).fontSize))"
                assert page.evaluate(f"Math.max(...{sizes})") == page.evaluate(
                    "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
                ), path
            context.close()
        browser.close()
    assert complaints == []


def test_the_pages_of_a_launch_keep_the_house_s_rules() -> None:
    """They are among the pages that are held to loading nothing from elsewhere and to no inline script or style."""
    assert {
        "/projects/lamp/launch",
        "/projects/lamp/queue",
        "/projects/lamp/history",
        "/projects/lamp/settings",
    } <= set(PAGES)
