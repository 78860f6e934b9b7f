"""People: questions, claims, opinions, the answers that requests end in, outcomes, harvests."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Opinion, Outcome, Question, QuestionKind, Resolution
from understudy.store import harvests as harvest_rows
from understudy.store import opinions as opinion_rows
from understudy.store import outcomes as outcome_rows
from understudy.store import questions as question_rows
from understudy.store.deliveries import Notice
from understudy.store.outcomes import Truth
from understudy.store.parts.part import Part
from understudy.store.questions import ALL, QueueCounts


class Answering(Part):
    """Keeps what people are asked, what they say, and what turned out to be true."""

    def claim_question(
        self,
        project: str | None,
        by: str,
        now: datetime,
        until: datetime,
        kinds: Collection[QuestionKind] = ALL,
        besides: Collection[str] = (),
    ) -> Question | None:
        """Takes the next question in hand, so that nobody else is offered it for a while.

        What somebody has in hand already comes first, so a page that is loaded again shows the same question. Then
        what is overdue, then what has the highest stake, then what is oldest.

        Args:
            project: Its name, or None for all projects.
            by: Who asks.
            now: UTC.
            until: When the claim ends by itself, UTC.
            kinds: Which questions.
            besides: Decisions that are not meant, as those they have in hand already.

        Returns:
            The question as it is claimed, or None when nothing waits for this person.
        """
        return question_rows.claim_next(self._database, project, by, now, until, kinds, besides)

    def claim_this(self, decision: str, kind: QuestionKind, by: str, now: datetime, until: datetime) -> Question:
        """Takes one question in hand.

        Raises:
            UnknownQuestion: It was never asked, or is not asked yet.
            AlreadyAnswered: It is answered, or this person has had their say on the decision.
            ClaimedByOther: Somebody else has it in hand.
        """
        return question_rows.claim_this(self._database, decision, kind, by, now, until)

    def release(self, decision: str, kind: QuestionKind, by: str) -> None:
        """Lets go of a question; nothing happens if this person does not have it in hand."""
        question_rows.release(self._database, decision, kind, by)

    def skip(self, decision: str, kind: QuestionKind, by: str, at: datetime) -> None:
        """Lets go of a question, which this person is not offered again.

        Raises:
            UnknownQuestion: It was never asked.
        """
        question_rows.skip(self._database, decision, kind, by, at)

    def open_questions(self, project: str | None, now: datetime, limit: int) -> list[Question]:
        """What waits for people, claimed or not, in the order in which it is offered; None for all projects."""
        return question_rows.waiting(self._database, project, now, limit)

    def open_kinds(self, ids: Sequence[str], now: datetime) -> dict[str, frozenset[QuestionKind]]:
        """What people are still to say about decisions, by decision; what they may still take back counts as open."""
        return question_rows.open_kinds(self._database, ids, now)

    def queue_counts(self, project: str | None, now: datetime) -> QueueCounts:
        """How much waits for people; None for all projects."""
        return question_rows.count(self._database, project, now)

    def answer(self, opinion: Opinion, *, cannot_tell_limit: int, notices: Sequence[Notice] = ()) -> Opinion:
        """Records what a person says about a question, which need not be claimed.

        A label ends the question. "Cannot tell" leaves it to others, until so many people could not tell.

        Args:
            opinion: Its `at` is now.
            cannot_tell_limit: So many who cannot tell end the question without a label.
            notices: What is to be delivered if this ends the question; withdrawn if the opinion is taken back.

        Raises:
            UnknownQuestion: It was never asked, or is not asked yet.
            AlreadyAnswered: It is answered, or this person has had their say on the decision.
            ClaimedByOther: Somebody else has it in hand.
        """
        return opinion_rows.answer(self._database, opinion, cannot_tell_limit=cannot_tell_limit, notices=notices)

    def undo(
        self, opinion_id: str, by: str, at: datetime, *, stopwatch: Callable[[], float] = time.monotonic
    ) -> Question:
        """Takes an opinion back, and puts its question into the same hand again, unless another has it by now.

        Taking it back twice is as good as once.

        Args:
            opinion_id: The opinion's id.
            by: Who takes it back: whoever gave it.
            at: Now, UTC. It must be a tenth of a second before the opinion settles, which is for the writing.
            stopwatch: Monotonic seconds, to see how long the database was waited for.

        Raises:
            UnknownOpinion: No opinion has this id.
            NotYours: Somebody else gave it.
            Settled: It is too late.
            AlreadyAnswered: It said "cannot tell", and somebody else has ended the question since.
        """
        return opinion_rows.undo(self._database, opinion_id, by, at, stopwatch)

    def opinions_of(self, decision: str) -> list[Opinion]:
        """What people said about a decision and did not take back, in the order in which they said it."""
        return opinion_rows.of_decision(self._database, decision)

    def last_opinion(self, by: str, now: datetime) -> Opinion | None:
        """What somebody said last of what they can still take back, or None."""
        return opinion_rows.last(self._database, by, now)

    def resolution(self, decision_id: str, now: datetime) -> Resolution | None:
        """The answer that a request ended in, or None while it waits."""
        return self.resolutions([decision_id], now).get(decision_id)

    def resolutions(self, ids: Sequence[str], now: datetime) -> dict[str, Resolution]:
        """The answers that requests ended in, by decision; those that wait, or are unknown, are missing.

        A model's answer ends its request at once; a person's, when it can no longer be taken back.
        """
        return opinion_rows.resolutions(self._database, ids, now)

    def labels_begun(self, project: str) -> dict[str, datetime]:
        """When each label was first given to an example or a decision, UTC; without answers that were taken back."""
        return opinion_rows.labels_begun(self._database, project)

    def agreement_pairs(self, project: str) -> list[tuple[str, str]]:
        """The labels that two people gave the same decision, the client's first."""
        return opinion_rows.agreement_pairs(self._database, project)

    def record_outcomes(self, outcomes: Sequence[Outcome]) -> list[Outcome | UnderstudyError]:
        """Records what turned out to be true, 500 in a transaction.

        Returns:
            For each outcome, in order: itself, now on record; the one on record, when it says the same;
            `OutcomeConflict`, when it says something else; `UnknownDecision`; `UnstorableText`.
        """
        return outcome_rows.record(self._database, outcomes)

    def outcome(self, decision: str) -> Outcome | None:
        """What turned out to be true of a decision, or None while it is unknown."""
        return outcome_rows.of(self._database, decision)

    def truths(self, decisions: Sequence[str], now: datetime) -> dict[str, Truth]:
        """What is known to be true, by decision: what its audit said or its outcome, whichever was recorded first.

        What it says once, it says for ever: an audit counts from when it is settled, and an outcome that comes in
        between waits for it. An audit in which people could not tell counts too, with None for its value.
        """
        return outcome_rows.truths(self._database, decisions, now)

    def unharvested(self, project: str, now: datetime, limit: int) -> list[tuple[Decision, Opinion]]:
        """Settled opinions with a label that did not become an example's yet, in the order they were given.

        Those whose input was deleted are left out.
        """
        return harvest_rows.waiting(self._database, project, now, limit)

    def record_harvest(self, project: str, opinions: Sequence[str]) -> None:
        """Records, by id, that opinions became labels of examples; again is fine."""
        harvest_rows.record(self._database, project, opinions)

    def unharvested_outcomes(self, project: str, limit: int) -> list[tuple[Decision, Outcome]]:
        """Outcomes that did not become an example's label yet, in the order they arrived.

        Those whose input was deleted are left out.
        """
        return harvest_rows.outcomes_waiting(self._database, project, limit)

    def learned_outcomes(self, decisions: Sequence[str]) -> dict[str, Outcome]:
        """Those outcomes of decisions that became labels of examples, by decision."""
        return harvest_rows.outcomes_learned(self._database, decisions)

    def record_outcome_harvest(self, project: str, decisions: Sequence[str]) -> None:
        """Records, by decision, that outcomes became labels of examples; again is fine."""
        harvest_rows.record_outcomes(self._database, project, decisions)
