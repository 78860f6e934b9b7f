"""Audits: their page with the examples that findings rest on, and forms that need no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import DataAudit
from understudy.studio.audits.words import Told, audit_words
from understudy.web.body import read_body
from understudy.web.brief_form import read_form
from understudy.web.context import Context, context_of
from understudy.web.decisions import ProjectName
from understudy.web.errors import NotDoneHere, UnknownInput
from understudy.web.examples import Side, example_shown
from understudy.web.inputs import Played
from understudy.web.origin import check_origin
from understudy.web.pages import house
from understudy.web.services import Auditor
from understudy.web.templating import page
from understudy.web.visitor import checked_person

router = APIRouter()

LARGEST = 20_000
"""Bytes of a form."""
LONGEST_NAME = 80
LONGEST_REASON = 1000
SHOWN = 8
"""Examples that a card shows; the rest are named."""
SOMEONE = "someone"


@dataclass(frozen=True)
class Card:
    """One finding with its examples.

    Attributes:
        told: The finding, and who answers for it.
        examples: Name and digest of the first ones it rests on.
        others: Names of the rest.
    """

    told: Told
    examples: tuple[tuple[str, str], ...]
    others: tuple[str, ...]


@router.get("/projects/{project}/audit")
async def show(project: ProjectName, request: Request) -> Response:
    """What the latest audit saw, the gravest first."""
    return HTMLResponse(await run_in_threadpool(_page, context_of(request), project))


@router.post("/projects/{project}/audit")
async def make(project: ProjectName, request: Request) -> Response:
    """Audits the data, then shows what was seen."""
    check_origin(request)
    context = context_of(request)
    await run_in_threadpool(_auditor(context).audit, project)
    return RedirectResponse(f"/projects/{project}/audit", status_code=303)


@router.post("/projects/{project}/audit/accept")
async def answer_for(project: ProjectName, request: Request) -> Response:
    """Records who answers for a finding; where something is wrong, the page comes back as it was filled in."""
    check_origin(request)
    context = context_of(request)
    sent = read_form(await read_body(request, limit=LARGEST))
    identity, reason = sent.get("finding", ""), sent.get("reason", "").strip()[:LONGEST_REASON]
    auditor = _auditor(context)
    await run_in_threadpool(context.services.records.project, project)
    try:
        by = checked_person(sent.get("by", "").strip() or SOMEONE)
        await run_in_threadpool(lambda: auditor.accept(project, identity, by=by, reason=reason))
    except UnderstudyError as error:
        return HTMLResponse(await run_in_threadpool(_page, context, project, sent, error), status_code=422)
    return RedirectResponse(f"/projects/{project}/audit#accepted", status_code=303)


@router.get("/projects/{project}/audit/examples/{digest}")
async def example(
    project: ProjectName,
    digest: Annotated[str, Path(max_length=64)],
    request: Request,
    side: Side = 1024,
    played: Played = False,
) -> Response:
    """Only examples that a finding of the latest audit rests on; photos are encoded anew."""
    if digest not in await run_in_threadpool(_evidence, context_of(request), project):
        raise UnknownInput.named(digest)
    return await example_shown(request, project, digest, side=side, played=played)


def _page(
    context: Context, project: str, sent: Mapping[str, str] | None = None, error: UnderstudyError | None = None
) -> str:
    records, values = context.services.records, house(context, project)
    audit = records.latest_data_audit(project)
    words = audit_words(audit, records.acceptances(project), project, coming_in=records.findings(project))
    digests = _digests(context, project, audit)
    return page(
        context.templates,
        "audit.html",
        **values,
        audit=audit,
        words=words,
        standing=[_card(each, digests) for each in words.standing],
        accepted=[_card(each, digests) for each in words.accepted],
        can_audit=context.services.auditor is not None,
        command=f"understudy audit {project}",
        sent=sent or {},
        error=error,
    )


def _card(told: Told, digests: Mapping[str, str]) -> Card:
    named = [(each, digests[each]) for each in told.finding.evidence if each in digests]
    shown = tuple(named[:SHOWN])
    others = [each for each in told.finding.evidence if each not in {name for name, _ in shown}]
    return Card(told, shown, tuple(others))


def _digests(context: Context, project: str, audit: DataAudit | None) -> dict[str, str]:
    """The examples that findings rest on, by name; where several bear a name, nobody knows which is meant."""
    wanted = {each for finding in audit.findings for each in finding.evidence} if audit else set()
    return context.services.records.bearers(project, wanted)


def _evidence(context: Context, project: str) -> set[str]:
    return set(_digests(context, project, context.services.records.latest_data_audit(project)).values())


def _auditor(context: Context) -> Auditor:
    auditor = context.services.auditor
    if auditor is None:
        raise NotDoneHere(
            fact="No audit can be made here.",
            reason="This server only shows what the workspace holds.",
            remedy="Make it where the workspace is: understudy audit",
        )
    return auditor
