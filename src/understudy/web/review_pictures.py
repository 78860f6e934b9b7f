"""The pictures of a review: drawn once for a theme and a width, and kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from understudy.domain.review import Review
from understudy.serving.latest import Latest
from understudy.studio.pictures.drawing import Chart
from understudy.studio.pictures.palette import Theme
from understudy.studio.review.charts import Picture, Shown, draw_all

WIDE, PHONE = 640, 340
"""For a page and for a phone, in pixels."""

SIZES = (WIDE, PHONE)


@dataclass(frozen=True)
class ReviewPicture:
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

    def source(self, theme: Theme, *, phone: bool) -> str:
        """The address of one version."""
        return f"{self.address}?theme={theme}&width={SIZES[phone]}"


class ReviewPictures:
    """Draws in a thread and keeps the latest reviews' pictures.

    Args:
        kept: Of how many reviews, each theme and width counted apart.
    """

    def __init__(self, *, kept: int = 32) -> None:
        self._drawn: Latest[tuple[Review, Theme, int], Mapping[Picture, Chart]] = Latest(kept)

    async def charts(self, shown: Shown, theme: Theme, width: int) -> Mapping[Picture, Chart]:
        """Every picture that the review holds something for."""
        key = (shown.review, theme, width)
        found = self._drawn.get(key)
        if found is None:
            found = await asyncio.to_thread(draw_all, shown, theme=theme, width=width)
            self._drawn.put(key, found)
        return found
