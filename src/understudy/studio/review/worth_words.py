"""What a promise is worth in a month, in plain words: as it was seen, and at the worst."""

from understudy.domain.economics import Economics
from understudy.domain.money import about_money
from understudy.domain.review import AutomationPromise, ClaimKind, Review
from understudy.studio.claims.promise_worth import in_money, monthly_saving, saving_as_seen


def worth_words(review: Review, economics: Economics) -> str:
    """What the promise is worth in a month; empty when it, a cost or the number of decisions is unknown."""
    promise = review.promise
    if promise is None or promise.threshold is None:
        return ""
    likely = saving_as_seen(promise, economics)
    least = monthly_saving(promise, economics, promise.share_lower, promise.most_error)
    if likely is None or least is None:
        return ""
    checks = (review.loss.audits_cost_a_month if review.loss else None) or 0.0
    likely, least, currency = likely - checks, least - checks, economics.currency
    counted = f"; the {about_money(checks, currency)} for its checks are taken off" if checks else ""
    if likely <= 0:
        return f"It saves nothing: people would cost {about_money(-likely, currency)} a month less{counted}."
    seen = f"That saves about {about_money(likely, currency)} a month"
    proven = _proven_saving(review, economics)
    case = f"if it answers as few as it may and {_goes_wrong(promise)} as its limit allows"
    if proven is not None and proven - checks > least:
        least, case = proven - checks, "at the worst, by what is proven of the saving"
    worst = _in_a_month(least, likely, currency)
    if worst == f"about {about_money(likely, currency)}":
        return f"{seen}{counted}."
    return f"{seen} if it goes on as it was seen, and {worst} {case}{counted}."


def _in_a_month(saved: float, likely: float, currency: str) -> str:
    """What is saved at the worst, or by how much it is dearer than people; nothing where that is hardly anything."""
    if saved < -likely / 1000:
        return f"costs about {about_money(-saved, currency)} a month more than people"
    return f"about {about_money(saved, currency)}" if saved > likely / 1000 else "nothing"


def _proven_saving(review: Review, economics: Economics) -> float | None:
    """What is proven to be saved in a month before checks; known only where the model answers everything alone."""
    if review.promise is None or review.promise.share < 1 or economics.decisions_a_month is None:
        return None
    savings = [one.measured for one in review.claims if one.kind is ClaimKind.SAVING_OVER_PEOPLE]
    return next((economics.decisions_a_month * one.lower for one in savings if one is not None), None)


def _goes_wrong(promise: AutomationPromise) -> str:
    return "costs as much" if in_money(promise) else "is wrong as often"
