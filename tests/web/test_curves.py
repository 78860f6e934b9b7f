"""The page that says how much more data it takes."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from brightness import Shelf
from studio.curves import curve
from understudy.domain.learning import Behaviour, LabelsNeeded
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

from .conftest import NOW, serving

ADDRESS = "/projects/blades/curve"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[httpx.Client, Ledger]]:
    """A real server over a workspace with an empty project."""
    ledger, blobs = Ledger.open(tmp_path / "ledger.db"), BlobStore(str(tmp_path / "blobs"))
    ledger.create_project(Project("blades", NOW))
    with serving(ledger, blobs, Shelf({"blades": None})) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client, ledger
    ledger.close()


def test_where_nobody_has_asked_it_says_how(place: tuple[httpx.Client, Ledger]) -> None:
    """Without a curve the page is not empty: it says what one is made of, and the command that draws it."""
    client, _ = place
    html = client.get(ADDRESS).text
    assert "Nobody has asked yet" in html
    assert "understudy curve blades" in html
    assert client.get(f"{ADDRESS}/learning.svg?theme=light&width=640").status_code == 404


def test_a_curve_is_told_with_its_picture_and_labels(place: tuple[httpx.Client, Ledger]) -> None:
    """The advice comes first, then the picture, whose address changes with the curve, and the label to begin with."""
    client, ledger = place
    known = curve(
        needed=LabelsNeeded(0.93, 260, 200, 400), by_label=(("<b>crack</b>", 0.81, 0.88), ("sound", 0.9, 0.9))
    )
    ledger.record_curve("blades", known, data_version="a", at=NOW)
    html = client.get(ADDRESS).text
    assert re.search(r"<h1>Label about \d+ more", html)
    assert '&lt;b&gt;crack&lt;/b&gt; <span class="tag">first</span>' in html
    source = re.search(r'<img src="(/projects/blades/curve/learning\.svg[^"]+)"', html)
    assert source is not None
    drawn = client.get(source[1].replace("&amp;", "&"))
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    ledger.record_curve("blades", curve(Behaviour.FLAT), data_version="b", at=NOW)
    again = client.get(ADDRESS).text
    assert "Stop labelling" in again
    assert source[1] not in again


@pytest.mark.parametrize("behaviour", [Behaviour.ILL, Behaviour.TOO_SHORT])
def test_a_curve_that_foretells_nothing_still_has_a_page(
    behaviour: Behaviour, place: tuple[httpx.Client, Ledger]
) -> None:
    """Where it abstains, it says so, names no label and draws what was measured."""
    client, ledger = place
    ledger.record_curve("blades", curve(behaviour), data_version="a", at=NOW)
    html = client.get(ADDRESS).text
    assert "Which label to begin with" not in html
    assert "None" not in re.sub(r"None waits", "", html)


def test_a_picture_of_another_width_is_refused(place: tuple[httpx.Client, Ledger]) -> None:
    """Only widths that pages ask for are drawn."""
    client, ledger = place
    ledger.record_curve("blades", curve(), data_version="a", at=NOW)
    assert client.get(f"{ADDRESS}/learning.svg?theme=light&width=9999").status_code == 404
    assert client.get("/projects/nobody/curve").status_code == 404


def test_rankings_have_nothing_to_pick(place: tuple[httpx.Client, Ledger]) -> None:
    """Of histories the page says why no example is named to label next, and calls them by their name."""
    client, ledger = place
    ledger.create_project(Project("films", NOW, task=Task("interactions", AnswerKind.RANKING)))
    ledger.record_curve("films", curve(by_label=()), data_version="a", at=NOW)
    html = client.get("/projects/films/curve").text
    assert "There is nothing to pick: nobody labels a history" in html
    assert "understudy next" not in html
    assert "photo" not in html
