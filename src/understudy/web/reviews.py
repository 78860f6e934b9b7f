"""Reviews: their page, their pictures and reports, and the same for programs."""

from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.domain.review import Review
from understudy.studio.judgement.judging import NothingSealed
from understudy.studio.pictures.palette import Theme
from understudy.studio.review.changes import change_words
from understudy.studio.review.charts import Picture, Shown
from understudy.studio.review.record import review_record
from understudy.studio.review.verifying import NoReview
from understudy.web import review_views as views
from understudy.web.body import whole_number
from understudy.web.context import Context, context_of
from understudy.web.curves import curve_words
from understudy.web.decisions import FOR_A_YEAR, ProjectName
from understudy.web.errors import NoPicture, NotDoneHere
from understudy.web.origin import check_origin
from understudy.web.pages import house
from understudy.web.review_pictures import SIZES, WIDE, ReviewPicture
from understudy.web.schemas import ERRORS, UNREADABLE, ReviewOut
from understudy.web.services import Desk
from understudy.web.templating import page
from understudy.web.verdict import brief_of, changes_of, present_review, price_told, step_in_service, words_of

pages = APIRouter()
router = APIRouter(prefix="/api/v1", tags=["reviews"], responses=UNREADABLE)


def _numbered(project: ProjectName, number: Annotated[str, Path(max_length=40)]) -> int:
    """Which review of the project; 1 is the first. What is no such number names no review."""
    found = whole_number(number)
    if not found:
        raise _none(project)
    return found


Number = Annotated[int, Depends(_numbered)]
REPORT_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""A report carries its own style and pictures, so that it can be sent to anyone; it runs nothing."""

MEDIA = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@pages.get("/projects/{project}/review")
async def latest(project: ProjectName, request: Request) -> Response:
    """The review of the latest model; else what one would spend."""
    return await _shown(context_of(request), project, None)


@pages.post("/projects/{project}/review")
async def make(project: ProjectName, request: Request) -> Response:
    """Reviews the latest model, then shows the review."""
    check_origin(request)
    context = context_of(request)
    await run_in_threadpool(_desk(context).review, project)
    return RedirectResponse(f"/projects/{project}/review", status_code=303)


@pages.get("/projects/{project}/reviews/{number}")
async def earlier(project: ProjectName, number: Number, request: Request) -> Response:
    """A review as it was made."""
    return await _shown(context_of(request), project, number)


@pages.get("/projects/{project}/reviews/{number}/charts/{kind}.svg")
async def chart(
    project: ProjectName,
    number: Number,
    kind: Annotated[str, Path(max_length=40)],
    request: Request,
    theme: Theme,
    width: Annotated[int, Query(description="In pixels.")],
) -> Response:
    """One picture of a review."""
    context = context_of(request)
    if kind not in set(Picture) or width not in SIZES:
        raise NoPicture.of(kind)
    review = await run_in_threadpool(_review, context, project, number)
    charts = await context.review_pictures.charts(await _what(context, review), theme, width)
    if Picture(kind) not in charts:
        raise NoPicture.of(kind)
    return Response(charts[Picture(kind)].svg, media_type="image/svg+xml", headers=FOR_A_YEAR)


@pages.get("/projects/{project}/reviews/{number}/report.{kind}")
async def report(project: ProjectName, number: Number, kind: str, request: Request) -> Response:
    """A review's report, as a page or for print."""
    if kind not in MEDIA:
        raise NoPicture.of(f"report.{kind}")
    data = await run_in_threadpool(_desk(context_of(request)).report, project, number, kind)
    headers = {
        "content-disposition": f'inline; filename="{project}-review-{number}.{kind}"',
        "content-security-policy": REPORT_POLICY,
    }
    return Response(data, media_type=MEDIA[kind], headers=headers)


@router.get(
    "/projects/{project}/review",
    summary="Look up the latest review",
    response_model=ReviewOut,
    responses={404: ERRORS[404]},
)
def show(project: ProjectName, request: Request) -> Response:
    """The review recorded last, with every figure it rests on."""
    context = context_of(request)
    reviews = context.services.records.reviews(project)
    if not reviews:
        raise _none(project)
    return JSONResponse(_as_json(context, reviews[-1], len(reviews)))


