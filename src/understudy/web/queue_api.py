"""The queue for programs: claim a question, answer it, leave it to others, take an answer back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError
from starlette.concurrency import run_in_threadpool

from understudy.domain.opinion import Opinion, Question, QuestionKind
from understudy.domain.task import Task
from understudy.studio.answers.answer_text import text_of
from understudy.studio.words.phrases import real_things
from understudy.web.body import json_value, read_text
from understudy.web.context import Context, context_of
from understudy.web.decisions import ProjectName
from understudy.web.errors import UnknownPage, WrongMethod, WrongParameter
from understudy.web.links import PHOTO
from understudy.web.misread import misread
from understudy.web.origin import check_origin
from understudy.web.people import Queue
from understudy.web.queue_page import LARGEST, LONGEST_TAKEN, MOST_IN_HAND, own_decision, queue_of
from understudy.web.queue_views import queue_words
from understudy.web.schemas import ERRORS, UNREADABLE
from understudy.web.visitor import LONGEST, checked_person

router = APIRouter(prefix="/api/v1/projects/{project}/queue", tags=["queue"], responses=UNREADABLE)

Person = Annotated[str, Query(max_length=LONGEST, description="Who answers.")]
Besides = Annotated[
    list[str], Query(max_length=MOST_IN_HAND, description="A decision that this person has in hand already.")
]

Kinds = Annotated[
    list[QuestionKind], Query(max_length=len(QuestionKind), description="Only questions of these kinds; else of all.")
]


Said = StrictStr | StrictInt | StrictFloat | list[StrictStr]
"""An answer as JSON has it."""


class WaitingOut(BaseModel):
    """What waits for people."""

    answer: int = Field(description="Requests that nobody has answered.")
    audit: int = Field(description="Answers of a model that a person shall answer again.")
    double: int = Field(description="Answers of a person that another one shall give too.")
    overdue: int = Field(description="Those of all of them that are late.")
    oldest: str | None = Field(description="Since when the oldest waits, in UTC, ISO 8601.")
    headline: str = Field(description="The same in one sentence.")
    labels: list[str] = Field(description="The labels to choose from; a new one is given with a plus sign in front.")
    answers: str = Field(description="What an answer is: label, labels, number or ranking (then the item chosen).")
    unit: str = Field(description="What a number counts, or empty.")
    links: dict[str, str]


class QuestionOut(BaseModel):
    """One decision that waits for a person. Whether and what a model said is never told."""

    decision: str = Field(description="The decision's id.")
    kind: str = Field(description="answer, audit or double; give it back with the answer.")
    asked_at: str
    due_at: str = Field(description="When it should be answered.")
    claimed_by: str = Field(description="Who has it in hand.")
    claimed_until: str = Field(description="Nobody else is offered it before.")
    labels: list[str] = Field(description="The labels to choose from; a new one is given with a plus sign in front.")
    answers: str = Field(description="What an answer is: label, labels, number or ranking (then the item chosen).")
    unit: str = Field(description="What a number counts, or empty.")
    links: dict[str, str]


class OpinionOut(BaseModel):
    """What a person said."""

    id: str
    decision: str
    kind: str
    value: str | None = Field(description="The label; null for “cannot tell”.")
    by: str
    at: str
    settles_at: str = Field(description="From then on it holds; until then it can be taken back.")


class ActIn(BaseModel):
    """What is done with a question."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(max_length=LONGEST, description="Who does it.")
    decision: str = Field(default="", max_length=64, description="The decision's id; for all but undo.")
    kind: QuestionKind = Field(default=QuestionKind.ANSWER, description="As it came with the question.")
    value: Said | None = Field(
        default=None,
        description="For an answer: a label (a new one with a plus sign in front), a list of labels (none of them: an "
        "empty list), or a number.",
    )
    label: Said | None = Field(default=None, description="The same under another name; value goes first.")
    seconds: float = Field(default=0.0, ge=0, le=LONGEST_TAKEN, description="From its showing to the answer.")


BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Who does what with which question.",
        "content": {"application/json": {"schema": ActIn.model_json_schema()}},
    }
}


@dataclass(frozen=True)
class Acting:
    """Somebody who does something with a question."""

    context: Context
    project: str
    sent: ActIn
    by: str


@router.get("", summary="What waits for people", response_model=WaitingOut, responses={404: ERRORS[404]})
def waiting(project: ProjectName, request: Request) -> Response:
    """How many questions wait, how many are late, and the labels to choose from."""
    services = context_of(request).services
    things = real_things(services.records.project(project))
    now = services.now()
    counts = services.records.queue_counts(project, now)
    here = f"/api/v1/projects/{project}/queue"
    return JSONResponse(
        {
            "answer": counts.answer,
            "audit": counts.audit,
            "double": counts.double,
            "overdue": counts.overdue,
            "oldest": counts.oldest and counts.oldest.isoformat(),
            "headline": queue_words(counts, now, things).headline,
            "labels": list(queue_of(context_of(request)).labels(project)),
            **_asks(queue_of(context_of(request)).task(project)),
            "links": {"self": here, "next": f"{here}/next", "page": f"/projects/{project}/queue"},
        }
    )


