"""`understudy new`, `add`, `status` and `review`, and which workspace they mean."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.conftest import UNDERSTUDY, Give
from coloured import coloured, coloured_folder
from offered import LEVELS, offer
from trained import PROJECT, Trained
from understudy.cli.main import run
from understudy.studio.workspace import Workspace


def test_new_and_add(give: Give, tmp_path: Path) -> None:
    """A project begins empty, is given photos, and knows them again; each command names the next."""
    workspace = tmp_path / "my work"
    said = give("new", "doors", "--sealed-share", "0.5", workspace=workspace)
    place = f"understudy --workspace '{workspace}'"
    assert said.out == (
        f"doors begins. It takes requests already: POST /api/v1/projects/doors/decisions ({place} serve); "
        f"people answer them: {place} answer doors\n"
        f"Next, give it examples: {place} add doors examples/\n"
    )
    assert f"people answer them: {place} answer doors" in give("status", "doors", workspace=workspace).out
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=2)
    assert "4 photos added to doors." in give("add", "doors", photos, workspace=workspace).out
    again = give("add", "doors", photos, workspace=workspace)
    assert "Nothing new: doors has these 4 photos already." in again.out
    assert again.out.endswith(f"Next: {place} train doors\n")
    (photos / "amber" / "third.jpg").write_bytes(coloured("amber", 9))
    assert "1 photo added to doors; 4 photos known already." in give("add", "doors", photos, workspace=workspace).out
    with Workspace.open(workspace) as opened:
        assert opened.ledger.project("doors").sealed_share == 0.5


OTHERS = LEVELS.replace('"level", "levels"', '"pts", "point clouds"')


def test_a_modality_of_another_package_is_called_as_it_says(give: Give, tmp_path: Path) -> None:
    """Its plural stands wherever its inputs are counted, and a command that names them can be typed as it is told."""
    offer(tmp_path / "site", "clouds", OTHERS, "pts")
    (tmp_path / "scans" / "high").mkdir(parents=True)
    for at in range(3):
        (tmp_path / "scans" / "high" / f"{at}.level").write_text(str(at))
    around = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "UNDERSTUDY_WORKSPACE": str(tmp_path / "w")}

    def given(*words: str) -> str:
        return subprocess.run(
            [UNDERSTUDY, *words], capture_output=True, text=True, env=around, cwd=tmp_path, check=True
        ).stdout

    assert "Next, give it point clouds: understudy add yard 'point clouds/'" in given("new", "yard", "--as", "pts")
    assert "3 point clouds added to yard." in given("add", "yard", "scans")
    assert "3 point clouds" in given("status", "yard")
    assert give("status", "yard", workspace=tmp_path / "w").status == 0
    gone = give("add", "yard", tmp_path / "scans", workspace=tmp_path / "w")
    assert gone.status == 1
    assert "There is no modality “pts”" in gone.err
    assert "Install the package that offers it" in gone.err


def test_no_project_begins_for_a_modality_that_cannot_be_used(tmp_path: Path) -> None:
    """A package that offers one under another name than its own is named at once."""
    offer(tmp_path / "site", "clouds", OTHERS, "cloud")
    around = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "UNDERSTUDY_WORKSPACE": str(tmp_path / "w")}
    new = subprocess.run(
        [UNDERSTUDY, "new", "yard", "--as", "cloud"], capture_output=True, text=True, env=around, check=False
    )
    assert new.returncode == 1
    assert "The package clouds 1.0 offers clouds:MODALITY under this name, and that calls itself “pts”." in new.stderr
    assert not (tmp_path / "w").exists()


def test_labels_that_come_later(give: Give, tmp_path: Path) -> None:
    """Photos that came without a label get it when they come again with one."""
    photos = coloured_folder(tmp_path / "photos", "amber", each=2)
    give("new", "doors", workspace=tmp_path / "w")
    assert "Without a label: 2." in give("add", "doors", photos / "amber", workspace=tmp_path / "w").out
    said = give("add", "doors", photos, workspace=tmp_path / "w")
    assert "2 photos had no label before and now have one." in said.out
    assert "To learn from: 2 amber." in said.out


def test_a_name_is_taken(give: Give, tmp_path: Path) -> None:
    """Two projects do not share a name."""
    give("new", "doors", workspace=tmp_path)
    said = give("new", "doors", workspace=tmp_path)
    assert said.status == 1
    assert "A project “doors” exists already." in said.err


@pytest.mark.parametrize("name", ["Two Words", "../up", "ümlaut", "-"])
def test_bad_names(name: str, give: Give, tmp_path: Path) -> None:
    """A name that cannot stand in an address is refused before anything is made."""
    said = give("new", "--", name, workspace=tmp_path / "w")
    assert said.status == 1
    assert "cannot be a project's name" in said.err
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    "words", [["add", "doors", "."], ["predict", "doors", "x.jpg"], ["review", "doors"], ["export", "doors"]]
)
def test_no_workspace(words: list[str], give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that only make sense on what is there make no workspace, and say where they looked."""
    monkeypatch.chdir(tmp_path)
    said = give(*words)
    assert said.status == 1
    assert f"There is no workspace at “{tmp_path / 'understudy-workspace'}”." in said.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words", [["add", "doors", "."], ["review", "doors"], ["export", "doors"], ["status", "doors"]]
)
def test_unknown_project(words: list[str], trained: Trained, give: Give) -> None:
    """A project that is not there is an error with a remedy."""
    said = give(*words, workspace=trained.folder)
    assert said.status == 1
    assert said.err.startswith("There is no project “doors”.\n")
    assert len(said.err.splitlines()) == 3


