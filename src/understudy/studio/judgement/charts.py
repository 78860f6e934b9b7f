"""The pictures of a verdict: launch gauge, reliability, confusion.

Draw them once for a judgement and keep them: they depend on nothing else than the arguments.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt

from understudy.domain.evidence import Judgement, Proportion
from understudy.stats.calibration import share_interval
from understudy.stats.clusters import effective_trials
from understudy.studio.judgement.verdict_words import calibration_finding
from understudy.studio.pictures.drawing import AXIS, PERCENT_AXIS, TEXT_SIZE, WIDE, Chart, Table, rendered
from understudy.studio.pictures.palette import PALETTES, Palette, Theme, mixed, readable_on
from understudy.studio.words.phrases import floor_percent, hundredths, name, number, percent, times, told_confidence

LETTER = 8
"""Generous mean width of a letter, in pixels."""

NARROW = 480
"""Below this width, in pixels, a picture shows less at once."""


def launch_gauge(accuracy: Proportion, *, theme: Theme, width: int = WIDE, bar: float | None = None) -> Chart:
    """Draws the observed share, the interval down to its bound, and the bar if there is one."""
    palette = PALETTES[theme]
    title = _gauge_title(accuracy, bar)
    layers = [_empty_scale()]
    if bar is not None:
        layers += [_upright(bar, palette), _note(bar, 80, f"asked: {percent(bar)}", palette.ink)]
    if accuracy.trials:
        layers += _interval(palette, [{"low": accuracy.lower, "seen": accuracy.estimate, "y": 36}], width=8)
        tally = f"{number(accuracy.successes)} of {number(accuracy.trials)} seen"
        layers.append(_note(accuracy.estimate, 12, tally, palette.ink))
        least = f"at least {floor_percent(accuracy.lower, against=bar)}"
        layers.append(_beside(accuracy.lower, 36 if accuracy.lower * width > 110 else 58, least, palette))
    columns = ("right", "sealed", "seen", "at least")
    cells = (number(accuracy.successes), number(accuracy.trials), _seen(accuracy), floor_percent(accuracy.lower))
    asked = (("asked",), (percent(bar),)) if bar is not None else ((), ())
    caption = f"{accuracy.method} lower bound, one-sided, {percent(round(accuracy.confidence, 6))} confidence."
    svg = rendered(layers, title=title, theme=theme, size=(width, 92 + AXIS))
    return Chart(title, caption, svg, Table((*columns, *asked[0]), ((*cells, *asked[1]),)))


def reliability(judgement: Judgement, *, theme: Theme, width: int = WIDE) -> Chart:
    """Draws how often answers were right against how sure the model was; on the diagonal it can be believed."""
    title, grouped = calibration_finding(judgement), judgement.groups < judgement.accuracy.trials
    caption = (
        "Answers grouped by how sure the model was; larger dots hold more. "
        f"Lines: 95% interval{', adjusted for groups' if grouped else ''}. Dashes: sure as right."
    )
    size = (width, 300 if width < NARROW else 360)
    svg = rendered(_reliability_layers(judgement, PALETTES[theme]), title=title, theme=theme, size=size)
    return Chart(title, caption, svg, _reliability_table(judgement))


def _reliability_layers(judgement: Judgement, palette: Palette) -> list[Any]:
    """The diagonal, then a line and a dot for each bin."""
    stated = alt.X("stated:Q", scale=_whole(), axis=alt.Axis(**{**PERCENT_AXIS, "title": "How sure the model was"}))
    right = alt.Y("right:Q", scale=_whole(), axis=alt.Axis(**{**PERCENT_AXIS, "title": "How often it was right"}))
    ends = alt.Chart(alt.Data(values=[{"stated": 0, "right": 0}, {"stated": 1, "right": 1}]))
    points = alt.Chart(alt.Data(values=_reliability_points(judgement)))
    largest = max((one.count for one in judgement.reliability), default=1)
    area = alt.Size("count:Q", scale=alt.Scale(domain=[0, largest], range=[30, 300]), legend=None)
    return [
        ends.mark_line(color=palette.grey_3, strokeDash=[5, 4], strokeWidth=1.5).encode(x=stated, y=right),
        points.mark_rule(color=palette.accent, strokeWidth=1.5).encode(x=stated, y=alt.Y("low:Q"), y2="high:Q"),
        points.mark_circle(color=palette.accent, opacity=1).encode(x=stated, y=right, size=area),
    ]


def _reliability_points(judgement: Judgement) -> list[dict[str, float]]:
    """Each bin, with an interval in which an answer counts as much as the bound of all answers lets it count."""
    accuracy = judgement.accuracy
    worth = effective_trials(accuracy) / accuracy.trials if accuracy.trials else 1.0
    points = []
    for one in judgement.reliability:
        low, high = share_interval(one, worth=worth)
        points.append(
            {"stated": one.mean_probability, "right": one.share_right, "count": one.count, "low": low, "high": high}
        )
    return points


def _reliability_table(judgement: Judgement) -> Table:
    rows = tuple(
        (
            f"{one.lower:.0%} to {one.upper:.0%}",
            number(one.count),
            f"{one.mean_probability:.0%}",
            f"{one.share_right:.0%}",
        )
        for one in judgement.reliability
    )
    return Table(("how sure", "answers", "mean", "right"), rows)


def confusion(judgement: Judgement, *, theme: Theme, width: int = WIDE) -> Chart:
    """Draws which label was taken for which; of many labels those with most mistakes, the table has every mistake."""
    most = 8 if width < NARROW else 12
    chosen = _most_confused(judgement.confusion, most)
    palette = PALETTES[theme]
    labels = _distinct([_narrow(name(judgement.labels[index])) for index in chosen])
    cells = [
        _cell(judgement.confusion, row, column, palette) | {"true": labels[y], "answer": labels[x]}
        for y, row in enumerate(chosen)
        for x, column in enumerate(chosen)
    ]
    longest = max(len(label) for label in labels) * LETTER
    upright = longest > (width - longest - 40) / len(labels)
    axis = {"domain": False, "ticks": False, "grid": False, "labelLimit": 180}
    turned = alt.Axis(**axis, orient="top", labelAngle=-90 if upright else 0, title="Answer")
    grid = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X("answer:N", sort=labels, axis=turned),
        y=alt.Y("true:N", sort=labels, axis=alt.Axis(**axis, title="True label", minExtent=min(180, longest))),
    )
    layers = [
        grid.mark_rect(stroke=palette.paper, strokeWidth=2).encode(color=alt.Color("ground:N", scale=None)),
        grid.mark_text(fontSize=TEXT_SIZE).encode(text="count:N", color=alt.Color("figure:N", scale=None)),
    ]
    title = _confusion_title(judgement)
    part = (
        f" The {len(chosen)} labels most confused, of {len(judgement.labels)}."
        if len(labels) < len(judgement.labels)
        else ""
    )
    caption = (
        "Rows: true labels. Columns: answers. Numbers: sealed examples; the stronger the colour, the more of its row."
    )
    caption += part
    height = len(chosen) * (30 if len(chosen) > 4 else 44) + 30 + (int(longest) if upright else LETTER * 2)
    svg = rendered(layers, title=title, theme=theme, size=(width, height))
    return Chart(title, caption, svg, _confusion_table(judgement))


def _gauge_title(accuracy: Proportion, bar: float | None) -> str:
    if not accuracy.successes:
        return "Nothing is proven yet."
    proven = (
        f"At least {floor_percent(accuracy.lower, against=bar)} right, "
        f"with {percent(told_confidence(accuracy.confidence))} confidence"
    )
    if bar is None:
        return f"{proven}."
    return f"{proven}: {'that clears' if accuracy.lower >= bar else 'short of'} the {percent(bar)} asked for."


def _confusion_title(judgement: Judgement) -> str:
    wrong = _wrong_pairs(judgement)
    if not judgement.accuracy.trials:
        return "Nothing is sealed, so no mistake can be seen."
    if not wrong:
        return "No label was taken for another."
    count, true, answer = wrong[0]
    rest = "the commonest mistake" if len(wrong) > 1 else "the only kind of mistake"
    return f"“{true}” was taken for “{answer}” {times(count)}, {rest}."


def _confusion_table(judgement: Judgement) -> Table:
    """Every kind of mistake, commonest first."""
    rows = tuple((true, answer, number(count)) for count, true, answer in _wrong_pairs(judgement))
    return Table(("true label", "answer", "how often"), rows)


def _wrong_pairs(judgement: Judgement) -> list[tuple[int, str, str]]:
    names = [name(label) for label in judgement.labels]
    pairs = [
        (count, names[true], names[answer])
        for true, row in enumerate(judgement.confusion)
        for answer, count in enumerate(row)
        if count and true != answer
    ]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _most_confused(counts: Sequence[Sequence[int]], most: int) -> list[int]:
    """Indices of the labels in the commonest mistakes, filled up with the first others, in the order of the labels."""
    size = range(len(counts))
    pairs = sorted(((i, j) for i in size for j in size if i != j and counts[i][j]), key=lambda p: -counts[p[0]][p[1]])
    in_order = dict.fromkeys([index for pair in pairs for index in pair] + list(size))
    return sorted(list(in_order)[:most])


def _cell(counts: Sequence[Sequence[int]], row: int, column: int, palette: Palette) -> dict[str, Any]:
    """One square: right answers in the accent, wrong ones in the colour of stop, by share of the row."""
    count = counts[row][column]
    if not count:
        return {"count": "", "ground": palette.grey_1, "figure": palette.ink}
    hue = palette.accent if row == column else palette.stop
    ground = mixed(palette.paper, hue, 0.2 + 0.8 * count / sum(counts[row]))
    return {"count": number(count), "ground": ground, "figure": readable_on(ground)}


def _interval(palette: Palette, lines: list[dict[str, Any]], *, width: int) -> list[Any]:
    """Dots with a line down to their lower bound, over the whole of 0 to 100%."""
    rows = alt.Chart(alt.Data(values=lines))
    height = alt.Y("y:Q", scale=None, axis=None)
    share = alt.X("low:Q", scale=_whole(), axis=alt.Axis(**PERCENT_AXIS))
    return [
        rows.mark_rule(color=palette.accent, strokeWidth=width, opacity=0.45).encode(x=share, x2="seen:Q", y=height),
        rows.mark_tick(color=palette.accent, thickness=3, size=width * 2 + 4, orient="vertical").encode(
            x=share, y=height
        ),
        rows.mark_circle(color=palette.accent, size=width * 22, opacity=1).encode(x="seen:Q", y=height),
    ]


def _note(share: float, y: int, text: str, colour: str) -> Any:
    """Text above or below a place on the scale, kept inside the picture."""
    align = "right" if share > 0.7 else "left" if share < 0.3 else "center"
    mark = alt.Chart(alt.Data(values=[{"at": share, "text": text}])).mark_text(
        align=align, fontSize=TEXT_SIZE, color=colour, dx={"right": 6, "left": -6, "center": 0}[align]
    )
    return mark.encode(x=alt.X("at:Q", scale=_whole()), y=alt.YValue(y), text="text:N")


def _beside(share: float, y: int, text: str, palette: Palette) -> Any:
    """Text that ends left of a place on the scale, or starts there where the left has no room (a lower line)."""
    left = y == 36
    mark = alt.Chart(alt.Data(values=[{"at": share, "text": text}])).mark_text(
        align="right" if left else "left", fontSize=TEXT_SIZE, color=palette.accent, dx=-8 if left else 0
    )
    return mark.encode(x=alt.X("at:Q", scale=_whole()), y=alt.YValue(y), text="text:N")


def _empty_scale() -> Any:
    """Nothing but the scale from 0 to 100%, so that it stands there also when nothing is sealed."""
    ends = alt.Chart(alt.Data(values=[{"at": 0}, {"at": 1}])).mark_point(opacity=0)
    return ends.encode(x=alt.X("at:Q", scale=_whole(), axis=alt.Axis(**PERCENT_AXIS)), y=alt.YValue(0))


def _upright(share: float, palette: Palette) -> Any:
    """The bar: a dashed line across the gauge."""
    mark = alt.Chart(alt.Data(values=[{"at": share}])).mark_rule(color=palette.ink, strokeWidth=2, strokeDash=[4, 3])
    return mark.encode(x=alt.X("at:Q", scale=_whole()), y=alt.YValue(22), y2=alt.Y2Value(70))


def _seen(accuracy: Proportion) -> str:
    return f"{hundredths(accuracy.estimate)}%" if accuracy.trials else "nothing"


def _whole() -> Any:
    return alt.Scale(domain=[0, 1])


def _narrow(shown: str, length: int = 16) -> str:
    """Shortens in the middle: labels often differ only at their end."""
    return shown if len(shown) <= length else f"{shown[: length // 2]}…{shown[1 - length // 2 :]}"


def _distinct(names: Sequence[str]) -> list[str]:
    """Numbers names that look the same once shortened, so that each keeps its own row."""
    told: list[str] = []
    for one in names:
        taken, numbered = {*names, *told}, (f"{one} ({place})" for place in range(2, 2 * len(names) + 2))
        told.append(next(each for each in numbered if each not in taken) if one in told else one)
    return told
