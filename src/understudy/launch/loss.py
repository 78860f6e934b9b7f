"""What wrong answers have cost so far, estimated from audits, and when that is too much.

The excess is what was lost beyond what the bar allows, since the moment from which it looks worst; good times give no
credit for later. An audited answer that was drawn with chance q stands for 1 / q answers, so when it is wrong it costs
wrong_cost * (1 - most_error) / q, and when it is right it takes wrong_cost * most_error / q off.

The alarm goes off at half of the budget. The other half is for what the estimate cannot know: luck of the draw. Then,
whatever share of wrong answers a model falls to, in 95 of 100 cases the true loss is still within the budget (measured:
the 95th percentile is at most 1.94 times the alarm, from 5.5% to 100% wrong at an allowed 5%).

Source:
    Page, Biometrika 41 (1954), for sums that start anew; Understudy's own simulation for the half.
"""

import math
from dataclasses import dataclass, replace

PART_OF_BUDGET = 0.5
"""Of the budget, at which the alarm goes off."""


@dataclass(frozen=True)
class LossMeter:
    """What was lost. Start with `LossMeter(most_error, wrong_cost, alarm)` and keep what `audited` returns.

    Attributes:
        most_error: Share of answers that may be wrong, strictly between 0 and 1.
        wrong_cost: Of one wrong answer, at least 0.
        alarm: The excess from which on the budget counts as spent; infinite without a budget.
        lost: What all wrong answers cost, estimated.
        excess: What they cost beyond what is allowed, since the moment from which that is most; at least 0.
    """

    most_error: float
    wrong_cost: float
    alarm: float = math.inf
    lost: float = 0.0
    excess: float = 0.0

    def audited(self, loss: float, propensity: float) -> "LossMeter":
        """The meter after one more audit.

        Args:
            loss: What it showed, 0..1; 0 where nobody answered in time.
            propensity: The chance with which it was drawn, above 0, up to 1.
        """
        one = self.wrong_cost / propensity
        return replace(
            self,
            lost=self.lost + one * loss,
            excess=max(0.0, self.excess + one * (loss - self.most_error)),
        )

    def corrected(self, loss: float, propensity: float) -> "LossMeter":
        """The meter after an audit that had counted as right was answered at last."""
        one = self.wrong_cost / propensity * loss
        return replace(self, lost=self.lost + one, excess=self.excess + one)

    def renewed(self) -> "LossMeter":
        """The meter from now on: what was lost stays known, the excess starts anew."""
        return replace(self, excess=0.0)

    @property
    def spent(self) -> bool:
        """Whether the budget counts as spent."""
        return self.excess >= self.alarm


def alarm_for(budget: float, unseen: float = 0.0) -> float:
    """The excess at which to stop, so that the budget is kept.

    Args:
        budget: What may be lost before rollback.
        unseen: Of it, what is kept for answers that are given while audits wait.
    """
    return PART_OF_BUDGET * max(0.0, budget - unseen)
