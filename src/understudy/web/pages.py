"""The pages: the projects, each project with its verdict and an input to try, and each answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.answer import Reason
from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind
from understudy.serving.model import NotExplained
from understudy.store.errors import UnknownDecision
from understudy.studio.audits.words import audit_words, naming
from understudy.studio.examples.item_titles import item_titles
from understudy.studio.judgement.verdict_words import calibration_finding, tells_calibration
from understudy.studio.launch.terms import Alone, alone_from
from understudy.studio.launch.words import answers_words
from understudy.studio.pictures.palette import Theme
from understudy.studio.words.phrases import Noun, real_things, things_of, things_so_far
from understudy.web import views
from understudy.web.answer_views import AnswerView, PastAnswer, answer_view, past_answers
from understudy.web.asking import kind_of, telling_how
from understudy.web.body import input_in, read_body
from understudy.web.context import Context, context_of
from understudy.web.decisions import FOR_A_YEAR, ProjectName, disclosures
from understudy.web.deletions import deleted_among
from understudy.web.disclosure import Disclosure
from understudy.web.drawings import EXAMPLE, WIDTHS, example_picture, picture_of
from understudy.web.errors import NoPicture
from understudy.web.failures import is_fragment
from understudy.web.inputs import InputView, decision_input, example_input, looked_at
from understudy.web.known import with_known
from understudy.web.origin import check_origin
from understudy.web.services import Records, Services
from understudy.web.templating import count, page
from understudy.web.trying import asks_for
from understudy.web.verdict import present_review, verdict_of

router = APIRouter()

PAST_ANSWERS = 12
REQUESTS = Noun("request", "requests")

ChartWidth = Annotated[int, Query(description="In pixels.")]


@router.get("/")
async def projects(request: Request) -> Response:
    """All projects, each with its verdict; what to do where there is none."""
    context = context_of(request)
    return HTMLResponse(await run_in_threadpool(projects_page, context))


@router.get("/projects/{project}")
async def project(
    project: ProjectName, request: Request, answer: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    """One project: the verdict, what to do next, an input to try, and the evidence."""
    context = context_of(request)
    values = await run_in_threadpool(_project, context, project)
    shown = await _asked(context, project, answer) if answer else None
    return HTMLResponse(page(context.templates, "project.html", **values, answer=shown))


@router.post("/projects/{project}/try")
async def try_out(project: ProjectName, request: Request) -> Response:
    """Asks about an input; the page's script gets the answer as a part, a bare form is sent on to its page."""
    check_origin(request)
    context = context_of(request)
    async with telling_how(context, project):
        body = await read_body(request, limit=context.services.max_body)
        kind = await kind_of(context, project)
        data = await with_known(context, project, input_in(body, request.headers.get("content-type", ""), kind))
    alone = await run_in_threadpool(_alone, context.services.records, project)
    decision = await context.services.router.try_out(project, data, None if alone is None else alone.threshold)
    if not is_fragment(request):
        return RedirectResponse(f"/decisions/{decision.id}", status_code=303)
    view = await shown_answer(context, Disclosure(decision))
    return HTMLResponse(page(context.templates, "answer.html", answer=view))


@router.get("/projects/{project}/charts/{kind}.svg")
async def chart(project: ProjectName, kind: str, request: Request, theme: Theme, width: ChartWidth) -> Response:
    """One drawing of the latest verdict."""
    context = context_of(request)
    judgement = await run_in_threadpool(context.services.records.latest_judgement, project)
    if judgement is None or width not in WIDTHS.get(kind, ()):
        raise NoPicture.of(kind)
    svg = await context.drawings.draw(judgement, kind, theme, width)
    return Response(svg, media_type="image/svg+xml", headers=FOR_A_YEAR)


@router.get("/example.svg")
async def example(request: Request, theme: Theme, width: ChartWidth) -> Response:
    """The drawing that stands where there is no project yet."""
    if width not in WIDTHS["row"]:
        raise NoPicture.of("example")
    svg = await context_of(request).drawings.draw(EXAMPLE, "row", theme, width)
    return Response(svg, media_type="image/svg+xml", headers=FOR_A_YEAR)


