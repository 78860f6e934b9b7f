"""Ctrl-C, limits and kills of a real `understudy train`: what ends, what is kept, what goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Give, Running, is_gone, until
from coloured import coloured
from trained import PROJECT, Trained
from understudy.studio.workspace import Workspace

Start = Callable[..., Running]
MANY = "30"
"""Candidates enough to be interrupted among, and no photo seen larger than the smallest size."""


def tried(workspace: Path) -> int:
    """How many candidates the present run has finished."""
    journal = workspace / "runs" / PROJECT / "journal" / "trials.jsonl"
    return len(journal.read_text().splitlines()) if journal.exists() else 0


@pytest.fixture(scope="module")
def uninterrupted(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a run that nobody disturbed."""
    workspace = tmp_path_factory.mktemp("whole") / "w"
    said = Running("train", trained.photos, "--seed", "3", "--trials", MANY, workspace=workspace).ended()
    assert said.status == 0, said.err
    return workspace


def test_ctrl_c_and_resume(trained: Trained, uninterrupted: Path, start: Start, give: Give, tmp_path: Path) -> None:
    """Ctrl-C builds a model from what was tried and judges it; --resume ends with the undisturbed one."""
    workspace = tmp_path / "w"
    running = start("train", trained.photos, "--seed", "3", "--trials", MANY, workspace=workspace)
    until(lambda: tried(workspace) > 0)
    children = running.children()
    for child in children:
        child.suspend()  # so that it cannot finish meanwhile
    running.press_ctrl_c()
    running.line("^Stopping: what was tried becomes the model. Ctrl-C again ends at once.$", err=True)
    for child in children:
        child.resume()
    said = running.ended()
    assert said.status == 0
    assert "You stopped it, so it was built from what was tried." in said.out
    assert "With 95% confidence" in said.out
    stopped_at, whole = tried(workspace), tried(uninterrupted)
    assert 0 < stopped_at < whole
    with Workspace.open(workspace) as opened:
        early = opened.ledger.latest_model(PROJECT).version
    resumed = give("train", PROJECT, "--seed", "3", "--trials", MANY, "--resume", workspace=workspace)
    assert resumed.status == 0
    assert "stopped it" not in resumed.out
    with Workspace.open(workspace) as opened, Workspace.open(uninterrupted) as other:
        resumed_model, model = opened.ledger.latest_model(PROJECT), other.ledger.latest_model(PROJECT)
        assert resumed_model.version == model.version
        assert opened.blobs.get(resumed_model.blob) == other.blobs.get(model.blob)
        assert len(resumed_model.trials) == whole
        # The candidates that were left may come to the same model, and a look at it is spent once.
        assert opened.ledger.look_count(PROJECT) == len({early, model.version})


def test_resume_of_something_else(uninterrupted: Path, give: Give) -> None:
    """A run is not resumed with another seed."""
    said = give("train", PROJECT, "--seed", "4", "--resume", workspace=uninterrupted)
    assert said.status == 1
    assert "The earlier run cannot go on." in said.err
    assert "Train without --resume" in said.err


def test_ctrl_c_twice(trained: Trained, start: Start, tmp_path: Path) -> None:
    """A second Ctrl-C ends at once, without a model and with all that was tried."""
    workspace = tmp_path / "w"
    running = start("train", trained.photos, workspace=workspace)
    until(lambda: tried(workspace) > 0)
    children = running.children()
    for child in children:
        child.suspend()  # so that it cannot finish meanwhile
    before = tried(workspace)
    running.press_ctrl_c()
    running.line("^Stopping:", err=True)
    running.press_ctrl_c()
    said = running.ended()
    assert said.status == 130
    assert said.err.strip().splitlines() == [
        "Stopped; no model was made.",
        "It was stopped before a model could be built, and what was finished is kept.",
        "To go on, give the same command with --resume.",
    ]
    until(lambda: all(is_gone(child) for child in children))
    assert tried(workspace) == before > 0


