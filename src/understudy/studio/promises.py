"""The two promises of a review: what the model may answer alone, and what may be lost before people take over."""

from collections.abc import Iterator

from understudy.domain.brief import Brief
from understudy.domain.economics import Economics
from understudy.domain.review import AutomationPromise, Claim, ClaimKind, LossPromise, Measured, Outcome
from understudy.stats.loss import loss_promise
from understudy.stats.thresholds import automation_promise, testing_order
from understudy.studio.automation_claims import WORTHWHILE, is_worthwhile, share_claim
from understudy.studio.cost_promises import NOT_SEALED, cost_claims, cost_proofs
from understudy.studio.review_material import Material

__all__ = ["WORTHWHILE", "automation_claims", "is_worthwhile", "loss_at", "loss_claim", "loss_of", "promise_of"]

FALLEN = 4.0
LEAST_FALL = 0.1
"""A model that goes wrong is assumed to err four times as often as it may, or halfway between that and always if that
is less; and at least ten points more often."""

LOSS_CONFIDENCE = 0.95
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
    if material.brief is None or material.bar is None:
        return None
    share = promise.share if promise is not None and promise.threshold is not None else 1.0
    return loss_at(material.brief, material.economics, 1.0 - material.bar, share)


def loss_at(brief: Brief, economics: Economics, most_error: float, share: float) -> LossPromise | None:
    """The most that may be lost before rollback while a model may err so often.

    Args:
        brief: Says what may be lost and what an audit costs.
        economics: What the brief's figures mean.
        most_error: Share of its answers that may be wrong, strictly between 0 and 1.
        share: Of all decisions, that it answers alone, 0..1.

    Returns:
        The promise; None when the cost of a wrong answer is unknown or nothing, or a fall could not be told.
    """
    dearest, assumed = economics.wrong.dearest, assumed_error(most_error)
    if not dearest or assumed - most_error < LEAST_FALL / 2:
        return None
    return loss_promise(
        bar_error=most_error,
        assumed_error=assumed,
        wrong_cost=dearest,
        decisions_a_month=economics.decisions_a_month,
        share=share,
        person_cost=brief.person_cost,
        budget=brief.loss_budget,
    )


def assumed_error(most_error: float) -> float:
    """The share of wrong answers that a model is assumed to fall to when it goes wrong, 0..1."""
    return min(1.0, max(min(FALLEN * most_error, (1.0 + most_error) / 2), most_error + LEAST_FALL))


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