@router.get(
    "/next",
    summary="Take the next question",
    response_model=QuestionOut,
    responses={204: {"description": "Nothing waits for this person."}, 404: ERRORS[404], 409: ERRORS[409]},
)
def take_next(
    project: ProjectName,
    request: Request,
    by: Person,
    besides: Besides = [],  # noqa: B006
    kind: Kinds = [],  # noqa: B006
) -> Response:
    """Overdue ones first, then the dearest, then the oldest. It is theirs for a while; nobody else is offered it then.

    What this person skipped or has answered is not offered again. Leave `besides` out to be given the one in hand.
    """
    context, who = context_of(request), checked_person(by)
    context.services.records.project(project)
    question = queue_of(context).next(project, who, kind or tuple(QuestionKind), besides)
    if question is None:
        return Response(status_code=204, headers={"cache-control": "no-store"})
    told = _question(question, queue_of(context))
    return JSONResponse(told, headers={"cache-control": "no-store"})


@router.post(
    "/{does}",
    summary="Answer a question, or leave it",
    response_model=OpinionOut,
    responses={204: {"description": "Done, and there is nothing to tell."}, **{s: ERRORS[s] for s in (400, 404, 409)}},
    openapi_extra=BODY,
)
async def act(
    project: ProjectName,
    does: Annotated[str, Path(max_length=20, description="answer, cannot-tell, skip, release or undo.")],
    request: Request,
) -> Response:
    """`answer` and `cannot-tell` give what was said, `undo` the question that is in hand again, the others nothing."""
    check_origin(request)
    if does not in ACTS:
        raise _unknown(does)
    sent = _sent(await read_text(request, limit=LARGEST))
    context = context_of(request)
    acting = Acting(context, project, sent, checked_person(sent.by))
    told = await run_in_threadpool(ACTS[does], acting)
    return Response(status_code=204) if told is None else JSONResponse(told)


@router.get("/{does}", include_in_schema=False)
def look(project: ProjectName, does: str) -> Response:  # noqa: ARG001 - part of the address
    """Nothing stands at these addresses to be read: one says so, or that there is no such address."""
    if does not in ACTS:
        raise _unknown(does)
    raise WrongMethod(
        fact="This address is not used this way.",
        reason=f"“{does}” does something with a question, so it is sent with POST.",
        remedy="See the API's reference at /docs for what it takes.",
    )


def _answer(acting: Acting) -> dict[str, Any]:
    sent = acting.sent
    given = sent.label if sent.value is None else sent.value
    said = "" if given is None else text_of(given)
    return _said(acting, queue_of(acting.context).meant(_own(acting), said, typed=isinstance(given, str)))


def _cannot_tell(acting: Acting) -> dict[str, Any]:
    return _said(acting, None)


def _skip(acting: Acting) -> None:
    queue_of(acting.context).skip(_own(acting), acting.sent.kind, acting.by)


def _release(acting: Acting) -> None:
    queue_of(acting.context).release(_own(acting), acting.sent.kind, acting.by)


def _undo(acting: Acting) -> dict[str, Any]:
    acting.context.services.records.project(acting.project)
    queue = queue_of(acting.context)
    return _question(queue.undo(acting.by), queue)


ACTS: dict[str, Callable[[Acting], dict[str, Any] | None]] = {
    "answer": _answer,
    "cannot-tell": _cannot_tell,
    "skip": _skip,
    "release": _release,
    "undo": _undo,
}


def _said(acting: Acting, value: str | None) -> dict[str, Any]:
    sent, queue = acting.sent, queue_of(acting.context)
    said = queue.answer(_own(acting), sent.kind, value, by=acting.by, seconds=sent.seconds, typed=False)
    return _opinion(said)


def _own(acting: Acting) -> str:
    records = acting.context.services.records
    records.project(acting.project)
    return own_decision(records, acting.project, acting.sent.decision)


def _sent(body: bytes) -> ActIn:
    try:
        return ActIn.model_validate(json_value(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise WrongParameter(
            fact="The request was not understood.",
            reason=misread(first),
            remedy='Send JSON {"by": …, "decision": …, "kind": …, "value": …}.',
        ) from error


def _asks(task: Task) -> dict[str, str]:
    return {"answers": task.answers.value, "unit": task.unit}


def _question(question: Question, queue: Queue) -> dict[str, Any]:
    here = f"/api/v1/projects/{question.project}/queue"
    acts = {act.replace("-", "_"): f"{here}/{act}" for act in ACTS}
    return {
        "decision": question.decision,
        "kind": question.kind.value,
        "asked_at": question.asked_at.isoformat(),
        "due_at": question.due_at.isoformat(),
        "claimed_by": question.claimed_by,
        "claimed_until": question.claimed_until and question.claimed_until.isoformat(),
        "labels": list(queue.labels(question.project)),
        **_asks(queue.task(question.project)),
        "links": {**_shown(question.decision, queue.task(question.project)), **acts},
    }


def _shown(decision: str, task: Task) -> dict[str, str]:
    """Where the input is found, as it was sent, and of a photo how a browser shows it."""
    here = f"/api/v1/decisions/{decision}"
    return {"input": f"{here}/input"} | ({"photo": f"{here}/photo"} if task.modality == PHOTO else {})


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "id": opinion.id,
        "decision": opinion.decision,
        "kind": opinion.kind.value,
        "value": opinion.value,
        "by": opinion.by,
        "at": opinion.at.isoformat(),
        "settles_at": opinion.settles_at.isoformat(),
    }


def _unknown(does: str) -> UnknownPage:
    return UnknownPage(
        fact="That cannot be done with a question.",
        reason=f"“{does[:40]}” is none of next, {', '.join(ACTS)}.",
        remedy="See the API's reference at /docs for what can.",
    )
