"""What a promise, or any point of its curve, is worth in a month."""

from understudy.domain.economics import Economics
from understudy.domain.review import AutomationPoint, AutomationPromise


def in_money(promise: AutomationPromise) -> bool:
    """Whether it is about what answers cost, not about how many are wrong."""
    return promise.unit != "share"


def monthly_saving(promise: AutomationPromise, economics: Economics, share: float, error: float) -> float | None:
    """What answering a share alone saves in a month, against people answering everything.

    Args:
        promise: Says what the error is in.
        economics: What the brief's figures mean.
        share: Of the decisions that are answered alone, 0..1.
        error: Share of those answers that are wrong, or what each costs on average by being wrong.

    Returns:
        In the brief's currency, or None when a cost or the number of decisions is unknown.
    """
    if not in_money(promise):
        return economics.monthly_value(share, error)
    decisions = economics.decisions_a_month
    return None if decisions is None else decisions * share * (promise.most_error - error)


def chosen_point(promise: AutomationPromise) -> AutomationPoint | None:
    """The point of the curve that is promised, or None where nothing is."""
    return next((point for point in promise.curve if point.threshold == promise.threshold and point.answered), None)


def saving_as_seen(promise: AutomationPromise, economics: Economics) -> float | None:
    """What a promise saves in a month at the errors that were seen; None where nothing is promised or known."""
    point = chosen_point(promise)
    return None if point is None else monthly_saving(promise, economics, promise.share, point.error)
