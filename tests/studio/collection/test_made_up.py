"""Made-up examples that are taken out again: all of them, told before, and nothing that is real."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.launches import AT
from studio.served import asked
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.blobs import BlobMissing
from understudy.studio.collection.forgetting import NothingToForget, forget_wanted, wanted_inputs
from understudy.studio.collection.forgetting_words import forgotten_words, wanted_words
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.people.inputs import input_of
from understudy.studio.workspace import Workspace

BY = {"by": "Ada", "reason": "They brought nothing."}


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url) as opened:
        opened.ledger.create_project(Project("blades", AT, task=Task("text")))
        yield opened


def texts(workspace: Workspace, provenance: Provenance, *labels: str | None, side: Side = Side.TRAIN) -> list[str]:
    """Adds a text for each label; returns their digests."""
    started = workspace.ledger.counts("blades").total
    with workspace.blobs.together() as kept:
        digests = [kept.put(f"text {started + at}".encode()) for at in range(len(labels))]
    rows = [Example(digest, f"text {digest[:4]}", provenance, digest, side, None, 0, 0, "") for digest in digests]
    workspace.ledger.add_examples("blades", rows, by="", at=workspace.now())
    said = [
        Label(digest, label, "Ada", workspace.now()) for digest, label in zip(digests, labels, strict=True) if label
    ]
    workspace.ledger.add_labels("blades", said)
    return digests


def test_all_that_was_made_up_goes_and_nothing_else(workspace: Workspace) -> None:
    """Also what is set aside, and in many packs; how many, of which labels and what is lost with them is said first."""
    real = texts(workspace, Provenance.UPLOAD, "ham", "spam", "ham")
    made = texts(workspace, Provenance.SYNTHETIC, "ham", "ham", "refund", None)
    made += texts(workspace, Provenance.SYNTHETIC, "spam", side=Side.SET_ASIDE)
    wanted = wanted_inputs(workspace, "blades", made_up=True)
    assert wanted_words(wanted) == (
        "5 made-up examples are meant: 2 ham, 1 refund, 1 spam, 1 without a label. "
        "No other example to learn from is “refund”."
    )
    found = forget_wanted(workspace, "blades", wanted, **BY)
    assert (set(found.digests), found.blobs, found.nobodys) == (set(made), len(made), len(made))
    told = "Nothing of them is kept, as they were nobody’s: the same may come for real, or be made up again."
    assert told in forgotten_words(found)
    assert not any("never learned from again" in line for line in forgotten_words(found))
    assert [each.digest for each in workspace.ledger.examples("blades")] == sorted(real)
    assert workspace.ledger.counts("blades").synthetic == 0
    assert all(workspace.blobs.get(each) for each in real)
    for digest in made:
        with pytest.raises(BlobMissing):
            workspace.blobs.get(digest)


def test_what_was_made_up_may_come_again_from_somebody(workspace: Workspace, tmp_path: Path) -> None:
    """It was nobody's, so that to take it out erases nobody: a real one of the same bytes is new, by its own label."""
    texts(workspace, Provenance.UPLOAD, "ham", "spam", "ham")
    (made,) = texts(workspace, Provenance.SYNTHETIC, "ham")
    said = workspace.blobs.get(made).decode()
    forget_wanted(workspace, "blades", wanted_inputs(workspace, "blades", made_up=True), **BY)
    assert workspace.ledger.erased("blades", [made]) == {}
    (tmp_path / "real.csv").write_text(f"text,label\n{said},spam\n")
    project = workspace.ledger.project("blades")
    came = gather(
        workspace, project, tmp_path / "real.csv", reading=Reading(), by="bob", progress=lambda _done, _total: None
    )
    assert (came.new, came.forgotten) == (1, 0)
    (real,) = (each for each in workspace.ledger.examples("blades") if each.digest == made)
    assert (real.provenance, real.name) == (Provenance.UPLOAD, "real.csv, row 2")


def test_what_somebody_asked_about_stays(workspace: Workspace) -> None:
    """A request with the same bytes keeps them and is not ended; once that was deleted, they go too."""
    made = texts(workspace, Provenance.SYNTHETIC, "ham", "spam")
    decision = asked(workspace, b"text 0")
    assert decision.input_digest == made[0]
    wanted = wanted_inputs(workspace, "blades", made_up=True)
    assert (wanted.digests, wanted.waiting) == ((made[1],), ())
    assert wanted_words(wanted).endswith("1 made-up example stays, because somebody asked about it too.")
    forget_wanted(workspace, "blades", wanted, **BY)
    assert input_of(workspace, made[0], decision.id) == b"text 0"
    assert [each.digest for each in workspace.ledger.examples("blades")] == [made[0]]
    with pytest.raises(NothingToForget, match="1 made-up example stays"):
        wanted_inputs(workspace, "blades", made_up=True)


def test_where_nothing_is_made_up_nothing_goes(workspace: Workspace) -> None:
    """That is said, with what makes a model that learned from some do without them."""
    texts(workspace, Provenance.UPLOAD, "ham", "spam")
    with pytest.raises(NothingToForget, match="no made-up examples that could be forgotten") as told:
        wanted_inputs(workspace, "blades", made_up=True)
    assert told.value.remedy.endswith("understudy train blades")


def test_only_some_of_many_labels_are_named(workspace: Workspace) -> None:
    """Ten are, and how many more there are is said; of numbers, which are no labels, none is."""
    texts(workspace, Provenance.SYNTHETIC, *(f"no {at:02d}" for at in range(12)))
    words = wanted_words(wanted_inputs(workspace, "blades", made_up=True))
    assert words.startswith("12 made-up examples are meant: 1 no 00, ")
    assert "1 no 09, 2 more labels. " in words
    assert words.endswith("“no 09” and 2 more.")
    workspace.ledger.set_task("blades", replace(Task("text"), answers=AnswerKind.NUMBER))
    words = wanted_words(wanted_inputs(workspace, "blades", made_up=True))
    assert words == "12 made-up examples are meant."


def test_of_several_labels_each_counts(workspace: Workspace) -> None:
    """An example that bears two is one of each."""
    workspace.ledger.set_task("blades", replace(Task("text"), answers=AnswerKind.LABELS))
    texts(workspace, Provenance.SYNTHETIC, "late; rude", "late")
    texts(workspace, Provenance.UPLOAD, "rude")
    words = wanted_words(wanted_inputs(workspace, "blades", made_up=True))
    assert words == "2 made-up examples are meant: 2 late, 1 rude. No other example to learn from is “late”."
