"""The queue as a page: one question at a time, with forms that need no script."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Question, QuestionKind
from understudy.domain.project import Project
from understudy.domain.task import NONE_OF_THESE
from understudy.studio.answers.answer_text import text_of
from understudy.studio.answers.known_labels import digit_keys
from understudy.studio.words.phrases import real_things
from understudy.web.body import read_text
from understudy.web.brief_form import read_form
from understudy.web.context import Context, context_of
from understudy.web.decisions import ProjectName
from understudy.web.errors import NotDoneHere, UnknownPage, WrongParameter, status_of
from understudy.web.failures import is_fragment
from understudy.web.inputs import InputView, looked_at
from understudy.web.origin import check_origin
from understudy.web.pages import house
from understudy.web.people import Queue
from understudy.web.queue_views import QueueWords, Said, curl_of, empty_words, queue_words, said_of
from understudy.web.services import Records, Services
from understudy.web.templating import count, page
from understudy.web.visitor import BadPerson, checked_person, remember, visitor_of

router = APIRouter()

LARGEST = 20_000
"""Bytes of a form."""
MOST_IN_HAND = 20
RELEASE = "release"
TICKED = "has."
"""How the fields of a form begin that are boxes to tick."""
OWN = f"{TICKED}own"
"""The field beside these boxes."""
MOST_OFFERED = 300
"""Items that a field offers while one types; any other can be typed too."""
LONGEST_TAKEN = 24 * 3600.0
"""Seconds: whoever took longer for one answer was away meanwhile."""

HEADLINE, WAITING = "x-headline", "x-waiting"
"""What the page says first, and how many wait, told to its script with each part."""
MOST_SEEN = 500
"""Questions that are looked at to say in whose hands they are."""

NOTHING: Mapping[str, str] = {}
FRESH = {"cache-control": "no-store"}
Chosen = Annotated[str, Query(max_length=80, description="Decision and kind of a question to show.")]
InHand = Annotated[list[str], Query(max_length=MOST_IN_HAND)]


@dataclass(frozen=True)
class Visit:
    """Somebody at the queue of a project."""

    context: Context
    project: str
    who: str
    base: str

    @property
    def here(self) -> str:
        """The page's address."""
        return f"/projects/{self.project}/queue"

    @property
    def queue(self) -> Queue:
        """Where they answer."""
        return queue_of(self.context)


@router.get("/projects/{project}/queue")
async def show(project: ProjectName, request: Request, of: Chosen = "", who: str = "") -> Response:
    """The next question, which is then theirs for a while; before that, who they are."""
    name = None if who == "change" else visitor_of(request)
    if name is None:
        html = await run_in_threadpool(_stranger, context_of(request), project, of, visitor_of(request) or "")
        return HTMLResponse(html, headers=FRESH)
    visit = _visit(request, project, name)
    return HTMLResponse(await run_in_threadpool(_page, visit, of=of), headers=FRESH)


@router.get("/projects/{project}/queue/card")
async def card(project: ProjectName, request: Request, besides: InHand = [], of: Chosen = "") -> Response:  # noqa: B006
    """Another question as a part of the page, for its script."""
    visit = await _known(request, project)
    values = await run_in_threadpool(_card, visit, of=of, besides=besides)
    html = page(visit.context.templates, "queue_card.html", **values)
    return HTMLResponse(html, headers=_head(values["words"]))


@router.post("/projects/{project}/queue/name")
async def introduce(project: ProjectName, request: Request) -> Response:
    """Remembers who answers, and leads to the first question."""
    check_origin(request)
    context = context_of(request)
    sent = read_form(await read_text(request, limit=LARGEST))
    of = sent.get("of", "")
    try:
        name = checked_person(sent.get("name", ""))
    except BadPerson as error:
        html = await run_in_threadpool(_stranger, context, project, of, sent.get("name", ""), error)
        return HTMLResponse(html, status_code=422)
    await run_in_threadpool(context.services.records.project, project)
    response = RedirectResponse(f"/projects/{project}/queue" + (f"?of={quote(of)}" if of else ""), status_code=303)
    remember(response, name, secure=request.url.scheme == "https")
    return response


