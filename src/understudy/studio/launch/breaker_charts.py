"""The breaker's pictures: its evidence against the trip line, and the loss that was spent of the loss allowed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from understudy.domain.money import about_money, money
from understudy.studio.pictures.drawing import TEXT_SIZE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme
from understudy.studio.pictures.row_charts import Line, crossing, round_scale, ticks
from understudy.studio.words.phrases import number

HEIGHT = 220
MOST_POINTS = 400
"""More would be finer than the picture's pixels."""
MOST_ROWS = 100
NARROW = 480
TOP, BOTTOM = 34, 62
"""Where the meter's bar lies under its line's name, in pixels."""


@dataclass(frozen=True)
class Audited:
    """One audit as it was counted.

    Attributes:
        number: 1 is the first since the breaker closed last.
        loss: 1 where the model was wrong, 0 where it was right.
        answered: Somebody answered it before it was due; else it counts as right.
        evidence: How often the odds against "no more than allowed" had multiplied after it.
    """

    number: int
    loss: float
    answered: bool
    evidence: float

    @property
    def told(self) -> str:
        """What it showed, in a word."""
        if not self.answered:
            return "nobody in time"
        return "wrong" if self.loss >= 0.5 else "right"


@dataclass(frozen=True)
class Spent:
    """What wrong answers cost beyond what is allowed, in the brief's currency.

    Attributes:
        excess: Estimated from audits.
        alarm: The excess at which the breaker trips.
        budget: What may be lost in all.
        currency: Three letters.
    """

    excess: float
    alarm: float
    budget: float
    currency: str


def trace_chart(audits: Sequence[Audited], needed: float, *, theme: Theme, width: int) -> Chart:
    """Draws how the evidence of too many errors rose and fell, audit by audit.

    Args:
        audits: In the order in which they were drawn; at least one.
        needed: The evidence at which the breaker trips.
        theme: "light" or "dark".
        width: In pixels; 640 suits a page, 340 a phone.

    Returns:
        A line under the trip line, each wrong audit a cross on it and each right one a tick below.
    """
    palette, last = PALETTES[theme], audits[-1]
    wrong = sum(1 for each in audits if each.told == "wrong")
    title = (
        f"Of {_counted(len(audits))}, {number(wrong)} {'was' if wrong == 1 else 'were'} wrong: the evidence stands at "
    )
    title += f"{_times(last.evidence)}, and the breaker trips at {_times(needed)}."
    caption = (
        "Odds against “no more errors than allowed”: each wrong audit raises them, each right one lowers them a little."
        " The first few hardly move them, nor do wrong answers of which the model was unsure; many wrong ones in a row "
        "multiply them. Ticks: audits, in the order in which they were drawn; crosses: wrong ones."
    )
    if len(audits) > MOST_ROWS:
        caption += f" The table has the last {MOST_ROWS}."
    rows = tuple((number(each.number), each.told, _times(each.evidence)) for each in audits[-MOST_ROWS:])
    layers = [*_trip_line(audits, needed, palette), *_evidence(audits, palette), *_ticks(audits, needed, palette)]
    svg = rendered(layers, title=title, theme=theme, size=(width, HEIGHT))
    return Chart(title, caption, svg, Table(("audit", "the model was", "evidence"), rows))


def spent_meter(spent: Spent, *, theme: Theme, width: int) -> Chart:
    """Draws what was lost beyond what is allowed, against the alarm and the budget."""
    palette = PALETTES[theme]
    lost, allowed = about_money(spent.excess, spent.currency), money(spent.budget, spent.currency)
    nothing = f"Nothing was lost beyond what is allowed; at most {allowed} may be."
    title = f"About {lost} lost beyond what is allowed, of the {allowed} that may be." if spent.excess else nothing
    scale = round_scale(
        0.0,
        max(spent.excess, spent.budget),
        told=lambda at: money(at, spent.currency),
        most=4 if width < NARROW else 6,
    )
    colour = palette.stop if spent.excess >= spent.alarm else palette.watch if spent.excess else palette.safe
    data = alt.Chart(alt.Data(values=[{"low": 0.0, "high": spent.excess}]))
    layers: list[Any] = [
        *ticks(scale, palette, top=26, bottom=BOTTOM + 12),
        data.mark_bar(color=colour).encode(x=scale.x("low"), x2="high:Q", y=alt.YValue(TOP), y2=alt.Y2Value(BOTTOM)),
        *crossing(Line(spent.alarm, "trips here"), scale, palette, [(18, BOTTOM + 12)]),
    ]
    caption = "Estimated from audits. It trips before all is spent: the rest is for luck, and for audits that wait."
    rows = (
        ("lost beyond what is allowed", lost),
        ("trips at", money(spent.alarm, spent.currency)),
        ("allowed", allowed),
    )
    svg = rendered(layers, title=title, theme=theme, size=(width, BOTTOM + 40))
    return Chart(title, caption, svg, Table(("what", "how much"), rows))