def projects_page(context: Context, begun: dict[str, Any] | None = None) -> str:
    """The page of all projects.

    Args:
        context: The app's parts.
        begun: A project's name that was sent and cannot be one, with its error, or None.
    """
    return page(context.templates, "projects.html", **_projects(context), begun=begun)


def _projects(context: Context) -> dict[str, Any]:
    records = context.services.records
    found = records.projects()
    trained = sum(records.latest_model(each.name) is not None for each in found)
    says = "31 of 32 right, so at least 86 of 100 new photos like these, with 95% confidence."
    now = context.services.now()
    waiting = {each.name: views.waiting_in(records.queue_counts(each.name, now)) for each in found}
    noun = "project has" if len(found) == 1 else "projects have"
    return {
        "projects": [_row(context, each) for each in found],
        "headline": _waiting_words(waiting) or f"{trained} of {len(found)} {noun} a trained model.",
        "example": example_picture(says),
        "commands": context.services.commands,
    }


def _waiting_words(waiting: Mapping[str, int]) -> str:
    """In which projects people are waited for; empty where nothing waits."""
    held = {name: number for name, number in waiting.items() if number}
    if not held:
        return ""
    total = sum(held.values())
    where = next(iter(held)) if len(held) == 1 else f"{count(len(held))} projects"
    return f"{REQUESTS.counted(total).capitalize()} {'waits' if total == 1 else 'wait'} for an answer in {where}."


def _row(context: Context, project: Project) -> dict[str, Any]:
    records, name = context.services.records, project.name
    told, judgement = verdict_of(context.services, project), records.latest_judgement(name)
    stage, waiting = records.stage(name), views.waiting_in(records.queue_counts(name, context.services.now()))
    held = records.counts(name).total
    facts = [
        things_so_far(project, held).counted(held),
        REQUESTS.counted(records.decision_count(name)),
        f"{count(waiting)} {'waits' if waiting == 1 else 'wait'} for people" if waiting else "",
        f"stage: {stage.stage.value}" if stage else "",
    ]
    return {
        "project": project,
        "verdict": told,
        "gauge": picture_of(name, "row", judgement, told.headline) if judgement else None,
        "facts": " · ".join(each for each in facts if each),
    }


def house(context: Context, name: str) -> dict[str, Any]:
    """What every page of a project shows around its own matter; reads the ledger."""
    records = context.services.records
    found = records.project(name)
    counts, seen = records.counts(name), records.findings(name)
    model, judgement = records.latest_model(name), records.latest_judgement(name)
    served, brief = records.decision_count(name), records.latest_brief(name)
    review, stage = present_review(records, name), records.stage(name)
    waiting = records.queue_counts(name, context.services.now())
    noted = audit_words(records.latest_data_audit(name), records.acceptances(name), name)
    left = views.waiting_in(waiting)
    standing = views.Standing(name, counts, len(noted.standing), model, judgement, served, brief, review, stage, left)
    return {
        "project": found,
        "things": things_of(found) if model else things_so_far(found, counts.total),
        "counts": counts,
        "model": model,
        "judgement": judgement,
        "served": served,
        "seen": [naming(each, name) for each in seen],
        "noted": noted,
        "review": review,
        "stage": stage,
        "briefed": brief is not None,
        "waiting": waiting,
        "rail": views.rail(standing),
    }


