"""The brief for programs: read with everything that follows from it, and replaced as a whole."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from starlette.concurrency import run_in_threadpool

from understudy.domain.brief import Brief, Demand, WrongCost
from understudy.domain.scores import Score
from understudy.studio.brief.answers import value_of, with_value
from understudy.studio.brief.briefing import Briefed, briefed, write_brief
from understudy.studio.brief.questions import BY_FIELD, QUESTIONS, Kind, Question
from understudy.studio.brief.words import brief_words
from understudy.web.body import json_value
from understudy.web.brief_form import small_body
from understudy.web.briefs import LONGEST_NAME, SOMEONE, writing_desk
from understudy.web.context import Context, context_of
from understudy.web.decisions import ProjectName
from understudy.web.errors import WrongParameter
from understudy.web.misread import misread
from understudy.web.origin import check_origin
from understudy.web.schemas import ERRORS, UNREADABLE
from understudy.web.visitor import checked_person

router = APIRouter(prefix="/api/v1", tags=["briefs"], responses=UNREADABLE)

STRICT = ConfigDict(extra="forbid")


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no figures")  # noqa: TRY004 - pydantic reports this kind
    return value


Figure = Annotated[float, BeforeValidator(_no_truth_value)]
Whole = Annotated[int, BeforeValidator(_no_truth_value)]
"""Python takes true for 1; whoever sends it meant something else."""


class WrongCostOut(BaseModel):
    """What one kind of wrong answer costs."""

    model_config = STRICT

    truth: str = Field(description="The label that is true.")
    answer: str = Field(description="The label that is given.")
    cost: Figure


TYPES: dict[Kind, Any] = {
    Kind.MONEY: Figure | None,
    Kind.SHARE: Figure | None,
    Kind.RATE: Figure | None,
    Kind.COUNT: Whole | None,
    Kind.AMOUNT: Figure | None,
    Kind.DATE: date | None,
    Kind.YES_NO: bool | None,
    Kind.CHOICE: Demand | None,
    Kind.BARS: dict[str, Figure],
    Kind.COSTS: list[WrongCostOut],
    Kind.NAMES: list[str],
    Kind.CURRENCY: str,
}
UNITS = {
    Kind.MONEY: " In the brief's currency.",
    Kind.SHARE: " A share, 0 to 1.",
    Kind.RATE: " A month.",
    Kind.BARS: " Label to share.",
}


def _field(question: Question) -> Any:
    empty: Any = {Kind.BARS: {}, Kind.COSTS: [], Kind.NAMES: [], Kind.CURRENCY: Brief().currency}.get(question.kind)
    described = f"{question.ask}{UNITS.get(question.kind, '')}"
    return (TYPES.get(question.kind, str | None), Field(default=empty, description=described))


BriefFields: type[BaseModel] = create_model(
    "BriefFields",
    __doc__="What a brief says; null or nothing is unknown.",
    __config__=STRICT,
    **{question.field: _field(question) for question in QUESTIONS},
)
"""One field for each question, so the API asks what the form and the command ask."""


class BriefIn(BaseModel):
    """A brief, in place of the one that stands."""

    model_config = STRICT

    brief: BriefFields  # type: ignore[valid-type]
    by: str = Field(default=SOMEONE, max_length=LONGEST_NAME, description="Who writes it.")
    reason: str = Field(default="", max_length=1000, description="Why it changes.")


class VersionOut(BaseModel):
    """Who wrote this version, when and why."""

    number: int = Field(description="1 is the first.")
    by: str
    at: str = Field(description="In UTC, ISO 8601.")
    reason: str


class ValueOut(BaseModel):
    """What automating a share of the decisions is worth in a month, against people answering all of them."""

    share: float = Field(description="Of the decisions that the model answers alone.")
    never_wrong: float
    as_people: float = Field(description="If it errs as often as people, in the same ways.")
    at_bar: float = Field(description="If it is just as good as the bar.")


class EconomicsOut(BaseModel):
    """What follows from the figures; null where something is unknown."""

    break_even_error: float | None = Field(
        description="Share of wrong answers at which model and people cost the same."
    )
    bar: float | None = Field(description="Share right from which on it surely pays, whichever mistakes it makes.")
    people_cost: float | None = Field(description="Of one answer by people, their mistakes included.")
    uniform: bool = Field(description="Every kind of wrong answer costs the same.")
    monthly_value: list[ValueOut]


class TextOut(BaseModel):
    """Fact, reason and remedy, one sentence each."""

    kind: str
    fact: str
    reason: str
    remedy: str


class UnknownOut(BaseModel):
    """One thing that nobody has said yet."""

    field: str
    hangs: str = Field(description="What hangs on it.")


class CheckOut(BaseModel):
    """One check of a score."""

    name: str
    holds: str = Field(description="met, not met or unknown.")
    reason: str
    change: str = Field(description="What would change it.")


class ScoreOut(BaseModel):
    """One score."""

    holds: str = Field(description="met, not met or unknown.")
    checks: list[CheckOut]


class ScoresOut(BaseModel):
    """Desirable, viable, feasible."""

    desirable: ScoreOut
    viable: ScoreOut
    feasible: ScoreOut


class BriefOut(BaseModel):
    """A brief and what follows from it."""

    project: str
    version: VersionOut | None = Field(description="None before the first.")
    brief: BriefFields  # type: ignore[valid-type]
    headline: str = Field(description="The verdict in one sentence.")
    next_step: str
    economics: EconomicsOut
    contradictions: list[TextOut]
    unknown: list[UnknownOut]
    scores: ScoresOut
    advice: list[TextOut] = Field(description="Weightiest first.")
    links: dict[str, str]


PUT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The fields under `brief` as they are given back; what is left out is unknown.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["brief"],
                    "properties": {
                        "brief": {"type": "object", "description": "As it is given back."},
                        "by": {"type": "string", "description": "Who writes it."},
                        "reason": {"type": "string", "description": "Why it changes."},
                    },
                }
            }
        },
    }
}


@router.get(
    "/projects/{project}/brief", summary="Look up the brief", response_model=BriefOut, responses={404: ERRORS[404]}
)
def show(project: ProjectName, request: Request) -> Response:
    """The brief that stands with everything that follows from it; before the first version every figure is unknown."""
    return JSONResponse(_told(context_of(request), project))


@router.put(
    "/projects/{project}/brief",
    summary="Write the brief",
    response_model=BriefOut,
    responses={status: ERRORS[status] for status in (400, 413)},
    openapi_extra=PUT_BODY,
)
async def write(project: ProjectName, request: Request) -> Response:
    """Puts a brief in place of the one that stands, as a new version. A project that is not there yet begins."""
    check_origin(request)
    context = context_of(request)
    sent = _sent(await small_body(request))
    brief, by = _brief(sent), checked_person(sent.by)
    await run_in_threadpool(write_brief, writing_desk(context), project, brief, by=by, reason=sent.reason)
    return JSONResponse(await run_in_threadpool(_told, context, project))


def _sent(body: bytes) -> BriefIn:
    try:
        return BriefIn.model_validate(json_value(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise WrongParameter(
            fact="The brief was not understood.",
            reason=misread(first),
            remedy='Send JSON {"brief": {…}} with the fields that a GET of this address gives.',
        ) from error


def _brief(sent: BriefIn) -> Brief:
    brief = Brief()
    for field, value in sent.brief:  # type: ignore[attr-defined]
        brief = with_value(brief, field, _noun(BY_FIELD[field].kind, value))
    return brief


def _noun(kind: Kind, value: Any) -> Any:
    """A value as the domain has it."""
    if kind is Kind.BARS:
        return tuple((label, float(bar)) for label, bar in value.items())
    if kind is Kind.COSTS:
        return tuple(WrongCost(each.truth, each.answer, each.cost) for each in value)
    return tuple(value) if kind is Kind.NAMES else value


def _plain(kind: Kind, value: Any) -> Any:
    """A value as JSON has it."""
    if kind is Kind.BARS:
        return dict(value)
    if kind is Kind.COSTS:
        return [{"truth": each.truth, "answer": each.answer, "cost": each.cost} for each in value]
    if kind is Kind.DATE:
        return None if value is None else value.isoformat()
    return list(value) if kind is Kind.NAMES else value


def _told(context: Context, project: str) -> dict[str, Any]:
    told = briefed(writing_desk(context), project)
    words, version = brief_words(told), told.version
    at = None if version is None else version.at.isoformat()
    return {
        "project": project,
        "version": version and {"number": version.number, "by": version.by, "at": at, "reason": version.reason},
        "brief": {each.field: _plain(each.kind, value_of(told.brief, each.field)) for each in QUESTIONS},
        "headline": words.headline,
        "next_step": words.next_step,
        "economics": _economics(told),
        "contradictions": [_text(each) for each in told.economics.contradictions],
        "unknown": [{"field": each.field, "hangs": each.hangs} for each in told.economics.unknown],
        "scores": {score.name: _score(score) for score in told.scores.all},
        "advice": [_text(each) for each in told.advice],
        "links": {"self": f"/api/v1/projects/{project}/brief", "page": f"/projects/{project}/brief"},
    }


def _economics(told: Briefed) -> dict[str, Any]:
    economics = told.economics
    at_bar = () if economics.bar is None else economics.value_curve(1 - economics.bar)
    rows = zip(economics.value_curve(0.0), at_bar, strict=False)
    return {
        "break_even_error": economics.break_even_error,
        "bar": economics.bar,
        "people_cost": economics.people_cost,
        "uniform": economics.uniform,
        "monthly_value": [
            {
                "share": best.share,
                "never_wrong": best.money,
                "as_people": economics.value_as_people(best.share),
                "at_bar": least.money,
            }
            for best, least in rows
        ],
    }


def _score(score: Score) -> dict[str, Any]:
    checks = [
        {"name": each.name, "holds": each.holds.value, "reason": each.reason, "change": each.change}
        for each in score.checks
    ]
    return {"holds": score.holds.value, "checks": checks}


def _text(told: Any) -> dict[str, str]:
    return {"kind": told.kind.value, "fact": told.fact, "reason": told.reason, "remedy": told.remedy}
