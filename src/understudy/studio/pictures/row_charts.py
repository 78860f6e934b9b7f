"""Dot-and-interval rows: one line for each figure, what was seen as a dot, what is proven as its interval.

A shape tells the outcome beside the colour: a full dot is proven, a ring is open, a cross is refuted.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from understudy.domain.review import Outcome
from understudy.studio.pictures.drawing import TEXT_SIZE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme

ROW_HEIGHT = 46
HEAD = 24
"""Room above the rows for the name of a line that crosses all of them, in pixels."""

FOOT = 24
MOST_ROWS = 16
"""As many as fit on a printed page."""

LETTER = 8.4
SHAPES = {Outcome.PROVEN: "circle", Outcome.OPEN: "ring", Outcome.REFUTED: "cross"}


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        label: What it is about, as it is shown.
        tally: What stands at its right ("112 of 120").
        low: Lower end of its interval.
        seen: The figure.
        high: Upper end.
        bar: What is asked of it, or None.
        outcome: What the evidence says, or None where nothing is asked.
    """

    label: str
    tally: str
    low: float
    seen: float
    high: float
    bar: float | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Scale:
    """Where figures lie from left to right.

    Attributes:
        ticks: Figures that are named, evenly spaced; the first and the last are the ends.
        told: How a figure is named.
    """

    ticks: tuple[float, ...]
    told: Callable[[float], str]

    @property
    def low(self) -> float:
        """The left end."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """The right end."""
        return self.ticks[-1]

    def x(self, field: str) -> Any:
        """The field of a mark as a place on this scale."""
        return alt.X(f"{field}:Q", scale=alt.Scale(domain=[self.low, self.high], nice=False, zero=False), axis=None)

    def inside(self, figure: float) -> float:
        """The figure, or the end that it lies beyond."""
        return min(self.high, max(self.low, figure))


@dataclass(frozen=True)
class Line:
    """A line across all rows: what is asked of each, or where nothing is won or lost."""

    at: float
    name: str


def shares_scale(figures: Sequence[float], *, width: int) -> Scale:
    """A scale of shares that begins at a round one below the figures and never goes beyond 0 and 100%."""
    low, high = max(0.0, min(figures, default=0.0)), min(1.0, max(figures, default=1.0))
    scale = round_scale(low, high, told=lambda share: f"{round(share * 100, 6):g}%", most=4 if width < 480 else 6)
    ticks = tuple(tick for tick in scale.ticks if -1e-9 <= tick <= 1 + 1e-9)
    return Scale(ticks, scale.told)


def round_scale(low: float, high: float, *, told: Callable[[float], str], most: int) -> Scale:
    """A scale whose ends and ticks are round, with at most so many ticks beyond the first."""
    span = max(high - low, abs(high) * 1e-6, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10, 20, 25) if span / (power * nice) <= most - 1)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(tuple(round(step * tick, 12) for tick in range(first, max(last, first + 1) + 1)), told)


def row_chart(
    rows: Sequence[Row],
    scale: Scale,
    *,
    told: tuple[str, str],
    table: Table,
    theme: Theme,
    width: int,
    line: Line | None = None,
) -> Chart:
    """Draws rows over one scale.

    Args:
        rows: From the top down; only the first sixteen are drawn, and the caption says so.
        scale: Where figures lie.
        told: The title, which is the finding, and the caption, which says how it was made.
        table: The same numbers, of every row.
        theme: Which colours.
        width: In pixels.
        line: A line that crosses every row, with its name on top.
    """
    palette, (title, caption) = PALETTES[theme], told
    drawn, head = list(rows[:MOST_ROWS]), HEAD if line is not None else 4
    bottom = head + ROW_HEIGHT * len(drawn)
    layers = ticks(scale, palette, top=head, bottom=bottom)
    if line is not None:
        stretches = [
            (head - 6, head),
            *((head + ROW_HEIGHT * row + 22, head + ROW_HEIGHT * row + 43) for row in range(len(drawn))),
        ]
        layers += crossing(line, scale, palette, stretches)
    layers += _intervals(drawn, scale, palette, head) + _texts(drawn, scale, palette, (width, head))
    left = f" {MOST_ROWS} of {len(rows)} are drawn; the table has all." if len(rows) > MOST_ROWS else ""
    svg = rendered(layers, title=title, theme=theme, size=(width, bottom + FOOT))
    return Chart(title, caption + left, svg, table)


def ticks(scale: Scale, palette: Palette, *, top: float, bottom: float) -> list[Any]:
    """Upright lines at round figures, named under them."""
    ends = {0: "left", len(scale.ticks) - 1: "right"}
    layers = []
    for align in ("left", "center", "right"):
        chosen = [tick for place, tick in enumerate(scale.ticks) if ends.get(place, "center") == align]
        data = alt.Chart(alt.Data(values=[{"at": tick, "text": scale.told(tick)} for tick in chosen]))
        layers += [
            data.mark_rule(color=palette.grey_2).encode(x=scale.x("at"), y=alt.YValue(top), y2=alt.Y2Value(bottom)),
            data.mark_text(align=align, fontSize=TEXT_SIZE, color=palette.grey_4).encode(
                x=scale.x("at"), y=alt.YValue(bottom + 14), text="text:N"
            ),
        ]
    return layers


def crossing(line: Line, scale: Scale, palette: Palette, stretches: Sequence[tuple[float, float]]) -> list[Any]:
    """A line with its name on top, drawn from top to bottom of each stretch, so that it crosses no text."""
    part = (scale.inside(line.at) - scale.low) / (scale.high - scale.low)
    align = "right" if part > 0.6 else "left" if part < 0.4 else "center"
    at = scale.inside(line.at)
    data = alt.Chart(alt.Data(values=[{"at": at, "text": line.name}]))
    parts = alt.Chart(alt.Data(values=[{"at": at, "from": top, "to": bottom} for top, bottom in stretches]))
    shift = {"right": 4, "left": -4, "center": 0}[align]
    return [
        parts.mark_rule(color=palette.ink, strokeWidth=1.5, strokeDash=[4, 3]).encode(
            x=scale.x("at"), y=alt.Y("from:Q", scale=None, axis=None), y2="to:Q"
        ),
        data.mark_text(align=align, dx=shift, fontSize=TEXT_SIZE, color=palette.ink).encode(
            x=scale.x("at"), y=alt.YValue(8), text="text:N"
        ),
    ]


def colour_of(outcome: Outcome | None, palette: Palette) -> str:
    """The colour of safe, watch or stop; the accent where nothing is asked."""
    colours = {Outcome.PROVEN: palette.safe, Outcome.OPEN: palette.watch, Outcome.REFUTED: palette.stop}
    return palette.accent if outcome is None else colours.get(outcome, palette.accent)


def _intervals(rows: Sequence[Row], scale: Scale, palette: Palette, head: float) -> list[Any]:
    """Each row's interval, its own bar, and its dot."""
    data = [
        {
            "low": scale.inside(row.low),
            "seen": scale.inside(row.seen),
            "high": scale.inside(row.high),
            "bar": row.bar,
            "y": head + ROW_HEIGHT * place + 32,
            "colour": colour_of(row.outcome, palette),
            "shape": SHAPES.get(row.outcome, "circle") if row.outcome is not None else "circle",
        }
        for place, row in enumerate(rows)
    ]
    lines = alt.Chart(alt.Data(values=data)).encode(y=alt.Y("y:Q", scale=None, axis=None))
    hue = alt.Color("colour:N", scale=None)
    asked = alt.Chart(alt.Data(values=[one for one in data if one["bar"] is not None]))
    layers = [
        lines.mark_rule(strokeWidth=5, opacity=0.4).encode(x=scale.x("low"), x2="high:Q", color=hue),
        asked.mark_tick(color=palette.ink, thickness=2.5, size=20, orient="vertical").encode(
            x=scale.x("bar"), y=alt.Y("y:Q", scale=None, axis=None)
        ),
    ]
    for shape, mark in (("circle", "circle"), ("ring", "circle"), ("cross", "cross")):
        chosen = alt.Chart(alt.Data(values=[one for one in data if one["shape"] == shape]))
        filled = chosen.mark_point(
            shape=mark, size=110, filled=True, opacity=1, angle=45 if shape == "cross" else 0
        ).encode(x=scale.x("seen"), y=alt.Y("y:Q", scale=None, axis=None), color=hue)
        layers.append(filled)
        if shape == "ring":
            layers.append(
                chosen.mark_point(shape="circle", size=30, filled=True, opacity=1, color=palette.paper).encode(
                    x=scale.x("seen"), y=alt.Y("y:Q", scale=None, axis=None)
                )
            )
    return layers


def _texts(rows: Sequence[Row], scale: Scale, palette: Palette, size: tuple[int, float]) -> list[Any]:
    """Each row's name on the left above its line, its tally on the right."""
    width, head = size
    longest = max((len(row.tally) for row in rows), default=0)
    data = [
        {
            "label": row.label,
            "tally": row.tally,
            "left": scale.low,
            "right": scale.high,
            "y": head + ROW_HEIGHT * place + 13,
        }
        for place, row in enumerate(rows)
    ]
    texts = alt.Chart(alt.Data(values=data)).encode(y=alt.Y("y:Q", scale=None, axis=None))
    room = max(80, width - 32 - int(longest * LETTER))
    return [
        texts.mark_text(align="left", fontSize=TEXT_SIZE, color=palette.ink, limit=room).encode(
            x=scale.x("left"), text="label:N"
        ),
        texts.mark_text(align="right", fontSize=TEXT_SIZE, color=palette.grey_4).encode(
            x=scale.x("right"), text="tally:N"
        ),
    ]