def test_ctrl_c_before_anything_was_tried(trained: Trained, start: Start, tmp_path: Path) -> None:
    """Ctrl-C before the first candidate is done says that there is no model, and how to go on."""
    running = start("train", trained.photos, workspace=tmp_path / "w")
    children = running.children()
    running.press_ctrl_c()
    said = running.ended()
    assert said.status == 130
    assert "no model was made" in said.err
    assert "To go on, give the same command with --resume." in said.err
    until(lambda: all(is_gone(child) for child in children))


def test_ctrl_c_while_reading(start: Start, tmp_path: Path) -> None:
    """Ctrl-C while photos are read keeps none by halves and leaves no project."""
    source = tmp_path / "many"
    source.mkdir()
    photo = coloured("amber", 1, kind="PNG", size=(1600, 1200))
    for number in range(30):
        (source / f"{number}.png").write_bytes(photo + bytes([number]))
    running = start("train", source, workspace=tmp_path / "w")
    until((tmp_path / "w" / "blobs").exists)
    running.press_ctrl_c()
    said = running.ended()
    assert said.status == 130
    assert "Examples were still being read" in said.err
    with Workspace.open(tmp_path / "w") as workspace:
        assert workspace.ledger.projects() == []


def test_kill(trained: Trained, start: Start, give: Give, tmp_path: Path) -> None:
    """A killed command leaves no process behind and a workspace that works."""
    workspace = trained.copy(tmp_path)
    running = start("train", PROJECT, "--seed", "1", workspace=workspace)
    until(lambda: tried(workspace) > 0 and bool(running.children()))
    children = running.children()
    running.process.kill()
    running.process.communicate()
    until(lambda: all(is_gone(child) for child in children))
    assert give("status", workspace=workspace).status == 0
    said = give("train", PROJECT, "--seed", "1", "--resume", "--trials", "1", workspace=workspace)
    assert said.status == 0


def test_two_at_once(trained: Trained, start: Start, give: Give, tmp_path: Path) -> None:
    """While a project is trained by its name, a second command is refused and disturbs nothing."""
    workspace = trained.copy(tmp_path)
    running = start("train", PROJECT, "--seed", "1", "--trials", "1", workspace=workspace)
    children = running.children()
    for child in children:
        child.suspend()
    said = give("train", PROJECT, workspace=workspace)
    for child in children:
        child.resume()
    assert said.status == 1
    assert "“blades” is being trained already." in said.err
    undisturbed = running.ended()
    assert undisturbed.status == 0
    assert "added" not in undisturbed.out
    assert "1 candidate tried." in undisturbed.out


def test_a_little_time(trained: Trained, give: Give, tmp_path: Path) -> None:
    """Three seconds give a model or a clear refusal, never a broken-off run."""
    said = give("train", PROJECT, "--minutes", "0.05", workspace=trained.copy(tmp_path))
    if said.status:
        assert said.status == 1
        assert "No model was made" in said.err
        assert "--resume" in said.err
    else:
        assert "Trained in" in said.out


def test_no_time(trained: Trained, give: Give, tmp_path: Path) -> None:
    """Time that is over before anything is tried is refused clearly, and the older model stands."""
    workspace = trained.copy(tmp_path)
    said = give("train", PROJECT, "--minutes", "0.001", workspace=workspace)
    assert said.status == 1
    assert "No model was made.\nThe time was up before" in said.err
    assert "give it more minutes" in said.err
    assert "right." in give("status", workspace=workspace).out


def test_little_memory(trained: Trained, give: Give, tmp_path: Path) -> None:
    """Too little memory is refused clearly; with enough, --resume goes on."""
    workspace = trained.copy(tmp_path)
    said = give("train", PROJECT, "--memory", "0.1", workspace=workspace)
    assert said.status == 1
    assert "Training needed more memory than it may use" in said.err
    assert "--memory" in said.err
    assert give("train", PROJECT, "--trials", "1", "--resume", workspace=workspace).status == 0
