"""What a source hands over: files with what the source says about them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.task import Task


class SourceUnreadable(UnderstudyError):
    """The folder, archive or table itself cannot be read."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One input of a source, not yet read: a file, or a row of a table.

    Attributes:
        name: For people: its path in the source, with "/" between folders, or its line in a table.
        label: What the source says it shows, or None.
        group: What it belongs with, by the rule the user gave, or None.
        read: Returns its bytes; safe to call from any thread. Raises `FileUnreadable`.
    """

    name: str
    label: str | None
    group: str | None
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Understood:
    """What was made of a table's columns.

    Attributes:
        schema: The columns of a table of data rows, ready for JSON; None for other tables.
        says: What was understood, in sentences for people, each with how to correct it.
        files: What belongs to the schema and is too large for it, by name.
    """

    schema: Mapping[str, Any] | None = None
    says: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


class FileUnreadable(Exception):
    """A file of a source cannot be read; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.fact)
        self.finding = finding


Item = Incoming | Finding


class Items(Protocol):
    """What a source holds, to be gone through once; it need not lie in memory."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Item]: ...


@dataclass(frozen=True)
class Source:
    """Everything that a folder, an archive or a table holds, in the order of names or lines.

    Attributes:
        name: For people.
        items: Inputs to read, and findings about what cannot be read.
        ignored: Files that an operating system left behind (hidden ones, thumbnails); nobody misses them.
        task: What comes in, and what kind of answer its labels are.
        about: What more was understood of a table, or None for files.
        rows: Its inputs are rows of one file, so that to read one costs nothing.
        answered: Something in it may say the answer; a table may have no column for it.
        columns: Which column of a table said what, by the names of `Columns`; none of rows, whose schema says it.
        separator: What stands between several labels in a cell, or None.
        unsaid: What cells say that are taken for no answer, and how often; "" where they are empty.
    """

    name: str
    items: Items
    ignored: int = 0
    task: Task = PHOTO_LABELS
    about: Understood | None = None
    rows: bool = False
    answered: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    unsaid: Mapping[str, int] = field(default_factory=dict)


def readable_name(name: str) -> str:
    """A name that can be stored and shown: what is no character becomes "�"."""
    clean = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(character if character.isprintable() else "�" for character in clean)


def readable_words(text: str) -> str:
    """A sentence that can be stored and shown, whatever it quotes; on one line."""
    return readable_name(" ".join(text.split()))
