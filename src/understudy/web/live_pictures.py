"""Pictures of what changes all the time: drawn from the ledger as it is, and kept as long as it stays so."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from understudy.serving.latest import Latest
from understudy.studio.pictures.drawing import Chart
from understudy.studio.pictures.palette import Theme
from understudy.web.review_pictures import SIZES, WIDE

Draw = Callable[[Theme, int], Chart]
"""Draws a picture in a theme and a width."""


@dataclass(frozen=True)
class LivePicture:
    """Where a picture's four versions are, what it says, how it was made, and the same numbers.

    Attributes:
        address: Without its query.
        chart: As drawn for a page in the light theme; its words and table stand beside every version.
    """

    address: str
    chart: Chart

    @property
    def says(self) -> str:
        """Its finding in one sentence, for those who do not see it."""
        return self.chart.title

    @property
    def of(self) -> str:
        """What it shows; part of the address, so that a browser asks again when it has changed."""
        return hashlib.sha256(self.chart.svg.encode()).hexdigest()[:12]

    def source(self, theme: Theme, *, phone: bool) -> str:
        """The address of one version."""
        return f"{self.address}?theme={theme}&width={SIZES[phone]}&of={self.of}"


class LivePictures:
    """Draws in a thread and keeps the latest pictures, by the numbers that they show.

    Args:
        kept: How many.
    """

    def __init__(self, *, kept: int = 128) -> None:
        self._drawn: Latest[tuple[object, Theme, int], Chart] = Latest(kept)

    async def chart(self, shows: object, draw: Draw, theme: Theme = "light", width: int = WIDE) -> Chart:
        """One picture.

        Args:
            shows: The numbers, as something that can be told apart from other numbers.
            draw: Draws it.
            theme: Which colours.
            width: In pixels.
        """
        key = (shows, theme, width)
        found = self._drawn.get(key)
        if found is None:
            found = await asyncio.to_thread(draw, theme, width)
            self._drawn.put(key, found)
        return found
