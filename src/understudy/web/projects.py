"""Projects over HTTP: the list, and each with its verdict's figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.evidence import Later, Proportion
from understudy.domain.project import Project
from understudy.web.context import context_of
from understudy.web.decisions import ProjectName, decision_json, disclosures
from understudy.web.errors import UnknownInput
from understudy.web.examples import Side, example_shown
from understudy.web.inputs import Played
from understudy.web.schemas import ERRORS, UNREADABLE, DecisionsOut, ProjectOut, ProjectsOut
from understudy.web.services import Services
from understudy.web.verdict import is_about_the_present, verdict_of

router = APIRouter(prefix="/api/v1", tags=["projects"], responses=UNREADABLE)


@router.get("/projects", summary="List the projects", response_model=ProjectsOut)
def show_all(request: Request) -> Response:
    """All projects of the workspace, by name, each with its verdict."""
    services = context_of(request).services
    return JSONResponse({"projects": [_project(services, project) for project in services.records.projects()]})


@router.get("/projects/{project}", summary="Look up a project", response_model=ProjectOut, responses={404: ERRORS[404]})
def show(project: ProjectName, request: Request) -> Response:
    """One project with the figures of its verdict."""
    services = context_of(request).services
    return JSONResponse(_project(services, services.records.project(project)))


@router.get(
    "/projects/{project}/decisions",
    summary="List the latest decisions",
    response_model=DecisionsOut,
    responses={404: ERRORS[404]},
)
def latest(
    project: ProjectName,
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many.")] = 50,
) -> Response:
    """The project's latest decisions, newest first."""
    services = context_of(request).services
    decisions = services.records.decisions(project, limit)
    kind = context_of(request).kinds.of(project)
    shown = [decision_json(each, kind) for each in disclosures(services, decisions)]
    return JSONResponse({"decisions": shown}, headers={"cache-control": "no-store"})


@router.get(
    "/projects/{project}/examples/{digest}",
    summary="A sealed input that was mistaken",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 404: ERRORS[404]},
)
async def mistaken_input(
    project: ProjectName,
    digest: Annotated[str, Path(max_length=64, description="SHA-256 of the input.")],
    request: Request,
    side: Side = 1024,
    played: Played = False,
) -> Response:
    """Only inputs that the latest verdict counts as mistakes; photos are encoded anew."""
    judgement = await run_in_threadpool(context_of(request).services.records.latest_judgement, project)
    if judgement is None or digest not in {mistake[0] for mistake in judgement.mistakes}:
        raise UnknownInput.named(digest)
    return await example_shown(request, project, digest, side=side, played=played)


def _project(services: Services, project: Project) -> dict[str, Any]:
    here = f"/api/v1/projects/{project.name}"
    return {
        "name": project.name,
        "created_at": project.created_at.isoformat(),
        "drawn": project.drawn,
        "decisions": services.records.decision_count(project.name),
        "verdict": _verdict(services, project),
        "links": {"self": here, "page": f"/projects/{project.name}", "decisions": f"{here}/decisions"},
    }


def _verdict(services: Services, project: Project) -> dict[str, Any] | None:
    records = services.records
    judgement = records.latest_judgement(project.name)
    if judgement is None:
        return None
    told = verdict_of(services, project)
    return {
        "headline": told.headline,
        "bound": told.bound,
        "next_step": told.step.why,
        "paragraphs": [paragraph.text for paragraph in told.paragraphs],
        "model": judgement.model,
        "present": is_about_the_present(records, project.name),
        "accuracy": _proportion(judgement.accuracy),
        "classes": [{"label": each.label, "recognised": _proportion(each.recall)} for each in judgement.recalls],
        "labels": list(judgement.labels),
        "confusion": [list(row) for row in judgement.confusion],
        "calibration_error": judgement.calibration_error,
        "later": None if judgement.later is None else _later(judgement.later),
        "look": judgement.look,
    }


def _later(later: Later) -> dict[str, Any]:
    return {"right": later.right, "of": later.count, "worse": later.worse}


def _proportion(proportion: Proportion) -> dict[str, Any]:
    return {
        "right": proportion.successes,
        "of": proportion.trials,
        "share": proportion.estimate,
        "at_least": proportion.lower,
        "confidence": proportion.confidence,
        "method": proportion.method,
    }
