"""One decision as a page: what it ended in, why it went that way, and what turned out to be true."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Outcome
from understudy.studio.launch.why import why_words
from understudy.studio.people.outcomes import Reported
from understudy.web.body import read_text
from understudy.web.brief_form import read_form
from understudy.web.context import context_of
from understudy.web.decisions import DecisionId, disclosed
from understudy.web.deletions import deleted_among
from understudy.web.disclosure import Disclosure
from understudy.web.errors import status_of
from understudy.web.launch_page import FRESH, LARGEST, service_of
from understudy.web.origin import check_origin
from understudy.web.pages import house, shown_answer
from understudy.web.services import Services
from understudy.web.templating import page
from understudy.web.verdict import Step
from understudy.web.visitor import checked_person, remember, visitor_of

router = APIRouter()


@router.get("/decisions/{decision_id}")
async def show(decision_id: DecisionId, request: Request) -> Response:
    """One answer with its input, and why it went that way."""
    return await _shown(request, decision_id)


@router.post("/decisions/{decision_id}/outcome")
async def report(decision_id: DecisionId, request: Request) -> Response:
    """Records what turned out to be true; where it cannot be, the page comes back as it was filled in."""
    check_origin(request)
    context = context_of(request)
    sent = read_form(await read_text(request, limit=LARGEST))

    def done() -> Outcome | UnderstudyError:
        project = context.services.records.decision(decision_id).project
        row = Reported(1, decision_id, sent.get("value", ""))
        by = checked_person(sent.get("by", ""))
        return service_of(context).report(project, [row], by=by, source="page")[0]

    try:
        result = await run_in_threadpool(done)
    except UnderstudyError as error:
        result = error
    if isinstance(result, UnderstudyError):
        return await _shown(request, decision_id, sent, result)
    response = RedirectResponse(f"/decisions/{decision_id}#outcome", status_code=303)
    remember(response, result.by, secure=request.url.scheme == "https")
    return response


async def _shown(
    request: Request, decision_id: str, sent: Mapping[str, str] | None = None, error: UnderstudyError | None = None
) -> Response:
    context = context_of(request)
    shown = await disclosed(request, decision_id)
    values = await run_in_threadpool(_values, context.services, shown)
    html = page(
        context.templates,
        "decision.html",
        **await run_in_threadpool(house, context, shown.decision.project),
        **values,
        answer=await shown_answer(context, shown, gone=values["deleted"] is not None),
        step=_step(shown),
        sent=sent or {},
        error=error,
        who=visitor_of(request) or "",
    )
    return HTMLResponse(html, status_code=status_of(error) if error else 200, headers=FRESH)


def _values(services: Services, shown: Disclosure) -> dict[str, Any]:
    decision = shown.decision
    lines: list[str] = []
    if services.service is not None:
        lines = why_words(services.service.why(decision.id), blind=bool(shown.open))
    return {
        "why": lines,
        "deleted": deleted_among(services.records, decision.project, [decision]).get(decision.id),
        "outcome": services.records.outcome(decision.id),
        "labels": services.queue.labels(decision.project) if services.queue else (),
        "can_report": services.service is not None and not shown.tried,
    }


def _step(shown: Disclosure) -> Step:
    """Where the page leads: to the queue while something waits, else to another input."""
    here = f"/projects/{shown.decision.project}"
    if shown.open:
        return Step("Answer the queue", f"{here}/queue", "It waits there, among others.")
    return Step("Try another one", f"{here}#try", "")
