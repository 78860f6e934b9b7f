"""Decisions over HTTP: ask for one, look one up, see its input and what mattered in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.answer import Answer, Reason, decided_in
from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, labels_in, number_in
from understudy.serving.asking import Request as Question
from understudy.web.asking import asked_in, kind_of, query_of, telling_how, understood, wait_of
from understudy.web.body import read_body
from understudy.web.context import Context, context_of
from understudy.web.deletions import require_kept
from understudy.web.disclosure import Disclosure, State
from understudy.web.errors import AnswerWithheld, NoPhoto
from understudy.web.inputs import Played, shown
from understudy.web.known import with_known
from understudy.web.links import AT_ONCE, PHOTO, links_of
from understudy.web.origin import check_origin
from understudy.web.schemas import DECISION_EXAMPLE, ERRORS, INPUT_BODY, UNREADABLE, WAIT, DecisionOut
from understudy.web.services import Services
from understudy.web.written import Written, is_plain, model_answer

router = APIRouter(prefix="/api/v1", tags=["decisions"], responses=UNREADABLE)

ProjectName = Annotated[str, Path(max_length=80, description="The project's name.")]
DecisionId = Annotated[str, Path(max_length=64, description="The decision's id.")]

FOR_A_YEAR = {"cache-control": "private, max-age=31536000, immutable"}
FOR_A_MINUTE = {"cache-control": "private, max-age=60"}
"""For what may be deleted."""

NOT_KEPT = {"cache-control": "private, no-store"}
"""For what may be withheld at another time."""

LOOK_AGAIN = "5"
"""Seconds after which it is worth asking again whether a person has answered."""


def answer_json(answer: Answer) -> dict[str, Any]:
    """What a model said, as the API shows it; what only some kinds of answers have stands only in those."""
    told: dict[str, Any] = {
        "label": answer.label,
        "probability": answer.probability,
        "runner_up": answer.runner_up,
        "runner_up_probability": answer.runner_up_probability,
    }
    match answer.kind:
        case AnswerKind.NUMBER:
            told |= {"number": number_in(answer.label), "interval": answer.interval}
        case AnswerKind.LABELS:
            told["labels"] = labels_in(answer.label)
        case AnswerKind.RANKING:
            told["ranking"] = [item for item, _ in answer.probabilities]
            if answer.titles:
                told["titles"] = answer.titles
    if answer.unknown:
        told["unknown"] = True
    if answer.seconds is not None:
        told["seconds"] = answer.seconds
    if answer.reasons:
        told["reasons"] = [each.to_json() for each in answer.reasons]
    return told


def _answer_json(answer: Answer, reasons: Sequence[Reason]) -> dict[str, Any]:
    """The same with the seconds that decided, as reasons tell; null where they tell that none did."""
    seconds = answer.seconds or decided_in(answer.kind, reasons)
    told = answer_json(replace(answer, seconds=seconds))
    return told | {"seconds": None} if seconds is None and any(each.seconds for each in reasons) else told


def decision_json(shown: Disclosure, kind: str, reasons: Sequence[Reason] = ()) -> dict[str, Any]:
    """A decision as the API shows it.

    Args:
        shown: What may be told of it.
        kind: The modality of its input.
        reasons: What moved the model's answer, where that says which seconds decided it.
    """
    decision, answer = shown.decision, shown.served
    settled_at = decision.at if shown.by_model and not shown.tried else shown.resolution and shown.resolution.at
    return {
        "id": decision.id,
        "project": decision.project,
        "state": shown.state.value,
        "label": shown.label,
        "answer": answer and _answer_json(answer, reasons),
        "ask_person": shown.state is not State.ANSWERED,
        "answered_by": shown.answered_by.value,
        "withheld": shown.withheld,
        "model": decision.model,
        "probabilities": dict(answer.probabilities) if answer else {},
        "because": decision.because.value,
        "stage": decision.stage,
        "key": decision.key,
        "at": decision.at.isoformat(),
        "seconds": decision.seconds,
        "settled_at": settled_at and settled_at.isoformat(),
        **({"remarks": decision.answer.remarks} if decision.answer and decision.answer.remarks else {}),
        "links": links_of(decision.id, kind, explained=shown.model_said is not None),
    }


@router.post(
    "/projects/{project}/decisions",
    summary="Ask about one input",
    response_model=DecisionOut,
    responses={
        200: {"content": {"application/json": {"example": DECISION_EXAMPLE}}},
        202: {"model": DecisionOut, "description": "A person will answer: look again at Location after Retry-After."},
        **{status: ERRORS[status] for status in (400, 404, 409, 413, 415, 422, 503)},
    },
    openapi_extra=INPUT_BODY,
)
async def decide(project: ProjectName, request: Request) -> Response:
    """A model answers at once (200), or a person will (202); the request is in the ledger before this returns.

    `?wait=SECONDS` or `Prefer: wait=SECONDS` holds the connection until a person has answered, for as long as the
    project's setting hold-seconds allows. A request that is sent again with the same Idempotency-Key is answered once.
    """
    check_origin(request)
    context = context_of(request)
    async with telling_how(context, project):
        body = await read_body(request, limit=context.services.max_body)
        kind = await kind_of(context, project)
        asked = await understood(len(body), asked_in, request, body, kind)
    data = await with_known(context, project, asked.data)
    decision = await context.services.router.decide(project, Question(data, asked.key, asked.subject))
    if decision.answered_by is AnsweredBy.MODEL and decision.answer is not None and is_plain(decision.answer):
        return Written(model_answer(decision, kind))
    resolution, wait = None, await _allowed(context, decision, asked.wait)
    if wait or asked.key:  # without a key the request is new, so nobody has answered it yet
        resolution = await context.services.router.resolved(decision.id, wait)
    shown = Disclosure(decision, resolution)
    return JSONResponse(
        decision_json(shown, kind),
        status_code=202 if shown.state is State.WAITING else 200,
        headers=_where(shown, wait),
    )


@router.get(
    "/decisions/{decision_id}",
    summary="Look up a decision",
    response_model=DecisionOut,
    responses={404: ERRORS[404]},
    openapi_extra={"parameters": [WAIT]},
)
async def show(decision_id: DecisionId, request: Request) -> Response:
    """How far the request has come, and what it ended in. `?wait=SECONDS` holds the connection until it has.

    What a model said is withheld while a person is still to answer without having seen it.
    """
    context, wait = context_of(request), wait_of(request.headers.get("prefer"), query_of(request))
    shown = await disclosed(request, decision_id)
    if shown.state is not State.WAITING:
        return JSONResponse(await _whole(context, shown), headers=_where(shown))
    wait = await _allowed(context, shown.decision, wait)
    if wait and await context.services.router.resolved(decision_id, wait):
        shown = await disclosed(request, decision_id)
    return JSONResponse(await _whole(context, shown), headers=_where(shown, wait))


async def _whole(context: Context, shown: Disclosure) -> dict[str, Any]:
    """A decision with what only shows when it is looked up: which seconds of a recording or a clip decided it."""
    kind = await kind_of(context, shown.decision.project)
    reasons: Sequence[Reason] = ()
    if kind not in AT_ONCE and shown.served is not None:
        try:
            await run_in_threadpool(require_kept, context.services.records, shown.decision)
            reasons = await context.pictures.reasons(shown.decision)
        except UnderstudyError:
            reasons = ()  # what tells them is no longer there, or too slow, and the answer stands without them
    return decision_json(shown, kind, reasons)


@router.get(
    "/decisions/{decision_id}/photo",
    summary="The photo that was asked about",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 404: ERRORS[404], 410: ERRORS[410]},
)
async def photo(decision_id: DecisionId, request: Request) -> Response:
    """Upright, at most 1,024 pixels a side, encoded anew: never the bytes that were sent."""
    context = context_of(request)
    decision = await run_in_threadpool(_kept, context.services, decision_id)
    await _require_photo(request, decision)
    photo = await context.pictures.thumbnail(decision.input_digest, decision=decision.id)
    return Response(photo, media_type="image/jpeg", headers=FOR_A_MINUTE)


@router.get(
    "/decisions/{decision_id}/input",
    summary="What was asked about, as it was sent",
    response_class=Response,
    responses={404: ERRORS[404], 410: ERRORS[410]},
)
async def sent(decision_id: DecisionId, request: Request, played: Played = False) -> Response:
    """The input's bytes under their media type; a browser shows or plays them and runs nothing of them."""
    services = context_of(request).services

    def read() -> tuple[bytes, str, Project]:
        decision = _kept(services, decision_id)
        data = services.input(decision.input_digest, decision.id)
        return data, decision.input_digest, services.records.project(decision.project)

    data, digest, project = await run_in_threadpool(read)
    return await shown(request, services, project, digest, data, played=played)


