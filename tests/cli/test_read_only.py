"""Commands in a workspace that nothing can be written to."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.conftest import UNDERSTUDY
from understudy.domain.project import Project
from understudy.studio.workspace import Workspace

READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
REMEDY = "Make its disk writable, or copy the workspace to one that is and name the copy with --workspace.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A workspace that somebody has open, so that its ledger can be read wherever it is mounted."""
    with Workspace.open(tmp_path / "w") as opened:
        opened.ledger.create_project(Project("mails", opened.now()))
        yield opened.folder


def given(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Gives a command that sees the workspace on a disk that is read-only."""
    apart = ["unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh", str(workspace)]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount anything")
    command = [*apart, str(UNDERSTUDY), "--workspace", str(workspace), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["serve", "--port", "0", "--workers", "2"]])
def test_a_server_that_cannot_write_does_not_begin(words: list[str], workspace: Path) -> None:
    """It says one thing, with what to do, and ends: no page is opened that could take no answer."""
    said = given(workspace, *words)
    assert said.returncode == 1
    assert said.stdout == ""
    told = "The ledger cannot be written.\nThe database says: attempt to write a readonly database.\n"
    assert said.stderr == told + REMEDY


def test_what_only_reads_works_and_what_keeps_something_says_where(workspace: Path) -> None:
    """The status is read; a curve, which keeps others from drawing it meanwhile, says what it could not write."""
    assert given(workspace, "status", "mails").returncode == 0
    said = given(workspace, "curve", "mails")
    assert said.returncode == 1
    assert said.stderr.startswith(f"“{workspace}/runs” cannot be written.\nThe system says: Read-only file system.\n")
    assert said.stderr.endswith(REMEDY)


def test_a_ledger_that_nobody_has_open_says_why_it_cannot_be(workspace: Path) -> None:
    """SQLite needs a file beside the ledger even to read it, and says no more than that it cannot be opened."""
    for beside in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (workspace / beside).unlink()
    said = given(workspace, "status")
    assert said.returncode == 1
    assert said.stderr.startswith("The ledger cannot be opened, as it lies on a disk that is read-only.\n")
    assert said.stderr.endswith(REMEDY)
