"""Gathering: which project photos go to, and what is left where there are none."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coloured import coloured, coloured_folder
from studio.served import asked
from understudy.domain.brief import Brief
from understudy.domain.finding import FindingKind
from understudy.domain.project import BadName, Project
from understudy.domain.task import AnswerKind
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.sift import NothingToTakeIn
from understudy.studio.collection.forgetting import forget
from understudy.studio.collection.gathering import Gathered, ShareFixed, TaskFixed, gather, known_project, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "w")


def taken(workspace: Workspace, project: Project, path: Path, **reading: str) -> Gathered:
    return gather(
        workspace, project, path, reading=Reading(**reading), by="someone", progress=lambda _done, _total: None
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Blade photos/", "blade-photos"),
        ("v1.2/", "v1-2"),
        ("sub/../Doors/", "doors"),
        ("doors.zip", "doors"),
        ("doors.csv", "doors"),
        ("Doors/metadata.csv", "doors"),
    ],
)
def test_names(source: str, name: str, workspace: Workspace, tmp_path: Path) -> None:
    """A project is named after its photos: a folder by its name, a file without its ending."""
    path = tmp_path / source
    (path if source.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
    assert project_for(workspace, path, None, sealed_share=None).name == name


def test_a_name_that_cannot_be(workspace: Workspace, tmp_path: Path) -> None:
    """Neither a given name nor a source's may be what no address can hold."""
    with pytest.raises(BadName, match="--project"):
        project_for(workspace, tmp_path / "写真", None, sealed_share=None)
    with pytest.raises(BadName, match="“Two Words”"):
        project_for(workspace, tmp_path, "Two Words", sealed_share=None)


def test_a_project_begins_with_photos(workspace: Workspace, tmp_path: Path) -> None:
    """Where nothing can be taken in, no project begins; where there is one already, it keeps the findings."""
    project = project_for(workspace, tmp_path, "doors", sealed_share=0.5)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToTakeIn):
        taken(workspace, project, tmp_path / "empty")
    with pytest.raises(SourceUnreadable):
        taken(workspace, project, tmp_path / "nowhere")
    assert known_project(workspace, "doors") is None
    taken(workspace, project, coloured_folder(tmp_path / "photos", "amber", each=2))
    assert workspace.ledger.project("doors").sealed_share == 0.5
    (tmp_path / "bad" / "a").mkdir(parents=True)
    (tmp_path / "bad" / "a" / "cut.jpg").write_bytes(coloured("amber", 1)[:200])
    before = workspace.ledger.findings("doors")
    with pytest.raises(NothingToTakeIn):
        taken(workspace, project, tmp_path / "bad")
    assert [one.subject for one in workspace.ledger.findings("doors")[len(before) :]] == ["a/cut.jpg"]


def test_the_share_is_fixed(workspace: Workspace, tmp_path: Path) -> None:
    """A known project keeps its share; another is refused, its own or none is not."""
    workspace.ledger.create_project(Project("doors", workspace.now(), 0.5))
    for share in (None, 0.5):
        assert project_for(workspace, tmp_path, "doors", sealed_share=share).sealed_share == 0.5
    with pytest.raises(ShareFixed, match="seals 50% of its photos, not 25%"):
        project_for(workspace, tmp_path, "doors", sealed_share=0.25)


def test_twice(workspace: Workspace, tmp_path: Path) -> None:
    """What was added before adds nothing, and labels that come later are counted."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=3)
    project = project_for(workspace, photos, None, sealed_share=None)
    first = taken(workspace, project, photos / "amber")
    assert (first.new, first.known, first.labelled) == (3, 0, 0)
    second = taken(workspace, project, photos)
    assert (second.new, second.known, second.labelled) == (3, 3, 3)
    third = taken(workspace, project, photos)
    assert (third.new, third.known, third.labelled) == (0, 6, 0)
    assert third.counts == second.counts


def test_groups_stay_together(workspace: Workspace, tmp_path: Path) -> None:
    """Photos of one group fall on one side of the border, whichever comes first."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=10)
    project = project_for(workspace, photos, None, sealed_share=0.5)
    taken(workspace, project, photos, group=r"name:photo (\d)")
    sides: dict[str, set[str]] = {}
    for example in workspace.ledger.examples(project.name):
        sides.setdefault(example.name.split()[1], set()).add(example.side)
    assert all(len(side) == 1 for side in sides.values())
    assert len(set.union(*sides.values())) == 2


