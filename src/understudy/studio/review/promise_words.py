"""What a model may answer alone, and what is promised of those answers, in plain words."""

from understudy.domain.economics import Economics
from understudy.domain.money import money
from understudy.domain.review import AutomationPromise
from understudy.studio.claims.promise_worth import in_money
from understudy.studio.claims.words import NO_THRESHOLD, money_bound
from understudy.studio.review.share_words import in_hundred
from understudy.studio.words.phrases import floor_percent, hundredths


def promise_words(promise: AutomationPromise | None, economics: Economics) -> str:
    """What the model may answer alone, in one or two sentences; empty without a bar."""
    if promise is None:
        return ""
    if promise.threshold is None:
        return f"Nothing can be promised yet: at no threshold is it proven that {_not_proven(promise)}."
    alone = f"{hundredths(promise.share)}%" if promise.share < 1 else "everything"
    least = (
        f" (at least {floor_percent(promise.share_lower)} of new ones)" if promise.share_lower < promise.share else ""
    )
    from_there = hundredths(promise.threshold) if hundredths(promise.threshold) > NO_THRESHOLD else 0
    sure = f"It answers {alone} alone{least}" + _whenever(from_there, promise.share)
    rest = " People take the rest." if promise.share < 1 else ""
    return f"{sure}, and {of_those(promise)}.{rest}{_beside_people(promise, economics)}"


def of_those(promise: AutomationPromise) -> str:
    """What is promised of the answers given alone."""
    those = "of those" if promise.share < 1 else "answers"
    if not in_money(promise):
        return f"at most {in_hundred(promise.most_error)} {those} are wrong"
    each = "each of those" if promise.share < 1 else "an answer"
    wrong = "" if promise.most_wrong is None else f", at most {in_hundred(promise.most_wrong)} {those} being wrong"
    return f"{each} costs at most {cost_limit(promise)} on average by mistakes{wrong}"


def cost_limit(promise: AutomationPromise) -> str:
    """What an answer given alone may cost on average by being wrong; rounded up, so that it promises no more."""
    return money_bound(promise.most_error, promise.unit, low=False)


def _whenever(from_there: int, share: float) -> str:
    """When it answers, with what "sure" means; nothing where it answers everything."""
    if from_there:
        return f", whenever it is at least {from_there}% sure (by the probability that it gives its own answer)"
    return ", whatever is like what it learned from" if share < 1 else ""


def _beside_people(promise: AutomationPromise, economics: Economics) -> str:
    """What people cost, beside a promise in money."""
    if not in_money(promise) or economics.people_cost is None:
        return ""
    return f" People cost at least {money(economics.people_cost, promise.unit)} a decision, mistakes included."


def _not_proven(promise: AutomationPromise) -> str:
    if not in_money(promise):
        return f"at most {in_hundred(promise.most_error)} of its answers are wrong"
    wrong = "" if promise.most_wrong is None else f" and that at most {in_hundred(promise.most_wrong)} are wrong"
    return f"its answers cost at most {cost_limit(promise)} each on average by mistakes{wrong}"
