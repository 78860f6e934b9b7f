"""A tree of files: what a folder and an archive have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from understudy.domain.finding import Finding

LEFT_BEHIND: Final = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "icon\r"))
"""Files and folders, in lower case, that operating systems leave behind."""
LARGEST_TABLE: Final = 4 * 10**9
"""Bytes up to which a table is read that lies in a tree; one that is named itself may be larger."""


@dataclass(frozen=True)
class Listing:
    """What a tree holds.

    Attributes:
        files: Paths that may be read, in order, with "/" between folders.
        folders: Paths of all folders, in order.
        findings: What must not or cannot be read.
        ignored: Files that an operating system left behind.
    """

    files: Sequence[str]
    folders: Sequence[str]
    findings: Sequence[Finding]
    ignored: int


class Tree(Protocol):
    """Files by path."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    def listing(self) -> Listing:
        """Lists everything."""
        ...

    def problem(self, path: str) -> Finding | None:
        """Why the file must not be read, or is missing; None if it can be."""
        ...

    def read(self, path: str, most: int) -> bytes:
        """Reads a file of at most so many bytes. Thread-safe.

        Raises:
            FileUnreadable: It is larger, or cannot be read; the finding says why.
        """
        ...

    def head(self, path: str, length: int) -> bytes:
        """Reads so many bytes from the beginning of a file, however large it is. Thread-safe.

        Raises:
            FileUnreadable: The finding says why.
        """
        ...


def is_left_behind(path: str) -> bool:
    """Whether an operating system left the file behind, or it is hidden."""
    return any(part.startswith(".") or part.lower() in LEFT_BEHIND for part in path.split("/"))
