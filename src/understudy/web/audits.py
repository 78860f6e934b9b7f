"""Audits: their page with the photos that findings rest on, and forms that need no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import DataAudit
from understudy.studio.audits.words import Told, audit_words
from understudy.web.body import read_body
from understudy.web.brief_form import read_form
from understudy.web.context import Context, context_of
from understudy.web.decisions import FOR_A_YEAR, ProjectName
from understudy.web.errors import NotDoneHere, UnknownPhoto
from understudy.web.inputs import Played, shown
from understudy.web.origin import check_origin
from understudy.web.pages import house
from understudy.web.services import Auditor
from understudy.web.templating import page

router = APIRouter()

LARGEST = 20_000
"""Bytes of a form."""
LONGEST_NAME = 80
LONGEST_REASON = 1000
PHOTOS = 8
"""Photos that a card shows; the rest are named."""
SOMEONE = "someone"


@dataclass(frozen=True)
class Card:
    """One finding with its photos.

    Attributes:
        told: The finding, and who answers for it.
        photos: Name and digest of the first photos it rests on.
        others: Names of the rest.
    """

    told: Told
    photos: tuple[tuple[str, str], ...]
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
    by = sent.get("by", "").strip()[:LONGEST_NAME] or SOMEONE
    auditor = _auditor(context)
    await run_in_threadpool(context.services.records.project, project)
    try:
        await run_in_threadpool(lambda: auditor.accept(project, identity, by=by, reason=reason))
    except UnderstudyError as error:
        return HTMLResponse(await run_in_threadpool(_page, context, project, sent, error), status_code=422)
    return RedirectResponse(f"/projects/{project}/audit#accepted", status_code=303)


@router.get("/projects/{project}/audit/photos/{digest}")
async def photo(
    project: ProjectName,
    digest: Annotated[str, Path(max_length=64)],
    request: Request,
    side: Annotated[int, Query(ge=32, le=1024)] = 1024,
) -> Response:
    """Only photos that a finding of the latest audit rests on; encoded anew."""
    context = context_of(request)
    if digest not in await run_in_threadpool(_evidence, context, project):
        raise UnknownPhoto.named(digest)
    return Response(await context.pictures.thumbnail(digest, side), media_type="image/jpeg", headers=FOR_A_YEAR)


@router.get("/projects/{project}/audit/inputs/{digest}")
async def sent(
    project: ProjectName, digest: Annotated[str, Path(max_length=64)], request: Request, played: Played = False
) -> Response:
    """Only inputs that a finding of the latest audit rests on, as they came."""
    context = context_of(request)
    if digest not in await run_in_threadpool(_evidence, context, project):
        raise UnknownPhoto.named(digest)
    found = await run_in_threadpool(context.services.records.project, project)
    data = await run_in_threadpool(context.services.photo, digest)
    return await shown(request, context.services, found, digest, data, played=played)


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
    shown = tuple(named[:PHOTOS])
    others = [each for each in told.finding.evidence if each not in {name for name, _ in shown}]
    return Card(told, shown, tuple(others))


def _digests(context: Context, project: str, audit: DataAudit | None) -> dict[str, str]:
    """The photos that findings rest on, by name."""
    wanted = {each for finding in audit.findings for each in finding.evidence} if audit else set()
    if not wanted:
        return {}
    return {each.name: each.digest for each in context.services.records.examples(project) if each.name in wanted}


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
