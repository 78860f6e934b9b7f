"""Questions about people whom a project knows."""

import json
from collections.abc import Iterator

import httpx
import pytest

from understudy.cli.histories import known_in
from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.training.shelf import Shelf
from understudy.studio.workspace import Workspace
from understudy.web.body import HAD, WHO
from understudy.web.tensors import ANY

from .conftest import serving


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Workspace]]:
    """A client of a server, and the workspace, in which some people bought things."""
    folder = tmp_path_factory.mktemp("known")
    rows = "".join(f"p{at % 20},i{at % 7},{1 + at % 5},{at}\n" for at in range(120))
    (folder / "rows.csv").write_text(f"user,item,rating,timestamp\n{rows}")
    with Workspace.open(folder / "w") as workspace:
        project = Project("shop", workspace.now())
        gather(workspace, project, folder / "rows.csv", reading=Reading(), by="test", progress=lambda *_: None)
        shelf = Shelf(workspace)
        with serving(workspace.ledger, workspace.blobs, shelf) as url, httpx.Client(base_url=url) as client:
            yield client, workspace


@pytest.mark.parametrize("side", [Side.TRAIN, Side.SEALED])
def test_page_program_and_command_know_the_same_of_somebody(shop: tuple[httpx.Client, Workspace], side: Side) -> None:
    """Whoever is named alone is asked about with all that is known of them, and nothing that is sealed is in it."""
    client, workspace = shop
    example = next(iter(workspace.ledger.examples("shop", side=side)))
    known = known_in(workspace, "shop", example.group).asked
    assert known is not None
    wanted = json.loads(known.read())
    asked = client.post("/api/v1/projects/shop/decisions", json={"input": {"who": example.group}})
    assert json.loads(client.get(asked.json()["links"]["input"]).content) == wanted
    typed = {WHO: (None, example.group), HAD: (None, "\r\n")}
    tried = client.post("/api/v1/projects/shop/decisions", files=typed)
    assert json.loads(client.get(tried.json()["links"]["input"]).content) == wanted
    tensor = {"name": ANY, "datatype": "BYTES", "shape": [1], "data": [json.dumps({"who": example.group})]}
    inferred = client.post("/v2/models/shop/infer", json={"inputs": [tensor]}).json()
    (decision,) = next(each["data"] for each in inferred["outputs"] if each["name"] == "decision")
    assert json.loads(client.get(f"/api/v1/decisions/{decision}/input").content) == wanted
    (label,) = [each.label for each in workspace.ledger.arrivals("shop") if each.group == example.group]
    assert (label in {item for item, *_ in wanted["history"]}) == (side is Side.TRAIN)


@pytest.mark.parametrize("sent", [{"who": "p1", "history": []}, {"who": "nobody"}])
def test_what_is_said_of_a_history_counts(shop: tuple[httpx.Client, Workspace], sent: dict[str, object]) -> None:
    """An empty history means that there was nothing, and of who is not known nothing is made up."""
    client, _ = shop
    asked = client.post("/api/v1/projects/shop/decisions", json={"input": sent})
    assert json.loads(client.get(asked.json()["links"]["input"]).content) == sent
