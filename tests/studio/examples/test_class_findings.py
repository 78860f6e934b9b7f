"""What was seen of classes is said anew when it is so no longer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clock import Clock
from coloured import coloured, coloured_folder
from studio.served import asked
from understudy.domain.finding import FindingKind
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.studio.collection.forgetting import forget
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.labelling import give_label
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.harvest import harvest
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

NONE_SEALED = 1e-9


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=Clock()) as opened:
        yield opened


def add(workspace: Workspace, folder: Path, label: str, *, start: int, each: int, share: float = NONE_SEALED) -> None:
    """Adds photos of a label, in a folder of their own."""
    photos = coloured_folder(folder / f"{label} {start}", label, start=start, each=each)
    project = Project("blades", workspace.now(), share)
    gather(workspace, project, photos, reading=Reading(), by="ada", progress=lambda _done, _total: None)


def small(workspace: Workspace) -> list[str]:
    """What stands of classes that are too small."""
    return [each.fact for each in workspace.ledger.findings("blades") if each.kind is FindingKind.SMALL_CLASS]


def test_a_count_that_grew_stands_alone(workspace: Workspace, tmp_path: Path) -> None:
    """What an earlier source left behind goes when a later one says another count of the class; other classes stay."""
    add(workspace, tmp_path, "amber", start=0, each=3)
    add(workspace, tmp_path, "green", start=0, each=2)
    add(workspace, tmp_path, "green", start=2, each=1)
    assert small(workspace) == [
        "The class “amber” has 3 photos, none of them sealed.",
        "The class “green” has 3 photos, none of them sealed.",
    ]


def test_a_class_that_is_large_enough_is_told_of_no_more(workspace: Workspace, tmp_path: Path) -> None:
    """One photo was too few; with thirty more of which some are sealed, nothing is amiss."""
    add(workspace, tmp_path, "green", start=0, each=1, share=0.5)
    assert small(workspace) == ["The class “green” has one photo."]
    add(workspace, tmp_path, "green", start=1, each=30, share=0.5)
    assert small(workspace) == []


def test_a_label_that_a_person_corrects_counts(workspace: Workspace, tmp_path: Path) -> None:
    """Both the class that lost a photo and the one that gained it are told of as they are now."""
    add(workspace, tmp_path, "amber", start=0, each=3)
    add(workspace, tmp_path, "green", start=0, each=2)
    wrong = tmp_path / "amber 0" / "amber" / "photo 0.jpg"
    give_label(workspace, "blades", wrong, "green", by="ada")
    assert sorted(small(workspace)) == [
        "The class “amber” has 2 photos, none of them sealed.",
        "The class “green” has 3 photos, none of them sealed.",
    ]


def test_answers_of_people_count(workspace: Workspace, tmp_path: Path) -> None:
    """What people answered is one photo more of its class; it changes what is said, and says nothing new."""
    add(workspace, tmp_path, "green", start=0, each=2)
    for label in ("green", "azure"):
        made = asked(workspace, coloured(label, 9))
        Queue(workspace).answer(made.id, QuestionKind.ANSWER, label, by="Ada")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    harvest(workspace, "blades")
    assert small(workspace) == ["The class “green” has 3 photos, none of them sealed."]


def test_spellings_are_counted_as_they_are_now(workspace: Workspace, tmp_path: Path) -> None:
    """Where more of a label comes in two spellings, one finding counts all; it is gone with the last odd one."""
    add(workspace, tmp_path, "green", start=0, each=3)
    for start, label in ((3, "Green"), (4, "green")):
        photos = tmp_path / f"more {start}" / label
        photos.mkdir(parents=True)
        (photos / f"photo {start}.jpg").write_bytes(coloured("green", start))
        project = workspace.ledger.project("blades")
        gather(workspace, project, photos.parent, reading=Reading(), by="ada", progress=lambda _done, _total: None)
    assert spelt(workspace) == ["“green” (4) and “Green” (1) differ only in capitals."]
    give_label(workspace, "blades", tmp_path / "more 3" / "Green" / "photo 3.jpg", "green", by="ada")
    assert spelt(workspace) == []


def mails(workspace: Workspace, folder: Path, *whose: str) -> None:
    """Adds a mail of each sender, all of one label, beside some of another."""
    start = workspace.ledger.counts("mails").total if workspace.ledger.projects() else 0
    rows = [f"{'abcdefghij'[at % 10] * 9} {at * 7919} {who},late,{who}" for at, who in enumerate(whose, start)]
    rows += [f"{'klmnopqrst'[at % 10] * 9} {at * 6007} early,early,e{at}" for at in range(start, start + 9)]
    (folder / "mails.csv").write_text("\n".join(["text,label,sender", *rows]))
    reading = Reading(group="column:sender")
    project = project_for(workspace, folder / "mails.csv", "mails", sealed_share=0.5)
    gather(workspace, project, folder / "mails.csv", reading=reading, by="ada", progress=lambda _done, _total: None)


def large(workspace: Workspace) -> list[str]:
    """What stands of families that hold most of a label."""
    return [each.fact for each in workspace.ledger.findings("mails") if "are one family" in each.fact]


def test_a_family_that_is_most_of_a_label_is_told_of_as_it_is_now(workspace: Workspace, tmp_path: Path) -> None:
    """Its counts grow with it, in one finding; once others are as many, nothing is said of it any more."""
    mails(workspace, tmp_path, *["Ann"] * 12, *(f"s{at}" for at in range(8)))
    assert large(workspace) == ["12 of 20 texts of “late” are one family: alike, or said to belong together."]
    mails(workspace, tmp_path, *["Ann"] * 6)
    assert large(workspace) == ["18 of 26 texts of “late” are one family: alike, or said to belong together."]
    mails(workspace, tmp_path, *(f"t{at}" for at in range(10)))
    assert large(workspace) == []


def test_what_is_forgotten_counts_no_more(workspace: Workspace, tmp_path: Path) -> None:
    """Neither in a class nor in a family that holds most of one."""
    mails(workspace, tmp_path, *["Ann"] * 12, *(f"s{at}" for at in range(8)))
    there = [each for each in workspace.ledger.examples("mails") if each.group == "Ann"]
    named = next(each for each in workspace.ledger.findings("mails") if "are one family" in each.fact).subject
    one = next(each.digest for each in there if each.name != named)
    forget(workspace, "mails", digests=[one], by="ada", reason="Asked for.")
    assert large(workspace) == ["11 of 19 texts of “late” are one family: alike, or said to belong together."]
    add(workspace, tmp_path, "green", start=0, each=3)
    gone = next(each.digest for each in workspace.ledger.examples("blades"))
    forget(workspace, "blades", digests=[gone], by="ada", reason="Asked for.")
    assert small(workspace) == ["The class “green” has 2 photos, none of them sealed."]


def spelt(workspace: Workspace) -> list[str]:
    """What stands of labels in several spellings."""
    return [each.fact for each in workspace.ledger.findings("blades") if each.kind is FindingKind.DIRTY_VALUES]