@router.post("/projects/{project}/queue/{does}")
async def do(project: ProjectName, does: Annotated[str, Path(max_length=20)], request: Request) -> Response:
    """Answers, skips, cannot tell, undoes or releases; then the next question, or what was wrong with this one."""
    check_origin(request)
    visit = await _known(request, project)
    sent = read_form(await read_text(request, limit=LARGEST))
    act = ACTS.get(does)
    if act is None:
        raise UnknownPage(
            fact="That cannot be done with a question.",
            reason=f"“{does}” is none of {', '.join(ACTS)}.",
            remedy="Open the queue again and use its buttons.",
        )
    try:
        back = await run_in_threadpool(act, visit, sent)
    except UnderstudyError as error:
        if is_fragment(request):
            raise
        html = await run_in_threadpool(_page, visit, of=_same(sent), sent=sent, error=error)
        return HTMLResponse(html, status_code=status_of(error), headers=FRESH)
    if does == RELEASE:  # nobody looks at the answer, and to be sent on would claim the next question
        return Response(status_code=204)
    if not is_fragment(request):
        return RedirectResponse(visit.here + (f"?of={quote(back)}" if back else ""), status_code=303)
    part, words = await run_in_threadpool(lambda: (_part(visit, back), _words(visit)))
    return HTMLResponse(part, headers=_head(words))


def queue_of(context: Context) -> Queue:
    """The queue of this app.

    Raises:
        NotDoneHere: This server only shows what the workspace holds.
    """
    queue = context.services.queue
    if queue is None:
        raise NotDoneHere(
            fact="No question can be answered here.",
            reason="This server only shows what the workspace holds.",
            remedy="Answer where the workspace is: understudy answer",
        )
    return queue


def question_kind(text: str) -> QuestionKind:
    """A kind of question by its name.

    Raises:
        WrongParameter: There is none of that name.
    """
    if text in set(QuestionKind):
        return QuestionKind(text)
    raise WrongParameter(
        fact="The question was not found.",
        reason=f"Its kind is “{text[:40]}”, which is none of {', '.join(QuestionKind)}.",
        remedy="Take the kind that came with the question.",
    )


def own_decision(records: Records, project: str, decision: str) -> str:
    """The id of a decision, if it is one of this project.

    Raises:
        UnknownDecision: There is none.
        WrongParameter: It is another project's.
    """
    found = records.decision(decision)
    if found.project != project:
        raise WrongParameter(
            fact="The question was not found.",
            reason=f"Decision {decision[:40]} belongs to another project.",
            remedy=f"Answer it in the queue of “{found.project}”.",
        )
    return decision


def _answer(visit: Visit, sent: Mapping[str, str]) -> str:
    decision, kind = _named(visit, sent)
    value = visit.queue.typed(decision, _value(sent))
    visit.queue.answer(decision, kind, value, by=visit.who, seconds=_seconds(visit, sent), typed=False)
    return ""


def _value(sent: Mapping[str, str]) -> str:
    """What was said: by a button or a field, else by the boxes that were ticked, in the order of the form."""
    ticked = _ticked(sent)
    return sent.get("value", "") or (text_of(ticked) if ticked else "")


def _ticked(sent: Mapping[str, str]) -> list[str]:
    return [label for field, label in sent.items() if field.startswith(TICKED) and label.strip()]


def _written(sent: Mapping[str, str], labels: Sequence[str]) -> str:
    """What stood in the form's field, as against what a button said."""
    said = sent.get(OWN) or sent.get("value", "")
    return "" if said in {*labels, NONE_OF_THESE} else said


def _same(sent: Mapping[str, str]) -> str:
    """The question that a form was about, as an address names it."""
    return f"{sent.get('decision', '')}.{sent.get('kind', '')}"


def _cannot_tell(visit: Visit, sent: Mapping[str, str]) -> str:
    visit.queue.answer(*_named(visit, sent), None, by=visit.who, seconds=_seconds(visit, sent))
    return ""


def _skip(visit: Visit, sent: Mapping[str, str]) -> str:
    visit.queue.skip(*_named(visit, sent), visit.who)
    return ""


def _release(visit: Visit, sent: Mapping[str, str]) -> str:
    visit.queue.release(*_named(visit, sent), visit.who)
    return ""


def _undo(visit: Visit, _sent: Mapping[str, str]) -> str:
    question = visit.queue.undo(visit.who)
    return f"{question.decision}.{question.kind.value}"


ACTS: Mapping[str, Callable[[Visit, Mapping[str, str]], str]] = {
    "answer": _answer,
    "cannot-tell": _cannot_tell,
    "skip": _skip,
    RELEASE: _release,
    "undo": _undo,
}
"""What can be done with a question; each returns which one to show next, or nothing."""


def _named(visit: Visit, sent: Mapping[str, str]) -> tuple[str, QuestionKind]:
    kind = question_kind(sent.get("kind", ""))
    return own_decision(visit.context.services.records, visit.project, sent.get("decision", "")), kind


