"""Rows that do not fit what a model learned from are remarked on or refused, alike wherever they are asked about."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from tests.search.tables.rows import LABEL, drawn, lesson_of, model_of, train

from brightness import Shelf
from understudy.domain.project import Project
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger
from understudy.studio.training.shelf import Served

from .conftest import launch, serving

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHOLE = {"size": 25, "kind": "oak", "day": "2024-03-05", "noise": 0.5}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server whose project “trees” has a live model of rows."""
    folder = tmp_path_factory.mktemp("rows")
    model = Served(model_of(train(lesson_of(drawn(200), "dear"), LABEL, folder / "run")))
    ledger, blobs = Ledger.open(folder / "ledger.db"), BlobStore(str(folder / "blobs"))
    ledger.create_project(Project("trees", NOW, task=LABEL))
    ledger.set_setting("trees", "model-seconds", 60.0, "Ada", NOW)
    launch(ledger, "trees", model.version)
    with (
        serving(ledger, blobs, Shelf({"trees": model})) as url,
        httpx.Client(base_url=url, timeout=60) as made,
    ):
        yield made
    ledger.close()


def asked(client: httpx.Client, row: object) -> httpx.Response:
    body = json.dumps({"row": row})  # by hand: a client of its own would not write NaN
    return client.post("/api/v1/projects/trees/decisions", content=body, headers={"content-type": "application/json"})


def inferred(client: httpx.Client, *rows: object) -> httpx.Response:
    tensor = {"name": "row", "datatype": "BYTES", "shape": [len(rows)], "data": [json.dumps(row) for row in rows]}
    return client.post("/v2/models/trees/infer", json={"inputs": [tensor]})


def test_a_row_that_fits_has_no_remarks(client: httpx.Client) -> None:
    """Its decision says nothing of remarks, and the model answers."""
    told = asked(client, WHOLE).json()
    assert (told["label"], told["answered_by"]) == ("yes", "model")
    assert "remarks" not in told


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**WHOLE, "size": "tall"}, "“size” holds “tall”, which is no number"),
        ({**WHOLE, "size": float("nan")}, "“size” holds no number, or one too large"),
        ({key: value for key, value in WHOLE.items() if key != "kind"}, "It lacks “kind”"),
        ({**WHOLE, "colour": "red"}, "“colour” is no column that is known"),
        ({**WHOLE, "size": 10**400}, "“size” holds no number, or one too large"),
        ({**WHOLE, "kind": "oa\ud83d"}, "“kind” holds “oa?”, which no example had"),
        ({**WHOLE, "\ud83d": "red"}, "“?” is no column that is known"),
    ],
)
def test_a_decision_is_made_and_carries_the_remark(client: httpx.Client, row: dict[str, object], said: str) -> None:
    """The API, its record of the decision, the protocol for inference and the page say the same of a row."""
    given = asked(client, row)
    assert given.status_code in {200, 202}
    told = given.json()
    assert len(told["remarks"]) == 1
    assert said in told["remarks"][0]
    assert client.get(told["links"]["self"]).json()["remarks"] == told["remarks"]
    outputs = {each["name"]: each["data"] for each in inferred(client, WHOLE, row).json()["outputs"]}
    assert outputs["remarks"] == ["", told["remarks"][0]]
    if told["answered_by"] == "model":
        assert told["remarks"][0] in client.get(f"/decisions/{told['id']}").text


def test_names_in_other_capitals_are_taken_as_meant(client: httpx.Client) -> None:
    """The answer, what moved it, and how usual the row is are those of the same row under the known names."""
    plain, otherwise = (
        asked(client, WHOLE).json(),
        asked(client, {key.upper(): cell for key, cell in WHOLE.items()}).json(),
    )
    assert otherwise["answer"] == plain["answer"]
    assert otherwise["because"] == plain["because"]
    (remark,) = otherwise["remarks"]
    assert remark.startswith("“SIZE” is taken for “size”")
    reasons = [client.get(each["links"]["reasons"]).json() for each in (plain, otherwise)]
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize("row", [{}, {"colour": "red"}])
def test_a_row_without_any_known_column_is_refused(client: httpx.Client, row: dict[str, object]) -> None:
    """It becomes no decision: 422 with fact, reason and remedy; among several none becomes one."""
    given = asked(client, row)
    assert given.status_code == 422
    error = given.json()["error"]
    assert error["fact"] == "The row has none of the columns that are known."
    assert all(f"“{column}”" in error["reason"] for column in WHOLE)
    several = inferred(client, WHOLE, row)
    assert several.status_code == 422
    assert "none of the columns" in several.json()["error"]
    page = client.post("/projects/trees/try", files={"cell.colour": (None, "red")})
    assert page.status_code == 422
    assert "none of the columns" in page.text


def test_a_stranger_is_left_to_a_person(client: httpx.Client) -> None:
    """A row that says mostly what no example said waits for a person, and the decision says why."""
    told = asked(client, {"size": 1e9, "kind": "plastic", "noise": -1e9, "day": "2024-03-05"}).json()
    assert (told["state"], told["because"], told["answer"]) == ("waiting", "unlike", None)
