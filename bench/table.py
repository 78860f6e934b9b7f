"""Tables in plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Bar:
    """A figure beside what is asked of it.

    Attributes:
        what: What is measured.
        figure: What came out.
        asked: What is asked.
        at: Whether the figure has to be "least" or "most" as large as asked.
        unit: Of both.
        digits: Decimal places shown; they do not decide.
    """

    what: str
    figure: float
    asked: float
    at: Literal["least", "most"]
    unit: str = ""
    digits: int = 3

    @property
    def ok(self) -> bool:
        """Whether the figure is as asked."""
        return self.figure >= self.asked if self.at == "least" else self.figure <= self.asked

    def cells(self) -> list[str]:
        """What, figure, bar, and ok or short."""
        unit = f" {self.unit}" if self.unit else ""
        sign = "≥" if self.at == "least" else "≤"
        figure, asked = f"{self.figure:.{self.digits}f}{unit}", f"{sign} {self.asked:.{self.digits}f}{unit}"
        return [self.what, figure, asked, "ok" if self.ok else "short"]


def bars(measured: Sequence[Bar]) -> str:
    """One row a bar."""
    return table(["", "figure", "bar", ""], [bar.cells() for bar in measured])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns: the first to the left, figures to the right."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    return "\n".join(_line(row, widths) for row in [head, ["-" * width for width in widths], *rows])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()