def _across(audits: Sequence[Audited], field: str) -> Any:
    axis = alt.Axis(title="Audits counted", tickMinStep=1, tickCount=6, domain=False, grid=False, format=",d")
    first, last = audits[0].number, audits[-1].number
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[first, max(last, first + 1)], nice=False), axis=axis)


def _up(audits: Sequence[Audited], needed: float) -> Any:
    low, high = _span(audits, needed)
    values = [10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    labels = "datum.value >= 1 ? format(datum.value, ',') : format(datum.value, '~g')"
    axis = alt.Axis(title="Evidence", values=values, labelExpr=labels, domain=False, ticks=False)
    return alt.Y("evidence:Q", scale=alt.Scale(type="log", domain=[low, high], nice=False), axis=axis)


def _span(audits: Sequence[Audited], needed: float) -> tuple[float, float]:
    """From under the least to over the trip line, with room below for the ticks."""
    low = max(min(1.0, *(each.evidence for each in audits)), 1e-6)
    high = max(needed, *(each.evidence for each in audits))
    return low / 4, high * 1.8


def _trip_line(audits: Sequence[Audited], needed: float, palette: Palette) -> list[Any]:
    data = alt.Chart(alt.Data(values=[{"evidence": needed, "at": audits[0].number, "text": "the breaker trips here"}]))
    return [
        data.mark_rule(color=palette.stop, strokeWidth=1.5, strokeDash=[4, 3]).encode(y=_up(audits, needed)),
        data.mark_text(align="left", dy=-8, fontSize=TEXT_SIZE, color=palette.stop).encode(
            x=_across(audits, "at"), y=alt.Y("evidence:Q"), text="text:N"
        ),
    ]


def _evidence(audits: Sequence[Audited], palette: Palette) -> list[Any]:
    """The line, with a cross at each wrong audit."""
    points = [{"audit": each.number, "evidence": max(each.evidence, 1e-6)} for each in _thinned(audits)]
    wrong = [{"audit": each.number, "evidence": max(each.evidence, 1e-6)} for each in audits if each.told == "wrong"][
        -MOST_POINTS:
    ]
    line = alt.Chart(alt.Data(values=points)).encode(x=_across(audits, "audit"), y=alt.Y("evidence:Q"))
    crosses = alt.Chart(alt.Data(values=wrong)).encode(x=alt.X("audit:Q"), y=alt.Y("evidence:Q"))
    last = alt.Chart(alt.Data(values=points[-1:])).encode(x=alt.X("audit:Q"), y=alt.Y("evidence:Q"))
    return [
        line.mark_line(color=palette.accent, strokeWidth=2, interpolate="step-after"),
        crosses.mark_point(shape="cross", angle=45, size=70, filled=True, opacity=1, color=palette.stop),
        last.mark_circle(size=90, opacity=1, color=palette.accent),
    ]


def _ticks(audits: Sequence[Audited], needed: float, palette: Palette) -> list[Any]:
    """Every audit as a tick at the foot; those that nobody answered in time are paler."""
    low, _ = _span(audits, needed)
    marks = [
        {
            "audit": each.number,
            "foot": low,
            "head": low * 1.5,
            "colour": palette.ink if each.answered else palette.grey_2,
        }
        for each in audits[-MOST_POINTS:]
    ]
    chart = alt.Chart(alt.Data(values=marks))
    return [
        chart.mark_rule(strokeWidth=1).encode(
            x=alt.X("audit:Q"), y=alt.Y("foot:Q"), y2="head:Q", color=alt.Color("colour:N", scale=None)
        )
    ]


def _thinned(audits: Sequence[Audited]) -> list[Audited]:
    """So many that the line looks the same: the extremes of each stretch, and the last."""
    if len(audits) <= MOST_POINTS:
        return list(audits)
    size = math.ceil(len(audits) / (MOST_POINTS // 2))
    kept: list[Audited] = []
    for start in range(0, len(audits), size):
        part = audits[start : start + size]
        ends = {min(part, key=lambda one: one.evidence).number, max(part, key=lambda one: one.evidence).number}
        kept += [each for each in part if each.number in ends]
    return [*kept, audits[-1]]


def _counted(audits: int) -> str:
    return f"{number(audits)} {'audit' if audits == 1 else 'audits'}"


def _times(evidence: float) -> str:
    """Odds to two figures ("1.3", "20", "0.04", "12,000")."""
    if evidence >= 10:
        return number(round(evidence)) if evidence < 1e6 else f"{evidence:.0e}"
    return f"{evidence:.2g}" if evidence >= 1e-3 else "under 0.001"