def test_nothing_yet(give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no workspace yet, status says how to begin, and makes none."""
    monkeypatch.chdir(tmp_path)
    said = give("status")
    assert said.status == 0
    assert "No project yet in " in said.out
    assert "understudy train photos/" in said.out
    assert not list(tmp_path.iterdir())


def test_the_variable(trained: Trained, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """UNDERSTUDY_WORKSPACE leads to the workspace's projects, from anywhere."""
    monkeypatch.setenv("UNDERSTUDY_WORKSPACE", str(trained.folder))
    assert run(["status"]) == 0
    assert capsys.readouterr().out.startswith("blades: ")


@pytest.mark.parametrize("words", [["new", "doors"], ["serve", "--port", "0"], ["status"]])
def test_a_workspace_that_is_a_file(words: list[str], give: Give, tmp_path: Path) -> None:
    """A file is no workspace, and says so."""
    (tmp_path / "w").write_text("mine")
    said = give(*words, workspace=tmp_path / "w")
    assert said.status == 1
    assert "cannot be a workspace.\nIt is a file, and a workspace is a folder.\n" in said.err
    assert (tmp_path / "w").read_text() == "mine"


def test_a_ledger_that_is_none(give: Give, tmp_path: Path) -> None:
    """A ledger that is no database is refused in words."""
    (tmp_path / "ledger.sqlite").write_text("no database, but long enough to be looked at as one" * 20)
    said = give("status", workspace=tmp_path)
    assert said.status == 1
    assert "The ledger cannot be opened." in said.err


def test_status(trained: Trained, give: Give, tmp_path: Path) -> None:
    """Every project has its line; one project is told in full."""
    workspace = trained.copy(tmp_path)
    give("new", "young", workspace=workspace)
    lines = give("status", workspace=workspace).out.splitlines()
    assert lines[0].startswith("blades: ")
    assert "right. " in lines[0]
    assert lines[1].startswith("young: not trained yet.")
    full = give("status", PROJECT, workspace=workspace).out
    assert "from 5 candidates." in full
    assert "Looks at the sealed examples: 1." in full
    assert "With 95% confidence" in full
    assert "Not trained yet: understudy --workspace" in give("status", "young", workspace=workspace).out


def test_a_model_that_was_not_judged(trained: Trained, give: Give, tmp_path: Path) -> None:
    """A model that is newer than the verdict is not given the older one's verdict; a review judges it."""
    workspace = trained.copy(tmp_path)
    with Workspace.open(workspace) as opened:
        record = opened.ledger.latest_model(PROJECT)
        data = opened.blobs.get(record.blob)
        blob = opened.blobs.put(data)
        opened.ledger.record_model(
            PROJECT, version="0" * 64, blob=blob, trials=[], data_version="other", at=opened.now()
        )
    assert (
        "blades: The present model was not judged yet: understudy --workspace"
        in give("status", workspace=workspace).out
    )
    full = give("status", PROJECT, workspace=workspace).out
    assert "This is what the sealed examples showed about an earlier model:" in full
