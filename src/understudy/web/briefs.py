"""Briefs: their page with a form that needs no script, their picture, and a project's beginning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.advice import AdviceKind
from understudy.domain.brief import BadBrief, Brief
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import BadName, name_from
from understudy.studio.brief.answers import is_empty
from understudy.studio.brief.briefing import Briefed, Records, begin, briefed, change_brief, history
from understudy.studio.brief.charts import value_chart
from understudy.studio.brief.words import HOLDS, brief_words, score_words
from understudy.studio.pictures.palette import Theme
from understudy.studio.words.phrases import Noun
from understudy.web.brief_form import answers_changed, errors_of, read_form, small_body, steps_of
from understudy.web.context import Context, context_of
from understudy.web.decisions import FOR_A_YEAR, ProjectName
from understudy.web.drawings import WIDTHS, Picture
from understudy.web.errors import NoPicture
from understudy.web.origin import check_origin
from understudy.web.pages import house, projects_page
from understudy.web.templating import page
from understudy.web.verdict import Step
from understudy.web.visitor import BadPerson, checked_person

router = APIRouter()

SOMEONE = "someone"
"""Who changed a brief, where nobody gave a name: there is no sign-in."""

LONGEST_NAME = 80


@dataclass(frozen=True)
class WritingDesk:
    """What of the house briefs are written with."""

    ledger: Records
    now: Callable[[], datetime]


def writing_desk(context: Context) -> WritingDesk:
    """The desk of one app."""
    return WritingDesk(context.services.records, context.services.now)


@router.post("/projects")
async def start(request: Request) -> Response:
    """Begins a project and leads to its brief; one that is there already is simply opened."""
    check_origin(request)
    context = context_of(request)
    sent = read_form(await small_body(request))
    typed = sent.get("name", "")
    try:
        project = await run_in_threadpool(lambda: begin(writing_desk(context), name_from(typed)))
    except BadName as error:
        html = await run_in_threadpool(projects_page, context, {"name": typed, "error": error})
        return HTMLResponse(html, status_code=422)
    return RedirectResponse(f"/projects/{project.name}/brief", status_code=303)


@router.get("/projects/{project}/brief")
async def show(project: ProjectName, request: Request) -> Response:
    """The brief: its verdict, what it rests on, and the form to change it."""
    context = context_of(request)
    return HTMLResponse(await run_in_threadpool(_page, context, project, {}, {}))


@router.post("/projects/{project}/brief")
async def save(project: ProjectName, request: Request) -> Response:
    """Records what the form changed; where something is wrong, the form comes back as it was filled in."""
    check_origin(request)
    context = context_of(request)
    sent = read_form(await small_body(request))
    errors = await run_in_threadpool(_save, context, project, sent)
    if errors:
        return HTMLResponse(await run_in_threadpool(_page, context, project, sent, errors), status_code=422)
    return RedirectResponse(f"/projects/{project}/brief", status_code=303)


@router.get("/projects/{project}/brief/value.svg")
async def chart(
    project: ProjectName, request: Request, theme: Theme, width: Annotated[int, Query(description="In pixels.")]
) -> Response:
    """The monthly value by the share that the model answers alone."""
    context = context_of(request)
    told = await run_in_threadpool(briefed, writing_desk(context), project)
    drawn = await run_in_threadpool(value_chart, told.economics, theme=theme, width=width) if _may(width) else None
    if drawn is None:
        raise NoPicture.of("value")
    return Response(drawn.svg, media_type="image/svg+xml", headers=FOR_A_YEAR)


def _may(width: int) -> bool:
    return width in WIDTHS["gauge"]


def _save(context: Context, project: str, sent: Mapping[str, str]) -> dict[str, UnderstudyError]:
    """Records what changed, or says what is wrong, by field."""
    desk = writing_desk(context)
    versions = desk.ledger.briefs(project)
    of = sent.get("of", "")
    shown = next((each.brief for each in versions if str(each.number) == of), Brief())
    changes = answers_changed(sent, shown)
    errors = errors_of(changes)
    if errors or not changes:
        return errors
    try:
        by = checked_person(sent.get("by", "").strip() or SOMEONE)
        change_brief(desk, project, changes, by=by, reason=sent.get("reason", "").strip()[:1000])
    except BadPerson as error:
        return {"by": error}
    except BadBrief as error:
        return {error.field or "currency": error}
    return {}


def _page(context: Context, name: str, sent: Mapping[str, str], errors: Mapping[str, UnderstudyError]) -> str:
    values = house(context, name)
    desk = writing_desk(context)
    told = briefed(desk, name)
    words, empty = brief_words(told), is_empty(told.brief)
    drawn = value_chart(told.economics, theme="light")
    return page(
        context.templates,
        "brief.html",
        **values,
        told=told,
        words=words,
        empty=empty,
        step=None if empty else step_of(told, name, values["things"]),
        chart=drawn,
        picture=None if drawn is None else _picture(name, told, drawn.title),
        scores=[(score, score_words(score)) for score in told.scores.all],
        holds=HOLDS,
        steps=steps_of(told.brief, sent, errors),
        errors=errors,
        of=sent.get("of", str(told.version.number) if told.version else ""),
        by=sent.get("by", ""),
        reason=sent.get("reason", ""),
        versions=history(desk, name),
    )


def step_of(told: Briefed, project: str, things: Noun) -> Step:
    """Where the first advice leads."""
    first, here = told.advice[0], f"/projects/{project}"
    if first.kind is AdviceKind.TOO_FEW_EXAMPLES:
        return Step(f"How to add {things.many}", f"{here}#examples", first.remedy)
    if first.kind is AdviceKind.WORTH_BUILDING and told.means.trained:
        label = "Read the review" if told.means.reviewed else "Review it"
        return Step(label, f"{here}/review", first.remedy)
    if first.kind is AdviceKind.WORTH_BUILDING:
        return Step("How to train", f"{here}#try", first.remedy)
    if first.kind is AdviceKind.SHIP_THE_RULE:
        return Step("Read the review", f"{here}/review", first.remedy)
    if not first.field:
        return Step("Go to the checks", "#scores", first.remedy)
    field = {"kill": "kill-by"}.get(first.field, first.field.replace("_", "-"))
    return Step("Go to that figure", f"#brief-{field}", first.remedy)


def _picture(project: str, told: Briefed, says: str) -> Picture:
    """Its address changes with the brief and with the labels that the costs are about."""
    number = told.version.number if told.version else 0
    version = f"{number}-{len(told.means.labels)}-{told.economics.people_error:.6g}"
    return Picture("gauge", f"/projects/{project}/brief/value.svg", version, says)
