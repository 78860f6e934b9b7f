"""The audit's page: what was seen, with its photos, and forms that work without script."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from brightness import Shelf
from coloured import coloured
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.studio.auditor import Auditor
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace

from .conftest import serving

CHROMIUM = shutil.which("chromium")
SAME_SITE = {"sec-fetch-site": "same-origin"}


@dataclass
class Place:
    """Where the pages are, and the workspace behind them."""

    url: str
    workspace: Workspace


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server over “blades”, whose “amber” photos are larger than the “azure” ones, and over “mails”."""
    folder = tmp_path_factory.mktemp("audits")
    for label, size in (("amber", (120, 90)), ("azure", (96, 72))):
        (folder / "photos" / label).mkdir(parents=True)
        for number in range(18):
            (folder / "photos" / label / f"<b>{number}.jpg").write_bytes(coloured(label, number, size=size))
    with Workspace.open(folder / "w") as workspace:
        project = Project("blades", workspace.now())
        gather(workspace, project, folder / "photos", reading=Reading(), by="t", progress=lambda _done, _all: None)
        mails = folder / "mails.csv"
        mails.write_text("text,label\nwhere is my parcel?,delivery\nthe invoice is wrong,billing\n")
        project = Project("mails", workspace.now(), task=Task("text"))
        gather(workspace, project, mails, reading=Reading(), by="t", progress=lambda _done, _all: None)
        workspace.ledger.create_project(Project("empty", workspace.now()))
        shelf = Shelf({"blades": None, "mails": None, "empty": None})
        with serving(workspace.ledger, workspace.blobs, shelf, auditor=Auditor(workspace)) as url:
            yield Place(url, workspace)


@pytest.fixture
def client(place: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.url, timeout=30) as client:
        yield client


def test_before_an_audit_the_page_says_what_it_will_show(client: httpx.Client) -> None:
    """A newcomer sees an example, and an empty project is told to add photos first."""
    shown = client.get("/projects/empty/audit").text
    assert "Not audited yet." in shown
    assert "An example of a finding" in shown
    assert "understudy add empty" in shown
    assert client.get("/projects/none/audit").status_code == 404
    answered = client.post("/projects/empty/audit", headers=SAME_SITE)
    assert answered.status_code == 409
    assert "There is nothing to audit in “empty” yet." in answered.text


def test_an_audit_is_made_and_shown_with_its_photos(client: httpx.Client) -> None:
    """The form makes an audit; its gravest finding stands first, with photos that can be seen and escaped names."""
    made = client.post("/projects/blades/audit", headers=SAME_SITE)
    assert made.status_code == 303
    shown = client.get(made.headers["location"]).text
    assert "1 finding stands against a launch." in shown
    assert 'href="/help/findings#shortcut"' in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    photo = client.get(re.findall(r'src="(/projects/blades/audit/examples/[^"]+)"', shown)[0].replace("&amp;", "&"))
    assert photo.headers["content-type"] == "image/jpeg"


def test_a_text_that_a_finding_rests_on_opens_as_it_came(client: httpx.Client, place: Place) -> None:
    """An example that is no photo stands under the same address, and opens as what it is."""
    ledger = place.workspace.ledger
    (mail, *_) = ledger.examples("mails")
    finding = Finding(FindingKind.SUSPECT_LABEL, Severity.LOW, "mails", "One is odd.", "It is.", "See.", (mail.name,))
    ledger.record_data_audit("mails", [finding], data_version="a", at=place.workspace.now())
    shown = client.get("/projects/mails/audit").text
    (address,) = re.findall(r'href="(/projects/mails/audit/examples/[^"]+)"', shown)
    opened = client.get(address)
    assert opened.headers["content-type"].startswith("text/plain")
    assert opened.content == place.workspace.blobs.get(mail.digest)
    assert "photo" not in re.sub(r"(?s)<nav.*?</nav>", "", shown)


def test_only_evidence_is_shown(client: httpx.Client, place: Place) -> None:
    """A photo that no finding rests on is not handed out."""
    client.post("/projects/blades/audit", headers=SAME_SITE)
    shown = client.get("/projects/blades/audit").text
    hidden = [each.digest for each in place.workspace.ledger.examples("blades") if each.digest not in shown]
    assert hidden
    evidence = {name for each in place.workspace.ledger.latest_data_audit("blades").findings for name in each.evidence}
    others = [each.digest for each in place.workspace.ledger.examples("blades") if each.name not in evidence]
    assert all(client.get(f"/projects/blades/audit/examples/{digest}").status_code == 404 for digest in others)


def test_another_site_can_neither_audit_nor_answer(client: httpx.Client) -> None:
    """Forms that another site sends are refused."""
    for path in ("/projects/blades/audit", "/projects/blades/audit/accept"):
        assert client.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_without_a_reason_nothing_is_accepted(client: httpx.Client, place: Place) -> None:
    """An answer without a reason, or for a finding that is not there, comes back with what was typed and why."""
    client.post("/projects/blades/audit", headers=SAME_SITE)
    identity = place.workspace.ledger.latest_data_audit("blades").findings[0].identity
    sent = {"finding": identity, "reason": " ", "by": "Ada <x>"}
    refused = client.post("/projects/blades/audit/accept", data=sent, headers=SAME_SITE)
    assert refused.status_code == 422
    assert "The finding still stands." in refused.text
    assert 'value="Ada &lt;x&gt;"' in refused.text
    strange = client.post("/projects/blades/audit/accept", data={**sent, "finding": "f" * 64}, headers=SAME_SITE)
    assert "has no finding" in strange.text
    assert place.workspace.ledger.acceptances("blades") == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)")
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_person_answers_in_a_browser(place: Place, width: int, theme: str, tmp_path: Path) -> None:
    """Without script, on a laptop and on a phone: audit, open a card, say why, and see it answered for."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=False
        )
        page = context.new_page()
        page.goto(f"{place.url}/projects/blades/audit")
        page.get_by_role("button", name=re.compile("Audit")).click()
        before = len(place.workspace.ledger.acceptances("blades"))
        card = page.locator("#standing .cards > li").first
        card.get_by_text("Answer for it").click()
        card.get_by_label("Why it does no harm").fill("The cameras will stay as they are.")
        card.get_by_label("Your name").fill("Ada")
        card.get_by_role("button").click()
        expect(page.locator("#accepted")).to_contain_text("The cameras will stay as they are.")
        assert len(place.workspace.ledger.acceptances("blades")) == before + 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=tmp_path / "audit.png", full_page=True)
        browser.close()


@pytest.mark.parametrize("name", ["model", "Breaker", "a\x00b"])
def test_nobody_answers_for_a_finding_in_the_products_name(client: httpx.Client, place: Place, name: str) -> None:
    """The names that the product gives itself, and what no name can be, come back with why."""
    client.post("/projects/blades/audit", headers=SAME_SITE)
    before = len(place.workspace.ledger.acceptances("blades"))
    identity = place.workspace.ledger.latest_data_audit("blades").findings[0].identity
    sent = {"finding": identity, "reason": "It does no harm.", "by": name}
    refused = client.post("/projects/blades/audit/accept", data=sent, headers=SAME_SITE)
    assert refused.status_code == 422
    assert "cannot be your name here" in refused.text
    assert len(place.workspace.ledger.acceptances("blades")) == before
