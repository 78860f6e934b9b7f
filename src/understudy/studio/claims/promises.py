"""The two promises of a review: what the model may answer alone, and what may be lost before people take over."""

import math
from collections.abc import Iterator
from dataclasses import replace

from understudy.domain.brief import Brief
from understudy.domain.economics import Economics
from understudy.domain.review import AutomationPromise, Claim, ClaimKind, LossPromise, Measured, Outcome
from understudy.launch.promise import loss_promise
from understudy.stats.thresholds import automation_promise, testing_order
from understudy.studio.claims.automation_claims import WORTHWHILE, is_worthwhile, share_claim
from understudy.studio.claims.cost_promises import NOT_SEALED, cost_claims, cost_proofs
from understudy.studio.claims.promise_worth import in_money
from understudy.studio.claims.review_material import Material

__all__ = [
    "WORTHWHILE",
    "automation_claims",
    "bar_of",
    "is_worthwhile",
    "loss_at",
    "loss_claim",
    "loss_of",
    "promise_of",
    "promised_error",
    "promised_share",
]

MINUTES_A_MONTH = 30 * 24 * 60
LOSS_CONFIDENCE = 0.95
NOT_KEPT = "No share of checked answers keeps the loss within it."
RECKONED = "reckoned from the brief and the breaker's delay, 95th percentile"


def promise_of(material: Material) -> AutomationPromise | None:
    """What the model may answer alone, thresholds tested in an order that only training examples had a say in.

    Returns:
        The promise, with no threshold in it where none is proven; None where nothing is asked for or sealed. Where
        kinds of wrong answer differ in cost it is in money.
    """
    answers, bar = material.answers, material.bar
    if material.by_money:
        proofs = cost_proofs(material)
        return None if proofs is None else proofs.promise
    if bar is None or not answers.count:
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


def automation_claims(material: Material, promise: AutomationPromise | None) -> Iterator[Claim]:
    """Wrong answers among those given alone, or what they cost; none where nothing is asked of them."""
    if material.by_money:
        yield from cost_claims(material, promise)
        return
    bar = material.bar
    if bar is None:
        return
    if promise is None:
        yield Claim(ClaimKind.AUTOMATION, "", None, 1.0 - bar, False, True, Outcome.OPEN, None, NOT_SEALED)
        return
    yield share_claim(material, promise)


def loss_of(material: Material, promise: AutomationPromise | None) -> LossPromise | None:
    """The most that may be lost before rollback, with the audits that fit the budget; None when costs are unknown."""
    most_error = promised_error(promise, bar_of(material.economics))
    if material.brief is None or most_error is None:
        return None
    return loss_at(material.brief, material.economics, most_error, promised_share(promise), material.answer_minutes)


def bar_of(economics: Economics) -> float | None:
    """The share right that the brief asks for, strictly between 0 and 1, or None where it asks for none.

    Where kinds of wrong answer differ in cost, the one that holds while the model's mistakes are of people's kinds.
    """
    bar = economics.bar if economics.uniform else economics.planning_bar
    return bar if bar is not None and 0.0 < bar < 1.0 else None


def promised_error(promise: AutomationPromise | None, bar: float | None) -> float | None:
    """The share of wrong answers that a model may give alone: as was promised, else as the bar has it; None if neither.

    Args:
        promise: What was proven that it may answer alone, or None.
        bar: The share right that the brief asks for, or None.
    """
    promised = None
    if promise is not None and promise.threshold is not None:
        promised = promise.most_wrong if in_money(promise) else promise.most_error
    if promised is not None and 0.0 < promised < 1.0:
        return promised
    return None if bar is None else 1.0 - bar


def promised_share(promise: AutomationPromise | None) -> float:
    """The share of all decisions that the model answers alone, 0..1; all of them where nothing is promised."""
    return 1.0 if promise is None or promise.threshold is None else promise.share


def loss_at(
    brief: Brief, economics: Economics, most_error: float, share: float, answer_minutes: float
) -> LossPromise | None:
    """The most that may be lost before rollback while a model may err so often: for a review and a launch alike.

    Args:
        brief: Says what may be lost and what an audit costs.
        economics: What the brief's figures mean.
        most_error: Share of its answers that may be wrong, strictly between 0 and 1.
        share: Of all decisions, that it answers alone, 0..1.
        answer_minutes: Within which people usually answer.

    Returns:
        The promise; None when the cost of a wrong answer is unknown or nothing, or a fall could not be told.
    """
    wrong_cost, decisions = economics.wrong.dearest, economics.decisions_a_month
    if not wrong_cost:
        return None
    lag = 0 if decisions is None else math.ceil(decisions * share * answer_minutes / MINUTES_A_MONTH)
    loss = loss_promise(most_error=most_error, wrong_cost=wrong_cost, budget=brief.loss_budget, lag_answers=lag)
    if loss is None or decisions is None or brief.person_cost is None:
        return loss
    return replace(loss, audits_cost_a_month=loss.audit_share * share * decisions * brief.person_cost)


def loss_claim(material: Material, loss: LossPromise | None) -> Claim | None:
    """That what may be lost fits the budget; reckoned from the brief, so it has no interval."""
    budget = None if material.brief is None else material.brief.loss_budget
    if budget is None:
        return None
    if loss is None:
        why = "The cost of a wrong answer or the bar is unknown, so no loss can be reckoned."
        return Claim(ClaimKind.LOSS_BUDGET, "", None, budget, False, True, Outcome.OPEN, None, why)
    if loss.most_lost is None:
        return Claim(ClaimKind.LOSS_BUDGET, "", None, budget, False, True, Outcome.REFUTED, None, NOT_KEPT)
    currency = material.economics.currency
    reckoned = Measured(loss.most_lost, 0.0, loss.most_lost, 0, 0, LOSS_CONFIDENCE, RECKONED, currency)
    return Claim(ClaimKind.LOSS_BUDGET, "", reckoned, budget, False, True, Outcome.PROVEN)
