"""A source that is added again with `relabel` says what stands, so a wrong one before or after it leaves nothing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clock import Clock
from coloured import coloured
from understudy.domain.finding import FindingKind
from understudy.studio.collection.gathering import Gathered, gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace

LABELS = ("amber", "azure")
PHOTOS = 16
WRONG = 6


class Ticking(Clock):
    """A time that goes by."""

    def __call__(self) -> datetime:
        self.pass_(seconds=1)
        return self.at


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=Ticking()) as opened:
        yield opened


@pytest.fixture
def right(tmp_path: Path) -> Path:
    return in_folders(tmp_path / "right", PHOTOS, LABELS)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    return in_folders(tmp_path / "wrong", WRONG, LABELS[::-1])


def in_folders(folder: Path, count: int, labels: tuple[str, ...]) -> Path:
    """Photos of two colours, in folders that are called so."""
    for number in range(count):
        (folder / labels[number % 2]).mkdir(parents=True, exist_ok=True)
        (folder / labels[number % 2] / f"{number}.jpg").write_bytes(coloured(LABELS[number % 2], number))
    return folder


def taken(workspace: Workspace, source: Path, *, relabel: bool = False) -> Gathered:
    """Adds a source to the project “blades”, which begins with the first."""
    project = project_for(workspace, source, "blades", sealed_share=None)
    told = Reading(relabel=relabel)
    return gather(workspace, project, source, reading=told, by="ada", progress=lambda _done, _total: None)


def labels(workspace: Workspace) -> dict[str, str | None]:
    return {each.digest: each.label for each in workspace.ledger.arrivals("blades")}


def contradictions(workspace: Workspace) -> int:
    kinds = [finding.kind for finding in workspace.ledger.findings("blades")]
    return kinds.count(FindingKind.CONTRADICTORY_LABELS)


@pytest.mark.parametrize("first", ["right", "wrong"])
def test_nothing_is_open_once_the_right_source_came_again(
    workspace: Workspace, right: Path, wrong: Path, first: str
) -> None:
    """Whichever came first: without a word each conflict waits, and with it all labels are those of the right one."""
    sources = [right, wrong] if first == "right" else [wrong, right]
    for source in (*sources, right):
        taken(workspace, source)
    assert contradictions(workspace) == WRONG
    again = taken(workspace, right, relabel=True)
    assert (again.new, again.relabelled, again.findings) == (0, WRONG, ())
    assert contradictions(workspace) == 0
    stands = labels(workspace)
    with Workspace.open(workspace.folder.parent / "other", now=Ticking()) as other:
        taken(other, right)
        assert labels(other) == stands


def test_what_is_said_alike_and_doubted_by_nobody_is_not_said_again(workspace: Workspace, right: Path) -> None:
    """A source that changes nothing adds no label, and new examples come in as ever."""
    assert (taken(workspace, right, relabel=True).new, contradictions(workspace)) == (PHOTOS, 0)
    assert taken(workspace, right, relabel=True).relabelled == 0
    said = [label for digest in labels(workspace) for label in _said(workspace, digest)]
    assert len(said) == sum(workspace.ledger.counts("blades").train.values())


def _said(workspace: Workspace, digest: str) -> list[str]:
    """What was said of an example to learn from; nothing of sealed ones, whose labels nobody sees."""
    train = {each.digest for each in workspace.ledger.examples("blades") if each.label is not None}
    return [label.value for label in workspace.ledger.labels_of("blades", digest)] if digest in train else []


def test_earlier_labels_stay_on_record_and_sides_stay(workspace: Workspace, right: Path, wrong: Path) -> None:
    """A label that is said later moves nothing across the sealed border."""
    taken(workspace, wrong)
    sides = {each.digest: each.side for each in workspace.ledger.arrivals("blades")}
    taken(workspace, right, relabel=True)
    assert {each.digest: each.side for each in workspace.ledger.arrivals("blades") if each.digest in sides} == sides
    changed = [said for digest in sides if (said := _said(workspace, digest))]
    assert changed
    assert all(sorted(said) == list(LABELS) for said in changed)


def test_texts_that_say_otherwise_count_too(workspace: Workspace, tmp_path: Path) -> None:
    """Of rows the finding is one about all of them, and it is gone when each has its label."""
    for name, marks in (("wrong", LABELS[::-1]), ("right", LABELS)):
        lines = [f"the {n * 7919} parcel of {n * 31} came,{marks[n % 2]}" for n in range(PHOTOS)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["text,label", *lines]))
        taken(workspace, tmp_path / f"{name}.csv")
    assert contradictions(workspace) == 1
    assert taken(workspace, tmp_path / "right.csv", relabel=True).relabelled == PHOTOS
    assert contradictions(workspace) == 0