def test_a_forgotten_photo_does_not_come_back(workspace: Workspace, tmp_path: Path) -> None:
    """What was forgotten is left out when somebody adds it again, and its bytes are not kept."""
    workspace.ledger.create_project(Project("blades", workspace.now()))
    gone = asked(workspace, coloured("amber", 0))
    forget(workspace, "blades", by="Ada", reason="Ann asked for it.", decisions=[gone.id])
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=2)
    found = taken(workspace, workspace.ledger.project("blades"), photos)
    assert (found.new, found.forgotten) == (3, 1)
    assert not workspace.blobs.has(gone.input_digest)
    assert gone.input_digest not in {each.digest for each in workspace.ledger.arrivals("blades")}


@pytest.mark.parametrize("looks", range(1, 8))
def test_what_was_broken_off_says_so_until_it_is_whole(looks: int, tmp_path: Path) -> None:
    """Wherever recording breaks off, rows have their columns, a finding says so, and adding again leaves no trace."""
    table = tmp_path / "loans.csv"
    table.write_text(
        "age,income,paid\n" + "".join(f"{20 + at},{at * 7 % 50},{('no', 'yes')[at % 2]}\n" for at in range(40))
    )
    calls: list[str] = []

    def clock() -> datetime:
        calls.append("looked")
        if len(calls) > looks:
            raise KeyboardInterrupt
        return datetime(2026, 1, 1, tzinfo=UTC)

    with Workspace.open(tmp_path / "broken", now=clock) as broken:
        with suppress(KeyboardInterrupt):
            taken(broken, project_for(broken, table, None, sealed_share=None), table, label_column="paid")
            calls.append("whole")
        known = known_project(broken, "loans")
    with Workspace.open(tmp_path / "broken") as again, Workspace.open(tmp_path / "whole") as whole:
        if known is not None and again.ledger.counts("loans").total:
            assert again.ledger.schema("loans") is not None
            marked = {each.kind for each in again.ledger.findings("loans")} >= {FindingKind.UNFINISHED}
            assert marked == (calls[-1] != "whole")
        for workspace in (again, whole):
            taken(workspace, project_for(workspace, table, None, sealed_share=None), table, label_column="paid")
        assert again.ledger.counts("loans") == whole.ledger.counts("loans")
        assert again.ledger.schema("loans") == whole.ledger.schema("loans")
        assert again.ledger.findings("loans") == whole.ledger.findings("loans")
        assert not any(each.kind is FindingKind.UNFINISHED for each in again.ledger.findings("loans"))


def _asked_about(workspace: Workspace) -> None:
    asked(workspace, b'{"size": 3}', stage=0)


def _trained(workspace: Workspace) -> None:
    blob = workspace.blobs.put(b"a model")
    workspace.ledger.record_model("blades", version=blob, blob=blob, trials=[], data_version="d", at=workspace.now())


def _judged(workspace: Workspace) -> None:
    workspace.ledger.open_sealed("blades", model="m1", at=workspace.now())


def _briefed(workspace: Workspace) -> None:
    brief = Brief(problem="Mugs crack.")
    workspace.ledger.add_brief("blades", brief, by="Ada", reason="", at=workspace.now())


def stars(workspace: Workspace, folder: Path, **reading: str) -> Gathered:
    """Adds rows that are labelled with one to four stars."""
    table, first = folder / "mugs.csv", known_project(workspace, "blades")
    lines = [f"{number * 7919 % 1000},{number % 13},{number % 4 + 1}" for number in range(60)]
    table.write_text("\n".join(["size,age,stars", *lines]))
    project = Project("blades", workspace.now()) if first is None else first
    return taken(workspace, project, table, label_column="stars", **reading)


def test_labels_may_turn_out_to_be_numbers(workspace: Workspace, tmp_path: Path) -> None:
    """As long as nothing rests on them, whoever adds more can say so."""
    assert stars(workspace, tmp_path).task.answers is AnswerKind.LABEL
    assert stars(workspace, tmp_path, answers="number").task.answers is AnswerKind.NUMBER


@pytest.mark.parametrize("rests", [_asked_about, _trained, _judged, _briefed])
def test_labels_that_something_rests_on_stay_labels(
    rests: Callable[[Workspace], None], workspace: Workspace, tmp_path: Path
) -> None:
    """A request, a model, a look or a brief."""
    stars(workspace, tmp_path)
    rests(workspace)
    with pytest.raises(TaskFixed, match="gives a label to each row"):
        stars(workspace, tmp_path, answers="number")
