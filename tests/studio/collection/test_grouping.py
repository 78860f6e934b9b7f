"""A project goes by the group rule of its first source, whatever comes later and however often."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clock import Clock
from coloured import coloured
from studio.served import asked
from understudy.domain.example import Side
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.intake.groups import BadGroupRule
from understudy.studio.collection.gathering import Gathered, gather, project_for
from understudy.studio.collection.grouping import GroupsFixed
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.harvest import harvest
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

WALLS = 12
LABELS = ("amber", "azure")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=Clock()) as opened:
        yield opened


def taken(workspace: Workspace, source: Path, **reading: object) -> Gathered:
    """Adds a source to the project “blades”, which begins with the first."""
    project = project_for(workspace, source, "blades", sealed_share=None)
    told = Reading(**reading)  # type: ignore[arg-type]
    return gather(workspace, project, source, reading=told, by="ada", progress=lambda _done, _total: None)


def in_folders(folder: Path, start: int) -> Path:
    """A photo of each wall, in a folder a wall."""
    for number in range(start, start + WALLS):
        label, wall = LABELS[number % 2], f"wall {number % WALLS}"
        (folder / label / wall).mkdir(parents=True, exist_ok=True)
        (folder / label / wall / f"{number}.jpg").write_bytes(coloured(label, number))
    return folder


def by_name(folder: Path, start: int) -> Path:
    """A photo of each wall, the wall in its name."""
    for number in range(start, start + WALLS):
        label = LABELS[number % 2]
        (folder / label).mkdir(parents=True, exist_ok=True)
        (folder / label / f"wall {number % WALLS} {number}.jpg").write_bytes(coloured(label, number))
    return folder


def in_a_table(folder: Path, start: int) -> Path:
    """A photo of each wall, the wall in a column of the table that names them."""
    folder.mkdir()
    lines = ["file,label,wall"]
    for number in range(start, start + WALLS):
        label = LABELS[number % 2]
        (folder / f"{number}.jpg").write_bytes(coloured(label, number))
        lines.append(f"{number}.jpg,{label},wall {number % WALLS}")
    (folder / "photos.csv").write_text("\n".join(lines))
    return folder / "photos.csv"


def texts(folder: Path, start: int) -> Path:
    """A text about each wall."""
    folder.mkdir()
    told = [
        f"the {number * 7919} inspection of {number * 31} said it was {LABELS[number % 2]},{LABELS[number % 2]},"
        f"wall {number % WALLS}"
        for number in range(start, start + WALLS)
    ]
    (folder / "texts.csv").write_text("\n".join(["text,label,wall", *told]))
    return folder / "texts.csv"


Made = Callable[[Path, int], Path]
KINDS = pytest.mark.parametrize(
    ("made", "rule"),
    [(in_folders, "folder"), (by_name, r"name:^(wall \d+)"), (in_a_table, "column:wall"), (texts, "column:wall")],
)


@KINDS
def test_further_sources_go_by_the_rule_of_the_first(
    workspace: Workspace, tmp_path: Path, made: Made, rule: str
) -> None:
    """Nobody has to say it again: no group lies on both sides of the sealed border, whenever its examples came."""
    taken(workspace, made(tmp_path / "0", 0), group=rule)
    before = len({each.group for each in workspace.ledger.arrivals("blades")})
    for part in (1, 2):
        found = taken(workspace, made(tmp_path / str(part), part * WALLS), **({"group": rule} if part == 2 else {}))
        assert found.new == WALLS
        assert (f"told by “{rule}”" in " ".join(found.says)) == (part == 1)
    sides: dict[str, set[Side]] = {}
    for example in workspace.ledger.examples("blades"):
        sides.setdefault(example.group, set()).add(example.side)
    assert len(sides) == before == WALLS
    assert {len(each) for each in sides.values()} == {1}
    assert set.union(*sides.values()) == {Side.TRAIN, Side.SEALED}


@KINDS
def test_what_belongs_together_is_said_with_the_first_source(
    workspace: Workspace, tmp_path: Path, made: Made, rule: str
) -> None:
    """Afterwards no rule comes in, the same source or not, and what to do is told; nothing is recorded."""
    first, second = made(tmp_path / "0", 0), made(tmp_path / "1", WALLS)
    taken(workspace, first)
    for source in (first, second):
        with pytest.raises(GroupsFixed, match=r"sealed by themselves .*--project NAME --group") as refused:
            taken(workspace, source, group=rule)
        assert refused.value.fact == f"“{rule}” does not say what belongs together in this project."
    assert workspace.ledger.counts("blades").total == WALLS
    assert workspace.ledger.project("blades").group_rule == ""
    assert taken(workspace, second).new == WALLS


@KINDS
def test_another_rule_than_that_of_the_first_source_is_refused(
    workspace: Workspace, tmp_path: Path, made: Made, rule: str
) -> None:
    """The one that the examples were sealed by is named."""
    taken(workspace, made(tmp_path / "0", 0), group=rule)
    with pytest.raises(GroupsFixed) as refused:
        taken(workspace, made(tmp_path / "1", WALLS), group="column:label")
    assert f"were sealed by “{rule}” when they came" in refused.value.reason
    assert workspace.ledger.project("blades").group_rule == rule


@pytest.mark.parametrize(
    ("made", "rule", "told"),
    [
        (in_folders, "folder", "in a folder below the answer"),
        (by_name, r"name:^(wall \d+)", "Name the files so that"),
        (in_a_table, "column:wall", "Give a table whose column “wall”"),
        (texts, "column:wall", "Give a table whose column “wall”"),
    ],
)
def test_a_source_that_does_not_say_what_belongs_together_is_refused(
    workspace: Workspace, tmp_path: Path, made: Made, rule: str, told: str
) -> None:
    """It may belong with examples of the other side; what was made up is never sealed, so it comes in all the same."""
    taken(workspace, made(tmp_path / "0", 0), group=rule)
    silent = tmp_path / "silent"
    if made is texts:
        texts(silent, WALLS)
        (silent / "texts.csv").write_text((silent / "texts.csv").read_text().replace(",wall\n", ",house\n"))
    else:
        for label in LABELS:
            (silent / label).mkdir(parents=True)
            (silent / label / "new.jpg").write_bytes(coloured(label, 99))
    source = silent / "texts.csv" if made is texts else silent
    with pytest.raises(GroupsFixed, match=f"were sealed by .*{told}.*one of its own"):
        taken(workspace, source)
    with pytest.raises(BadGroupRule):
        taken(workspace, source, group=rule)
    assert workspace.ledger.counts("blades").total == WALLS
    assert taken(workspace, source, synthetic=True).new == (WALLS if made is texts else 2)


def test_a_project_that_began_with_people_takes_the_rule_of_its_first_source(
    workspace: Workspace, tmp_path: Path
) -> None:
    """What people answered about came without a folder or a name, so it says no group; later sources go by the rule."""
    workspace.ledger.create_project(Project("blades", workspace.now(), task=Task("photo")))
    made = asked(workspace, coloured("amber", 99))
    Queue(workspace).answer(made.id, QuestionKind.ANSWER, "amber", by="Ada")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    assert harvest(workspace, "blades").new == 1
    taken(workspace, in_folders(tmp_path / "0", 0), group="folder")
    taken(workspace, in_folders(tmp_path / "1", WALLS))
    assert workspace.ledger.project("blades").group_rule == "folder"
    assert len({each.group for each in workspace.ledger.arrivals("blades")}) == WALLS + 1


@pytest.mark.parametrize(("group", "groups"), [("column:wall", WALLS), (None, 2 * WALLS)])
def test_a_rule_that_no_example_came_by_binds_nobody(
    workspace: Workspace, tmp_path: Path, group: str | None, groups: int
) -> None:
    """Where the first source was broken off before its first example, the next one is the first."""
    workspace.ledger.create_project(Project("blades", workspace.now(), task=Task("photo"), group_rule="folder"))
    source = in_a_table(tmp_path / "0", 0)
    more = in_a_table(tmp_path / "0" / "more", WALLS)
    source.write_text(source.read_text() + more.read_text().partition("wall")[2].replace("\n", "\nmore/"))
    assert taken(workspace, source, group=group).new == 2 * WALLS
    assert workspace.ledger.project("blades").group_rule == (group or "")
    assert len({each.group for each in workspace.ledger.arrivals("blades")}) == groups


def test_a_group_that_a_twin_led_into_another_is_never_split(workspace: Workspace, tmp_path: Path) -> None:
    """Two customers write the same, so they are one family; what either writes later stays with it."""
    sides: dict[str, set[Side]] = {}
    for part in range(3):
        told = []
        for pair in range(10):
            said = f"the {pair * 7919} of {pair * 31337} has come"
            told += [f"{said},{LABELS[pair % 2]},{who}{pair}" for who in "az" if part == 0]
            told += [f"{n * 104729} is {n * 611953},{LABELS[n % 2]},{who}{pair}"
                     for who in "az" for n in [9000 + part * 500 + pair * 20 + "az".index(who)]]  # fmt: skip
        (tmp_path / f"{part}.csv").write_text("\n".join(["text,label,customer", *told]))
        taken(workspace, tmp_path / f"{part}.csv", **({} if part else {"group": "column:customer"}))
        writers = [line.rpartition(",")[2] for line in told]
        for example in workspace.ledger.examples("blades"):
            source, _, row = example.name.partition(", row ")
            if source == f"{part}.csv":
                sides.setdefault(writers[int(row) - 2], set()).add(example.side)
    assert len(sides) == 20
    assert {len(each) for each in sides.values()} == {1}
    assert set.union(*sides.values()) == {Side.TRAIN, Side.SEALED}


def test_interactions_are_grouped_by_whose_they_are(workspace: Workspace, tmp_path: Path) -> None:
    """A rule would say nothing of them, and is refused rather than dropped."""
    table = tmp_path / "taken.csv"
    table.write_text("\n".join(["user_id,item_id,rating", *(f"u{n % 9},i{n % 7},{n % 5 + 1}" for n in range(90))]))
    with pytest.raises(BadGroupRule, match="all that one person took"):
        taken(workspace, table, modality="interactions", group="column:user_id")
