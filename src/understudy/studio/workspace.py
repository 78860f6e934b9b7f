"""The workspace: everything one team keeps, in one folder, or with its ledger and its blobs elsewhere."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from understudy.domain.errors import UnderstudyError
from understudy.store.blobs import BlobStore
from understudy.store.ledger import Ledger

VARIABLE = "UNDERSTUDY_WORKSPACE"
LEDGER_VARIABLE = "UNDERSTUDY_LEDGER"
BLOBS_VARIABLE = "UNDERSTUDY_BLOBS"
DEFAULT = "understudy-workspace"
LEDGER = "ledger.sqlite"
BLOBS = "blobs"

Now = Callable[[], datetime]


class WorkspaceUnusable(UnderstudyError):
    """The folder cannot hold a workspace."""


class NoWorkspace(UnderstudyError):
    """There is no workspace where one was looked for."""


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def workspace_folder(named: str | os.PathLike[str] | None = None) -> Path:
    """Where the workspace is: as named, else as `UNDERSTUDY_WORKSPACE` says, else in the current folder."""
    return Path(named or os.environ.get(VARIABLE) or DEFAULT).absolute()


@dataclass
class Workspace(AbstractContextManager["Workspace"]):
    """An open workspace.

    Attributes:
        folder: Where everything is kept.
        ledger: What happened.
        blobs: The bytes of photos and models.
        blobs_url: Where another process finds the blobs.
        now: The clock.
    """

    folder: Path
    ledger: Ledger
    blobs: BlobStore
    blobs_url: str
    now: Now = utc_now

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        ledger: str | None = None,
        blobs: str | None = None,
        create: bool = True,
        now: Now = utc_now,
    ) -> Self:
        """Opens a workspace.

        Args:
            folder: Where it is; what can be made again is always kept there.
            ledger: Address of the ledger's database ("postgresql+psycopg://host/name"); by default as
                `UNDERSTUDY_LEDGER` says, else a SQLite file in the folder.
            blobs: Address of the blob store, anything that fsspec reaches ("s3://bucket/blobs"); by default as
                `UNDERSTUDY_BLOBS` says, else a folder in the folder.
            create: A folder that is not there yet becomes an empty workspace.
            now: The clock.

        Raises:
            NoWorkspace: There is none, and none is to be made.
            WorkspaceUnusable: The folder cannot be made or written to.
            LedgerUnavailable, LedgerTooNew, BlobStoreUnavailable: What is there cannot be used.
        """
        database = ledger or os.environ.get(LEDGER_VARIABLE)
        store = blobs or os.environ.get(BLOBS_VARIABLE) or str(folder / BLOBS)
        if folder.exists() and not folder.is_dir():
            raise WorkspaceUnusable(
                fact=f"“{folder}” cannot be a workspace.",
                reason="It is a file, and a workspace is a folder.",
                remedy="Name a folder with --workspace.",
            )
        if not create and not database and not (folder / LEDGER).is_file():
            raise NoWorkspace(
                fact=f"There is no workspace at “{folder}”.",
                reason=f"It was looked for where --workspace or {VARIABLE} says, else in the current folder.",
                remedy="Go to its folder, name it with --workspace, or begin one with “understudy new NAME”.",
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceUnusable(
                fact=f"“{folder}” cannot be a workspace.",
                reason=f"The system says: {error.strerror}.",
                remedy="Name another folder with --workspace, or make this one yours to write to.",
            ) from error
        files = BlobStore(store)
        return cls(folder, Ledger.open(database or folder / LEDGER), files, store, now)

    @property
    def cache(self) -> Path:
        """What can be made again at any time."""
        return self.folder / "cache"

    def run_folder(self, project: str) -> Path:
        """Where the present training run of a project keeps its journal."""
        return self.folder / "runs" / project

    def curve_folder(self, project: str) -> Path:
        """Where the present measuring of a project's curve keeps what it needs; no project's run can be called so."""
        return self.folder / "runs" / f"{project}.curve"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ledger.close()
