"""The automation curve: how much the model could answer alone, how often wrong, and what that is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from understudy.domain.economics import Economics
from understudy.domain.money import about_money, money
from understudy.domain.review import AutomationPoint, AutomationPromise
from understudy.studio.claims.promise_worth import chosen_point, in_money, monthly_saving, saving_as_seen
from understudy.studio.claims.words import ceil_percent, money_bound
from understudy.studio.pictures.drawing import TEXT_SIZE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme
from understudy.studio.pictures.row_charts import Scale, round_scale
from understudy.studio.words.phrases import hundredths, number, percent

NARROW = 480
NAMED = 44
"""Room at the left for the names of level lines, in pixels."""

AXIS = {"domain": False, "ticks": False}
SHARES = alt.Axis(**AXIS, format="%", values=[0, 0.25, 0.5, 0.75, 1], title="Answered alone", grid=False)


def automation_curve(promise: AutomationPromise, confidence: str, *, theme: Theme, width: int) -> Chart | None:
    """Draws errors seen and their bounds over the share answered alone, and marks what is promised.

    Args:
        promise: With its curve.
        confidence: Over all looks, in words.
        theme: Which colours.
        width: In pixels.

    Returns:
        The picture, or None when no threshold was looked at.
    """
    points = _answering(promise)
    if not points:
        return None
    palette, chosen = PALETTES[theme], chosen_point(promise)
    told = _told(promise)
    top = round_scale(0.0, _top(points, promise), told=told, most=4)
    layers = [
        *_lines(points, top, palette),
        _level(promise.most_error, f"at most {told(promise.most_error)} asked", top, palette),
        *(_mark(chosen, chosen.error, f"{hundredths(chosen.share)}% alone", top, palette) if chosen else []),
    ]
    caption = (
        f"Each step is a threshold; the stricter, the further left. Line: {_what(promise)} as seen. Shade: up to its "
        f"bound. "
        f"Dot: the promise, at {confidence} confidence over all looks and all thresholds together."
    )
    title = _title(promise)
    svg = rendered(layers, title=title, theme=theme, size=(width, 220 if width < NARROW else 260))
    return Chart(title, caption, svg, _table(points, promise))


def money_curve(promise: AutomationPromise, economics: Economics, *, theme: Theme, width: int) -> Chart | None:
    """Draws what each point of the curve saves in a month; None while a cost or the number of decisions is unknown."""
    savings = _savings(promise, economics)
    if not savings:
        return None
    palette, currency, best = PALETTES[theme], economics.currency, max(one.seen for one in savings)
    lowest = max(min(one.least for one in savings), -best)
    scale = round_scale(min(0.0, *(one.seen for one in savings), lowest), max(0.0, best), told=str, most=4)
    layers = _money_lines(savings, scale, currency, palette)
    chosen, at_promise = chosen_point(promise), saving_as_seen(promise, economics)
    if chosen is not None and at_promise is not None:
        layers += _mark(chosen, at_promise, f"{about_money(at_promise, currency)} a month", scale, palette)
    title = _money_title(at_promise, best, currency)
    caption = "Against people answering everything. Line: at the errors seen. Shade: down to their bounds."
    svg = rendered(layers, title=title, theme=theme, size=(width, 200 if width < NARROW else 230))
    return Chart(title, caption, svg, _money_table(savings, currency))


@dataclass(frozen=True)
class _Saving:
    """What answering alone saves in a month from one threshold on.

    Attributes:
        share: Answered alone, 0..1.
        seen: At the errors that were seen.
        least: At their bound.
    """

    share: float
    seen: float
    least: float


def _savings(promise: AutomationPromise, economics: Economics) -> list[_Saving]:
    """Of every point of the curve; of none while a cost or the number of decisions is unknown."""
    found = []
    for point in _answering(promise):
        seen = monthly_saving(promise, economics, point.share, point.error)
        least = monthly_saving(promise, economics, point.share, point.error_upper)
        if seen is None or least is None:
            return []
        found.append(_Saving(point.share, seen, least))
    return found


def _money_lines(savings: Sequence[_Saving], scale: Scale, currency: str, palette: Palette) -> list[Any]:
    data = [{"share": one.share, "value": one.seen, "least": max(one.least, scale.low)} for one in savings]
    base = alt.Chart(alt.Data(values=data)).encode(x=_across())
    return [
        *_height(scale, [{"at": tick, "text": about_money(tick, currency)} for tick in scale.ticks], palette),
        base.mark_area(color=palette.accent, opacity=0.16, interpolate="monotone").encode(
            y=_up("least", scale), y2="value:Q"
        ),
        base.mark_line(color=palette.accent, strokeWidth=2.5, interpolate="monotone").encode(y=_up("value", scale)),
    ]


def _money_table(savings: Sequence[_Saving], currency: str) -> Table:
    rows = tuple(
        (f"{one.share * 100:.0f}%", about_money(one.seen, currency), money(round(one.least), currency))
        for one in savings
    )
    return Table(("answered alone", "saved a month", "at least"), rows)


def _told(promise: AutomationPromise) -> Callable[[float], str]:
    """How a height of the curve is named."""
    if in_money(promise):
        return lambda cost: money(cost, promise.unit)
    return lambda share: percent(round(share, 4))


def _what(promise: AutomationPromise) -> str:
    return "mean cost of an answer" if in_money(promise) else "wrong"


def _title(promise: AutomationPromise) -> str:
    most = _told(promise)(promise.most_error)
    if promise.threshold is None:
        claimed = f"its answers cost at most {most} each" if in_money(promise) else f"at most {most} of its answers are"
        return f"At no threshold is it proven that {claimed}{' on average' if in_money(promise) else ' wrong'}."
    alone = "everything" if promise.share >= 1 else f"{hundredths(promise.share)}%"
    if in_money(promise):
        return f"It can answer {alone} alone at no more than {most} an answer on average."
    return f"It can answer {alone} alone with at most {most} wrong."


def _money_title(at_promise: float | None, best: float, currency: str) -> str:
    if at_promise is None:
        return "What answering alone would save, once it is proven."
    if at_promise <= 0:
        return "At the promise it saves nothing."
    near = at_promise >= 0.95 * best
    rest = ", nearly all there is to save" if near else f" of {about_money(best, currency)} at best"
    return f"The promise saves about {about_money(at_promise, currency)} a month{rest}."


def _answering(promise: AutomationPromise) -> list[AutomationPoint]:
    """Every point that answers something, from the strictest on."""
    return sorted((one for one in promise.curve if one.answered), key=lambda one: (one.share, one.threshold))


def _top(points: Sequence[AutomationPoint], promise: AutomationPromise) -> float:
    """High enough for every error that was seen; bounds of a handful of answers may reach beyond."""
    top = max(2.5 * promise.most_error, 1.15 * max(point.error for point in points))
    return top if in_money(promise) else min(1.0, top)


def _lines(points: Sequence[AutomationPoint], scale: Scale, palette: Palette) -> list[Any]:
    data = [
        {"share": point.share, "error": point.error, "upper": min(point.error_upper, scale.high)} for point in points
    ]
    base = alt.Chart(alt.Data(values=data)).encode(x=_across())
    named = [{"at": tick, "text": scale.told(tick)} for tick in scale.ticks]
    return [
        *_height(scale, named, palette),
        base.mark_area(color=palette.accent, opacity=0.16, interpolate="step-after").encode(
            y=_up("error", scale), y2="upper:Q"
        ),
        base.mark_line(color=palette.accent, strokeWidth=2.5, interpolate="step-after").encode(y=_up("error", scale)),
    ]


def _height(scale: Scale, named: list[dict[str, Any]], palette: Palette) -> list[Any]:
    """Level lines at round figures, named above their left ends."""
    data = alt.Chart(alt.Data(values=named)).encode(y=_up("at", scale))
    return [
        data.mark_rule(color=palette.grey_2).encode(),
        data.mark_text(align="left", dy=-7, fontSize=TEXT_SIZE, color=palette.grey_4).encode(
            x=alt.XValue(0), text="text:N"
        ),
    ]


def _level(at: float, text: str, scale: Scale, palette: Palette) -> Any:
    data = alt.Chart(alt.Data(values=[{"at": at, "text": text}])).encode(y=_up("at", scale))
    rule = data.mark_rule(color=palette.ink, strokeWidth=1.5, strokeDash=[4, 3])
    label = data.mark_text(align="left", dy=-7, fontSize=TEXT_SIZE, color=palette.ink).encode(
        x=alt.XValue(NAMED), text="text:N"
    )
    return rule + label


def _mark(point: AutomationPoint, height: float, text: str, scale: Scale, palette: Palette) -> list[Any]:
    """The promised point, with its share: on the side where there is room, readable on whatever lies there."""
    right, low = point.share > 0.6, height < (scale.low + scale.high) / 3
    place = {"align": "right" if right else "left", "dx": -10 if right else 10, "dy": -14 if low else 18}
    data = alt.Chart(alt.Data(values=[{"share": point.share, "at": height, "text": text}])).encode(
        x=_across(), y=_up("at", scale)
    )
    return [
        data.mark_rule(color=palette.safe, strokeWidth=1.5).encode(y2=alt.Y2Datum(scale.low)),
        data.mark_circle(color=palette.safe, size=140, opacity=1),
        data.mark_text(
            **place, fontSize=TEXT_SIZE, fontWeight=600, color=palette.paper, stroke=palette.paper, strokeWidth=5
        ).encode(text="text:N"),
        data.mark_text(**place, fontSize=TEXT_SIZE, fontWeight=600, color=palette.safe).encode(text="text:N"),
    ]


def _across() -> Any:
    return alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=SHARES)


def _up(field: str, scale: Scale) -> Any:
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[scale.low, scale.high], nice=False, zero=False), axis=None)


def _table(points: Sequence[AutomationPoint], promise: AutomationPromise) -> Table:
    told = _bound_told(promise)
    cost = ("mean cost",) if in_money(promise) else ()
    return Table(
        ("answered alone", "when at least so sure", "wrong", *cost, "bound by itself", "promised"),
        tuple(
            (
                f"{point.share * 100:.0f}%",
                f"{point.threshold * 100:.1f}%",
                f"{number(point.wrong)} of {number(point.answered)}",
                *((money(point.error, promise.unit),) if cost else ()),
                told(point.error_upper),
                "yes" if point.proven else "no",
            )
            for point in points
        ),
    )


def _bound_told(promise: AutomationPromise) -> Callable[[float], str]:
    """How an upper bound is named, never rounded to the better."""
    if in_money(promise):
        return lambda cost: money_bound(cost, promise.unit, low=False)
    return ceil_percent
