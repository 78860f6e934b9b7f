"""Rows of a table as text, one after another, so that a long table never lies in memory as a whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from understudy.modalities.table.cells import text_of
from understudy.modalities.table.frame import Frame


@dataclass(frozen=True)
class Sheet:
    """A table, row by row.

    Attributes:
        name: For people.
        header: Its columns, each name once.
        rows: Begins reading: gives each row's line and its cells, one for each column, without blanks that say nothing.
    """

    name: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Sequence[str]]]]

    @classmethod
    def of(cls, frame: Frame) -> "Sheet":
        """The rows of a table that can be used; what was seen in it on the way, the table itself tells."""

        def rows() -> Iterator[tuple[int, Sequence[str]]]:
            for number, cells in frame.cells():
                # As `text_of` does with a text, which nearly every cell is: to ask it costs more than to do it.
                yield number, [" ".join(each.split()) if isinstance(each, str) else text_of(each) for each in cells]

        return cls(frame.name, frame.columns, rows)

    def sample(self, count: int = 1000) -> list[dict[str, str]]:
        """The first rows, by column."""
        return [dict(zip(self.header, cells, strict=True)) for _, cells in islice(self.rows(), count)]
