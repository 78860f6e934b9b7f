"""The picture of a learning curve: points as measured, the forecast's fan, and the target."""

from typing import Any

import altair as alt

from understudy.domain.learning import LearningCurve
from understudy.studio.pictures.drawing import AXIS, PERCENT_AXIS, TEXT_SIZE, WIDE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme
from understudy.studio.training.learning_picture import chart_title
from understudy.studio.training.learning_words import table_rows
from understudy.studio.words.phrases import PHOTOS, Noun, percent

HEIGHT = 220
NARROWEST = 0.1
"""Share of all answers that the upright axis spans at least, so that noise does not look like a mountain."""


def learning_chart(
    curve: LearningCurve,
    *,
    theme: Theme,
    width: int = WIDE,
    target: float | None = None,
    things: Noun = PHOTOS,
) -> Chart:
    """Draws a curve.

    Args:
        curve: At least one point, else the picture is empty but for its title.
        theme: "light" or "dark".
        width: In pixels.
        target: Share right that is aimed at, 0..1, or None for the one the curve was asked about.
        things: What the examples are called.
    """
    palette, bar = PALETTES[theme], target if target is not None or curve.needed is None else curve.needed.target
    title = chart_title(curve, bar, things)
    caption = (
        f"Dots: accuracy on {things.many} that were left out of the training {things.many}, learned from ever larger "
        "parts of the others. Band: where the curve leads, 80 times in 100."
    )
    table = Table((things.many, "right", "80 in 100"), tuple(table_rows(curve)))
    svg = rendered(_layers(curve, palette, bar, things), title=title, theme=theme, size=(width, HEIGHT + AXIS))
    return Chart(title, caption, svg, table)


def _layers(curve: LearningCurve, palette: Palette, target: float | None, things: Noun) -> list[Any]:
    ends = _ends(curve, target)
    share = alt.Scale(domain=list(ends), clamp=True, nice=False)
    upright = {**PERCENT_AXIS, "values": _ticks(*ends), "title": "Right"}
    sizes = [point.examples for point in curve.points] + [each.examples for each in curve.forecasts]
    across = alt.Scale(type="log", domain=[min(sizes, default=1), max([*sizes, 2])], nice=False)
    x = alt.X(
        "n:Q",
        scale=across,
        axis=alt.Axis(
            title=f"{things.many.capitalize()} to learn from",
            format=",d",
            grid=False,
            tickCount=6,
            labelOverlap="greedy",
            labelSeparation=8,
        ),
    )
    y = alt.Y("right:Q", scale=share, axis=alt.Axis(**upright))
    points = [{"n": point.examples, "right": point.accuracy} for point in curve.points]
    fan = [
        {"n": each.examples, "right": each.accuracy, "low": each.lower, "high": each.upper} for each in curve.forecasts
    ]
    told, measured = alt.Chart(alt.Data(values=fan)), alt.Chart(alt.Data(values=points))
    layers = [
        told.mark_area(color=palette.accent, opacity=0.2).encode(x=x, y=alt.Y("low:Q", scale=share), y2="high:Q"),
        told.mark_line(color=palette.accent, strokeWidth=2, strokeDash=[6, 4]).encode(x=x, y=y),
        measured.mark_line(color=palette.accent, strokeWidth=2).encode(x=x, y=y),
        measured.mark_circle(color=palette.accent, size=60, opacity=1).encode(x=x, y=y),
    ]
    return layers if target is None else [*layers, *_target(target, min(sizes, default=1), across, share, palette)]


def _target(target: float, start: int, across: Any, share: Any, palette: Palette) -> list[Any]:
    """A dashed line at the target, named at its start."""
    mark = alt.Chart(alt.Data(values=[{"right": target, "n": start, "text": f"asked: {percent(target)}"}]))
    height = alt.Y("right:Q", scale=share)
    return [
        mark.mark_rule(color=palette.ink, strokeWidth=2, strokeDash=[4, 3]).encode(y=height),
        mark.mark_text(color=palette.ink, fontSize=TEXT_SIZE, align="left", dx=4, dy=-9).encode(
            x=alt.X("n:Q", scale=across), y=height, text="text:N"
        ),
    ]


def _ends(curve: LearningCurve, target: float | None) -> tuple[float, float]:
    """The upright axis from below everything that is drawn to above it, in twentieths."""
    drawn = [point.accuracy for point in curve.points] + [each.lower for each in curve.forecasts]
    drawn += [each.upper for each in curve.forecasts] + ([] if target is None else [target])
    low, high = min(drawn, default=0.0), max(drawn, default=1.0)
    top = min(1.0, -(-(high + 0.01) * 20 // 1) / 20)
    return max(0.0, min((low - 0.01) * 20 // 1 / 20, top - NARROWEST)), top


def _ticks(low: float, high: float) -> list[float]:
    """At most six round shares from one end to the other."""
    step = next(step for step in (0.05, 0.1, 0.2) if (high - low) / step <= 6 or step == 0.2)
    first = -(-low // step)
    return [round((first + place) * step, 2) for place in range(7) if (first + place) * step <= high + 1e-9]