def _seconds(visit: Visit, sent: Mapping[str, str]) -> float:
    """From the showing to the answer: by the page's own watch, else from when it was sent out; 0.0 if unknown."""
    try:
        if "seconds" in sent:
            taken = float(sent["seconds"])
        else:
            taken = (visit.context.services.now() - datetime.fromisoformat(sent.get("shown", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return taken if 0.0 < taken < LONGEST_TAKEN else 0.0


def _visit(request: Request, project: str, who: str) -> Visit:
    return Visit(context_of(request), project, who, str(request.base_url).rstrip("/"))


async def _known(request: Request, project: str) -> Visit:
    who = visitor_of(request)
    if who is None:
        raise BadPerson(
            fact="Nothing was answered.",
            reason="Nobody has said who they are on this device, or it keeps no cookies.",
            remedy=f"Open /projects/{project}/queue and type your name.",
        )
    await run_in_threadpool(context_of(request).services.records.project, project)
    return _visit(request, project, who)


def _question(visit: Visit, of: str, besides: Sequence[str]) -> Question | None:
    """The one that the address names while it can be had, else the next."""
    decision, _, kind = of.rpartition(".")
    with suppress(UnderstudyError):  # it is answered by now, or in other hands: the next one is what they came for
        if decision and visit.context.services.records.decision(decision).project == visit.project:
            return visit.queue.take(decision, question_kind(kind), visit.who)
    return visit.queue.next(visit.project, visit.who, besides=besides)


def _card(
    visit: Visit, *, of: str = "", besides: Sequence[str] = (), sent: Mapping[str, str] = NOTHING
) -> dict[str, Any]:
    """What the card shows; where its question is the one that `sent` was about, with what that said."""
    services = visit.context.services
    question = _question(visit, of, besides)
    now = services.now()
    until = question.claimed_until if question else None
    project = services.records.project(visit.project)
    labels = visit.queue.labels(visit.project) if question else ()
    given = sent if question and _same(sent) == f"{question.decision}.{question.kind.value}" else NOTHING
    return {
        "project": project,
        "asked": _asked(services, project, question) if question else None,
        "question": question,
        "labels": labels,
        "keys": digit_keys(labels),
        "written": _written(given, labels),
        "ticked": _ticked(given),
        "task": visit.queue.task(visit.project),
        "most_offered": MOST_OFFERED,
        "none_of_these": NONE_OF_THESE,
        "words": _words(visit),
        "empty": "" if question else _empty(visit, besides),
        "shown": now.isoformat(),
        "overdue": question is not None and question.due_at < now,
        "until": f"{until:%H:%M} UTC" if until else "",
        "left": round(max(0.0, (until - now).total_seconds()), 1) if until else 0.0,
    }


def _asked(services: Services, project: Project, question: Question) -> InputView:
    digest = services.records.decision(question.decision).input_digest
    return looked_at(services, project, question.decision, digest)


def _head(words: QueueWords) -> dict[str, str]:
    return {**FRESH, HEADLINE: quote(words.headline), WAITING: count(words.waiting)}


def _words(visit: Visit) -> QueueWords:
    services = visit.context.services
    now = services.now()
    things = real_things(services.records.project(visit.project))
    return queue_words(services.records.queue_counts(visit.project, now), now, things)


def _empty(visit: Visit, besides: Sequence[str]) -> str:
    """Why there is no question for them."""
    services = visit.context.services
    now = services.now()
    waiting = services.records.open_questions(visit.project, now, MOST_SEEN)
    return empty_words([each for each in waiting if each.decision not in besides], visit.who, now)


def _page(
    visit: Visit, *, of: str = "", sent: Mapping[str, str] = NOTHING, error: UnderstudyError | None = None
) -> str:
    return page(
        visit.context.templates,
        "queue.html",
        **{**house(visit.context, visit.project), **_card(visit, of=of, sent=sent)},
        who=visit.who,
        of=of,
        typed="",
        said=_said(visit),
        error=error,
        curl=curl_of(visit.context.services.records.project(visit.project).task.modality, visit.base, visit.project),
    )


def _part(visit: Visit, back: str) -> str:
    """After an answer what was said, to be taken back; after an undo its question."""
    templates, records = visit.context.templates, visit.context.services.records
    if back:
        return page(templates, "queue_card.html", **_card(visit, of=back))
    return page(templates, "queue_said.html", project=records.project(visit.project), said=_said(visit))


def _said(visit: Visit) -> Said | None:
    """What they said last in this project, if they can take it back."""
    records, now = visit.context.services.records, visit.context.services.now()
    last = records.last_opinion(visit.who, now)
    return said_of(last, now) if last and records.decision(last.decision).project == visit.project else None


def _stranger(context: Context, project: str, of: str, typed: str, error: UnderstudyError | None = None) -> str:
    values = house(context, project)
    services = context.services
    now = services.now()
    words = queue_words(services.records.queue_counts(project, now), now, real_things(values["project"]))
    return page(
        context.templates,
        "queue.html",
        **values,
        who=None,
        of=of,
        typed=typed,
        words=words,
        error=error,
        question=None,
        empty="",
        said=None,
        curl="",
    )
