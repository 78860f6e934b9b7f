"""The terms under which a model answers alone: from which probability on, how wrong it may be, what may be lost.

They come from the review's promise where one was proven; else from the model's own threshold and the brief's bar. Where
nobody said how good is good enough, the model has to be as right as its threshold was chosen for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from understudy.domain.brief import Brief
from understudy.domain.economics import Economics, economics_of
from understudy.domain.means import means_of_task
from understudy.domain.review import AutomationPromise, Review
from understudy.domain.settings import Settings
from understudy.domain.stage import Terms
from understudy.launch.promise import audit_plan, most_lost
from understudy.search.threshold import SHARE_RIGHT
from understudy.stats.agreement import task_error
from understudy.stats.loss import USUAL_AUDIT_SHARE
from understudy.studio.promise_worth import in_money
from understudy.studio.promises import LEAST_FALL, assumed_error
from understudy.studio.review_material import BUDGET, double_answers
from understudy.studio.workspace import Workspace

USUAL_MOST_ERROR = 1.0 - SHARE_RIGHT
"""Where neither review nor brief says how much may be wrong."""
MINUTES_A_MONTH = 30 * 24 * 60


@dataclass(frozen=True)
class Grounds:
    """What terms are made of.

    Attributes:
        threshold: The model's own, 0..1.
        brief: The brief that stands, or None.
        economics: What follows from it.
        review: The latest review of this very model, by this brief, or None.
        answer_minutes: Within which people usually answer.
    """

    threshold: float
    brief: Brief | None
    economics: Economics
    review: Review | None
    answer_minutes: float = Settings.answer_minutes

    @property
    def promise(self) -> AutomationPromise | None:
        """What was proven that the model may answer alone, or None."""
        promise = None if self.review is None else self.review.promise
        return None if promise is None or promise.threshold is None else promise

    @property
    def bar(self) -> float | None:
        """The share right that the brief asks for, strictly between 0 and 1, or None where it asks for none.

        Where kinds of wrong answer differ in cost, the one that holds while the model's mistakes are of people's kinds.
        """
        bar = self.economics.bar if self.economics.uniform else self.economics.planning_bar
        return bar if bar is not None and 0.0 < bar < 1.0 else None


def grounds_for(workspace: Workspace, project: str, model: str, labels: Sequence[str], threshold: float) -> Grounds:
    """What is known now that the terms of one model are made of.

    Args:
        workspace: Where the project is.
        project: Its name.
        model: The model's version.
        labels: What it can answer.
        threshold: Its own, 0..1.
    """
    ledger = workspace.ledger
    version, counts = ledger.latest_brief(project), ledger.counts(project)
    task = ledger.project(project).task
    people = task_error(task, double_answers(ledger.opinions(project)), confidence=1.0 - BUDGET, labels=labels)
    means = replace(means_of_task(task, counts.train, labels), sealed=counts.sealed, people_error=people)
    brief = None if version is None else version.brief
    return Grounds(
        threshold=threshold,
        brief=brief,
        economics=economics_of(brief or Brief(), means),
        review=review_of(workspace, project, model),
        answer_minutes=ledger.settings(project).answer_minutes,
    )


def review_of(workspace: Workspace, project: str, model: str) -> Review | None:
    """The latest review of one model by the brief as it stands, or None."""
    version = workspace.ledger.latest_brief(project)
    number = None if version is None else version.number
    own = [each for each in workspace.ledger.reviews(project) if each.model == model and each.brief == number]
    return own[-1] if own else None


def terms_from(grounds: Grounds) -> Terms:
    """The terms; see this module's head for where each figure comes from."""
    promise, bar = grounds.promise, grounds.bar
    promised = None if promise is None else promise.most_wrong if in_money(promise) else promise.most_error
    usual = USUAL_MOST_ERROR if bar is None else 1.0 - bar
    most_error = usual if promised is None or not 0.0 < promised < 1.0 else promised
    threshold = grounds.threshold if promise is None or promise.threshold is None else promise.threshold
    return terms_at(grounds, threshold, most_error)


def terms_at(grounds: Grounds, threshold: float, most_error: float) -> Terms:
    """The terms at a threshold and a share of wrong answers that are settled already.

    Args:
        grounds: All else.
        threshold: The least probability that the model answers with, 0..1.
        most_error: Share of its answers that may be wrong, strictly between 0 and 1.
    """
    wrong_cost = grounds.economics.wrong.dearest
    budget = None if grounds.brief is None else grounds.brief.loss_budget
    terms = Terms(
        threshold=threshold,
        most_error=most_error,
        audit_share=_usual_audits(grounds),
        wrong_cost=wrong_cost,
        loss_budget=budget,
        currency=grounds.economics.currency,
    )
    assumed = assumed_error(most_error)
    if not wrong_cost or assumed - most_error < LEAST_FALL / 2:
        return terms
    fall = {"most_error": most_error, "wrong_cost": wrong_cost}
    if budget is None:
        share, lag = terms.audit_share, _lag(grounds)
        return replace(terms, most_lost=most_lost(**fall, error=assumed, share=share, lag_answers=lag))
    plan = audit_plan(**fall, assumed_error=assumed, budget=budget, lag_answers=_lag(grounds))
    return replace(
        terms,
        audit_share=plan.share,
        most_lost=plan.most_lost if plan.kept else None,
        unseen=plan.unseen,
        most_waiting=plan.most_waiting,
    )


def _usual_audits(grounds: Grounds) -> float:
    """The share of answers to check where no loss budget says how many."""
    loss = None if grounds.review is None else grounds.review.loss
    return USUAL_AUDIT_SHARE if loss is None else loss.audit_share


def _lag(grounds: Grounds) -> int:
    """Answers that the model gives while an audit waits for a person as long as people usually take."""
    decisions = grounds.economics.decisions_a_month
    share = 1.0 if grounds.promise is None else grounds.promise.share
    return 0 if decisions is None else math.ceil(decisions * share * grounds.answer_minutes / MINUTES_A_MONTH)
