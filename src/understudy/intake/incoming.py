"""What a source hands over: files with what the source says about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding


class SourceUnreadable(UnderstudyError):
    """The folder, archive or table itself cannot be read."""


@dataclass(frozen=True)
class Incoming:
    """One file of a source, not yet read.

    Attributes:
        name: For people: its path in the source, with "/" between folders.
        label: What the source says it shows, or None.
        group: What it belongs with, by the rule the user gave, or None.
        read: Returns its bytes; safe to call from any thread. Raises `FileUnreadable`.
    """

    name: str
    label: str | None
    group: str | None
    read: Callable[[], bytes]


class FileUnreadable(Exception):
    """A file of a source cannot be read; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.fact)
        self.finding = finding


@dataclass(frozen=True)
class Source:
    """Everything that a folder, an archive or a table holds, in the order of names.

    Attributes:
        name: For people.
        items: Files to read, and findings about what cannot be read.
        ignored: Files that an operating system left behind (hidden ones, thumbnails); nobody misses them.
    """

    name: str
    items: Sequence[Incoming | Finding]
    ignored: int = 0


def readable_name(name: str) -> str:
    """A name that can be stored and shown: what is no character becomes "�"."""
    clean = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(character if character.isprintable() else "�" for character in clean)
