"""How much more data: what the learning curve says, and which label to begin with."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.learning import LearningCurve
from understudy.domain.project import Project
from understudy.studio.pictures.palette import Theme
from understudy.studio.training.learning import situation_of
from understudy.studio.training.learning_chart import learning_chart
from understudy.studio.training.learning_words import LearningWords, Situation, learning_words
from understudy.studio.words.phrases import hundredths, name
from understudy.web.context import Context, context_of
from understudy.web.decisions import FOR_A_YEAR, ProjectName
from understudy.web.drawings import WIDTHS, Picture
from understudy.web.errors import NoPicture
from understudy.web.pages import house
from understudy.web.services import Records
from understudy.web.templating import page

router = APIRouter()


@router.get("/projects/{project}/curve")
async def show(project: ProjectName, request: Request) -> Response:
    """What more examples would bring, as the curve that was drawn last says."""
    return HTMLResponse(await run_in_threadpool(_page, context_of(request), project))


@router.get("/projects/{project}/curve/learning.svg")
async def chart(
    project: ProjectName, request: Request, theme: Theme, width: Annotated[int, Query(description="In pixels.")]
) -> Response:
    """The curve with its forecast."""

    def drawn() -> str:
        _, curve, situation = _known(context_of(request), project)
        if curve is None or not curve.points or width not in WIDTHS["gauge"]:
            raise NoPicture.of("learning")
        target, things = situation.target, situation.things
        return learning_chart(curve, theme=theme, width=width, target=target, things=things).svg

    return Response(await run_in_threadpool(drawn), media_type="image/svg+xml", headers=FOR_A_YEAR)


def curve_words(records: Records, project: str) -> LearningWords | None:
    """What the curve that was drawn last says; None where none was."""
    curve = records.latest_curve(project)
    return None if curve is None else learning_words(curve, situation_of(records, project))


def _known(context: Context, project: str) -> tuple[Project, LearningCurve | None, Situation]:
    records = context.services.records
    return records.project(project), records.latest_curve(project), situation_of(records, project)


def _page(context: Context, project: str) -> str:
    known, curve, situation = _known(context, project)
    values: dict[str, Any] = house(context, project)
    values |= {"curve": curve, "words": None, "picture": None, "chart": None, "labels": [], "came_since": 0}
    if curve is not None:
        told = learning_words(curve, situation)
        drawn = learning_chart(curve, theme="light", target=situation.target, things=situation.things)
        values |= {
            "words": told,
            "came_since": max(0, situation.examples - curve.forecasts[0].examples) if curve.forecasts else 0,
            "chart": drawn,
            "picture": _picture(known.name, curve, situation, drawn.title) if curve.points else None,
            "labels": [
                (name(label), hundredths(now), hundredths(after), label == told.first)
                for label, now, after in sorted(curve.by_label, key=lambda row: row[1] - row[2])
            ],
        }
    return page(context.templates, "curve.html", **values, situation=situation, commands=context.services.commands)


def _picture(project: str, curve: LearningCurve, situation: Situation, says: str) -> Picture:
    """Its address changes with the curve and with what is aimed at."""
    version = sha256(repr((curve, situation.target)).encode()).hexdigest()[:16]
    return Picture("gauge", f"/projects/{project}/curve/learning.svg", version, says)
