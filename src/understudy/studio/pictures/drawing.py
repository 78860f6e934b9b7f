"""From a Vega-Lite chart to an SVG picture with a name, drawn on this machine and without a network.

Starting the renderer takes about half a second and each picture about 50 ms, so pictures are drawn once for a
judgement and kept.
"""

import html
import textwrap
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from understudy.studio.pictures.palette import PALETTES, SANS, Theme

WIDE = 640
AXIS = 26
"""Room for the figures under a plot, in pixels."""

PERCENT_AXIS = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1], "title": None, "domain": False, "ticks": False}
TITLE_SIZE = 15
TEXT_SIZE = 13
LINE = 20
TITLE_GAP = 16
TITLE_ADVANCE = 9.6
"""Generous mean width of a letter of the title, in pixels; used to break its lines."""


@dataclass(frozen=True)
class Table:
    """The numbers of a picture, as text to be shown.

    Attributes:
        columns: Headings.
        rows: Cells, as many in each row as there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A picture with everything that must stand beside it.

    Attributes:
        title: Its finding, in one sentence; also drawn in the picture.
        caption: How it was made.
        svg: The picture, a complete `<svg>` element named by its title; safe to put into a page as it is.
        table: The same numbers.
    """

    title: str
    caption: str
    svg: str
    table: Table


def rendered(layers: list[Any], *, title: str, theme: Theme, size: tuple[int, int]) -> str:
    """Draws layers over each other.

    Args:
        layers: Altair charts that share their scales.
        title: The finding, drawn on top and read out by screen readers.
        theme: Which colours to use.
        size: Width of the whole picture, and height of all that is below its title, in pixels.

    Returns:
        One `<svg>` element.
    """
    palette = PALETTES[theme]
    width, height = size
    lines = textwrap.wrap(title, max(12, int((width - 8) / TITLE_ADVANCE)))
    text = {"labelFontSize": TEXT_SIZE, "titleFontSize": TEXT_SIZE, "labelFont": SANS, "titleFont": SANS}
    chart = (
        alt.layer(*layers)
        .properties(width=width, height=height + LINE * len(lines) + TITLE_GAP, padding=4)
        .properties(title=alt.TitleParams(text=lines, anchor="start", frame="bounds", offset=TITLE_GAP - 4))
        .properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .configure(background=palette.paper, font=SANS, aria=False)
        .configure_title(font=SANS, fontSize=TITLE_SIZE, fontWeight=600, color=palette.ink, lineHeight=LINE)
        .configure_view(stroke=None)
        .configure_axis(
            **text,
            labelColor=palette.grey_4,
            titleColor=palette.grey_4,
            titleFontWeight=400,
            gridColor=palette.grey_2,
            domainColor=palette.grey_3,
            tickColor=palette.grey_3,
        )
    )
    return _named(vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[]), title)


def _named(svg: str, title: str) -> str:
    """Gives the picture a name that is read out in place of its parts."""
    name = html.escape(title, quote=True)
    head, rest = svg.split(">", 1)
    return f'{head} role="img" aria-label="{name}"><title>{name}</title>{rest}'
