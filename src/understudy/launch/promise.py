"""What may be lost before people take over again, and the audits that keep it within the budget.

`loss_promise` is the one place where this is reckoned: a review prints it, and the terms of a launch keep it.

Whatever share of wrong answers a model falls to, one of three things ends it: the evidence of excess, the loss meter at
half of the budget, or missing answers to audits. The first two keep the loss within the budget in 95 of 100 falls of
any size (`launch.loss`); they need some 12 errors beyond the allowed ones among the audits, so that chance does not
spend the budget of a good model. The third is counted in audits that wait, since so many audits stand for a known
number of answers, whatever the traffic.

Source:
    Understudy's own arithmetic: loss = cost * excess * answers, each found error standing for 1 / share answers.
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy

from understudy.domain.review import LossPromise
from understudy.launch.loss import PART_OF_BUDGET
from understudy.stats.loss import LEAST_AUDIT_SHARE, SURE, USUAL_AUDIT_SHARE, cases_until
from understudy.stats.restarts import ALPHA, delays

FOUND_ERRORS = 12.0
"""Errors beyond those allowed that audits must be able to find before half of the budget is spent. A model that errs at
60% of what is allowed then has the meter go off by chance in about 1 of 100 cases of 100,000 audits."""
MOST_WAITING = 500
"""No plan lets more audits wait."""
FALLEN = 4.0
LEAST_FALL = 0.1
"""A model that goes wrong is assumed to err four times as often as it may, or halfway between that and always if that
is less; and at least ten points more often."""


@dataclass(frozen=True)
class AuditPlan:
    """Audits that keep a loss budget.

    Attributes:
        share: Of the answers, to be audited, in thousandths.
        most_lost: What is lost at most before people take over, in 95 of 100 falls; infinite if nothing is promised.
        unseen: Of the budget, what is kept for answers that are given while audits wait.
        most_waiting: Audits that may wait at once before the breaker trips.
        kept: Whether the budget is kept. Where it is not, everything is audited and it may be exceeded.
    """

    share: float
    most_lost: float
    unseen: float
    most_waiting: int
    kept: bool


def loss_promise(
    *, most_error: float, wrong_cost: float, budget: float | None, lag_answers: int = 0
) -> LossPromise | None:
    """What is promised about a loss, with the audits that keep the promise.

    Args:
        most_error: Share of wrong answers that is allowed, strictly between 0 and 1.
        wrong_cost: Of one wrong answer, above 0.
        budget: What may be lost, or None if nobody said; then `USUAL_AUDIT_SHARE` is audited.
        lag_answers: Answers that the model gives while an audit usually waits for its own.

    Returns:
        With a budget, that it is kept, or that nothing is promised; without one, what a fall to `assumed_error` costs.
        None where so much may be wrong that a fall could not be told.

    Raises:
        ValueError: A figure is out of range.
    """
    assumed = assumed_error(most_error)
    if assumed - most_error < LEAST_FALL / 2:
        return None
    fall = {"most_error": most_error, "wrong_cost": wrong_cost}
    if budget is None:
        lost = most_lost(**fall, error=assumed, share=USUAL_AUDIT_SHARE, lag_answers=lag_answers)
        cases = round(lost / (wrong_cost * (assumed - most_error)))
        return LossPromise(assumed, USUAL_AUDIT_SHARE, cases, lost, None, None)
    plan = audit_plan(**fall, assumed_error=assumed, budget=budget, lag_answers=lag_answers)
    noticed = cases_until(delays(most_error=most_error, error=assumed), plan.share) + lag_answers
    affordable = math.floor(budget / (wrong_cost * (assumed - most_error)))
    return LossPromise(
        assumed_error=assumed,
        audit_share=plan.share,
        cases_until_rollback=min(noticed, affordable) if plan.kept else noticed,
        most_lost=plan.most_lost if plan.kept else None,
        budget=budget,
        audits_cost_a_month=None,
        unseen=plan.unseen,
        most_waiting=plan.most_waiting,
    )


def assumed_error(most_error: float) -> float:
    """The share of wrong answers that a model is assumed to fall to when it goes wrong, 0..1."""
    return min(1.0, max(min(FALLEN * most_error, (1.0 + most_error) / 2), most_error + LEAST_FALL))


def least_budget(*, wrong_cost: float, unseen: float) -> float:
    """Below this budget nothing can be promised: chance alone would spend it before enough errors are found.

    Args:
        wrong_cost: Of one wrong answer.
        unseen: Of the budget, what is kept for answers that are given while audits wait.
    """
    return FOUND_ERRORS * wrong_cost / PART_OF_BUDGET + unseen


def audit_plan(
    *,
    most_error: float,
    assumed_error: float,
    wrong_cost: float,
    budget: float,
    lag_answers: int = 0,
    at_least: float = LEAST_AUDIT_SHARE,
) -> AuditPlan:
    """The smallest share of audits that keeps the budget, with what the breaker has to be told.

    Args:
        most_error: Share of wrong answers that is allowed, strictly between 0 and 1.
        assumed_error: The worst share that answers are assumed to fall to while nobody answers audits, above that.
        wrong_cost: Of one wrong answer, above 0.
        budget: What may be lost before people take over.
        lag_answers: Answers that the model gives while an audit usually waits for its own.
        at_least: The smallest share that is wanted for other reasons.

    Raises:
        ValueError: A figure is out of range.
    """
    if not 0.0 < most_error < assumed_error <= 1.0 or not 0.0 < at_least <= 1.0:
        raise ValueError("errors rise from the allowed one, strictly between 0 and 1, to the assumed one, up to 1")
    if not (0.0 < wrong_cost < math.inf and 0.0 <= budget < math.inf and lag_answers >= 0):
        raise ValueError("a wrong answer costs something, and budgets and lags are no less than 0")
    excess = wrong_cost * (assumed_error - most_error)
    unseen = excess * lag_answers
    alarm = PART_OF_BUDGET * max(0.0, budget - unseen)
    share = _thousandths(max(at_least, min(2.0, FOUND_ERRORS * wrong_cost / alarm if alarm else 2.0)))
    affordable = budget / excess
    waiting = _most_waiting(min(1.0, share), affordable)
    usual = min(1.0, share) * lag_answers
    kept = share <= 1.0 and waiting >= usual + 3.0 * math.sqrt(usual) + 1.0
    return AuditPlan(min(1.0, share), budget if kept else math.inf, unseen, max(1, waiting), kept)


def most_lost(
    *,
    most_error: float,
    error: float,
    wrong_cost: float,
    share: float,
    lag_answers: int = 0,
    budget: float | None = None,
) -> float:
    """What a fall to one share of wrong answers costs before people take over, at its 95th percentile.

    Args:
        most_error: Share of wrong answers that is allowed.
        error: What it falls to, above that.
        wrong_cost: Of one wrong answer, above 0.
        share: Of the answers that is audited.
        lag_answers: Answers that the model gives while an audit waits for its own.
        budget: What may be lost, if the loss meter watches over it.

    Raises:
        ValueError: A figure is out of range, or the fall is too slight to be noticed without a budget.
    """
    excess = wrong_cost * (error - most_error)
    metered = math.inf if budget is None else max(budget, excess * lag_answers)
    if excess * _least_audits(most_error, error) / share >= metered:
        return metered
    return min(metered, excess * (cases_until(delays(most_error=most_error, error=error), share) + lag_answers))


def _least_audits(most_error: float, error: float) -> float:
    """Audits without which the evidence is hardly ever there: what it takes at the best stake, known from the start."""
    kept = scipy.special.xlog1py(1.0 - error, -error) - scipy.special.xlog1py(1.0 - error, -most_error)
    return math.log(1.0 / ALPHA) / float(scipy.special.xlogy(error, error / most_error) + kept)


def _thousandths(share: float) -> float:
    return math.ceil(share * 1000.0 - 1e-9) / 1000.0


def _most_waiting(share: float, answers: float) -> int:
    """How many audits may wait so that, 95 times of 100, no more answers have been given than that."""
    low, high = 0, MOST_WAITING + 1
    while high - low > 1:
        middle = (low + high) // 2
        fits = cases_until(np.array([middle + 1]), share, sure=SURE) <= answers
        low, high = (middle, high) if fits else (low, middle)
    return low