@router.get(
    "/decisions/{decision_id}/reasons",
    summary="What moved the answer",
    responses={status: ERRORS[status] for status in (404, 409, 410, 503)},
)
async def reasons(decision_id: DecisionId, request: Request) -> Response:
    """What of the input spoke for the answer (push above 0) and against it, strongest first.

    Of a recording or a clip with the seconds where it lies, of several labels with the one that it moved.
    """
    shown = await disclosed(request, decision_id)
    answer = explained_answer(shown)
    await run_in_threadpool(require_kept, context_of(request).services.records, shown.decision)
    found = await context_of(request).pictures.reasons(shown.decision)
    told = [each.to_json() for each in found]
    return JSONResponse({"label": answer.label, "reasons": told}, headers=NOT_KEPT)


@router.get(
    "/decisions/{decision_id}/regions.png",
    summary="The photo with the regions that mattered",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, **{status: ERRORS[status] for status in (404, 409, 410, 503)}},
)
async def regions_image(decision_id: DecisionId, request: Request) -> Response:
    """Bright where hiding that patch lowers the answer's probability, dim elsewhere."""
    shown = await disclosed(request, decision_id)
    await _require_photo(request, shown.decision)
    explained_answer(shown)
    await run_in_threadpool(require_kept, context_of(request).services.records, shown.decision)
    overlay = await context_of(request).pictures.overlay(shown.decision)
    return Response(overlay, media_type="image/png", headers=NOT_KEPT)


