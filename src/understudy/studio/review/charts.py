"""The pictures of a review: gauge, automation curve and its money, claims, slices, rivals, loss and looks.

Each picture depends on nothing but its arguments, so it can be drawn once and kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from understudy.domain.brief import Brief
from understudy.domain.economics import Economics
from understudy.domain.money import asked, money
from understudy.domain.review import PER_MISTAKE, Claim, ClaimKind, Measured, Outcome, Review
from understudy.store.looks import LookRecord
from understudy.studio.claims.words import (
    OF_NUMBERS,
    bound_words,
    claim_name,
    claim_row,
    is_cost,
    of_hundred,
    right_of,
    seen_words,
)
from understudy.studio.pictures.drawing import WIDE, Chart, Table
from understudy.studio.pictures.palette import Theme
from understudy.studio.pictures.row_charts import Line, Row, round_scale, row_chart, shares_scale
from understudy.studio.review.automation_charts import automation_curve, money_curve
from understudy.studio.review.budget_charts import looks_meter, loss_meter
from understudy.studio.review.economics import review_economics
from understudy.studio.review.number_charts import numbers_chart
from understudy.studio.words.phrases import PHOTOS, name, number, percent

SAVINGS = {
    ClaimKind.SAVING_OVER_PEOPLE: "people",
    ClaimKind.SAVING_OVER_CHAMPION: "the model that answers now",
    ClaimKind.SAVING_OVER_RULE: "the one-line rule",
}
ALONE = "Right where it answers alone"
PRIVATE = (ClaimKind.SLICE, ClaimKind.LOSS_BUDGET, *SAVINGS, *OF_NUMBERS)
"""Claims that have pictures of their own."""


class Picture(StrEnum):
    """The pictures of a review, in the order of reading."""

    GAUGE = "gauge"
    AUTOMATION = "automation"
    MONEY = "money"
    RIVALS = "rivals"
    NUMBERS = "numbers"
    LOSS = "loss"
    CLAIMS = "claims"
    SLICES = "slices"
    LOOKS = "looks"


@dataclass(frozen=True)
class Shown:
    """What the pictures of a review are drawn from.

    Attributes:
        review: The launch decision.
        brief: The brief as it stood, or None.
        looks: Every look until then, oldest first.
    """

    review: Review
    brief: Brief | None
    looks: tuple[LookRecord, ...]

    @property
    def economics(self) -> Economics:
        """What the brief's figures mean."""
        return review_economics(self.review, self.brief)

    @property
    def confidence(self) -> str:
        """Of every bound, over all looks."""
        return percent(round(1 - self.review.budget, 9))


def draw(picture: Picture, shown: Shown, *, theme: Theme, width: int = WIDE) -> Chart | None:
    """Draws one picture.

    Args:
        picture: Which.
        shown: Of what.
        theme: "light" or "dark".
        width: In pixels; 640 suits a page, 340 a phone.

    Returns:
        The picture, or None where the review holds nothing to draw for it.
    """
    return DRAWN_BY[picture](shown, theme, width)


def draw_all(shown: Shown, *, theme: Theme, width: int = WIDE) -> dict[Picture, Chart]:
    """Draws every picture that the review holds something for, in the order of reading."""
    drawn = {picture: draw(picture, shown, theme=theme, width=width) for picture in Picture}
    return {picture: chart for picture, chart in drawn.items() if chart is not None}


