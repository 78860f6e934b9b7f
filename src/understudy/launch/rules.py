"""What a breaker goes by, fixed when a model begins to answer."""

import math
from dataclasses import dataclass

from understudy.domain.stage import Terms
from understudy.launch.draw import floor_of
from understudy.stats.restarts import ALPHA

RECENT = 100
"""Audits over which those that nobody answered in time are counted."""


@dataclass(frozen=True)
class Rules:
    """The terms of a model, as its breaker reads them.

    Attributes:
        most_error: Share of answers that may be wrong, strictly between 0 and 1.
        floor: The least chance with which an answer is audited, above 0, up to 1.
        alpha: Chance of ever tripping for excess while no more is wrong than may be.
        confidence: With which answers in the dark have to show that the bar is met, before it closes again.
        most_waiting: Audits that may wait for a person at once.
        most_overdue: Of the last `RECENT` audits, how many may go unanswered until they are due.
        most_faults: Technical faults at which it trips, when they come within either window.
        fault_seconds: One window.
        fault_requests: The other, in requests to the model.
        wrong_cost: Of one wrong answer, or None if unknown.
        loss_budget: What may be lost before rollback, or None if unknown.
        unseen: Of that budget, what is kept for answers that are given while audits wait.
    """

    most_error: float
    floor: float
    alpha: float = ALPHA
    confidence: float = 0.95
    most_waiting: int = 500
    most_overdue: int = 40
    most_faults: int = 5
    fault_seconds: float = 60.0
    fault_requests: int = 100
    wrong_cost: float | None = None
    loss_budget: float | None = None
    unseen: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.most_error, self.alpha, self.confidence)
        if not all(0.0 < one < 1.0 for one in shares) or not 0.0 < self.floor <= 1.0:
            raise ValueError("shares lie strictly between 0 and 1, and the floor above 0 and at most at 1")
        if self.most_waiting < 1 or self.most_faults < 1 or not 0 <= self.most_overdue < RECENT:
            raise ValueError(f"at least one audit may wait, one fault trips, and under {RECENT} may be overdue")
        amounts = (self.wrong_cost or 0.0, self.loss_budget or 0.0, self.unseen, self.fault_seconds)
        if not all(0.0 <= one < math.inf for one in amounts):
            raise ValueError("costs, budgets and windows are numbers of 0 or more")

    @classmethod
    def of(cls, terms: Terms, *, most_waiting: int = 500) -> "Rules":
        """The rules that follow from the terms of a stage.

        Args:
            terms: Of the stage.
            most_waiting: Audits that may wait; fewer, if the promise needs fewer.
        """
        return cls(
            most_error=terms.most_error,
            floor=floor_of(terms.audit_share),
            most_waiting=min(most_waiting, terms.most_waiting or most_waiting),
            wrong_cost=terms.wrong_cost,
            loss_budget=terms.loss_budget,
            unseen=terms.unseen,
        )
