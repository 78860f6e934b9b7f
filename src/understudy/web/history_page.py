"""The history of a project in service: what was live when, without a gap, and what happened besides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.stage import Cause, Event
from understudy.studio.launch.history import History, Period, history_record
from understudy.studio.launch.words import answers_words, cause_words, rests_words, short
from understudy.studio.pictures.palette import Theme
from understudy.studio.words.phrases import name, times
from understudy.web.context import Context, context_of
from understudy.web.decisions import FOR_A_YEAR, ProjectName
from understudy.web.errors import NoPicture
from understudy.web.launch_page import FRESH, LEVELS, service_of
from understudy.web.launch_pictures import timeline
from understudy.web.live_pictures import LivePicture
from understudy.web.pages import house
from understudy.web.queue_views import lasting
from understudy.web.review_pictures import SIZES
from understudy.web.schemas import ERRORS, UNREADABLE
from understudy.web.templating import moment, page

pages = APIRouter()
router = APIRouter(prefix="/api/v1", tags=["stages"], responses=UNREADABLE)

SHOWN = ("everything", "stages", "events")
"""What the list can be narrowed to."""


@dataclass(frozen=True)
class Line:
    """One thing that happened.

    Attributes:
        anchor: Its address on the page.
        level: "safe", "low", "medium" or "high".
        kind: What it is, in a word or two.
        headline: What happened.
        says: Why, and what it rested on.
        at: When, and for how long it held.
        when: For the order.
    """

    anchor: str
    level: str
    kind: str
    headline: str
    says: str
    at: str
    when: datetime


@pages.get("/projects/{project}/history")
async def show(
    project: ProjectName, request: Request, show: Annotated[str, Query(max_length=20)] = SHOWN[0]
) -> Response:
    """Every stage and every event, newest first."""
    context = context_of(request)
    values, found = await run_in_threadpool(_values, context, project)
    drawable = timeline(found.periods, context.services.now())
    chart = await context.live_pictures.chart(drawable.shows, drawable.draw)
    html = page(
        context.templates,
        "history.html",
        **values,
        timeline=LivePicture(f"/projects/{project}/history/timeline.svg", chart),
        lines=_lines(found, context.services.now(), show),
        show=show if show in SHOWN else SHOWN[0],
        choices=SHOWN,
        headline=_headline(found),
    )
    return HTMLResponse(html, headers=FRESH)


@pages.get("/projects/{project}/history/timeline.svg")
async def chart(
    project: ProjectName, request: Request, theme: Theme, width: Annotated[int, Query(description="In pixels.")]
) -> Response:
    """Which stage held when."""
    if width not in SIZES:
        raise NoPicture.of("timeline")
    context = context_of(request)
    found = await run_in_threadpool(service_of(context).history, project)
    drawable = timeline(found.periods, context.services.now())
    drawn = await context.live_pictures.chart(drawable.shows, drawable.draw, theme, width)
    return Response(drawn.svg, media_type="image/svg+xml", headers=FOR_A_YEAR)


@router.get("/projects/{project}/history", summary="What was live when", responses={404: ERRORS[404]})
def record(project: ProjectName, request: Request) -> Response:
    """Every stage from the project's beginning to now, without a gap, and every event with its figures."""
    found = service_of(context_of(request)).history(project)
    return JSONResponse(history_record(found), headers=FRESH)


def _values(context: Context, project: str) -> tuple[dict[str, Any], History]:
    values = house(context, project)
    return values, service_of(context).history(project)


def _headline(found: History) -> str:
    """How often who answers has changed, and how often a breaker brought that about."""
    changes = [each.change for each in found.periods if each.change is not None]
    if not changes:
        return "Nothing has changed yet: people answer since the beginning."
    trips = sum(1 for each in changes if each.cause is Cause.TRIPPED)
    tripped = f"the breaker tripped {times(trips)}" if trips else "no breaker tripped"
    return f"Who answers has changed {times(len(changes))}; {tripped}."


def _lines(found: History, now: datetime, show: str) -> list[Line]:
    """What the address asks for, newest first."""
    lines: list[Line] = []
    if show != "events":
        lines += [_period(each, now) for each in found.periods]
    if show != "stages":
        lines += _events(found.events)
    return sorted(lines, key=lambda line: line.when, reverse=True)


def _period(period: Period, now: datetime) -> Line:
    change = period.change
    level = "low"
    if change is not None:
        level = {Cause.TRIPPED: "high", Cause.OVERRIDDEN: "medium"}.get(change.cause, "low")
    held = lasting((period.ended or now) - period.began)
    until = "now" if period.ended is None else moment(period.ended)
    said = "" if change is None else f"{cause_words(change)} {rests_words(change.evidence)}".strip()
    return Line(
        anchor=f"stage-{change.number if change else 0}",
        level=level,
        kind=f"stage: {period.stage.value}",
        headline=answers_words(change),
        says=said,
        at=f"{moment(period.began)} to {until}: {held}",
        when=period.began,
    )


def _events(events: Sequence[Event]) -> Iterator[Line]:
    for each in events:
        about = f", model {short(each.model)}" if each.model else ""
        fact = name(each.fact, length=300)
        yield Line(
            f"event-{each.number}", LEVELS[each.kind], each.kind.value, fact, "", moment(each.at) + about, each.at
        )
