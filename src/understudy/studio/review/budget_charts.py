"""Budgets: the loss that may be suffered beside the loss allowed, and the error budget that looks have spent."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from understudy.domain.money import about_money, money
from understudy.domain.review import LossPromise
from understudy.stats.looks import alpha_of, spent
from understudy.store.looks import LookRecord
from understudy.studio.claims.words import money_bound
from understudy.studio.pictures.drawing import TEXT_SIZE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme
from understudy.studio.pictures.row_charts import Line, Scale, crossing, round_scale, ticks
from understudy.studio.words.phrases import in_figures, number, percent

NARROW = 480
TOP, BOTTOM = 34, 62
"""Where a meter's bar lies under its line's name, in pixels."""


def loss_meter(loss: LossPromise, currency: str, *, theme: Theme, width: int) -> Chart | None:
    """Draws the most that may be lost until people take over, against what was allowed; None if nothing is promised."""
    palette, allowed, lost = PALETTES[theme], loss.budget, loss.most_lost
    if lost is None:
        return None
    most = money_bound(lost, currency, low=False)
    within = "" if allowed is None else f": within the {money(allowed, currency)} allowed"
    title = f"At most {most} can be lost to errors beyond those allowed until people take over again{within}."
    scale = round_scale(
        0.0, max(lost, allowed or 0.0), told=lambda at: money(at, currency), most=4 if width < NARROW else 6
    )
    colour = palette.accent if allowed is None else palette.safe
    layers = [*ticks(scale, palette, top=26, bottom=BOTTOM + 12), *_bar(scale, 0.0, lost, colour, palette)]
    if allowed is not None:
        layers += crossing(Line(allowed, f"allowed: {money(allowed, currency)}"), scale, palette, [(18, BOTTOM + 12)])
    caption = (
        f"95th percentile, if the model is suddenly wrong in {percent(round(loss.assumed_error, 4))} of its answers "
        f"and {percent(round(loss.audit_share, 4))} of them are checked."
    )
    rows = [
        ("lost at most", most),
        ("allowed", "not said" if allowed is None else money(allowed, currency)),
        ("answers until people take over", number(loss.cases_until_rollback)),
        ("checked by people", percent(round(loss.audit_share, 4))),
    ]
    if loss.audits_cost_a_month is not None:
        rows.append(("checks cost a month", about_money(loss.audits_cost_a_month, currency)))
    svg = rendered(layers, title=title, theme=theme, size=(width, BOTTOM + 40))
    return Chart(title, caption, svg, Table(("what", "how much"), tuple(rows)))


def looks_meter(looks: Sequence[LookRecord], budget: float, *, theme: Theme, width: int) -> Chart:
    """Draws what each look at the sealed set has spent of the error budget, and what is left.

    Args:
        looks: Every look until then, oldest first; at least one.
        budget: The whole error budget, 0..1.
        theme: Which colours.
        width: In pixels.
    """
    palette = PALETTES[theme]
    last = looks[-1].number
    used = spent(last, budget=budget)
    scale = round_scale(0.0, budget, told=lambda share: f"{share * 100:.4g}%", most=4 if width < NARROW else 6)
    layers: list[Any] = ticks(scale, palette, top=26, bottom=BOTTOM + 12)
    layers += _bar(scale, used, budget, palette.grey_2, palette)
    before = 0.0
    for number_of_look in range(1, last + 1):
        after = spent(number_of_look, budget=budget)
        text = str(number_of_look) if (after - before) / (scale.high - scale.low) * width > 22 else ""
        layers += _bar(scale, before, after, palette.accent, palette, text=text)
        before = after
    times = "1 look has" if last == 1 else f"{number(last)} looks have"
    title = (
        f"{times} spent {_points(used)} of the {_points(budget)} percentage points of error that all looks may spend."
    )
    caption = "Each look at the sealed labels spends a part of the error budget, ever less, so that it never runs out."
    table = Table(
        ("look", "when", "model", "spent", "in all"),
        tuple(
            (
                number(look.number),
                f"{look.at:%Y-%m-%d %H:%M} UTC",
                look.model[:12],
                _share(alpha_of(look.number, budget=budget)),
                _share(spent(look.number, budget=budget)),
            )
            for look in looks
        ),
    )
    svg = rendered(layers, title=title, theme=theme, size=(width, BOTTOM + 40))
    return Chart(title, caption, svg, table)


def _bar(scale: Scale, low: float, high: float, colour: str, palette: Palette, *, text: str = "") -> list[Any]:
    """A filled stretch of a meter, with a hair of paper at its right end."""
    data = alt.Chart(alt.Data(values=[{"low": low, "high": high, "middle": (low + high) / 2, "text": text}]))
    stretch = data.mark_bar(color=colour, stroke=palette.paper, strokeWidth=1).encode(
        x=scale.x("low"), x2="high:Q", y=alt.YValue(TOP), y2=alt.Y2Value(BOTTOM)
    )
    if not text:
        return [stretch]
    label = data.mark_text(fontSize=TEXT_SIZE, fontWeight=600, color=palette.paper).encode(
        x=scale.x("middle"), y=alt.YValue((TOP + BOTTOM) / 2), text="text:N"
    )
    return [stretch, label]


def _points(share: float) -> str:
    return in_figures(share * 100, 3)


def _share(share: float) -> str:
    return f"{_points(share)}%"
