"""Claims about what going wrong may cost."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.review import LossPromise
from understudy.stats.loss import USUAL_AUDIT_SHARE, audit_share_for, cases_until, loss_promise
from understudy.stats.restarts import delays


def told(**other: float | None) -> LossPromise:
    """The promise of a project with 10,000 decisions a month, of which the model answers 60%."""
    facts = {
        "bar_error": 0.05,
        "assumed_error": 0.2,
        "wrong_cost": 2.0,
        "decisions_a_month": 10_000.0,
        "share": 0.6,
        "person_cost": 0.5,
        "budget": None,
    }
    return loss_promise(**(facts | other))  # type: ignore[arg-type]


def test_loss_is_cost_times_excess_times_cases() -> None:
    """Without a budget a tenth is audited, and the figures follow from one another."""
    found = told(budget=None)
    assert found.audit_share == USUAL_AUDIT_SHARE
    assert found.most_lost == pytest.approx(2.0 * 0.15 * found.cases_until_rollback)
    assert found.audits_cost_a_month == pytest.approx(0.1 * 6_000 * 0.5)
    assert 1_200 <= found.cases_until_rollback <= 1_500


@settings(deadline=None, max_examples=15)
@given(st.floats(60.0, 5_000.0))
def test_audits_are_as_few_as_the_budget_allows(budget: float) -> None:
    """The loss fits the budget, and a thousandth fewer audits would not fit it."""
    found = told(budget=budget)
    assert found.most_lost <= budget
    fewer = found.audit_share - 0.001
    waits = delays(most_error=0.05, error=0.2)
    assert found.audit_share <= 0.01 or 0.3 * cases_until(waits, fewer) > budget - 1e-9


def test_a_budget_that_nothing_fits_is_told() -> None:
    """Where auditing every answer is not enough, every answer is audited and the loss stands above the budget."""
    for other in ({"budget": 10.0}, {"budget": 100.0, "label_lag_decisions": 5_000}, {"budget": 0.0}):
        found = told(**other)
        assert found.audit_share == 1.0
        assert found.budget is not None
        assert found.most_lost > found.budget


def test_promise_holds_in_95_of_100_simulated_falls() -> None:
    """Drawing each answer's audit by chance, the breaker has tripped within the promised cases 95% of the time."""
    rng, waits = np.random.default_rng(70), delays(most_error=0.05, error=0.2)
    audits = rng.choice(delays(most_error=0.05, error=0.2, seed=1), 4000)
    cases = audits + rng.negative_binomial(audits, 0.1)
    assert (cases <= cases_until(waits, 0.1)).mean() == pytest.approx(0.95, abs=0.015)


def test_waiting_for_labels_costs_what_is_served_meanwhile() -> None:
    """A lag adds its answers to the cases; with a budget, more is audited to make up for it."""
    assert told(label_lag_decisions=300).cases_until_rollback == told().cases_until_rollback + 300
    assert told(budget=500.0, label_lag_decisions=300).audit_share > told(budget=500.0).audit_share


def test_unknown_figures_stay_unknown() -> None:
    """Without a volume or a person's cost nobody knows what audits cost."""
    assert told(decisions_a_month=None).audits_cost_a_month is None
    assert told(person_cost=None).audits_cost_a_month is None


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 400), st.floats(0.01, 1.0))
def test_more_audits_notice_sooner(needed: int, share: float) -> None:
    """Cases fall as the audited share rises, are never fewer than the audits, and equal them when all are audited."""
    waits = np.array([needed])
    cases = cases_until(waits, share)
    assert cases_until(waits, 1.0) == needed <= cases_until(waits, min(1.0, 1.1 * share)) <= cases
    assert cases_until(waits, share, sure=0.5) <= cases
    assert cases_until(waits, audit_share_for(waits, cases)) <= cases


@pytest.mark.parametrize(
    "other",
    [
        {"wrong_cost": 0.0},
        {"wrong_cost": math.inf},
        {"share": 1.5},
        {"budget": -1.0},
        {"person_cost": math.nan},
        {"label_lag_decisions": -1},
        {"assumed_error": 0.05},
        {"bar_error": 0.0},
    ],
)
def test_impossible_figures_are_refused(other: dict[str, float]) -> None:
    """A cost, share or error that cannot be is an error."""
    with pytest.raises(ValueError, match=r"must lie|are numbers"):
        told(**other)


def test_a_delay_needs_a_sample() -> None:
    """Without simulated delays, or without audits, there is no number of cases."""
    for waits, share in ((np.empty(0, np.int64), 0.1), (np.array([5]), 0.0), (np.array([5]), 1.1)):
        with pytest.raises(ValueError, match="needed"):
            cases_until(waits, share)
