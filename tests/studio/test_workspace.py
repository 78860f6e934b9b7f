"""The workspace: where it is, and what becomes of a folder that is none."""

from pathlib import Path

import pytest

from understudy.studio.workspace import NoWorkspace, Workspace, WorkspaceUnusable, workspace_folder


def test_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name given wins over the variable, and that over the folder here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UNDERSTUDY_WORKSPACE", raising=False)
    assert workspace_folder() == tmp_path / "understudy-workspace"
    monkeypatch.setenv("UNDERSTUDY_WORKSPACE", "elsewhere")
    assert workspace_folder() == tmp_path / "elsewhere"
    assert workspace_folder("here") == tmp_path / "here"


def test_making_one(tmp_path: Path) -> None:
    """A folder that is not there becomes an empty workspace, unless none is to be made."""
    folder = tmp_path / "a" / "b"
    with pytest.raises(NoWorkspace, match="There is no workspace"):
        Workspace.open(folder, create=False)
    assert not folder.exists()
    with Workspace.open(folder) as made:
        assert made.ledger.projects() == []
    with Workspace.open(folder, create=False) as again:
        assert again.folder == folder


def test_a_file(tmp_path: Path) -> None:
    """A file is no workspace."""
    (tmp_path / "w").touch()
    with pytest.raises(WorkspaceUnusable, match="File exists"):
        Workspace.open(tmp_path / "w")
