"""Answers against truths: each sealed example a dot, its interval a line, and the band in which answers are right."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from understudy.domain.review import Claim, ClaimKind, NumberPicture, NumberPoint, Review
from understudy.domain.task import AnswerKind, Task
from understudy.studio.pictures.drawing import Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme
from understudy.studio.pictures.row_charts import Scale, round_scale
from understudy.studio.words.number_words import measure, measure_bound, tolerance_words
from understudy.studio.words.phrases import number

NARROW = 480
MOST_ROWS = 40
"""Examples whose figures stand in the table; of more, evenly spread ones."""


def numbers_chart(review: Review, *, theme: Theme, width: int) -> Chart | None:
    """Draws answers over truths; None where answers are no numbers, or nothing is sealed.

    Args:
        review: With its picture's figures.
        theme: Which colours.
        width: In pixels.
    """
    picture = review.numbers
    if picture is None or not picture.points:
        return None
    palette, scale = PALETTES[theme], _scale(picture, width)
    layers = [
        *_band(picture, scale, palette),
        *_dots(picture.points, scale, palette),
    ]
    title = _title(review, picture)
    svg = rendered(layers, title=title, theme=theme, size=(width, 300 if width < NARROW else 380))
    return Chart(title, _caption(picture), svg, _table(picture))


def _title(review: Review, picture: NumberPicture) -> str:
    claim = next((one for one in review.claims if one.kind is ClaimKind.MEDIAN_ERROR and one.measured), None)
    right = next((one for one in review.claims if one.kind is ClaimKind.ACCURACY), None)
    parts = [_half(claim, picture), _right(right, picture)]
    return "; ".join(part for part in parts if part) + "." if any(parts) else "Answers against what was so."


def _half(claim: Claim | None, picture: NumberPicture) -> str:
    if claim is None or claim.measured is None:
        return ""
    return f"Half of the answers are off by at most {measure_bound(claim.measured.upper, picture.unit, low=False)}"


def _right(claim: Claim | None, picture: NumberPicture) -> str:
    if claim is None or claim.measured is None:
        return ""
    task = Task(answers=AnswerKind.NUMBER, tolerance=picture.tolerance, unit=picture.unit)
    right = round(claim.measured.estimate * claim.measured.count)
    return f"{number(right)} of {number(claim.measured.count)} are {tolerance_words(task)}"


def _caption(picture: NumberPicture) -> str:
    held = any(point.low is not None for point in picture.points)
    some = (
        f" {number(len(picture.points))} of {number(picture.of)} are drawn." if picture.of > len(picture.points) else ""
    )
    lines = " Upright lines: the interval that came with the answer, to hold the truth in 80 of 100." if held else ""
    band = " Shade: near enough to be right." if picture.tolerance else ""
    dots = "Each dot is a sealed example: across what was so, upward what was answered. On the line both agree."
    return f"{dots}{band}{lines}{some}"


def _scale(picture: NumberPicture, width: int) -> Scale:
    """One scale for both: from the smallest to the largest truth or answer; an interval may reach beyond."""
    ends = [end for point in picture.points for end in (point.truth, point.said)]
    unit = picture.unit
    return round_scale(min(ends), max(ends), told=lambda at: measure(at, unit), most=4 if width < NARROW else 6)


def _band(picture: NumberPicture, scale: Scale, palette: Palette) -> list[Any]:
    """The line on which both agree, and what lies within the tolerance of it."""
    tolerance = picture.tolerance
    ends = [
        {"at": at, "line": at, "low": scale.inside(at - tolerance), "high": scale.inside(at + tolerance)}
        for at in _corners(scale, tolerance)
    ]
    base = alt.Chart(alt.Data(values=ends)).encode(x=_x("at", scale))
    line = base.mark_line(color=palette.ink, strokeWidth=1.5, strokeDash=[4, 3]).encode(y=_y("line", scale))
    if not tolerance:
        return [line]
    return [base.mark_area(color=palette.safe, opacity=0.16).encode(y=_y("low", scale), y2="high:Q"), line]


def _corners(scale: Scale, tolerance: float) -> list[float]:
    """Where the band has its ends and bends."""
    bends = {scale.low + tolerance, scale.high - tolerance}
    return sorted({scale.low, scale.high, *(bend for bend in bends if scale.low < bend < scale.high)})


def _dots(points: Sequence[NumberPoint], scale: Scale, palette: Palette) -> list[Any]:
    data = [
        {
            "truth": point.truth,
            "said": point.said,
            "low": None if point.low is None else scale.inside(point.low),
            "high": None if point.high is None else scale.inside(point.high),
        }
        for point in points
    ]
    base = alt.Chart(alt.Data(values=data)).encode(x=_x("truth", scale))
    dots = base.mark_circle(color=palette.accent, size=40, opacity=0.75).encode(y=_y("said", scale))
    held = [row for row in data if row["low"] is not None]
    if not held:
        return [dots]
    whisker = alt.Chart(alt.Data(values=held)).encode(x=_x("truth", scale), y=_y("low", scale), y2="high:Q")
    return [whisker.mark_rule(color=palette.accent, strokeWidth=1, opacity=0.3), dots]


def _x(field: str, scale: Scale) -> Any:
    domain = alt.Scale(domain=[scale.low, scale.high], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=domain, axis=_axis(scale, "What was so"))


def _y(field: str, scale: Scale) -> Any:
    domain = alt.Scale(domain=[scale.low, scale.high], nice=False, zero=False)
    return alt.Y(f"{field}:Q", scale=domain, axis=_axis(scale, "What was answered"))


def _axis(scale: Scale, title: str) -> Any:
    return alt.Axis(domain=False, ticks=False, values=list(scale.ticks), format=",.9~g", title=title, grid=True)


def _table(picture: NumberPicture) -> Table:
    points, unit = picture.points, picture.unit
    step = max(1, -(-len(points) // MOST_ROWS))
    return Table(
        ("what was so", "answered", "interval", "off by"),
        tuple(
            (
                measure(point.truth, unit),
                measure(point.said, unit),
                "–"
                if point.low is None or point.high is None
                else f"{measure(point.low, '')} to {measure(point.high, unit)}",
                measure(abs(point.said - point.truth), unit),
            )
            for point in points[::step]
        ),
    )
