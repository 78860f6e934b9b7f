"""Claims about what may be lost before people take over again."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from understudy.domain.review import LossPromise
from understudy.launch.promise import (
    MOST_WAITING,
    AuditPlan,
    assumed_error,
    audit_plan,
    least_budget,
    loss_promise,
    most_lost,
)
from understudy.stats.loss import USUAL_AUDIT_SHARE, cases_until


def plan(**other: float) -> AuditPlan:
    facts: dict[str, float] = {"most_error": 0.05, "assumed_error": 0.2, "wrong_cost": 2.0, "budget": 1_000.0}
    return audit_plan(**(facts | other))  # type: ignore[arg-type]


@settings(max_examples=40)
@given(st.floats(60.0, 50_000.0), st.integers(0, 400))
def test_a_kept_plan_leaves_room_for_what_is_not_seen(budget: float, lag: int) -> None:
    """Twelve errors can be found before half of the free budget is spent, and silence costs no more than the budget."""
    found = plan(budget=budget, lag_answers=lag)
    assert found.unseen == pytest.approx(0.3 * lag)
    if found.kept:
        assert (budget - found.unseen) / 2 * found.share / 2.0 >= 12.0 - 1e-6
        waiting = cases_until(np.array([found.most_waiting + 1]), found.share)
        assert 0.3 * waiting <= budget
        assert found.most_waiting > found.share * lag
        assert found.most_lost == budget
    else:
        assert math.isinf(found.most_lost)


@settings(max_examples=40)
@given(st.floats(100.0, 50_000.0), st.floats(1.0, 3.0))
def test_larger_budgets_take_fewer_audits(budget: float, times: float) -> None:
    """A larger budget never takes a larger share; a wanted share is never undercut."""
    assert plan(budget=times * budget).share <= plan(budget=budget).share
    assert plan(budget=budget, at_least=0.3).share >= 0.3
    assert plan(budget=budget).most_waiting <= MOST_WAITING


def test_a_budget_that_nothing_keeps_is_told() -> None:
    """Where even auditing everything is not enough, or audits wait for too long, the plan says that it is not kept."""
    for other in ({"budget": 0.0}, {"budget": 40.0}, {"budget": 1_000.0, "lag_answers": 4_000}):
        found = plan(**other)
        assert not found.kept
        assert found.share == 1.0 or other.get("lag_answers")


def test_most_lost_is_what_evidence_or_meter_stop() -> None:
    """A large fall is stopped by the evidence, a slight one by the meter, and answers that wait are added."""
    facts = {"most_error": 0.05, "wrong_cost": 2.0, "share": 0.1}
    assert most_lost(error=0.5, **facts) < most_lost(error=0.2, **facts) < most_lost(error=0.1, **facts)
    assert most_lost(error=0.1, budget=300.0, **facts) == 300.0
    assert most_lost(error=0.0501, budget=300.0, **facts) == 300.0
    assert most_lost(error=0.2, lag_answers=100, **facts) == pytest.approx(most_lost(error=0.2, **facts) + 30.0)


def test_what_cannot_be_is_refused() -> None:
    """Figures out of range are errors."""
    for other in (
        {"assumed_error": 0.05},
        {"most_error": 0.0},
        {"wrong_cost": 0.0},
        {"budget": -1.0},
        {"at_least": 0.0},
    ):
        with pytest.raises(ValueError, match=r"errors rise|costs something"):
            plan(**other)


def promised(**other: float | None) -> LossPromise:
    facts: dict[str, float | None] = {"most_error": 0.05, "wrong_cost": 2.0, "budget": None}
    found = loss_promise(**(facts | other))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_loss_is_cost_times_excess_times_cases() -> None:
    """Without a budget a tenth is audited, and the figures follow from one another; waiting adds its answers."""
    found, slow = promised(), promised(lag_answers=300)
    assert found.audit_share == USUAL_AUDIT_SHARE
    assert found.most_lost == pytest.approx(2.0 * 0.15 * found.cases_until_rollback)
    assert 1_200 <= found.cases_until_rollback <= 1_500
    assert slow.cases_until_rollback == found.cases_until_rollback + 300


@settings(max_examples=10)
@given(st.floats(0.0, 200.0), st.integers(0, 30))
@example(2.2e-313, 0)
def test_a_promise_is_the_budget_or_nothing(budget: float, lag: int) -> None:
    """A kept budget is what is promised; below what 24 wrong answers cost, nothing is, and everything is audited."""
    found = promised(budget=budget, lag_answers=lag)
    assert found.most_lost in {budget, None}
    if budget < least_budget(wrong_cost=2.0, unseen=found.unseen) - 1e-6:
        assert (found.most_lost, found.audit_share) == (None, 1.0)
    if found.most_lost is not None:
        assert 2.0 * 0.15 * found.cases_until_rollback <= budget
        assert found.most_waiting is not None


def test_a_fall_that_cannot_be_told_is_not_promised_about() -> None:
    """Where almost everything may be wrong, a fall makes no difference."""
    assert loss_promise(most_error=0.97, wrong_cost=1.0, budget=None) is None
    assert assumed_error(0.05) == 0.2
    assert assumed_error(0.97) == 1.0
