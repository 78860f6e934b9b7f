"""What the page of a review shows beside the studio's words: where its steps lead, the slider, earlier reviews."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.domain.brief import Brief
from understudy.domain.economics import Economics
from understudy.domain.money import about_money, money
from understudy.domain.project import Project
from understudy.domain.review import AutomationPoint, AutomationPromise, ReasonKind, Review, Verdict
from understudy.studio.claims.promise_worth import in_money, monthly_saving
from understudy.studio.claims.words import ceil_percent, money_bound
from understudy.studio.review.economics import review_economics
from understudy.studio.words.phrases import Noun, hundredths
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
    ReasonKind.CHECKS_TOO_DEAR: ("Open the brief", "/brief"),
    ReasonKind.SERIOUS_FINDING: ("See the findings", "#findings"),
    ReasonKind.TOO_FEW_EXAMPLES: ("Go to the stages", "/launch"),
    ReasonKind.WORSE_LATER: ("Go to the stages", "/launch"),
}
"""Where the first reason's remedy can be done; all others are a matter of examples."""


@dataclass(frozen=True)
class ReviewStep:
    """Where the one next step leads."""

    label: str
    href: str


@dataclass(frozen=True)
class SliderPoint:
    """One threshold of the automation curve in words.

    Attributes:
        threshold: From how sure on.
        share: What is answered alone.
        says: All that happens there, in one sentence.
    """

    threshold: str
    share: str
    says: str


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


def step_of(review: Review, things: Noun) -> ReviewStep:
    """Where the model can be launched, else where the weightiest reason's remedy can be done."""
    here = f"/projects/{review.project}"
    if review.verdict is Verdict.LAUNCH:
        return ReviewStep("Launch it", f"{here}/launch")
    first = next((each.kind for each in review.reasons if each.verdict is review.verdict and each.remedy), None)
    add = (f"How to add {things.many}", "#examples")
    label, place = PLACES.get(first, add) if first else add
    return ReviewStep(label, f"{here}{place}")


def slider_of(review: Review, brief: Brief | None) -> Slider | None:
    """The automation curve point by point, or None without one."""
    promise = review.promise
    points = (
        sorted((each for each in promise.curve if each.answered), key=lambda one: -one.threshold) if promise else []
    )
    if promise is None or len(points) < 2:
        return None
    economics = review_economics(review, brief)
    shown = [
        SliderPoint(f"{hundredths(each.threshold)}%", f"{hundredths(each.share)}%", _point(promise, each, economics))
        for each in points
    ]
    start = next((place for place, each in enumerate(points) if each.threshold == promise.threshold), 0)
    return Slider(tuple(shown), start, json.dumps([vars(each) for each in shown], ensure_ascii=True))


def _point(promise: AutomationPromise, point: AutomationPoint, economics: Economics) -> str:
    """What happens from one threshold on."""
    value = monthly_saving(promise, economics, point.share, point.error_upper)
    worth = "" if value is None else f", worth at least {about_money(value, economics.currency)} a month before checks"
    bound = ceil_percent(point.error_upper, against=promise.most_error)
    if in_money(promise):
        bound = f"{money_bound(point.error_upper, promise.unit, low=False)} each on average"
    cost = f" and cost {money(point.error, promise.unit)} an answer" if in_money(promise) else ""
    return (
        f"From {hundredths(point.threshold)}% sure on it answers {hundredths(point.share)}% alone; {point.wrong} of "
        f"{point.answered} of those are wrong{cost}, so at most {bound}{worth}: "
        f"{'proven' if point.proven else 'not proven'}."
    )


def past_reviews(reviews: Sequence[Review], records: Records, project: Project) -> list[PastReview]:
    """Every review, newest first."""
    told = [
        PastReview(
            number, review.verdict.value, words_of(records, project, review).headline, moment(review.at), review.look
        )
        for number, review in enumerate(reviews, start=1)
    ]
    return told[::-1]
