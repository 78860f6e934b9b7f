"""What the pages need where people answer: the queue, what was said, and what turned out to be true."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from understudy.domain.opinion import Opinion, Outcome, Question, QuestionKind, Resolution
from understudy.domain.settings import Settings
from understudy.domain.task import Task


class Waiting(Protocol):
    """How many questions of a project wait, by what they are asked for."""

    @property
    def answer(self) -> int:
        """Requests that nobody has answered."""
        ...

    @property
    def audit(self) -> int:
        """Answers of a model that a person shall answer again."""
        ...

    @property
    def double(self) -> int:
        """Answers of a person that another one shall give too."""
        ...

    @property
    def overdue(self) -> int:
        """Those of all of them that are late."""
        ...

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest waits, UTC."""
        ...


class Queue(Protocol):
    """Where people answer, one question at a time. Thread-safe; blocks."""

    def next(
        self, project: str | None, by: str, kinds: Sequence[QuestionKind] = ..., besides: Sequence[str] = ()
    ) -> Question | None:
        """Takes the next question in hand; None where nothing waits for this person.

        Args:
            project: Its name, or None for any.
            by: Who.
            kinds: Which kinds of question; every one by default.
            besides: Decisions that they have in hand already.
        """
        ...

    def take(self, decision: str, kind: QuestionKind, by: str) -> Question:
        """Takes one certain question in hand.

        Raises:
            UnderstudyError: There is none, it is answered, or another one has it in hand.
        """
        ...

    def answer(
        self,
        decision: str,
        kind: QuestionKind,
        value: str | None,
        *,
        by: str,
        seconds: float = 0.0,
        typed: bool = True,
    ) -> Opinion:
        """Records what a person says; None is "cannot tell".

        Args:
            decision: The decision's id.
            kind: What they were asked for.
            value: What they say.
            by: Who.
            seconds: How long it took them, or 0.0 if unknown.
            typed: They wrote it themselves, so that a number that could be two is asked again.

        Raises:
            UnderstudyError: It cannot be a label, there is no such question, or somebody else was first.
        """
        ...

    def meant(self, decision: str, value: str, *, typed: bool = False) -> str:
        """What a program means by what it says; a label that nobody has used needs a plus sign in front.

        Raises:
            UnderstudyError: It cannot be a label, nobody has used it, or there is no such decision.
        """
        ...

    def typed(self, decision: str, value: str) -> str:
        """What a person means by what they typed beside the labels; what is none of them is new.

        Raises:
            UnderstudyError: It cannot be a label, or there is no such decision.
        """
        ...

    def skip(self, decision: str, kind: QuestionKind, by: str) -> None:
        """Leaves a question to others; this person is not offered it again."""
        ...

    def release(self, decision: str, kind: QuestionKind, by: str) -> None:
        """Puts a question back that a person has in hand."""
        ...

    def undo(self, by: str) -> Question:
        """Takes back what a person said last; the question is in their hand again.

        Raises:
            UnderstudyError: There is nothing, or it holds already.
        """
        ...

    def labels(self, project: str) -> Sequence[str]:
        """The labels to choose from."""
        ...

    def task(self, project: str) -> Task:
        """What a project's questions ask for."""
        ...


class PeopleRecords(Protocol):
    """What people said and what turned out, in the ledger. Thread-safe; blocks."""

    def last_opinion(self, by: str, now: datetime) -> Opinion | None:
        """What a person said last, if they can still take it back."""
        ...

    def queue_counts(self, project: str, now: datetime) -> Waiting:
        """How many questions wait."""
        ...

    def open_questions(self, project: str | None, now: datetime, limit: int) -> Sequence[Question]:
        """What waits for people, in hand or not, in the order in which it is offered."""
        ...

    def resolutions(self, ids: Sequence[str], now: datetime) -> Mapping[str, Resolution]:
        """The resolutions of those decisions that have one by now."""
        ...

    def open_kinds(self, ids: Sequence[str], now: datetime) -> Mapping[str, Collection[QuestionKind]]:
        """What people are still to say about decisions, or may still take back."""
        ...

    def settings(self, project: str) -> Settings:
        """What the project's team has set."""
        ...

    def outcome(self, decision: str) -> Outcome | None:
        """What turned out to be true of a decision, if anything did."""
        ...