@router.get(
    "/decisions/{decision_id}/regions",
    summary="The regions that mattered, as numbers",
    responses={status: ERRORS[status] for status in (404, 409, 410, 503)},
)
async def regions(decision_id: DecisionId, request: Request) -> Response:
    """For each patch of the photo: how much hiding it lowers the answer's probability."""
    shown = await disclosed(request, decision_id)
    await _require_photo(request, shown.decision)
    answer = explained_answer(shown)
    await run_in_threadpool(require_kept, context_of(request).services.records, shown.decision)
    drops = await context_of(request).pictures.regions(shown.decision)
    rows, columns = drops.shape
    return JSONResponse(
        {
            "label": answer.label,
            "rows": rows,
            "columns": columns,
            "largest": float(drops.max()),
            "drops": [[round(float(drop), 6) for drop in row] for row in drops],
        },
        headers=NOT_KEPT,
    )


async def _require_photo(request: Request, decision: Decision) -> None:
    """Passes where a decision is about a photo.

    Raises:
        NoPhoto: It is about something else, which stands at other addresses.
    """
    kind = await kind_of(context_of(request), decision.project)
    if kind != PHOTO:
        raise NoPhoto.of(decision.id, kind)


def explained_answer(shown: Disclosure) -> Answer:
    """What the model said, to be explained.

    Raises:
        AnswerWithheld: No model said anything, or it may not be told yet.
    """
    if shown.model_said is None:
        raise AnswerWithheld.of(shown.decision.id)
    return shown.model_said


async def disclosed(request: Request, decision_id: str) -> Disclosure:
    """The decision with this id, and what of it may be told now.

    Raises:
        UnknownDecision: There is none.
    """
    services = context_of(request).services

    def looked_up() -> Disclosure:
        return disclosures(services, [services.records.decision(decision_id)])[0]

    return await run_in_threadpool(looked_up)


def disclosures(services: Services, decisions: Sequence[Decision]) -> list[Disclosure]:
    """What may be told of each decision now; reads the ledger."""
    ids, now = [each.id for each in decisions], services.now()
    settled, left = services.records.resolutions(ids, now), services.records.open_kinds(ids, now)
    return [Disclosure(each, settled.get(each.id), left.get(each.id, ())) for each in decisions]


def _kept(services: Services, decision_id: str) -> Decision:
    """The decision with this id, whose input was not deleted; reads the ledger."""
    decision = services.records.decision(decision_id)
    require_kept(services.records, decision)
    return decision


async def _allowed(context: Context, decision: Decision, wait: float) -> float:
    """For how long a connection is held that a client wants held so long; its project sets the limit. In seconds."""
    return min(wait, await context.services.router.hold_seconds(decision.project)) if wait else 0.0


def _where(shown: Disclosure, wait: float = 0.0) -> dict[str, str]:
    """Headers that tell a client where and when to look again, and for how long it could be held (RFC 7240)."""
    headers = {"location": f"/api/v1/decisions/{shown.decision.id}", "cache-control": "no-store"}
    if wait:
        headers["preference-applied"] = f"wait={wait:g}"
    return {**headers, "retry-after": LOOK_AGAIN} if shown.state is State.WAITING else headers