@router.post(
    "/projects/{project}/review",
    summary="Review the latest model",
    response_model=ReviewOut,
    responses={404: ERRORS[404], 409: ERRORS[409]},
)
async def request_review(project: ProjectName, request: Request) -> Response:
    """Holds the latest model against the brief. Spends a look at the sealed examples, unless one was spent on it."""
    check_origin(request)
    context = context_of(request)
    made = await run_in_threadpool(_desk(context).review, project)
    count = len(await run_in_threadpool(context.services.records.reviews, project))
    return JSONResponse(await run_in_threadpool(_as_json, context, made, count))


async def _shown(context: Context, project: str, number: int | None) -> Response:
    values = await run_in_threadpool(_values, context, project, number)
    shown: Review | None = values["shown"]
    pictures: dict[str, ReviewPicture] = {}
    if shown is not None:
        charts = await context.review_pictures.charts(await _what(context, shown), "light", WIDE)
        here = PurePosixPath("/projects", project, "reviews", str(values["number"]), "charts")
        pictures = {kind.value: ReviewPicture(f"{here}/{kind.value}.svg", drawn) for kind, drawn in charts.items()}
    return HTMLResponse(page(context.templates, "review.html", **values, pictures=pictures))


def _values(context: Context, project: str, number: int | None) -> dict[str, Any]:
    records, desk = context.services.records, context.services.desk
    values = house(context, project)
    reviews = records.reviews(project)
    present = present_review(records, project)
    shown = present if number is None else _review(context, project, number)
    place = number or len(reviews)
    is_present = number is None or (present is not None and number == len(reviews))
    changed = changes_of(context.services, shown) if shown is not None and is_present else ()
    return {
        **values,
        "shown": shown,
        "number": place,
        "trained_since": shown is None and bool(reviews),
        "is_present": is_present,
        "changed": change_words(changed, values["things"]),
        "words": None if shown is None else words_of(records, values["project"], shown),
        "price": desk.price(project) if desk is not None and values["model"] is not None else None,
        "can_review": desk is not None,
        "nothing_sealed": None if records.counts(project).sealed else NothingSealed.of(values["project"]),
        "spends": price_told(context.services, project) if values["model"] is not None else "",
        "step": None if shown is None else views.step_of(shown, values["things"]),
        "serving": None if shown is None else step_in_service(context.services, shown),
        "slider": None if shown is None else views.slider_of(shown, brief_of(records, shown)),
        "more": curve_words(records, project),
        "past": views.past_reviews(reviews, records, values["project"]),
        "commands": context.services.commands,
    }


def _review(context: Context, project: str, number: int) -> Review:
    reviews = context.services.records.reviews(project)
    if number > len(reviews):
        raise _none(project)
    return reviews[number - 1]


async def _what(context: Context, review: Review) -> Shown:
    def gathered() -> Shown:
        records = context.services.records
        looks = tuple(each for each in records.looks(review.project) if each.number <= review.look)
        return Shown(review, brief_of(records, review), looks)

    return await run_in_threadpool(gathered)


def _as_json(context: Context, review: Review, number: int) -> dict[str, Any]:
    words = words_of(context.services.records, context.services.records.project(review.project), review)
    here = f"/projects/{review.project}"
    told = {"number": number, "headline": words.headline, "says": words.says, "next_step": words.next_step}
    links = {"self": f"/api/v1{here}/review", "page": f"{here}/reviews/{number}"}
    return {**told, **review_record(review), "links": links}


def _desk(context: Context) -> Desk:
    desk = context.services.desk
    if desk is None:
        raise NotDoneHere(
            fact="No review can be made here.",
            reason="This server only shows what the workspace holds.",
            remedy="Make it where the workspace is: understudy review",
        )
    return desk


def _none(project: str) -> NoReview:
    return NoReview(
        fact=f"“{project}” has no such review.",
        reason="None was made yet, or not so many.",
        remedy=f"Make one with: understudy review {project}",
    )
