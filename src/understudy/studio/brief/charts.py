"""The picture of a brief: what automating a share of the decisions is worth in a month."""

from typing import Any

import altair as alt

from understudy.domain.economics import Economics
from understudy.domain.money import about_money
from understudy.studio.brief.words import estimate, value_rows
from understudy.studio.pictures.drawing import TEXT_SIZE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme

WIDE = 640
NARROW = 480
HEIGHT = 240
AS_PEOPLE = "as good as people"
LINES = ("never wrong", AS_PEOPLE, "just at the bar")
"""How good the model is assumed to be."""

SHORT = {"never wrong": "never wrong", "as good as people": "as people", "just at the bar": "at the bar"}


def value_chart(economics: Economics, *, theme: Theme, width: int = WIDE) -> Chart | None:
    """Draws the monthly value by the share that the model answers alone.

    Args:
        economics: What follows from the brief.
        theme: "light" or "dark".
        width: In pixels; 640 suits a page, 340 a phone.

    Returns:
        Three lines: never wrong, as good as people, just at the bar; the second is left out while nobody knows how
        often people are wrong, as it would be the first again. None when costs, volume or bar are unknown.
    """
    rows = value_rows(economics)
    if not rows or economics.bar is None:
        return None
    every = zip(LINES, _values(economics), strict=True)
    lines = {line: values for line, values in every if economics.people_error or line != AS_PEOPLE}
    palette = PALETTES[theme]
    title = _title(economics)
    caption = "A month’s saving over people answering everything, by the share that the model answers alone. "
    caption += "Dashes: no saving."
    cells = tuple(tuple(each for each in (row.share, row.perfect, row.as_people, row.at_bar) if each) for row in rows)
    svg = rendered(_layers(lines, economics.currency, palette, width), title=title, theme=theme, size=(width, HEIGHT))
    return Chart(title, caption, svg, Table(("answered alone", *lines), cells))


def _values(economics: Economics) -> list[list[float]]:
    """The value of each line at no, half and every decision."""
    error = 1 - (economics.bar or 0.0)
    ends = (0.0, 0.5, 1.0)
    return [
        [economics.monthly_value(end, 0.0) or 0.0 for end in ends],
        [economics.value_as_people(end) or 0.0 for end in ends],
        [economics.monthly_value(end, error) or 0.0 for end in ends],
    ]


def _title(economics: Economics) -> str:
    value = economics.value_as_people() or 0.0
    told = about_money(abs(value), economics.currency)
    if value > 0 and not economics.people_error:
        return f"Never wrong, it saves {told} a month if it answers everything, half of that for half."
    if value <= 0:
        return f"As good as people, the model would cost {told} a month more than they do."
    return f"As good as people, it saves {told} a month if it answers everything, half of that for half."


def _layers(lines: dict[str, list[float]], currency: str, palette: Palette, width: int) -> list[Any]:
    names = SHORT if width < NARROW else {line: line for line in LINES}
    points = [
        {"share": end, "money": money, "line": line}
        for line, values in lines.items()
        for end, money in zip((0.0, 0.5, 1.0), values, strict=True)
    ]
    colours = alt.Scale(domain=list(LINES), range=[palette.grey_3, palette.accent, palette.ink])
    dashes = alt.Scale(domain=list(LINES), range=[[6, 4], [1, 0], [2, 3]])
    ends = [
        {"share": 1.0, "money": place, "line": line, "text": f"{names[line]}: {estimate(lines[line][2], currency)}"}
        for line, place in _apart(lines)
    ]
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], title="Answered by the model alone", domain=False)
    across = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    figures = "datum.value == 0 ? '0' : format(datum.value, '~s')"
    scale = alt.Axis(title=f"{currency} a month", domain=False, ticks=False, tickCount=5, labelExpr=figures)
    up = alt.Y("money:Q", axis=scale)
    chart = alt.Chart(alt.Data(values=points))
    zero = alt.Chart(alt.Data(values=[{"money": 0}])).mark_rule(color=palette.grey_3, strokeDash=[4, 4])
    return [
        zero.encode(y=alt.Y("money:Q")),
        chart.mark_line(strokeWidth=2.5).encode(
            x=across,
            y=up,
            color=alt.Color("line:N", scale=colours, legend=None),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=None),
        ),
        *_names(ends, palette),
    ]


def _names(ends: list[dict[str, Any]], palette: Palette) -> list[Any]:
    """The lines' names, each on a little paper of its own, so that a line that passes behind leaves it readable."""
    chart = alt.Chart(alt.Data(values=ends)).encode(x=alt.X("share:Q"), y=alt.Y("money:Q"), text="text:N")
    place = {"align": "right", "dx": -2, "dy": -9, "fontSize": TEXT_SIZE}
    return [
        chart.mark_text(**place, color=palette.paper, stroke=palette.paper, strokeWidth=5, strokeJoin="round"),
        chart.mark_text(**place, color=palette.ink),
    ]


def _apart(lines: dict[str, list[float]]) -> list[tuple[str, float]]:
    """Where the name of each line stands: at its end, and far enough from the next to be read."""
    everything = [money for values in lines.values() for money in values]
    least = max((max(everything) - min(everything)) * 0.11, 1e-9)
    told: list[tuple[str, float]] = []
    for line, values in sorted(lines.items(), key=lambda pair: -pair[1][2]):
        place = values[2] if not told else min(values[2], told[-1][1] - least)
        told.append((line, place))
    return told
