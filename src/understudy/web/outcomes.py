"""Outcomes over HTTP: what turned out to be true of decisions, one or many at a time. No row is lost unsaid."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Outcome
from understudy.domain.texts import is_storable
from understudy.studio.answers.answer_text import text_of
from understudy.studio.people.outcomes import Reported, read_outcomes
from understudy.web.asking import query_of
from understudy.web.body import json_value, read_text
from understudy.web.context import Context, context_of
from understudy.web.decisions import DecisionId, ProjectName
from understudy.web.errors import (
    BrokenJson,
    NoOutcome,
    UnsupportedBody,
    WrongParameter,
    error_body,
    status_of,
)
from understudy.web.launch_page import service_of
from understudy.web.origin import check_origin
from understudy.web.schemas import ERRORS, UNREADABLE, OutcomeOut, OutcomesOut
from understudy.web.visitor import LONGEST, checked_person

router = APIRouter(prefix="/api/v1", tags=["outcomes"], responses=UNREADABLE)

SMALL = 20_000
"""Bytes of one outcome."""
PROGRAM = "a program"
"""Who said so, where nobody was named."""
SEND_IT_SO = 'Send JSON {"outcomes": [{"decision": …, "value": …}]}, JSON lines, or CSV with these columns.'

WHAT = "What was true: a label, a list of labels, a number, or the item that was chosen."
ONE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["value"],
                    "properties": {
                        "value": {"description": WHAT},
                        "by": {"type": "string", "description": "Who or what says so."},
                        "new_labels": {"type": "boolean", "description": "A label that nobody used yet is meant."},
                    },
                }
            }
        },
    }
}
_ROW = {
    "type": "object",
    "required": ["value"],
    "properties": {
        "decision": {"type": "string", "description": "The decision's id."},
        "value": {"description": WHAT},
    },
}
MANY_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One row for each decision. Who says so goes into the address: ?by=NAME. So does "
        "?new_labels=true, if labels that nobody used yet are meant; JSON may say it beside its rows.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"outcomes": {"type": "array", "items": _ROW}}}
            },
            "application/x-ndjson": {"schema": _ROW},
            "text/csv": {"schema": {"type": "string", "description": "With a column “decision” and one “value”."}},
        },
    }
}


@dataclass(frozen=True)
class _Sent:
    """What a body of outcomes holds.

    Attributes:
        rows: The rows that can be read.
        left_out: Places of the others, and why.
        remarks: What else was seen.
    """

    rows: list[Reported] = field(default_factory=list)
    left_out: list[tuple[int, UnderstudyError]] = field(default_factory=list)
    remarks: list[dict[str, str]] = field(default_factory=list)


@router.put(
    "/decisions/{decision_id}/outcome",
    summary="Tell what turned out to be true",
    response_model=OutcomeOut,
    responses={status: ERRORS[status] for status in (400, 404, 409)},
    openapi_extra=ONE_BODY,
)
async def report(decision_id: DecisionId, request: Request) -> Response:
    """Recorded once and never changed: the same again is fine, another one is refused with 409."""
    check_origin(request)
    context = context_of(request)
    value, by, new = _one(await read_text(request, limit=SMALL))

    def done() -> Outcome | UnderstudyError:
        project = context.services.records.decision(decision_id).project
        row = Reported(1, decision_id, value)
        return service_of(context).report(project, [row], by=by, source="api", new_labels=new)[0]

    result = await run_in_threadpool(done)
    if isinstance(result, UnderstudyError):
        raise result
    return JSONResponse(_outcome(result))


@router.get(
    "/decisions/{decision_id}/outcome",
    summary="Look up what turned out to be true",
    response_model=OutcomeOut,
    responses={404: ERRORS[404]},
)
def show(decision_id: DecisionId, request: Request) -> Response:
    """As it was reported first."""
    records = context_of(request).services.records
    outcome = records.outcome(records.decision(decision_id).id)
    if outcome is None:
        raise NoOutcome.of(decision_id)
    return JSONResponse(_outcome(outcome))


@router.post(
    "/projects/{project}/outcomes",
    summary="Tell what turned out to be true of many decisions",
    response_model=OutcomesOut,
    responses={
        207: {"model": OutcomesOut, "description": "Some rows were left out; each says why."},
        **{status: ERRORS[status] for status in (400, 404, 413, 415)},
    },
    openapi_extra=MANY_BODY,
)
async def report_all(project: ProjectName, request: Request) -> Response:
    """Takes JSON, JSON lines or CSV. Each row is recorded or left out for itself, and the answer says which."""
    check_origin(request)
    context = context_of(request)
    await run_in_threadpool(context.services.records.project, project)
    body = await read_text(request, limit=context.services.max_body)
    by = checked_person(query_of(request).get("by") or PROGRAM)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    new = query_of(request).get("new_labels") == "true"
    told = await run_in_threadpool(_report_all, context, project, body, kind, by, new)
    return JSONResponse(told, status_code=207 if told["refused"] else 200)


def _report_all(context: Context, project: str, body: bytes, kind: str, by: str, new: bool) -> dict[str, Any]:
    value = json_value(body) if kind == "application/json" else None
    sent = _sent(body, kind, value)
    source, new = "csv" if kind == "text/csv" else "api", new or _means_new(value)
    results = service_of(context).report(project, sent.rows, by=by, source=source, new_labels=new)
    told = [_row(row.line, row.decision, result) for row, result in zip(sent.rows, results, strict=True)]
    told += [_row(line, "", error) for line, error in sent.left_out]
    refused = sum(1 for each in told if each["error"])
    told.sort(key=lambda each: each["row"])
    return {"recorded": len(told) - refused, "refused": refused, "rows": told, "remarks": sent.remarks}


def _sent(body: bytes, kind: str, value: object) -> _Sent:
    """The rows of a body; `value` is what one of JSON says."""
    if kind == "text/csv":
        return _table(body)
    if kind in {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}:
        return _lines(body)
    if kind == "application/json":
        return _sorted(enumerate(_listed(value), start=1))
    raise UnsupportedBody(
        fact="The outcomes were not read.",
        reason=f"A body of type “{kind[:60]}” is none that is read here." if kind else "The body has no type.",
        remedy=SEND_IT_SO,
    )


def _table(body: bytes) -> _Sent:
    told = read_outcomes("outcomes.csv", body)
    left: list[tuple[int, UnderstudyError]] = [
        (each.number, WrongParameter(fact=each.finding.fact, reason=each.finding.reason, remedy=each.finding.remedy))
        for each in told.left_out
    ]
    remarks = [{"fact": each.fact, "reason": each.reason, "remedy": each.remedy} for each in told.remarks]
    return _Sent(list(told.rows), left, remarks)


def _lines(body: bytes) -> _Sent:
    found: list[tuple[int, object]] = []
    for place, line in enumerate(body.splitlines(), start=1):
        if line.strip():
            try:
                found.append((place, json.loads(line)))
            except (ValueError, RecursionError):
                found.append((place, None))
    return _sorted(found)


def _listed(value: object) -> list[object]:
    rows = value.get("outcomes") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise BrokenJson(
            fact="The outcomes were not read.", reason="The JSON holds no list of rows.", remedy=SEND_IT_SO
        )
    return rows


def _sorted(found: Iterable[tuple[int, object]]) -> _Sent:
    """Rows that name a decision and a value, and those that do not."""
    sent = _Sent()
    for place, value in found:
        fields: Mapping[str, object] = value if isinstance(value, dict) else {}
        decision, truth = fields.get("decision"), _told(fields.get("value"))
        if isinstance(decision, str) and is_storable(decision) and isinstance(truth, str):
            sent.rows.append(Reported(place, decision, truth))
        else:
            sent.left_out.append((place, _not_a_row(place)))
    return sent


def _not_a_row(place: int) -> WrongParameter:
    return WrongParameter(
        fact=f"Row {place} was left out.",
        reason="It needs a text under “decision”, and a text, a number or a list of texts under “value”.",
        remedy=SEND_IT_SO,
    )


def _told(value: object) -> str | None:
    """What was true, as text: a text, a number, or a list of labels; None where it is none of these."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return text_of(value)
    return text_of(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _means_new(value: object) -> bool:
    return isinstance(value, dict) and value.get("new_labels") is True


def _one(body: bytes) -> tuple[str, str, bool]:
    value = json_value(body)
    truth = _told(value.get("value")) if isinstance(value, dict) else None
    by = value.get("by", PROGRAM) if isinstance(value, dict) else PROGRAM
    if not isinstance(truth, str) or not isinstance(by, str) or len(by) > LONGEST:
        raise WrongParameter(
            fact="The outcome was not understood.",
            reason="The JSON has no text, number or list of texts under “value”, or no text under “by”.",
            remedy='Send JSON {"value": what was true, "by": who says so}.',
        )
    return truth, checked_person(by), _means_new(value)


def _row(line: int, decision: str, result: Outcome | UnderstudyError) -> dict[str, Any]:
    if isinstance(result, UnderstudyError):
        return {"row": line, "decision": decision, "status": status_of(result), **error_body(result)}
    return {"row": line, "decision": decision, "status": 200, "error": None}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "decision": outcome.decision,
        "value": outcome.value,
        "by": outcome.by,
        "source": outcome.source,
        "at": outcome.at.isoformat(),
    }
