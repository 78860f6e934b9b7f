"""The verdict's pictures as addresses: each drawn once for a theme and a width, and kept."""

import asyncio
from dataclasses import dataclass

from understudy.domain.evidence import Judgement, Proportion
from understudy.serving.latest import Latest
from understudy.stats.intervals import proportion
from understudy.studio.judgement.charts import launch_gauge, reliability
from understudy.studio.pictures.palette import Theme

EXAMPLE = proportion(31, 32)
"""What a first project may show: small, and true of these numbers."""

WIDTHS = {"gauge": (640, 340), "reliability": (640, 340), "row": (340, 340)}
"""For a page and for a phone, in pixels."""


@dataclass(frozen=True)
class Picture:
    """Where a drawing's four versions are, and what it says.

    Attributes:
        kind: "gauge", "reliability" or "row".
        address: Without its query.
        version: Which judgement it shows; part of the address, so that a browser may keep it.
        says: Its finding in one sentence, for those who do not see it.
    """

    kind: str
    address: str
    version: str
    says: str

    def source(self, theme: Theme, *, phone: bool) -> str:
        """The address of one version."""
        width = WIDTHS[self.kind][phone]
        return f"{self.address}?theme={theme}&width={width}&of={self.version}"


def picture_of(project: str, kind: str, judgement: Judgement, says: str) -> Picture:
    """A drawing of a project's latest judgement."""
    version = f"{judgement.model[:12]}-{judgement.look}"
    return Picture(kind, f"/projects/{project}/charts/{kind}.svg", version, says)


def example_picture(says: str) -> Picture:
    """The drawing that a page without projects shows."""
    return Picture("row", "/example.svg", "1", says)


class Drawings:
    """Draws in a thread and keeps the latest drawings.

    Args:
        kept: How many stay in memory.
    """

    def __init__(self, *, kept: int = 128) -> None:
        self._drawn: Latest[tuple[object, str, Theme, int], str] = Latest(kept)

    async def draw(self, shown: Judgement | Proportion, kind: str, theme: Theme, width: int) -> str:
        """One drawing as a complete SVG document."""
        key = (shown, kind, theme, width)
        found = self._drawn.get(key)
        if found is None:
            found = await asyncio.to_thread(_draw, shown, kind, theme, width)
            self._drawn.put(key, found)
        return found


def _draw(shown: Judgement | Proportion, kind: str, theme: Theme, width: int) -> str:
    if isinstance(shown, Proportion):
        return launch_gauge(shown, theme=theme, width=width).svg
    if kind == "reliability":
        return reliability(shown, theme=theme, width=width).svg
    return launch_gauge(shown.accuracy, theme=theme, width=width).svg
