"""Words for a loss budget that no share of checked answers keeps."""

from understudy.domain.economics import Economics
from understudy.domain.money import about_money, money
from understudy.domain.review import LossPromise
from understudy.launch.promise import least_budget
from understudy.studio.claims.words import money_bound
from understudy.studio.words.phrases import number


def broken_budget(loss: LossPromise, economics: Economics) -> tuple[str, str, str]:
    """Why nothing can be promised, and what would change it: fact, reason, remedy."""
    currency, wrong_cost = economics.currency, economics.wrong.dearest or 0.0
    fact = f"More may be lost before people take over than the {money(loss.budget or 0.0, currency)} that you allow."
    least = least_budget(wrong_cost=wrong_cost, unseen=loss.unseen)
    if (loss.budget or 0.0) >= least:
        waiting = about_money(loss.unseen, currency)
        reason = f"While checks wait for a person the model goes on, and that alone may cost {waiting} or more."
        return fact, reason, "Allow more, answer checks sooner, begin with fewer decisions, or let people answer."
    errors = number(round((least - loss.unseen) / wrong_cost)) if wrong_cost else "too many"
    besides = f", and {about_money(loss.unseen, currency)} more while checks wait for a person" if loss.unseen else ""
    reason = (
        f"Even if every answer is checked, it takes what {errors} wrong answers cost to tell a model that goes wrong "
        f"from bad luck{besides}."
    )
    return fact, reason, f"Allow at least {money_bound(least, currency, low=False)}, or let people answer."


def broken_budget_words(loss: LossPromise, currency: str) -> str:
    """That nothing can be promised, in short."""
    allowed = money(loss.budget or 0.0, currency)
    checked = "even if every answer is checked" if loss.audit_share >= 1.0 else "while checks wait for a person"
    return f"Nothing can be promised about a loss: {checked}, more than the {allowed} you allow may be lost."