def _project(context: Context, name: str) -> dict[str, Any]:
    records = context.services.records
    values = house(context, name)
    judgement, served = values["judgement"], values["served"]
    told, past = verdict_of(context.services, values["project"]), records.decisions(name, PAST_ANSWERS)
    values |= {
        "verdict": told,
        "trained": values["model"] is not None,
        "commands": context.services.commands,
        "limit": context.services.max_body - 4096,
        "examples": views.examples_view(values["counts"], values["things"], values["project"].task),
        "findings": views.findings_view(values["seen"], values["things"], noted=len(values["noted"].standing)),
        "input_noun": real_things(values["project"]),
        "asks": asks_for(context.services, values["project"]),
        "looks": records.look_count(name),
        "answers_now": answers_words(values["stage"]),
        "history": {
            "title": f"{REQUESTS.counted(served).capitalize()} so far",
            "decisions": _past(context.services, values["project"], past),
        },
    }
    if judgement is not None and told.words is not None:
        believed, project = calibration_finding(judgement), values["project"]
        values |= {
            "gauge": picture_of(name, "gauge", judgement, told.headline),
            "classes": views.class_lines(judgement, told.words.classes),
            "classes_title": views.classes_title(told.words.classes, values["things"]),
            "confusion": views.confusion_view(judgement),
            "mistakes": views.mistakes_of(
                judgement,
                partial(_mistaken, context.services, project),
                project.task,
                _titles(context.services, project),
            ),
            "reliability": picture_of(name, "reliability", judgement, believed),
        }
    return values


def _titles(services: Services, project: Project) -> Mapping[str, str]:
    """What people call the items of a project whose model lists some."""
    if project.task.answers is not AnswerKind.RANKING:
        return {}
    return item_titles(services.records.schema(project.name), services.input)


async def _asked(context: Context, project: str, decision_id: str) -> AnswerView | None:
    """The answer that the address names; one that is gone or another project's is simply not shown."""

    def looked_up() -> Disclosure | None:
        try:
            found = context.services.records.decision(decision_id)
        except UnknownDecision:
            return None
        return disclosures(context.services, [found])[0] if found.project == project else None

    shown = await run_in_threadpool(looked_up)
    return None if shown is None else await shown_answer(context, shown)


def _mistaken(services: Services, project: Project, digest: str) -> InputView:
    return example_input(services, project, digest, f"/api/v1/projects/{project.name}/examples/{digest}")


def _past(services: Services, project: Project, decisions: Sequence[Decision]) -> list[PastAnswer]:
    """Earlier answers with their inputs; reads the ledger, and the inputs that are shown in words."""
    deleted = deleted_among(services.records, project.name, decisions)
    inputs = [
        decision_input(services, project, each.id, each.input_digest, gone=each.id in deleted) for each in decisions
    ]
    return past_answers(disclosures(services, decisions), inputs, deleted, project.task)


def _alone(records: Records, project: str) -> Alone | None:
    """From how sure on the latest model answers alone, where its stage or its review says so."""
    model = records.latest_model(project)
    return None if model is None else alone_from(records, project, model.version)


async def shown_answer(context: Context, shown: Disclosure, *, gone: bool = False) -> AnswerView:
    """One decision as a page shows it, with its input and, where that is no photo, what moved the answer.

    Args:
        context: The app's parts.
        shown: The decision.
        gone: Its input was deleted.
    """
    decision, services = shown.decision, context.services
    project = await run_in_threadpool(services.records.project, decision.project)
    asked = await run_in_threadpool(lambda: looked_at(services, project, decision.id, decision.input_digest, gone=gone))
    judgement = await run_in_threadpool(services.records.latest_judgement, decision.project)
    reasons: Sequence[Reason] = shown.served.reasons if shown.served else ()
    untold = ""
    if shown.served and not reasons and not gone and asked.kind != "photo":
        try:
            reasons = await context.pictures.reasons(decision)
        except NotExplained as error:
            untold = f"{error.fact} {error.reason} {error.remedy}"
        except UnderstudyError:
            reasons = ()  # the model is no longer there, or too slow, and its answer stands without them
    calibrated = tells_calibration(judgement, decision.model)
    alone = None
    if shown.tried:
        alone = await run_in_threadpool(alone_from, services.records, decision.project, decision.model)
    view = answer_view(shown, asked, reasons, project.task, calibrated=calibrated, alone=alone)
    return replace(view, untold=untold)
