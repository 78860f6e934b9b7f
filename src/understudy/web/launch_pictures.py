"""Which pictures a project in service has, and what each of them shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from understudy.domain.money import asked as asked_share
from understudy.domain.review import Outcome
from understudy.studio.launch.breaker_charts import Spent, spent_meter, trace_chart
from understudy.studio.launch.breaker_trace import Watched
from understudy.studio.launch.history import Period
from understudy.studio.launch.shadow_evidence import ShadowEvidence, shadow_words
from understudy.studio.launch.stage_chart import stage_chart
from understudy.studio.launch.words import short
from understudy.studio.pictures.drawing import Chart, Table
from understudy.studio.pictures.palette import Theme
from understudy.studio.pictures.row_charts import Line, Row, row_chart, shares_scale
from understudy.studio.words.phrases import OVER_ALL_LOOKS, floor_percent, number, percent
from understudy.web.live_pictures import Draw


@dataclass(frozen=True)
class Drawable:
    """A picture that can be drawn.

    Attributes:
        kind: Its name in addresses.
        shows: Its numbers, to be told apart from others.
        draw: Draws it.
    """

    kind: str
    shows: object
    draw: Draw


def timeline(periods: Sequence[Period], now: datetime) -> Drawable:
    """What was live when. It moves on with the clock, so it is drawn anew once a minute at most."""
    until = max(now.replace(second=0, microsecond=0), periods[-1].began + timedelta(seconds=1))
    shown = tuple((each.began, each.stage, each.change.number if each.change else 0) for each in periods)
    return Drawable(
        "timeline", (shown, until), lambda theme, width: stage_chart(periods, until, theme=theme, width=width)
    )


def shadow_drawable(found: ShadowEvidence, *, asked: bool) -> Drawable | None:
    """What the shadow has shown, against the bar; None before it has shown anything."""
    if not found.alone:
        return None
    shows = (found, asked)
    return Drawable("shadow", shows, lambda theme, width: shadow_chart(found, asked=asked, theme=theme, width=width))


def breaker_drawables(watched: Watched) -> list[Drawable]:
    """A breaker's trace and what it lets be lost, as far as there is anything to draw."""
    found, terms, breaker = [], watched.terms, watched.breaker
    audits, needed = watched.audits, 1.0 / breaker.rules.alpha
    if audits:
        shows = (watched.model, audits[-1], len(audits))
        name = f"trace-{short(watched.model)}"
        found.append(Drawable(name, shows, lambda theme, width: trace_chart(audits, needed, theme=theme, width=width)))
    if terms.wrong_cost is not None and terms.loss_budget is not None:
        spent = Spent(breaker.meter.excess, breaker.meter.alarm, terms.loss_budget, terms.currency)
        name = f"spent-{short(watched.model)}"
        found.append(Drawable(name, spent, lambda theme, width: spent_meter(spent, theme=theme, width=width)))
    return found


def shadow_chart(found: ShadowEvidence, *, asked: bool, theme: Theme, width: int) -> Chart:
    """Draws what the shadow has shown: what was seen, what is proven, and the bar, which a brief asks for or none."""
    share = found.right / found.alone
    outcome = Outcome.PROVEN if found.cleared else Outcome.OPEN
    tally = f"{number(found.right)} of {number(found.alone)}"
    row = Row("Right, had it answered alone", tally, found.lower, share, 1.0, found.bar, outcome)
    caption = (
        f"People answered {number(found.answered)} requests meanwhile. The line begins where the true share lies with "
        f"{percent(OVER_ALL_LOOKS)} confidence, however often one looks and over all shadow stages together."
    )
    cells = (
        ("right", tally),
        ("at least", floor_percent(found.lower)),
        ("asked" if asked else "aimed at", asked_share(found.bar)),
    )
    return row_chart(
        [row],
        shares_scale([found.lower, found.bar, share, 1.0], width=width),
        told=(shadow_words(found, asked=asked), caption),
        table=Table(("what", "how much"), cells),
        theme=theme,
        width=width,
        line=Line(found.bar, "the bar"),
    )
