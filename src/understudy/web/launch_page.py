"""The launch page: who answers, where the model may go, the breaker's evidence, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.stage import Event, EventKind, Stage, StageChange
from understudy.domain.task import number_shown
from understudy.studio.launch.breaker_trace import Watched
from understudy.studio.launch.shadow_evidence import ShadowEvidence, shadow_words
from understudy.studio.launch.staging import BadStage
from understudy.studio.launch.words import rollback_words, short
from understudy.studio.pictures.palette import Theme
from understudy.studio.words.phrases import name
from understudy.web import launch_views as views
from understudy.web.body import read_text
from understudy.web.breaker_views import breaker_view
from understudy.web.brief_form import read_form
from understudy.web.context import Context, context_of
from understudy.web.decisions import FOR_A_YEAR, ProjectName
from understudy.web.errors import NoPicture, NotDoneHere, status_of
from understudy.web.launch_pictures import Drawable, breaker_drawables, shadow_drawable
from understudy.web.live_pictures import LivePicture
from understudy.web.origin import check_origin
from understudy.web.pages import house
from understudy.web.review_pictures import SIZES
from understudy.web.service import Service
from understudy.web.templating import moment, page
from understudy.web.visitor import LONGEST, checked_person, remember, visitor_of

router = APIRouter()

LARGEST = 20_000
"""Bytes of a form."""
LONGEST_REASON = 1000
EVENTS = 50
UNTOLD = frozenset({"fact", "reason", "remedy", "model", "opened_at"})
"""What an event's line says already."""

MOST_EVENTS = 10_000
FRESH = {"cache-control": "no-store"}
LEVELS = {
    EventKind.TRIPPED: "high",
    EventKind.CLOSED: "safe",
    EventKind.REFUSED: "medium",
    EventKind.DRIFT: "medium",
    EventKind.FAULT: "high",
}


@dataclass(frozen=True)
class EventLine:
    """One event as it is listed, with the figures behind it by name."""

    number: int
    kind: str
    level: str
    fact: str
    model: str
    at: str
    figures: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ShadowView:
    """What the shadow has shown."""

    says: str
    picture: LivePicture | None


@router.get("/projects/{project}/launch")
async def show(project: ProjectName, request: Request) -> Response:
    """Who answers now, and what could be changed about it."""
    return await _shown(request, project)


@router.post("/projects/{project}/launch/promote")
async def promote(project: ProjectName, request: Request) -> Response:
    """Gives the model a stage; refused, the page comes back as it was filled in, with what stands against it."""
    check_origin(request)
    sent = await _sent(request)
    service = service_of(context_of(request))

    def done() -> None:
        service.promote(
            project,
            stage_named(sent.get("stage", "")),
            by=_named(sent),
            reason=sent.get("reason", ""),
            share=share_in(sent["share"]) if "share" in sent else None,
            override=sent.get("override") == "yes",
        )

    return await _after(request, project, sent, done)


@router.post("/projects/{project}/launch/rollback")
async def roll_back(project: ProjectName, request: Request) -> Response:
    """Takes the requests away from the model that answers."""
    check_origin(request)
    sent = await _sent(request)
    service = service_of(context_of(request))

    def done() -> None:
        to_people = sent.get("to_people") == "yes"
        service.roll_back(project, by=_named(sent), reason=sent.get("reason", ""), to_people=to_people)

    return await _after(request, project, sent, done)


@router.get("/projects/{project}/launch/charts/{kind}.svg")
async def chart(
    project: ProjectName,
    kind: Annotated[str, Path(max_length=40)],
    request: Request,
    theme: Theme,
    width: Annotated[int, Query(description="In pixels.")],
) -> Response:
    """One picture of the project as it stands."""
    context = context_of(request)
    drawables = await run_in_threadpool(_drawables, context, project)
    found = next((each for each in drawables if each.kind == kind), None)
    if found is None or width not in SIZES:
        raise NoPicture.of(kind)
    drawn = await context.live_pictures.chart(found.shows, found.draw, theme, width)
    return Response(drawn.svg, media_type="image/svg+xml", headers=FOR_A_YEAR)


def service_of(context: Context) -> Service:
    """Where this app brings projects into service.

    Raises:
        NotDoneHere: This server only shows what the workspace holds.
    """
    service = context.services.service
    if service is None:
        raise NotDoneHere(
            fact="No stage can be changed here.",
            reason="This server only shows what the workspace holds.",
            remedy="Change it where the workspace is: understudy promote",
        )
    return service


def stage_named(text: str) -> Stage:
    """A stage by its name.

    Raises:
        BadStage: There is none of that name.
    """
    if text in set(Stage):
        return Stage(text)
    raise BadStage(
        fact=f"There is no stage “{text[:40]}”.",
        reason=f"The stages are {', '.join(Stage)}.",
        remedy="Name one of these.",
    )


