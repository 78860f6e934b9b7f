"""The workspace: everything one team keeps, in one folder."""

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
DEFAULT = "understudy-workspace"
LEDGER = "ledger.sqlite"

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
        now: The clock.
    """

    folder: Path
    ledger: Ledger
    blobs: BlobStore
    now: Now = utc_now

    @classmethod
    def open(cls, folder: Path, *, create: bool = True, now: Now = utc_now) -> Self:
        """Opens a workspace.

        Args:
            folder: Where it is.
            create: A folder that is not there yet becomes an empty workspace.
            now: The clock.

        Raises:
            NoWorkspace: There is none, and none is to be made.
            WorkspaceUnusable: The folder cannot be made or written to.
            LedgerUnavailable, LedgerTooNew: What is there cannot be used.
        """
        if not create and not (folder / LEDGER).is_file():
            raise NoWorkspace(
                fact=f"There is no workspace at “{folder}”.",
                reason=f"It was looked for where --workspace or {VARIABLE} says, else in the current folder.",
                remedy="Go to the folder that holds it, or name it with --workspace.",
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceUnusable(
                fact=f"“{folder}” cannot be a workspace.",
                reason=f"The system says: {error.strerror}.",
                remedy="Name another folder with --workspace, or make this one yours to write to.",
            ) from error
        return cls(folder, Ledger.open(folder / LEDGER), BlobStore(str(folder / "blobs")), now)

    @property
    def blobs_url(self) -> str:
        """Where another process finds the blobs."""
        return str(self.folder / "blobs")

    @property
    def cache(self) -> Path:
        """What can be made again at any time."""
        return self.folder / "cache"

    def run_folder(self, project: str) -> Path:
        """Where the present training run of a project keeps its journal."""
        return self.folder / "runs" / project

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ledger.close()
