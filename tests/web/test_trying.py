"""What a project's page asks for when somebody tries its model."""

import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.domain.project import Project
from understudy.studio.collection.columns import correct
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace
from understudy.web.trying import Asks, asks_for


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w") as opened:
        yield opened


def asked(workspace: Workspace, path: Path, target: str) -> Asks:
    """What is asked for once a table came in."""
    project = project_for(workspace, path, "shop", sealed_share=None)
    reading = Reading(label_column=target)
    gather(workspace, project, path, reading=reading, by="ada", progress=lambda _done, _total: None)
    services: Any = SimpleNamespace(records=workspace.ledger, input=workspace.blobs.get)
    return asks_for(services, workspace.ledger.project("shop"))


def test_fields_are_what_the_model_sees(workspace: Workspace, tmp_path: Path) -> None:
    """An id and what somebody held out get no field; few words are offered to choose from, others are typed."""
    drawn = random.Random(0)
    lines = ["order_id,size,colour,town,back"]
    for number in range(120):
        colour, town, back = drawn.choice(["red", "blue"]), f"town {drawn.randrange(60)}", drawn.choice(["yes", "no"])
        lines.append(f"A{number:05},{drawn.gauss(40, 4):.1f},{colour},{town},{back}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    cells = {cell.column: cell for cell in asked(workspace, path, "back").cells}
    assert list(cells) == ["size", "colour", "town"]
    assert cells["colour"].offered == ("blue", "red")
    assert cells["colour"].value in {"blue", "red"}
    assert cells["size"].offered == cells["town"].offered == ()
    correct(workspace, "shop", ["town=held-out"], by="ada")
    assert [cell.column for cell in asked(workspace, path, "back").cells] == ["size", "colour"]
    trained = {"version": "a" * 64, "blob": "a" * 64, "trials": (), "data_version": "d", "at": workspace.now()}
    workspace.ledger.record_model("shop", **trained)
    correct(workspace, "shop", ["town=feature", "size=held-out"], by="ada")
    assert [cell.column for cell in asked(workspace, path, "back").cells] == ["size", "colour"]
    workspace.ledger.record_model("shop", **{**trained, "version": "b" * 64, "at": workspace.now()})
    assert [cell.column for cell in asked(workspace, path, "back").cells] == ["colour", "town"]


def test_somebody_s_name_stands_there_without_what_they_had(workspace: Workspace, tmp_path: Path) -> None:
    """What the project knows of whoever is named counts, so another name is asked about with their own history."""
    path = tmp_path / "rows.csv"
    rows = "".join(f"p{at % 20},i{at % 7},{1 + at % 5},{at}\n" for at in range(120))
    path.write_text(f"user,item,rating,timestamp\n{rows}", encoding="utf-8")
    project = Project("shop", workspace.now())
    gather(workspace, project, path, reading=Reading(), by="ada", progress=lambda *_: None)
    services: Any = SimpleNamespace(records=workspace.ledger, input=workspace.blobs.get)
    asks = asks_for(services, workspace.ledger.project("shop"))
    assert asks.way == "history"
    assert asks.who in {f"p{number}" for number in range(20)}
    assert not any(f"i{number}" in repr(asks) for number in range(7))
