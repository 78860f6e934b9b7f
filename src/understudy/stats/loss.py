"""What going wrong may cost before people take over again, and how many answers to audit so that it fits a budget.

What is promised: should the model's share of wrong answers jump from what is allowed to `assumed_error`, then in 95 of
100 cases people have taken over within `cases_until_rollback` served answers, and the errors beyond those allowed have
cost `most_lost` on average over that many answers. It assumes that the audits are a random share of the model's answers
and that the breaker watches them as `stats.restarts` does. It holds because the delay in audits does not depend on the
share that is audited: its distribution is simulated once, and how many served answers it takes to draw that many
audits follows exactly from the binomial distribution.

Errors that are worse than assumed are noticed sooner: the loss is largest for moderate ones, not for the worst.

Source:
    Understudy's own arithmetic, upon `stats.restarts`: loss = cost * excess * (delay / share + label lag).
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from understudy.domain.review import LossPromise
from understudy.stats.restarts import delays

SURE = 0.95
"""The promise holds in so many cases of all."""
USUAL_AUDIT_SHARE = 0.1
"""Audited when no loss budget says how much."""
LEAST_AUDIT_SHARE = 0.01
_FINEST = 1_000


def loss_promise(  # noqa: PLR0913 - the facts of one promise, each named by the caller
    *,
    bar_error: float,
    assumed_error: float,
    wrong_cost: float,
    decisions_a_month: float | None,
    share: float,
    person_cost: float | None,
    budget: float | None,
    label_lag_decisions: int = 0,
) -> LossPromise:
    """The greatest loss before rollback, with the smallest audit share that keeps it within the budget.

    Args:
        bar_error: Share of wrong answers that is allowed, strictly between 0 and 1.
        assumed_error: Share of wrong answers that the model is assumed to fall to, above `bar_error`, up to 1.
        wrong_cost: Of one wrong answer, above 0.
        decisions_a_month: How many decisions there are, or None if unknown.
        share: Of the decisions, which the model answers alone, 0..1.
        person_cost: Of one answer by a person, and so of an audit, or None if unknown.
        budget: What may be lost, or None if unknown; then `USUAL_AUDIT_SHARE` is audited.
        label_lag_decisions: Answers that the model gives while an audit waits for its own.

    Returns:
        The promise. Where even auditing every answer does not keep the loss within the budget, its audit share is 1
        and `most_lost` exceeds `budget`.

    Raises:
        ValueError: A figure is out of range, or the two errors lie so close that the fall is not noticed in time.
    """
    _check(wrong_cost, decisions_a_month, share, person_cost, budget, label_lag_decisions)
    waits = delays(most_error=bar_error, error=assumed_error)
    per_case = wrong_cost * (assumed_error - bar_error)
    affordable = math.inf if budget is None else budget / per_case - label_lag_decisions
    audited = USUAL_AUDIT_SHARE if budget is None else audit_share_for(waits, affordable)
    cases = cases_until(waits, audited) + label_lag_decisions
    known = decisions_a_month is not None and person_cost is not None
    audits_cost = audited * share * (decisions_a_month or 0.0) * (person_cost or 0.0)
    return LossPromise(
        assumed_error=assumed_error,
        audit_share=audited,
        cases_until_rollback=cases,
        most_lost=per_case * cases,
        budget=budget,
        audits_cost_a_month=audits_cost if known else None,
    )


def audit_share_for(waits: NDArray[np.int64], most_cases: float, *, sure: float = SURE) -> float:
    """The smallest share of answers to audit that notices within so many served answers.

    Args:
        waits: Audits until it is noticed, a sample of them, shape (runs,).
        most_cases: Served answers within which it must be noticed.
        sure: In what share of all cases.

    Returns:
        In thousandths, from `LEAST_AUDIT_SHARE` to 1; 1.0 where no share is enough.
    """
    low, high = math.ceil(LEAST_AUDIT_SHARE * _FINEST), _FINEST
    while low < high:
        middle = (low + high) // 2
        enough = cases_until(waits, middle / _FINEST, sure=sure) <= most_cases
        low, high = (low, middle) if enough else (middle + 1, high)
    return low / _FINEST


def cases_until(waits: NDArray[np.int64], audit_share: float, *, sure: float = SURE) -> int:
    """Served answers until so many audits have been drawn, at the `sure` quantile over both kinds of luck.

    Args:
        waits: Audits until it is noticed, a sample of them, shape (runs,).
        audit_share: Share of served answers that is audited, above 0, up to 1.
        sure: The quantile, between 0 and 1.

    Raises:
        ValueError: A share is out of range, or there is no sample.
    """
    if not len(waits) or not 0.0 < audit_share <= 1.0 or not 0.0 < sure < 1.0:
        raise ValueError("a sample of delays, an audit share up to 1 and a quantile below 1 are needed")
    needed, runs = np.unique(waits, return_counts=True)
    low, high = 0, math.ceil(int(needed[-1]) / audit_share)
    while _noticed(needed, runs, high, audit_share) < sure:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = _noticed(needed, runs, middle, audit_share) >= sure
        low, high = (low, middle) if enough else (middle, high)
    return high


def _noticed(needed: NDArray[np.int64], runs: NDArray[np.int64], cases: int, audit_share: float) -> float:
    """Chance that so many served answers held the audits that were needed."""
    if audit_share == 1.0:
        return float(runs[needed <= cases].sum() / runs.sum())
    fits = needed <= cases
    drawn = special.bdtrc(np.minimum(needed, cases) - 1.0, cases, audit_share)
    return float((runs * np.where(fits, drawn, 0.0)).sum() / runs.sum())


def _check(
    wrong_cost: float,
    decisions_a_month: float | None,
    share: float,
    person_cost: float | None,
    budget: float | None,
    label_lag_decisions: int,
) -> None:
    """Refuses figures that cannot be; what is unknown may be missing."""
    amounts = (wrong_cost, decisions_a_month or 0.0, person_cost or 0.0, budget or 0.0, label_lag_decisions)
    if not all(math.isfinite(amount) and amount >= 0 for amount in amounts) or wrong_cost == 0:
        raise ValueError(
            "costs, counts and budgets are numbers that are not negative, and a wrong answer costs something"
        )
    if not 0.0 <= share <= 1.0:
        raise ValueError("share must lie between 0 and 1")
