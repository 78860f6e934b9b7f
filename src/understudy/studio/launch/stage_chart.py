"""The stage timeline: what was live when, without a gap."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt

from understudy.domain.stage import Cause, Stage
from understudy.studio.launch.history import Period
from understudy.studio.launch.words import PEOPLE, cause_words, short
from understudy.studio.pictures.drawing import TEXT_SIZE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme
from understudy.studio.words.phrases import times

ROW = 34
HEAD = 8
FOOT = 44
ORDER = (Stage.LIVE, Stage.CANARY, Stage.SHADOW, Stage.WIZARD)
"""From the top down: the higher, the more the model answers."""

MINUTES_FROM = 10 * 60 * 1000
"""Milliseconds from which on seconds are not named: no two ticks are within one minute."""

DAYS_FROM = 2 * 24 * 3600 * 1000
"""Milliseconds from which on days are named and not hours."""


def stage_chart(periods: Sequence[Period], now: datetime, *, theme: Theme, width: int) -> Chart:
    """Draws which stage held when.

    Args:
        periods: Oldest first, without a gap; at least one.
        now: When the last of them is drawn to end, UTC.
        theme: "light" or "dark".
        width: In pixels; 640 suits a page, 340 a phone.

    Returns:
        A row for each stage with a bar for each time in which it held; a cross where a breaker tripped.
    """
    palette, title = PALETTES[theme], _title(periods)
    ends = (_stamp(periods[0].began), max(_stamp(now), _stamp(periods[-1].began) + 1000.0))
    layers = [*_rows(ends, palette), *_bars(periods, ends, palette, width), *_trips(periods, ends, palette)]
    svg = rendered(layers, title=title, theme=theme, size=(width, HEAD + ROW * len(ORDER) + FOOT))
    caption = "Each stage holds until the next begins, so there is no gap. Crosses: a breaker tripped."
    return Chart(
        title, caption, svg, Table(("since", "stage", "model", "who and why"), tuple(map(_cells, reversed(periods))))
    )


def _title(periods: Sequence[Period]) -> str:
    trips = sum(map(_tripped, periods))
    tripped = f"; the breaker tripped {times(trips)}" if trips else ""
    return f"In stage “{periods[-1].stage.value}” since {_told(periods[-1].began)}{tripped}."


def _cells(period: Period) -> tuple[str, str, str, str]:
    change = period.change
    if change is None:
        return _told(period.began), period.stage.value, PEOPLE, "until a model may answer, people do"
    return _told(period.began), period.stage.value, short(change.model or PEOPLE), cause_words(change)


def _tripped(period: Period) -> bool:
    return period.change is not None and period.change.cause is Cause.TRIPPED


def _rows(ends: tuple[float, float], palette: Palette) -> list[Any]:
    """A faint line for each stage, with its name on the left."""
    data = [{"y": _y(stage), "text": stage.value, "at": ends[0]} for stage in ORDER]
    chart = alt.Chart(alt.Data(values=data)).encode(y=alt.Y("y:Q", scale=None, axis=None))
    return [
        chart.mark_rule(color=palette.grey_2),
        chart.mark_text(align="left", dy=-14, fontSize=TEXT_SIZE, color=palette.grey_4).encode(
            x=_x(ends, "at"), text="text:N"
        ),
    ]


def _bars(periods: Sequence[Period], ends: tuple[float, float], palette: Palette, width: int) -> list[Any]:
    least = (ends[1] - ends[0]) * 3 / width  # a stage of a moment is still seen
    data = [
        {
            "from": _stamp(each.began),
            "to": max(ends[1] if each.ended is None else _stamp(each.ended), _stamp(each.began) + least),
            "y": _y(each.stage),
            "colour": palette.grey_3 if each.stage is Stage.WIZARD else palette.accent,
        }
        for each in periods
    ]
    return [
        alt.Chart(alt.Data(values=data))
        .mark_rule(strokeWidth=9)
        .encode(
            x=_x(ends, "from"),
            x2="to:T",
            y=alt.Y("y:Q", scale=None, axis=None),
            color=alt.Color("colour:N", scale=None),
        )
    ]


def _trips(periods: Sequence[Period], ends: tuple[float, float], palette: Palette) -> list[Any]:
    data = [{"at": _stamp(each.began), "y": _y(each.stage)} for each in periods if _tripped(each)]
    chart = alt.Chart(alt.Data(values=data))
    return [
        chart.mark_point(shape="cross", angle=45, size=120, filled=True, opacity=1, color=palette.stop).encode(
            x=_x(ends, "at"), y=alt.Y("y:Q", scale=None, axis=None)
        )
    ]


def _x(ends: tuple[float, float], field: str) -> Any:
    span = ends[1] - ends[0]
    form = "%H:%M:%S" if span < MINUTES_FROM else "%H:%M" if span < DAYS_FROM else "%-d %b"
    axis = alt.Axis(title=None, domain=False, grid=False, tickCount=4, labelOverlap=True, labelFlush=True, format=form)
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=list(ends), nice=False), axis=axis)


def _y(stage: Stage) -> float:
    return HEAD + ROW * ORDER.index(stage) + 24


def _stamp(at: datetime) -> float:
    """Milliseconds since 1970, as Vega reckons."""
    return at.timestamp() * 1000


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
