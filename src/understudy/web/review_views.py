"""What the page of a review shows beside the studio's words: where its steps lead, the slider, earlier reviews."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.domain.brief import Brief
from understudy.domain.economics import economics_of
from understudy.domain.means import Means
from understudy.domain.money import about_money
from understudy.domain.project import Project
from understudy.domain.review import ReasonKind, Review, Verdict
from understudy.studio.claim_words import ceil_percent
from understudy.studio.phrases import hundredths
from understudy.studio.review_words import in_hundred
from understudy.web.services import Records
from understudy.web.templating import moment
from understudy.web.verdict import words_of

PLACES = {
    ReasonKind.NO_BRIEF: ("Write the brief", "/brief"),
    ReasonKind.CONTRADICTION: ("Open the brief", "/brief"),
    ReasonKind.IMPOSSIBLE_BAR: ("Open the brief", "/brief"),
    ReasonKind.UNKNOWN_FIGURE: ("Open the brief", "/brief"),
    ReasonKind.FAKE_IT_FIRST: ("Open the brief", "/brief"),
    ReasonKind.KILL_CRITERION: ("Open the brief", "/brief"),
    ReasonKind.LOSS_TOO_LARGE: ("Open the brief", "/brief"),
    ReasonKind.SERIOUS_FINDING: ("See the findings", "#findings"),
}
"""Where the first reason's remedy can be done; all others are a matter of photos."""


@dataclass(frozen=True)
class ReviewStep:
    """Where the one next step leads."""

    label: str
    href: str


@dataclass(frozen=True)
class SliderPoint:
    """One threshold of the automation curve in words."""

    threshold: str
    share: str
    wrong: str
    bound: str
    worth: str
    proven: bool


@dataclass(frozen=True)
class Slider:
    """The automation curve to be moved along.

    Attributes:
        points: From the strictest on.
        start: Which one stands first: the promised one, else the strictest.
        data: The points as JSON, for the page's script.
    """

    points: tuple[SliderPoint, ...]
    start: int
    data: str


@dataclass(frozen=True)
class PastReview:
    """One review of the project's history."""

    number: int
    verdict: str
    headline: str
    at: str
    look: int


def step_of(review: Review, number: int) -> ReviewStep:
    """Where the weightiest reason's remedy can be done."""
    here = f"/projects/{review.project}"
    if review.verdict is Verdict.LAUNCH:
        return ReviewStep("Read the report", f"{here}/reviews/{number}/report.html")
    first = next((each.kind for each in review.reasons if each.verdict is review.verdict), None)
    label, place = PLACES.get(first, ("How to add photos", "#photos")) if first else ("How to add photos", "#photos")
    return ReviewStep(label, f"{here}{place}")


def slider_of(review: Review, brief: Brief | None) -> Slider | None:
    """The automation curve point by point, or None without one."""
    promise = review.promise
    points = (
        sorted((each for each in promise.curve if each.answered), key=lambda one: -one.threshold) if promise else []
    )
    if promise is None or len(points) < 2:
        return None
    economics = economics_of(brief or Brief(), Means(people_error=review.people))
    shown = []
    for each in points:
        value = economics.monthly_value(each.share, each.error_upper)
        shown.append(
            SliderPoint(
                threshold=f"{hundredths(each.threshold)}%",
                share=f"{hundredths(each.share)}%",
                wrong=f"{each.wrong} of {each.answered}",
                bound=ceil_percent(each.error_upper, against=promise.most_error),
                worth="" if value is None else about_money(value, economics.currency),
                proven=each.proven,
            )
        )
    start = next((place for place, each in enumerate(points) if each.threshold == promise.threshold), 0)
    return Slider(tuple(shown), start, json.dumps([vars(each) for each in shown], ensure_ascii=True))


def asked_error(review: Review) -> str:
    """The promised share of wrong answers, as people count; empty without a promise."""
    return "" if review.promise is None else in_hundred(review.promise.most_error)


def past_reviews(reviews: Sequence[Review], records: Records, project: Project) -> list[PastReview]:
    """Every review, newest first."""
    told = [
        PastReview(
            number, review.verdict.value, words_of(records, project, review).headline, moment(review.at), review.look
        )
        for number, review in enumerate(reviews, start=1)
    ]
    return told[::-1]
