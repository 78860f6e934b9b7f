"""Reviews on their page and for programs, over a workspace that the real command trained."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from studio.launches import SECOND, change
from studio.materials import GOOD
from trained import PROJECT, Trained
from understudy.domain.project import Project
from understudy.domain.stage import Stage
from understudy.studio.desk import Desk
from understudy.studio.review.charts import Picture
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace

from .conftest import serving

PAGE = f"/projects/{PROJECT}/review"
API = f"/api/v1/projects/{PROJECT}/review"


@dataclass
class Reviewed:
    """A server over a trained workspace that can review."""

    client: httpx.Client
    workspace: Workspace

    @property
    def looks(self) -> int:
        return self.workspace.ledger.look_count(PROJECT)


@pytest.fixture
def reviewed(trained: Trained, tmp_path: Path) -> Iterator[Reviewed]:
    with Workspace.open(trained.copy(tmp_path)) as workspace:
        ledger, blobs = workspace.ledger, workspace.blobs
        ledger.create_project(Project("young", workspace.now()))
        with (
            serving(ledger, blobs, Shelf(workspace), desk=Desk(workspace)) as url,
            httpx.Client(base_url=url, timeout=60) as client,
        ):
            yield Reviewed(client, workspace)


def test_before_a_review_its_price_is_told(reviewed: Reviewed) -> None:
    """The page says that nobody knows yet, and what the button would spend; reading it spends nothing."""
    html = reviewed.client.get(PAGE).text
    assert "<h1>Not reviewed yet" in html
    assert html.count("<h1") == 1
    assert len(re.findall(r'class="button"', html)) == 1
    assert "This costs nothing: look 1" in html
    assert reviewed.looks == 1
    assert reviewed.client.get("/projects/young/review").status_code == 200
    assert "Nothing to review yet" in reviewed.client.get("/projects/young/review").text


def test_nothing_sealed_is_said_before_a_look_is_spent(reviewed: Reviewed) -> None:
    """Where no photo is sealed, both pages say so and lead to adding photos, and programs are refused."""
    ledger = reviewed.workspace.ledger
    model = ledger.latest_model(PROJECT)
    assert model is not None
    ledger.record_model("young", version=model.version, blob=model.blob, trials=[], data_version="", at=model.at)
    for page in ("/projects/young", "/projects/young/review"):
        html = reviewed.client.get(page).text
        assert "<h1>Nothing is proven yet: no photo is sealed.</h1>" in html
        assert len(re.findall(r'class="button"', html)) == 1
        assert "How to add photos</a>" in html
    refused = reviewed.client.post("/api/v1/projects/young/review")
    assert refused.status_code == 409
    assert refused.json()["error"]["fact"] == "Nothing is proven yet: no photo is sealed."
    assert ledger.look_count("young") == 0


def test_the_button_reviews_and_leads_to_the_verdict(reviewed: Reviewed) -> None:
    """Pressing it makes the review; the page then opens with the verdict, and so does the project's."""
    made = reviewed.client.post(PAGE, headers={"sec-fetch-site": "same-origin"})
    assert made.status_code == 303
    html = reviewed.client.get(made.headers["location"]).text
    assert "<h1>Not yet: there is no brief.</h1>" in html
    assert 'href="/projects/blades/brief">Write the brief</a>' in html
    assert len(re.findall(r'class="button"', html)) == 1
    for part in ('id="reasons"', 'id="claims"', 'id="looks"', 'id="history"', "1 review so far"):
        assert part in html
    assert "Nobody has asked yet what more photos would bring." in html
    assert "{{" not in html
    project = reviewed.client.get(f"/projects/{PROJECT}").text
    assert "<h1>Not yet: there is no brief.</h1>" in project
    assert 'href="/projects/blades/review">Read the review</a>' in project
    assert reviewed.looks == 1


@pytest.mark.parametrize("address", [PAGE, API])
def test_no_other_site_can_spend_a_look(reviewed: Reviewed, address: str) -> None:
    """A form that another site sends is refused, and nothing is recorded."""
    refused = reviewed.client.post(address, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert reviewed.workspace.ledger.reviews(PROJECT) == []


def test_a_review_with_a_brief_shows_all_it_rests_on(reviewed: Reviewed) -> None:
    """With money in the brief there are the promise, the slider, the loss, and pictures in both themes and widths."""
    reviewed.workspace.ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=reviewed.workspace.now())
    reviewed.client.post(PAGE)
    html = reviewed.client.get(PAGE).text
    for part in ('id="automation"', 'id="threshold"', 'id="loss"', 'id="rivals"'):
        assert part in html
    sources = {
        found.replace("&amp;", "&") for found in re.findall(r'(?:src|srcset)="(/projects/[^"]+\.svg[^"]*)"', html)
    }
    assert len(sources) >= 4 * 5
    for source in sorted(sources):
        drawn = reviewed.client.get(source)
        assert drawn.status_code == 200
        assert drawn.text.startswith("<svg")
    assert "<style" not in html
    assert not re.search(r"\s(style|on\w+)=", html)


def test_reports_are_files_that_run_nothing(reviewed: Reviewed) -> None:
    """The report comes as a page and for print; its own policy allows its style and pictures and nothing else."""
    reviewed.client.post(PAGE)
    page = reviewed.client.get(f"/projects/{PROJECT}/reviews/1/report.html")
    printed = reviewed.client.get(f"/projects/{PROJECT}/reviews/1/report.pdf")
    assert page.status_code == printed.status_code == 200
    assert printed.content.startswith(b"%PDF")
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_programs_ask_for_the_same(reviewed: Reviewed) -> None:
    """The API gives the latest review with every figure, and makes one."""
    assert reviewed.client.get(API).status_code == 404
    made = reviewed.client.post(API)
    assert made.status_code == 200
    record = made.json()
    assert record == reviewed.client.get(API).json()
    assert record["verdict"] == "not yet"
    assert record["number"] == 1
    assert record["claims"]
    assert reviewed.client.post("/api/v1/projects/young/review").json()["error"]["code"] == "not-trained-yet"