def gauge(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws how often the model is right, beside people and the one-line rule, against what is asked."""
    claim = _decisive(shown.review)
    if claim is None or claim.measured is None:
        return None
    alone = claim.kind is ClaimKind.AUTOMATION
    model = _right(claim.measured) if alone else claim.measured
    bar = claim.bar if claim.bar is None or not alone else 1 - claim.bar
    outcome = claim.outcome if claim.bar is not None else None
    who = "The model, where it answers alone" if alone else "The model"
    rows = [Row(who, _tally(model), model.lower, model.estimate, model.upper, None, outcome), *_rivals(shown)]
    figures = [end for row in rows for end in (row.low, row.high)] + ([] if bar is None else [bar])
    words = bound_words(replace(claim, measured=model, bar=bar, at_least=True), "EUR")
    right = "right where it answers alone" if alone else "right"
    title = f"{_capital(words)} {right}, with {shown.confidence} confidence over all looks"
    title += "." if bar is None else f": {_against_bar(claim)} the {asked(bar)} asked for."
    caption = (
        f"Dots: as seen. Lines: bounds, each at {shown.confidence} confidence over all looks. {_capital(model.method)}."
    )
    table = Table(
        ("who", "right", "seen", "at least", "at most"),
        tuple((row.label, row.tally, *(_percent(end) for end in (row.seen, row.low, row.high))) for row in rows),
    )
    line = None if bar is None else Line(bar, f"asked: {asked(bar)}")
    scale = shares_scale(figures, width=width)
    return row_chart(rows, scale, told=(title, caption), table=table, theme=theme, width=width, line=line)


def claims(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws every claim about shares against its bar."""
    every = [one for one in shown.review.claims if one.kind not in PRIVATE and one.measured is not None]
    chosen = [one for one in every if not is_cost(one)]
    return _claims_chart(shown, chosen, _claims_title(chosen), theme, width) if chosen else None


def slices(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws how often the model is right in each part of the data, worst first."""
    chosen = [one for one in shown.review.claims if one.kind is ClaimKind.SLICE and one.measured is not None]
    chosen.sort(key=lambda one: (one.measured.estimate if one.measured else 0.0, one.subject))
    if not chosen or chosen[0].measured is None:
        return None
    worst = chosen[0].measured
    title = f"It is right least often where {claim_name(chosen[0]).removeprefix('Right where ')}: "
    title += f"{number(right_of(worst))} of {number(worst.count)}."
    return _claims_chart(shown, chosen, title, theme, width)


def rivals(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws what the model saves a decision against people, the model that answers now, and the rule."""
    chosen = [_alone(one) if is_cost(one) else one for one in shown.review.claims if one.measured is not None]
    chosen = [one for one in chosen if one.kind in SAVINGS]
    if not chosen:
        return None
    currency, rows = shown.economics.currency, []
    for one in chosen:
        if one.measured is not None:
            figure, outcome = one.measured, one.outcome if one.bar is not None else None
            ends = (figure.lower, figure.estimate, figure.upper)
            rows.append(Row(f"Against {_rival(one)}", seen_words(figure, currency), *ends, outcome=outcome))
    both = [end for row in rows for end in (row.low, row.high)]
    first = chosen[0]
    priced = first.measured is None or first.measured.unit != PER_MISTAKE
    told_as = _money_told(currency) if priced else of_hundred
    scale = round_scale(min(0.0, *both), max(0.0, *both), told=told_as, most=4 if width < 480 else 7)
    bound = bound_words(first, currency)
    title = f"Against {_rival(first)} it saves {bound} a decision."
    if not priced:
        title = f"{_capital(bound)} answers fewer are wrong than by {_rival(first)}."
    if rows[0].low <= 0 and first.outcome is not Outcome.REFUTED:
        title = f"It is not proven to be {'cheaper' if priced else 'wrong less often'} than {_rival(first)}."
    method = first.measured.method if first.measured else ""
    caption = (
        f"Dots: {'mean saving' if priced else 'fewer wrong answers'} as seen. Lines: bounds at {shown.confidence} "
    )
    caption += f"confidence over all looks. {_capital(method)}."
    told = [claim_row(one, currency, PHOTOS) for one in chosen]
    table = Table(
        ("against", "saved a decision" if priced else "fewer wrong answers", "proven", "outcome"),
        tuple((_rival(one), row.shown, row.bound, row.word) for one, row in zip(chosen, told, strict=True)),
    )
    line = Line(0.0, "costs the same" if priced else "as often wrong")
    return row_chart(rows, scale, told=(title, caption), table=table, theme=theme, width=width, line=line)


def automation(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws how much it could answer alone, and how often it would be wrong."""
    promise = shown.review.promise
    return None if promise is None else automation_curve(promise, shown.confidence, theme=theme, width=width)


def worth(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws the money at every point of that curve, where costs are known."""
    promise = shown.review.promise
    return None if promise is None else money_curve(promise, shown.economics, theme=theme, width=width)


def numbers(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws answers against truths, where answers are numbers."""
    return numbers_chart(shown.review, theme=theme, width=width)


def loss(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws what may be lost beside what was allowed."""
    kept, currency = shown.review.loss, shown.economics.currency
    return None if kept is None else loss_meter(kept, currency, theme=theme, width=width)


def looks(shown: Shown, theme: Theme, width: int) -> Chart | None:
    """Draws what each look at the sealed set has spent of the error budget."""
    return looks_meter(shown.looks, shown.review.budget, theme=theme, width=width) if shown.looks else None


def _claims_chart(shown: Shown, chosen: Sequence[Claim], title: str, theme: Theme, width: int) -> Chart:
    rows = []
    for one in chosen:
        if one.measured is not None:
            outcome = one.outcome if one.bar is not None else None
            named, figure, bar = claim_name(one), one.measured, one.bar
            if one.kind is ClaimKind.AUTOMATION:
                named, figure, bar = ALONE, _right(figure), None if bar is None else 1 - bar
            named = named.removeprefix("Right where ") if one.kind is ClaimKind.SLICE else named
            rows.append(Row(named, _tally(figure), figure.lower, figure.estimate, figure.upper, bar, outcome))
    figures = [end for row in rows for end in (row.low, row.high, row.high if row.bar is None else row.bar)]
    told = [claim_row(one, shown.economics.currency, PHOTOS) for one in chosen]
    table = Table(
        ("claim", "seen", "proven", "asked", "outcome"),
        tuple((row.name, row.shown, row.bound, row.bar or "–", row.word if row.bar else "–") for row in told),
    )
    caption = (
        f"Dots: as seen; full: proven, ring: open, cross: refuted. Lines: bounds, each at {shown.confidence} "
        "confidence over all looks. Upright strokes: what is asked."
    )
    scale = shares_scale(figures, width=width)
    return row_chart(rows, scale, told=(title, caption), table=table, theme=theme, width=width)


def _claims_title(chosen: Sequence[Claim]) -> str:
    asked = [one for one in chosen if one.bar is not None]
    proven = sum(one.outcome is Outcome.PROVEN for one in asked)
    if not asked:
        return "Nothing was asked, so these are figures only."
    if proven == len(asked):
        return "Every share that was asked for is proven." if proven > 1 else "The share that was asked for is proven."
    open_ones = [one for one in asked if one.outcome is not Outcome.PROVEN]
    are = "is" if proven == 1 else "are"
    told = f"{number(proven)} of {number(len(asked))} {are} proven"
    return f"{told}; the first that is not: {claim_name(open_ones[0])}."


def _alone(cost: Claim) -> Claim:
    """What answers given alone cost, as what they save over people."""
    figure, most = cost.measured, cost.bar
    if figure is None or most is None:
        return cost
    saved = replace(figure, estimate=most - figure.estimate, lower=most - figure.upper, upper=most - figure.lower)
    return replace(cost, kind=ClaimKind.SAVING_OVER_PEOPLE, subject=ALONE, measured=saved, bar=0.0, at_least=True)


def _rival(saving: Claim) -> str:
    """Against whom a saving is, and where."""
    return SAVINGS[saving.kind] + (", where it answers alone" if saving.subject == ALONE else "")


def _decisive(review: Review) -> Claim | None:
    """The claim about shares that a launch rests on, else accuracy."""
    kinds = {ClaimKind.ACCURACY, ClaimKind.AUTOMATION}
    shares = [one for one in review.claims if one.kind in kinds and one.measured and not is_cost(one)]
    required = [one for one in shares if one.required]
    return next(iter([*required, *(one for one in shares if one.kind is ClaimKind.ACCURACY), *shares]), None)


def _rivals(shown: Shown) -> list[Row]:
    """People and the one-line rule, in the units of the model."""
    rows, review = [], shown.review
    if review.people is not None:
        right = _right(review.people)
        rows.append(Row("People, by double answers", _tally(right), right.lower, right.estimate, right.upper))
    elif shown.brief is not None and shown.brief.person_error is not None:
        told = 1 - shown.brief.person_error
        rows.append(Row("People, as the brief says", _percent(told), told, told, told))
    if review.rule is not None:
        figure = review.rule.share_right
        label = f"Rule: {name(review.rule.rule, length=60)}"
        rows.append(Row(label, _tally(figure), figure.lower, figure.estimate, figure.upper))
    return rows


def _right(wrong: Measured) -> Measured:
    """A share of wrong answers as a share of right ones."""
    return replace(wrong, estimate=1 - wrong.estimate, lower=1 - wrong.upper, upper=1 - wrong.lower)


def _tally(figure: Measured) -> str:
    return f"{number(right_of(figure))} of {number(figure.count)}"


def _against_bar(claim: Claim) -> str:
    reached = {Outcome.PROVEN: "that clears", Outcome.REFUTED: "proven to miss"}
    return reached.get(claim.outcome, "short of")


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _money_told(currency: str) -> Callable[[float], str]:
    return lambda amount: money(amount, currency)


DRAWN_BY: Mapping[Picture, Callable[[Shown, Theme, int], Chart | None]] = MappingProxyType(
    {
        Picture.GAUGE: gauge,
        Picture.AUTOMATION: automation,
        Picture.MONEY: worth,
        Picture.RIVALS: rivals,
        Picture.NUMBERS: numbers,
        Picture.LOSS: loss,
        Picture.CLAIMS: claims,
        Picture.SLICES: slices,
        Picture.LOOKS: looks,
    }
)
