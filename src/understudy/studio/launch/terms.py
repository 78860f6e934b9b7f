"""The terms under which a model answers alone: from which probability on, how wrong it may be, what may be lost.

They come from the review's promise where one was proven; else from the model's own threshold and the brief's bar. Where
nobody said how good is good enough, the model has to be as right as its threshold was chosen for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from understudy.domain.answer import Answer
from understudy.domain.brief import Brief, BriefVersion
from understudy.domain.economics import Economics, economics_of
from understudy.domain.means import means_of_task
from understudy.domain.review import AutomationPromise, Review
from understudy.domain.settings import Settings
from understudy.domain.stage import StageChange, Terms
from understudy.search.threshold import SHARE_RIGHT
from understudy.stats.agreement import task_error
from understudy.stats.loss import USUAL_AUDIT_SHARE
from understudy.studio.claims.promises import bar_of, loss_at, promised_error, promised_share
from understudy.studio.claims.review_material import BUDGET, double_answers
from understudy.studio.workspace import Workspace

USUAL_MOST_ERROR = 1.0 - SHARE_RIGHT
"""Where neither review nor brief says how much may be wrong."""
BY_STAGE, BY_REVIEW, BY_TRAINING = "by its stage", "by its review", "by its training"
"""What says from how sure on a model answers alone, the one that holds first."""


class Records(Protocol):
    """What the ledger knows of a project's launches."""

    def stage(self, project: str) -> StageChange | None:
        """The stage that holds, or None before the first."""
        ...

    def reviews(self, project: str) -> Sequence[Review]:
        """Every review, oldest first."""
        ...

    def briefs(self, project: str) -> Sequence[BriefVersion]:
        """Every brief, oldest first."""
        ...


@dataclass(frozen=True)
class Alone:
    """From how sure on a model answers alone.

    Attributes:
        threshold: The least probability, 0..1.
        by: What says so, in words.
    """

    threshold: float
    by: str

    def asks(self, answer: Answer) -> bool:
        """Whether a person should give an answer instead."""
        return answer.needs_person(self.threshold)

    def held(self, answer: Answer) -> Answer:
        """An answer that says whether a person should be asked, by this and not by the model's file."""
        asks = self.asks(answer)
        return answer if answer.ask_person is asks else replace(answer, ask_person=asks)


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
        review=standing_review(ledger, project, model),
        answer_minutes=ledger.settings(project).answer_minutes,
    )


def standing_review(records: Records, project: str, model: str) -> Review | None:
    """The latest review of one model by the brief as it stands, or None."""
    versions = records.briefs(project)
    number = versions[-1].number if versions else None
    own = [each for each in records.reviews(project) if each.model == model and each.brief == number]
    return own[-1] if own else None


def alone_from(records: Records, project: str, model: str) -> Alone | None:
    """From how sure on a model answers alone: as its stage says, else as its review proved; None where neither does."""
    change = records.stage(project)
    staged = [] if change is None else [(change.model, change.terms), (change.fallback, change.fallback_terms)]
    for version, terms in staged:
        if version == model and terms is not None:
            return Alone(terms.threshold, BY_STAGE)
    review = standing_review(records, project, model)
    promise = None if review is None else review.promise
    return None if promise is None or promise.threshold is None else Alone(promise.threshold, BY_REVIEW)


def terms_from(grounds: Grounds) -> Terms:
    """The terms; see this module's head for where each figure comes from."""
    promise = grounds.promise
    most_error = promised_error(promise, bar_of(grounds.economics))
    threshold = grounds.threshold if promise is None or promise.threshold is None else promise.threshold
    return terms_at(grounds, threshold, USUAL_MOST_ERROR if most_error is None else most_error)


def terms_at(grounds: Grounds, threshold: float, most_error: float) -> Terms:
    """The terms at a threshold and a share of wrong answers that are settled already.

    Args:
        grounds: All else.
        threshold: The least probability that the model answers with, 0..1.
        most_error: Share of its answers that may be wrong, strictly between 0 and 1.
    """
    terms = Terms(
        threshold=threshold,
        most_error=most_error,
        audit_share=USUAL_AUDIT_SHARE,
        wrong_cost=grounds.economics.wrong.dearest,
        loss_budget=None if grounds.brief is None else grounds.brief.loss_budget,
        currency=grounds.economics.currency,
    )
    share = promised_share(grounds.promise)
    brief = grounds.brief
    loss = None if brief is None else loss_at(brief, grounds.economics, most_error, share, grounds.answer_minutes)
    if loss is None:
        return terms
    return replace(
        terms,
        audit_share=loss.audit_share,
        most_lost=loss.most_lost,
        unseen=loss.unseen,
        most_waiting=loss.most_waiting,
    )