def test_earlier_reviews_stay(reviewed: Reviewed) -> None:
    """A review keeps its address; an earlier one says that a later one may say something else."""
    reviewed.client.post(PAGE)
    reviewed.workspace.ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=reviewed.workspace.now())
    reviewed.client.post(PAGE)
    first = reviewed.client.get(f"/projects/{PROJECT}/reviews/1").text
    assert "<h1>This review said: “Not yet: there is no brief.”</h1>" in first
    assert re.findall(r'class="button" href="([^"]*)"', first) == [PAGE]
    assert len(re.findall(r'class="button"', first)) == 1
    assert "This review said" not in reviewed.client.get(f"/projects/{PROJECT}/reviews/2").text
    assert "2 reviews so far" in first


@pytest.mark.parametrize(
    "path",
    [
        f"/projects/{PROJECT}/reviews/9",
        f"/projects/{PROJECT}/reviews/0",
        f"/projects/{PROJECT}/reviews/abc",
        f"/projects/{PROJECT}/reviews/-1",
        f"/projects/{PROJECT}/reviews/9/report.html",
        f"/projects/{PROJECT}/reviews/1/report.exe",
        f"/projects/{PROJECT}/reviews/1/charts/other.svg?theme=light&width=640",
        f"/projects/{PROJECT}/reviews/1/charts/{Picture.GAUGE.value}.svg?theme=light&width=9999",
        "/projects/nowhere/review",
    ],
)
def test_what_there_is_not(reviewed: Reviewed, path: str) -> None:
    """Each is said in a page, with its status."""
    reviewed.client.post(PAGE)
    assert reviewed.client.get(path).status_code == 404


def test_a_server_that_only_shows(client: httpx.Client) -> None:
    """Without a desk the page names the command, and the API says where a review can be made."""
    html = client.get("/projects/lamp/review").text
    assert "understudy review lamp" in html
    assert "Review now" not in html
    assert client.post("/api/v1/projects/lamp/review").status_code == 409


def test_a_review_beside_another_champion_says_so(reviewed: Reviewed) -> None:
    """Once another model has come to answer, no page shows the old verdict as the present one."""
    reviewed.client.post(PAGE)
    reviewed.workspace.ledger.change_stage(PROJECT, change(1, Stage.LIVE, SECOND))
    assert "<h1>The model that answers changed since this review.</h1>" in reviewed.client.get(PAGE).text
    assert "The model that answers changed since the last review." in reviewed.client.get(f"/projects/{PROJECT}").text
    reviewed.client.post(PAGE)
    assert "changed since" not in reviewed.client.get(PAGE).text
    assert reviewed.looks == 1


def test_a_review_that_the_brief_has_left_behind_says_so(reviewed: Reviewed) -> None:
    """Once the brief changed, no page shows the old verdict as the present one; the one button reviews again, free."""
    reviewed.client.post(PAGE)
    reviewed.workspace.ledger.add_brief(PROJECT, GOOD, by="Ada", reason="", at=reviewed.workspace.now())
    html = reviewed.client.get(PAGE).text
    assert "<h1>The brief changed since this review.</h1>" in html
    assert re.findall(r'class="button"[^>]*>([^<]*)<', html) == ["Review again, costs nothing"]
    assert "<h1>The brief changed since the last review.</h1>" in reviewed.client.get(f"/projects/{PROJECT}").text
    assert "The brief changed since the last review." in reviewed.client.get("/").text
    reviewed.client.post(PAGE)
    assert "changed since" not in reviewed.client.get(PAGE).text
    assert reviewed.looks == 1


def test_the_brief_leads_on_to_the_review(reviewed: Reviewed) -> None:
    """Once a model is trained, its brief leads to a review and not to another training; once reviewed, to read it."""
    ledger = reviewed.workspace.ledger
    good = replace(GOOD, asked_bar=None, wrong_cost=3 * (GOOD.person_cost or 1.0), wrong_costs=())
    ledger.add_brief(PROJECT, good, by="Ada", reason="", at=reviewed.workspace.now())
    brief = f"/projects/{PROJECT}/brief"
    html = reviewed.client.get(brief).text
    assert re.findall(r'class="button" href="([^"]*)">([^<]*)<', html) == [(f"/projects/{PROJECT}/review", "Review it")]
    reviewed.client.post(PAGE)
    html = reviewed.client.get(brief).text
    assert re.findall(r'class="button" href="[^"]*">([^<]*)<', html) == ["Read the review"]
    assert "once there are examples" not in html


def test_a_model_that_nobody_judged_bears_no_older_models_verdict(reviewed: Reviewed) -> None:
    """After another model was trained without a look, page, list and API name whose figure it is, and the price."""
    ledger = reviewed.workspace.ledger
    ledger.record_model(
        PROJECT, version="f" * 64, blob="f" * 64, trials=[], data_version="d", at=reviewed.workspace.now()
    )
    says = "This model has not been judged; the figure is the previous model’s."
    html = reviewed.client.get(f"/projects/{PROJECT}").text
    assert f"<h1>{says}</h1>" in html
    assert "look 2, which may spend 0.75% of the 5% error budget" in html
    assert f'href="{PAGE}">Review it</a>' in html
    assert says in reviewed.client.get("/").text
    verdict = reviewed.client.get(f"/api/v1/projects/{PROJECT}").json()["verdict"]
    assert (verdict["headline"], verdict["present"]) == (says, False)
