"""The pages: the projects, each project with its verdict and a photo to try, and each answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.store.errors import UnknownDecision
from understudy.web import verdict, views
from understudy.web.body import photo_in, read_body
from understudy.web.context import Context, context_of
from understudy.web.decisions import DecisionId, ProjectName, decision_for
from understudy.web.failures import is_fragment
from understudy.web.origin import check_origin
from understudy.web.templating import page

router = APIRouter()

PAST_ANSWERS = 12


@router.get("/")
async def projects(request: Request) -> Response:
    """All projects, each with its verdict; what to do where there is none."""
    context = context_of(request)
    values = await run_in_threadpool(_projects, context)
    return HTMLResponse(page(context.templates, "projects.html", **values))


@router.get("/projects/{project}")
async def project(
    project: ProjectName, request: Request, answer: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    """One project: the verdict, what to do next, a photo to try, and the evidence."""
    context = context_of(request)
    values = await run_in_threadpool(_project, context, project)
    shown = await _asked(context, project, answer) if answer else None
    return HTMLResponse(page(context.templates, "project.html", **values, answer=shown))


@router.post("/projects/{project}/try")
async def try_photo(project: ProjectName, request: Request) -> Response:
    """Asks about a photo; the page's script gets the answer as a part, a bare form is sent on to its page."""
    check_origin(request)
    context = context_of(request)
    body = await read_body(request, limit=context.services.max_body)
    photo = photo_in(body, request.headers.get("content-type", ""))
    decision = await context.services.router.decide(project, photo)
    if not is_fragment(request):
        return RedirectResponse(f"/decisions/{decision.id}", status_code=303)
    view = views.answer_view(decision, explained=True)
    return HTMLResponse(page(context.templates, "answer.html", answer=view))


@router.get("/decisions/{decision_id}")
async def decision(decision_id: DecisionId, request: Request) -> Response:
    """One answer, its photo and the regions that mattered."""
    context = context_of(request)
    found = await decision_for(request, decision_id)
    values = await run_in_threadpool(_house, context, found.project)
    view = views.answer_view(found, explained=await _is_in_place(context, found))
    return HTMLResponse(page(context.templates, "decision.html", **values, answer=view))


def _projects(context: Context) -> dict[str, Any]:
    records = context.services.records
    rows = []
    for each in records.projects():
        judgement = records.latest_judgement(each.name)
        model = records.latest_model(each.name)
        counts, served = records.counts(each.name), records.decision_count(each.name)
        told = verdict.verdict_of(each.name, judgement, counts, trained=model is not None)
        facts = f"{views.photos_said(counts.total)} · {served:,} {'answer' if served == 1 else 'answers'} given"
        rows.append({"project": each, "verdict": told, "gauge": verdict.gauge(judgement), "facts": facts})
    title = "1 project" if len(rows) == 1 else f"{len(rows)} projects"
    return {"projects": rows, "headline": title, "example": verdict.example()}


def _house(context: Context, name: str) -> dict[str, Any]:
    records = context.services.records
    found = records.project(name)
    counts, seen = records.counts(name), records.findings(name)
    model, judgement = records.latest_model(name), records.latest_judgement(name)
    served = records.decision_count(name)
    return {
        "project": found,
        "counts": counts,
        "model": model,
        "judgement": judgement,
        "served": served,
        "seen": seen,
        "rail": views.rail(counts, len(seen), model, judgement, served),
    }


def _project(context: Context, name: str) -> dict[str, Any]:
    records = context.services.records
    values = _house(context, name)
    judgement, served = values["judgement"], values["served"]
    values |= {
        "verdict": verdict.verdict_of(name, judgement, values["counts"], trained=values["model"] is not None),
        "trained": values["model"] is not None,
        "limit": context.services.max_body - 4096,
        "photos": views.photos_view(values["counts"]),
        "findings": views.findings_view(values["seen"]),
        "looks": records.look_count(name),
        "history": {
            "title": f"{served:,} {'answer' if served == 1 else 'answers'} given" if served else "No answers given yet",
            "decisions": views.past_answers(records.decisions(name, PAST_ANSWERS), PAST_ANSWERS),
        },
    }
    if judgement is not None:
        values |= {
            "gauge": verdict.gauge(judgement),
            "classes": views.class_rows(judgement),
            "classes_title": views.classes_title(judgement),
            "confusion": views.confusion_view(judgement),
            "mistakes": views.mistakes_of(judgement),
            "reliability": {"title": views.reliability_title(judgement), "chart": verdict.reliability(judgement)},
        }
    return values


async def _asked(context: Context, project: str, decision_id: str) -> views.AnswerView | None:
    """The answer that the address names; one that is gone or another project's is simply not shown."""
    try:
        found = await run_in_threadpool(context.services.records.decision, decision_id)
    except UnknownDecision:
        return None
    if found.project != project:
        return None
    return views.answer_view(found, explained=await _is_in_place(context, found))


async def _is_in_place(context: Context, decision: Decision) -> bool:
    try:
        model = await context.services.router.model(decision.project)
    except UnderstudyError:
        return False
    return model.version == decision.model
