"""The workspace: where it is, and what becomes of a folder that is none."""

from pathlib import Path

import pytest

from understudy.store.blobs import BlobStoreUnavailable
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
    """A file is no workspace, whether one is to be made or only looked at."""
    (tmp_path / "w").touch()
    for create in (True, False):
        with pytest.raises(WorkspaceUnusable, match="It is a file, and a workspace is a folder"):
            Workspace.open(tmp_path / "w", create=create)


def test_ledger_and_blobs_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledger and blobs lie where they are said to, by argument before variable; the folder keeps the rest."""
    monkeypatch.setenv("UNDERSTUDY_LEDGER", f"sqlite:///{tmp_path / 'variable.db'}")
    monkeypatch.setenv("UNDERSTUDY_BLOBS", str(tmp_path / "by-variable"))
    with Workspace.open(tmp_path / "w", create=False) as opened:
        digest = opened.blobs.put(b"a photo")
        assert (tmp_path / "by-variable" / digest[:2] / digest[2:4] / digest).is_file()
    named = {"ledger": f"sqlite:///{tmp_path / 'named.db'}", "blobs": f"file://{tmp_path / 'named'}"}
    with Workspace.open(tmp_path / "w", **named) as opened:
        assert opened.blobs_url == named["blobs"]
        assert not opened.blobs.has(digest)
    assert {path.name for path in tmp_path.iterdir()} >= {"variable.db", "named.db", "w"}
    assert not (tmp_path / "w" / "ledger.sqlite").exists()


def test_a_store_that_nothing_understands(tmp_path: Path) -> None:
    """An address that no installed library reaches is said, and no ledger is made before."""
    with pytest.raises(BlobStoreUnavailable, match="cannot be opened"):
        Workspace.open(tmp_path / "w", blobs="nowhere://bucket/blobs")
    assert not (tmp_path / "w" / "ledger.sqlite").exists()
