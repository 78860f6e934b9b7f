"""What is said of what was taken in, and of what Ctrl-C left of it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from understudy.cli.telling import held, say_trained, take_in
from understudy.cli.terminal import Stopped
from understudy.domain.example import Example
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.store.examples import Counts
from understudy.store.ledger import Ledger
from understudy.studio.collection.reading import Reading
from understudy.studio.training.training import Fitted
from understudy.studio.workspace import Workspace

WHOLE = Ledger.add_examples


def mails(folder: Path) -> Path:
    path = folder / "mails.csv"
    rows = "".join(f"please send me card number {at} today,{'ham' if at % 2 else 'spam'}\n" for at in range(40))
    path.write_text("text,label\n" + rows)
    return path


def stopped_while(recorded: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Stopped, int]:
    """What is said of Ctrl-C after so many were recorded, and how many there are after the same command again."""

    def broken_off(ledger: Ledger, project: str, examples: Iterable[Example], *, by: str, at: datetime) -> int:
        WHOLE(ledger, project, list(examples)[:recorded], by=by, at=at)
        raise KeyboardInterrupt

    source = mails(folder)
    with Workspace.open(folder / "w") as workspace:
        project = Project("mails", workspace.now())
        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "add_examples", broken_off)
            with pytest.raises(Stopped) as caught:
                take_in(workspace, project, source, Reading(), by="ada")
        project = workspace.ledger.project("mails")
        take_in(workspace, project, source, Reading(), by="ada")
        counts = workspace.ledger.counts("mails")
        return caught.value, sum(counts.train.values()) + counts.sealed + counts.set_aside


def test_labels_that_count_in_place_of_others_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where none was asked for, the conflict names the option, and with it how many changed is said."""
    source = mails(tmp_path)
    with Workspace.open(tmp_path / "w") as workspace:
        project = Project("mails", workspace.now())
        take_in(workspace, project, source, Reading(), by="ada")
        source.write_text(source.read_text().replace(",ham", ",eggs", 2))
        for relabel in (False, True):
            take_in(workspace, workspace.ledger.project("mails"), source, Reading(relabel=relabel), by="ada")
    before, after = capsys.readouterr().out.split("understudy add mails SOURCE --relabel.")
    assert "2 texts came before with another label, which stands" in before
    assert "2 texts have the label that is said here, whatever was said before." in after


def test_ctrl_c_while_recording_says_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded by then is counted, and the same command again takes in the rest."""
    said, held_after = stopped_while(15, tmp_path, monkeypatch)
    assert said.reason.startswith("15 examples are recorded in mails so far, each whole")
    assert "same command again" in said.remedy
    assert held_after == 40


def test_ctrl_c_before_anything_is_recorded_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was recorded, that is said."""
    said, held_after = stopped_while(0, tmp_path, monkeypatch)
    assert said.reason == "Examples were still being read; none is recorded yet."
    assert held_after == 40


def test_labels_that_came_late_are_why_less_is_sealed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What came without a label is never sealed, so chance and likeness are not given as the reason."""
    words = ["card", "box", "rent", "door", "train", "lamp", "soup", "rain"]
    rows = [f"{words[at % 8]} {words[at // 8 % 8]} {words[at * 5 % 7]} {at},{'ab'[at % 2]}" for at in range(200)]
    half = [row if at < 100 else f"{row[:-1]}" for at, row in enumerate(rows)]
    with Workspace.open(tmp_path / "w") as workspace:
        project = Project("mails", workspace.now())
        for some in (half, rows):
            (tmp_path / "mails.csv").write_text("text,label\n" + "\n".join(some) + "\n")
            project = take_in(workspace, project, tmp_path / "mails.csv", Reading(), by="ada")
    said = capsys.readouterr().out
    assert ": 100 came without a label at first, and what came so is never sealed." in said
    assert "chance" not in said


def test_labels_that_are_numbers_are_set_apart() -> None:
    """A label that is a number stands in quotation marks beside its count."""
    assert held(Counts({"1": 391, "2": 171}, 0, 140, 0), Task("table")).startswith("To learn from: 391 “1”, 171 “2”.")


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "1 photo that it learned from was forgotten meanwhile.")])
def test_what_was_forgotten_during_a_training_is_told(
    count: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that learned from what is forgotten by its end says so, and what takes its place."""
    now = datetime(2026, 5, 4, tzinfo=UTC)
    record = ModelRecord("a1" * 32, "a1" * 32, (), "d", now)
    fitted = Fitted(record, 40, 40, 1.0, 1, complete=True, stopped=False, forgotten=count)
    say_trained(fitted, Project("doors", now))
    told = " ".join(capsys.readouterr().out.split())
    assert ("forgotten" in told, said in told) == (bool(count), True)