def share_in(text: str) -> float:
    """A share that a form gives in percent ("10", "2.5 %").

    Raises:
        BadStage: It is no number.
    """
    try:
        return float(text.strip().removesuffix("%").replace(",", ".")) / 100.0
    except ValueError as error:
        raise BadStage(
            fact=f"“{text[:40]}” is no share of the requests.",
            reason="A canary answers a share of them, in percent.",
            remedy="Give a number such as 10.",
        ) from error


async def _sent(request: Request) -> dict[str, str]:
    sent = read_form(await read_text(request, limit=LARGEST))
    return {**sent, "by": sent.get("by", "").strip()[:LONGEST], "reason": sent.get("reason", "")[:LONGEST_REASON]}


def _named(sent: Mapping[str, str]) -> str:
    """Who asks for it; empty where nobody said, which the use case tells."""
    return checked_person(sent["by"]) if sent["by"] else ""


async def _after(request: Request, project: str, sent: Mapping[str, str], done: Callable[[], object]) -> Response:
    await run_in_threadpool(context_of(request).services.records.project, project)
    try:
        await run_in_threadpool(done)
    except UnderstudyError as error:
        return await _shown(request, project, sent, error)
    response = RedirectResponse(f"/projects/{project}/launch", status_code=303)
    if sent["by"]:
        remember(response, sent["by"], secure=request.url.scheme == "https")
    return response


async def _shown(
    request: Request, project: str, sent: Mapping[str, str] | None = None, error: UnderstudyError | None = None
) -> Response:
    context, who = context_of(request), visitor_of(request) or ""
    values = await run_in_threadpool(_values, context, project)
    watched, evidence = values.pop("watched"), values.pop("evidence")
    pictures = {each.kind: await _picture(context, project, each) for each in values.pop("drawables")}
    html = page(
        context.templates,
        "launch.html",
        **values,
        breakers=[breaker_view(each, pictures, context.services.now()) for each in watched],
        shadow=ShadowView(shadow_words(evidence, asked=values["briefed"]), pictures.get("shadow"))
        if evidence
        else None,
        sent=sent or {},
        error=error,
        who=who,
    )
    return HTMLResponse(html, status_code=status_of(error) if error else 200, headers=FRESH)


async def _picture(context: Context, project: str, drawable: Drawable) -> LivePicture:
    chart = await context.live_pictures.chart(drawable.shows, drawable.draw)
    return LivePicture(f"/projects/{project}/launch/charts/{drawable.kind}.svg", chart)


def _values(context: Context, project: str) -> dict[str, Any]:
    """Everything that the page shows, read from the ledger."""
    services = context.services
    values, now = house(context, project), services.now()
    change, waiting = values["stage"], values["waiting"]
    proposals = services.service.proposals(project) if services.service and values["model"] else {}
    gates = views.gates_of(proposals, change)
    watched, evidence = _evidence(context, project, change)
    behind = change is not None and change.stage is not Stage.WIZARD
    return {
        **values,
        "told": views.headline_of(change, now),
        "gates": gates,
        "step": views.step_of(project, gates, values["model"], waiting, now, briefed=values["briefed"]),
        "watched": watched,
        "evidence": evidence,
        "drawables": _drawn(watched, evidence, asked=values["briefed"]),
        "rollback": f"Now and at any time: {rollback_words(views.behind(change))} at once." if behind else "",
        "to_people": behind and views.behind(change) is not None,
        "events": _events(services.records.events(project, limit=MOST_EVENTS)),
        "can_stage": services.service is not None,
        "commands": services.commands,
    }


def _evidence(
    context: Context, project: str, change: StageChange | None
) -> tuple[Sequence[Watched], ShadowEvidence | None]:
    """The breakers of the models that answer, and what the one in the dark has shown."""
    service = context.services.service
    if service is None or change is None:
        return (), None
    in_shadow = change.stage is Stage.SHADOW and change.model is not None
    return service.watched(project), service.shadow(project, change.model or "") if in_shadow else None


def _drawn(watched: Sequence[Watched], evidence: ShadowEvidence | None, *, asked: bool) -> list[Drawable]:
    shadow = shadow_drawable(evidence, asked=asked) if evidence else None
    return [each for one in watched for each in breaker_drawables(one)] + ([shadow] if shadow else [])


def _drawables(context: Context, project: str) -> list[Drawable]:
    records = context.services.records
    asked = records.latest_brief(project) is not None
    return _drawn(*_evidence(context, project, records.stage(project)), asked=asked)


def _events(events: Sequence[Event]) -> list[EventLine]:
    """The latest, newest first."""
    return [
        EventLine(
            each.number,
            each.kind.value,
            LEVELS[each.kind],
            name(each.fact, length=300),
            short(each.model),
            moment(each.at),
            _figures(each.evidence),
        )
        for each in reversed(events[-EVENTS:])
    ]


def _figures(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Its single figures, as they can be read; what is nested stands in the JSON."""
    found: list[tuple[str, str]] = []
    for key, value in evidence.items():
        if isinstance(value, str | int | float) and key not in UNTOLD:
            told = name(value, length=80) if isinstance(value, str) else number_shown(value)
            found.append((key.replace("_", " "), told))
    return found
