"""Rows that people answered about belong with those of the same group in the project's table."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from clock import Clock
from studio.served import asked
from understudy.domain.arrival import Arrival
from understudy.domain.example import Side
from understudy.domain.finding import FindingKind
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.intake.incoming import SourceUnreadable
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.harvest import Harvest, harvest
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

FARMS = 12


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose project “blades” has rows of twelve wind farms, each farm on one side."""
    with Workspace.open(tmp_path / "w", now=Clock()) as opened:
        opened.ledger.create_project(Project("blades", opened.now(), sealed_share=0.5, task=Task("table")))
        yield opened


def added(workspace: Workspace, path: Path, write: str = "{}.0") -> None:
    """Adds a table of twelve wind farms, their numbers written as a program writes them beside an empty cell."""
    rows = [f"{write.format(n % FARMS)},{n * 37 % 500},{'worn' if n * 7 % 5 else 'fine'}" for n in range(60)]
    path.write_text("\n".join(["farm,load,state", *rows, ",7,fine"]))
    gather(
        workspace, workspace.ledger.project("blades"), path,
        reading=Reading(label_column="state", group="column:farm"), by="ada", progress=lambda _done, _total: None,
    )  # fmt: skip


def answered(workspace: Workspace, *rows: dict[str, object] | bytes, subject: str | None = None) -> Harvest:
    """Requests about rows, which somebody answers; then they are taken in."""
    for row in rows:
        data = row if isinstance(row, bytes) else json.dumps(row).encode()
        made = asked(workspace, data, subject=subject)
        Queue(workspace).answer(made.id, QuestionKind.ANSWER, "worn", by="Ada")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    return harvest(workspace, "blades")


def new(workspace: Workspace, before: list[Arrival]) -> list[Arrival]:
    known = {each.digest for each in before}
    return [each for each in workspace.ledger.arrivals("blades") if each.digest not in known]


@pytest.mark.parametrize("subject", [None, "turbine 7"])
def test_a_row_joins_the_group_that_it_names(workspace: Workspace, tmp_path: Path, subject: str | None) -> None:
    """Whatever the column and its number are written like, and whoever the request is about."""
    added(workspace, tmp_path / "farms.csv")
    before = list(workspace.ledger.arrivals("blades"))
    sides = {each.group: each.side for each in before if len(each.group) < 3}
    assert len(sides) == FARMS
    assert set(sides.values()) == {Side.TRAIN, Side.SEALED}
    written = (lambda n: {"farm": n}), (lambda n: {"FARM": f" {n} "}), (lambda n: {"farm": f"{n}.0"})
    for place, write in enumerate(written):
        answered(workspace, *({**write(n), "load": 600 + 50 * place + n} for n in range(FARMS)), subject=subject)
    found = new(workspace, before)
    assert len(found) == 3 * FARMS
    assert {each.group: each.side for each in found} == sides


def test_rows_of_a_new_group_stay_together(workspace: Workspace, tmp_path: Path) -> None:
    """A group that no table named is one from its first answered row on, and a later table joins it."""
    added(workspace, tmp_path / "farms.csv")
    before = list(workspace.ledger.arrivals("blades"))
    for first in (0, 10):
        answered(workspace, *({"farm": "north", "load": 700 + first + n} for n in range(10)))
    (tmp_path / "more.csv").write_text("farm,load,state\n" + "".join(f"north,{n},worn\n" for n in range(10)))
    gather(
        workspace, workspace.ledger.project("blades"), tmp_path / "more.csv",
        reading=Reading(), by="ada", progress=lambda _done, _total: None,
    )  # fmt: skip
    found = new(workspace, before)
    assert len(found) == 30
    assert len({(each.group, each.side) for each in found}) == 1


def test_a_row_that_says_no_group_goes_by_its_subject(workspace: Workspace, tmp_path: Path) -> None:
    """Rows that lack the column, or say nothing in it, stay together with others of their subject."""
    added(workspace, tmp_path / "farms.csv")
    before = list(workspace.ledger.arrivals("blades"))
    answered(workspace, {"load": 801}, {"farm": None, "load": 802}, {"farm": "n/a", "load": 803}, subject="turbine 7")
    answered(workspace, {"farm": "", "load": 804})
    groups = [each.group for each in new(workspace, before)]
    assert sorted(groups.count(group) for group in set(groups)) == [1, 3]


def test_what_is_no_row_is_left_out_as_ever(workspace: Workspace, tmp_path: Path) -> None:
    """It is a finding and no error, and the rows beside it are taken in."""
    added(workspace, tmp_path / "farms.csv")
    found = answered(workspace, b"[1, 2]", {"farm": 3, "load": 900})
    assert found.new == 1
    assert FindingKind.CORRUPT in {each.kind for each in found.findings}


def test_the_first_table_cannot_group_rows_that_were_answered_before(workspace: Workspace, tmp_path: Path) -> None:
    """Those of one farm may lie on both sides by then; where their rows had no such column, nothing was parted."""
    answered(workspace, *({"load": n} for n in range(4)))
    added(workspace, tmp_path / "farms.csv")
    with Workspace.open(tmp_path / "other", now=workspace.now) as other:
        other.ledger.create_project(Project("blades", other.now(), task=Task("table")))
        answered(other, *({"Farm": f"{n % 2}", "load": n} for n in range(4)))
        with pytest.raises(SourceUnreadable, match=r"“farm” does not say what belongs together.*--target state"):
            added(other, tmp_path / "farms.csv")
