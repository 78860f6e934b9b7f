"""The two promises of a review: what the model may answer alone, and what may be lost before people take over."""

import math
from collections.abc import Iterator

import numpy as np

from understudy.domain.review import (
    AutomationPoint,
    AutomationPromise,
    Claim,
    ClaimKind,
    LossPromise,
    Measured,
    Outcome,
)
from understudy.stats.loss import loss_promise
from understudy.stats.shares import outcome_of, share_measured
from understudy.stats.thresholds import automation_promise, testing_order
from understudy.studio.claims import needed_for
from understudy.studio.review_material import Material

WORTHWHILE = 0.1
"""A model that answers a smaller share alone is not worth its keep."""

FALLEN = 4.0
LEAST_FALL = 0.1
"""A model that goes wrong is assumed to err four times as often as it may, or halfway between that and always if that is
less; and at least ten points more often."""

LOSS_CONFIDENCE = 0.95
RECKONED = "reckoned from the brief and the breaker's delay, 95th percentile"


def promise_of(material: Material) -> AutomationPromise | None:
    """What the model may answer alone, thresholds tested in an order that only training examples had a say in.

    Returns:
        The promise, with no threshold in it where none is proven; None where no share is asked for,
        where the money itself has to be shown, or where nothing is sealed.
    """
    answers, bar = material.answers, material.bar
    if bar is None or material.by_money or not answers.count:
        return None
    most_error = 1.0 - bar
    # Before any label is read nobody knows what examples of one group are worth; at the least, one for each group.
    order = testing_order(
        answers.stated,
        answers.right,
        most_error=most_error,
        sealed_count=len(set(answers.groups)),
        confidence=material.confidence,
    )
    return automation_promise(
        answers.sure,
        material.right,
        groups=answers.groups,
        most_error=most_error,
        order=order,
        confidence=material.confidence,
    )


def automation_claim(material: Material, promise: AutomationPromise | None) -> Claim | None:
    """Wrong answers among those given alone; None where no share, or the money itself, has to be shown."""
    bar = material.bar
    if bar is None or material.by_money:
        return None
    if promise is None:
        why = "No labelled example is sealed."
        return Claim(ClaimKind.AUTOMATION, "", None, 1.0 - bar, False, True, Outcome.OPEN, None, why)
    measured = _error_at(material, _telling_point(promise))
    outcome = _outcome(material, promise)
    needed = None if outcome is Outcome.PROVEN else _needed(material, promise)
    return Claim(ClaimKind.AUTOMATION, "", measured, promise.most_error, False, True, outcome, needed)


def is_worthwhile(promise: AutomationPromise | None) -> bool:
    """Whether anything worth its keep may be answered alone."""
    return promise is not None and promise.threshold is not None and promise.share >= WORTHWHILE


def loss_of(material: Material, promise: AutomationPromise | None) -> LossPromise | None:
    """The most that may be lost before rollback, with the audits that fit the budget; None when costs are unknown."""
    economics, brief = material.economics, material.brief
    dearest, bar = economics.wrong.dearest, material.bar
    if brief is None or not dearest or bar is None:
        return None
    may_err = 1.0 - bar
    assumed = min(1.0, max(min(FALLEN * may_err, (1.0 + may_err) / 2), may_err + LEAST_FALL))
    if assumed - may_err < LEAST_FALL / 2:
        return None
    return loss_promise(
        bar_error=may_err,
        assumed_error=assumed,
        wrong_cost=dearest,
        decisions_a_month=economics.decisions_a_month,
        share=promise.share if promise is not None and promise.threshold is not None else 1.0,
        person_cost=brief.person_cost,
        budget=brief.loss_budget,
    )


def loss_claim(material: Material, loss: LossPromise | None) -> Claim | None:
    """That what may be lost fits the budget; reckoned from the brief, so it has no interval."""
    budget = None if material.brief is None else material.brief.loss_budget
    if budget is None:
        return None
    if loss is None:
        why = "The cost of a wrong answer or the bar is unknown, so no loss can be reckoned."
        return Claim(ClaimKind.LOSS_BUDGET, "", None, budget, False, True, Outcome.OPEN, None, why)
    currency = material.economics.currency
    reckoned = Measured(loss.most_lost, 0.0, loss.most_lost, 0, 0, LOSS_CONFIDENCE, RECKONED, currency)
    outcome = Outcome.PROVEN if loss.most_lost <= budget else Outcome.REFUTED
    return Claim(ClaimKind.LOSS_BUDGET, "", reckoned, budget, False, True, outcome)


def _outcome(material: Material, promise: AutomationPromise) -> Outcome:
    """Refuted only if answering errs too often at every threshold that is worth its keep."""
    if is_worthwhile(promise):
        return Outcome.PROVEN
    points = [point for point in promise.curve if point.share >= WORTHWHILE]
    errors = [_error_at(material, point) for point in points]
    refuted = bool(errors) and all(
        each is not None and outcome_of(each, promise.most_error, at_least=False) is Outcome.REFUTED for each in errors
    )
    return Outcome.REFUTED if refuted else Outcome.OPEN


def _telling_point(promise: AutomationPromise) -> AutomationPoint | None:
    """The point that is promised, else the one that came nearest to it."""
    for point in promise.curve:
        if point.threshold == promise.threshold:
            return point
    worth = [point for point in promise.curve if point.share >= WORTHWHILE]
    return min(worth, key=lambda point: (point.error_upper, -point.share), default=None)


def _error_at(material: Material, point: AutomationPoint | None) -> Measured | None:
    """The share of wrong answers among those given alone from a threshold on."""
    if point is None or not point.answered:
        return None
    alone = material.answers.sure >= point.threshold
    groups = [group for group, given in zip(material.answers.groups, alone, strict=True) if given]
    right = share_measured(material.right[alone], groups=groups, confidence=material.confidence)
    return Measured(
        estimate=1.0 - right.estimate,
        lower=1.0 - right.upper,
        upper=1.0 - right.lower,
        count=right.count,
        groups=right.groups,
        confidence=right.confidence,
        method=right.method,
    )


def _needed(material: Material, promise: AutomationPromise) -> int | None:
    """Sealed examples in all that would probably prove some threshold that is worth its keep."""
    return min(_needs(material, promise), default=None)


def _needs(material: Material, promise: AutomationPromise) -> Iterator[int]:
    for point in promise.curve:
        if point.share < WORTHWHILE or point.error >= promise.most_error:
            continue
        alone = material.answers.sure >= point.threshold
        groups = [group for group, given in zip(material.answers.groups, alone, strict=True) if given]
        needed = needed_for(material.right[alone], groups, 1.0 - promise.most_error, confidence=material.confidence)
        if needed is not None:
            yield math.ceil(needed / max(point.share, np.finfo(float).tiny))
