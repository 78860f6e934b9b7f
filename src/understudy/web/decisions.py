"""Decisions over HTTP: ask for one, look one up, see its photo and the regions that mattered."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.decision import Decision
from understudy.web.body import photo_in, read_body
from understudy.web.context import context_of
from understudy.web.schemas import DECISION_EXAMPLE, ERRORS, PHOTO_BODY, UNREADABLE, DecisionOut

router = APIRouter(prefix="/api/v1", tags=["decisions"], responses=UNREADABLE)

ProjectName = Annotated[str, Path(max_length=80, description="The project's name.")]
DecisionId = Annotated[str, Path(max_length=64, description="The decision's id.")]

FOR_A_YEAR = {"cache-control": "private, max-age=31536000, immutable"}


def decision_json(decision: Decision) -> dict[str, Any]:
    """A decision as the API shows it."""
    answer = decision.answer
    here = f"/api/v1/decisions/{decision.id}"
    return {
        "id": decision.id,
        "project": decision.project,
        "answer": {
            "label": answer.label,
            "probability": answer.probability,
            "runner_up": answer.runner_up,
            "runner_up_probability": answer.runner_up_probability,
        },
        "ask_person": answer.ask_person,
        "answered_by": decision.answered_by.value,
        "model": decision.model,
        "probabilities": dict(answer.probabilities),
        "at": decision.at.isoformat(),
        "seconds": decision.seconds,
        "links": {
            "self": here,
            "page": f"/decisions/{decision.id}",
            "photo": f"{here}/photo",
            "regions": f"{here}/regions",
            "regions_image": f"{here}/regions.png",
        },
    }


@router.post(
    "/projects/{project}/decisions",
    summary="Ask about one photo",
    response_model=DecisionOut,
    responses={
        200: {"content": {"application/json": {"example": DECISION_EXAMPLE}}},
        **{status: ERRORS[status] for status in (400, 404, 409, 413, 415, 422, 503)},
    },
    openapi_extra=PHOTO_BODY,
)
async def decide(project: ProjectName, request: Request) -> Response:
    """Answers at once. The decision is in the ledger before this returns.

    Below the model's threshold the answer stands with `ask_person: true` and `answered_by: nobody-yet`.
    """
    context = context_of(request)
    body = await read_body(request, limit=context.services.max_body)
    photo = photo_in(body, request.headers.get("content-type", ""))
    decision = await context.services.router.decide(project, photo)
    return JSONResponse(decision_json(decision))


@router.get(
    "/decisions/{decision_id}", summary="Look up a decision", response_model=DecisionOut, responses={404: ERRORS[404]}
)
async def show(decision_id: DecisionId, request: Request) -> Response:
    """The decision as it was given; it never changes."""
    return JSONResponse(decision_json(await decision_for(request, decision_id)))


@router.get(
    "/decisions/{decision_id}/photo",
    summary="The photo that was asked about",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 404: ERRORS[404]},
)
async def photo(decision_id: DecisionId, request: Request) -> Response:
    """Upright, at most 1,024 pixels a side, encoded anew: never the bytes that were sent."""
    decision = await decision_for(request, decision_id)
    pictures = context_of(request).pictures
    return Response(await pictures.thumbnail(decision.input_digest), media_type="image/jpeg", headers=FOR_A_YEAR)


@router.get(
    "/decisions/{decision_id}/regions.png",
    summary="The photo with the regions that mattered",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, 404: ERRORS[404], 409: ERRORS[409]},
)
async def regions_image(decision_id: DecisionId, request: Request) -> Response:
    """Bright where hiding that patch lowers the answer's probability, dim elsewhere."""
    decision = await decision_for(request, decision_id)
    pictures = context_of(request).pictures
    return Response(await pictures.overlay(decision), media_type="image/png", headers=FOR_A_YEAR)


@router.get(
    "/decisions/{decision_id}/regions",
    summary="The regions that mattered, as numbers",
    responses={404: ERRORS[404], 409: ERRORS[409]},
)
async def regions(decision_id: DecisionId, request: Request) -> Response:
    """For each patch of the photo: how much hiding it lowers the answer's probability."""
    decision = await decision_for(request, decision_id)
    drops = await context_of(request).pictures.regions(decision)
    rows, columns = drops.shape
    return JSONResponse(
        {
            "label": decision.answer.label,
            "rows": rows,
            "columns": columns,
            "largest": float(drops.max()),
            "drops": [[round(float(drop), 6) for drop in row] for row in drops],
        }
    )


async def decision_for(request: Request, decision_id: str) -> Decision:
    """The decision with this id.

    Raises:
        UnknownDecision: There is none.
    """
    return await run_in_threadpool(context_of(request).services.records.decision, decision_id)
