"""Inputs that a model is asked about together, and what is said where they cannot be had."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from understudy.domain.errors import UnderstudyError
from understudy.modalities.table.cells import Cell


class CannotRead(UnderstudyError):
    """An input's file cannot be read."""


@dataclass(frozen=True)
class Asked:
    """One input.

    Attributes:
        named: For people.
        read: Gives its bytes, or raises an `UnderstudyError`.
        cells: Of the row of a table that it comes from; else empty.
        remark: What a person should know of how it was come by; else empty.
        table: The table whose row it is, for people; else empty.
        row: Its number in the table's file.
    """

    named: str
    read: Callable[[], bytes]
    cells: Mapping[str, Cell] = field(default_factory=dict)
    remark: str = ""
    table: str = ""
    row: int = 0


@dataclass(frozen=True)
class Source:
    """Inputs that come together.

    Attributes:
        count: How many there are, those that cannot be read included.
        columns: Of the table they are rows of; else empty.
        asked: Gives them in order, as often as asked for.
        remarks: What was seen on opening it, a sentence each.
        problem: Why nothing of it can be asked about; None where something can.
    """

    count: int
    columns: tuple[str, ...]
    asked: Callable[[], Iterable[Asked]]
    remarks: tuple[str, ...] = ()
    problem: UnderstudyError | None = None


def one(asked: Asked) -> Source:
    """A source of one input."""
    return Source(1, (), lambda: [asked])


def broken(named: str, problem: UnderstudyError) -> Source:
    """A source that nothing can be read from."""
    return Source(1, (), lambda: [Asked(named, partial(refused, problem))], problem=problem)


def refused(error: UnderstudyError) -> bytes:
    """Raises an error where an input's bytes are asked for."""
    raise error


def bytes_in(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        CannotRead: It is a folder, or the system refuses.
    """
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise CannotRead(
            fact="It is a folder.",
            reason="Tables are asked about one by one.",
            remedy=f"Name the tables in it, such as {path}/*.csv.",
        ) from error
    except OSError as error:
        raise CannotRead(
            fact="It cannot be read.", reason=f"The system says: {error.strerror}.", remedy="Name a file."
        ) from error
