"""The parts that a report is made of, the same for its page and its print; everything in them is plain text."""

from dataclasses import dataclass
from typing import Literal

from understudy.studio.pictures.drawing import Chart, Table


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` ones are set larger, `note` ones smaller."""

    text: str
    manner: Literal["plain", "lead", "note"] = "plain"
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class Facts:
    """Names and what they are.

    Attributes:
        rows: As (name, what it is).
        exact: Digests and commands, set in a fixed width.
    """

    rows: tuple[tuple[str, str], ...]
    exact: bool = False
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes:
        table: Headings and cells.
        caption: What it lists.
        figures: Columns that are set flush right.
        wide: Columns that share the room which the others leave.
    """

    table: Table
    caption: str
    figures: tuple[int, ...] = ()
    wide: tuple[int, ...] = ()
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True)
class Image:
    """A picture.

    Attributes:
        chart: As it is printed: wide, light.
        versions: Further ones for screens, as (theme, width, SVG).
    """

    chart: Chart
    versions: tuple[tuple[str, int, str], ...] = ()
    kind: Literal["image"] = "image"


Block = Text | Points | Facts | Grid | Image


@dataclass(frozen=True)
class Section:
    """A chapter of a report.

    Attributes:
        title: Its heading.
        blocks: What it says.
        breaks: It begins on a new page in print.
    """

    title: str
    blocks: tuple[Block, ...]
    breaks: bool = False


@dataclass(frozen=True)
class Report:
    """A report, ready to be set.

    Attributes:
        project: Its project.
        verdict: "launch", "not yet" or "stop".
        headline: The verdict in one sentence.
        says: What it means.
        next_step: The one thing to do now.
        at: When the review was made, in words.
        date: The same as year, month, day, hour, minute, second, UTC.
        opening: The blocks that stand under the verdict.
        sections: The rest.
        digest: SHA-256 of the evidence, in hex.
    """

    project: str
    verdict: str
    headline: str
    says: str
    next_step: str
    at: str
    date: tuple[int, int, int, int, int, int]
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    digest: str

    @property
    def title(self) -> str:
        """What the file is called in a list of documents."""
        return f"Launch review of {self.project}, {self.at}"
