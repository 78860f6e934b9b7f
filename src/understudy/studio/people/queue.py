"""The queue: what people answer, one question at a time, on whatever face they do it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Opinion, Question, QuestionKind
from understudy.domain.settings import Settings
from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.serving.identity import Mint
from understudy.serving.notices import answer_notices
from understudy.studio.answers.answer_text import checked_answer
from understudy.studio.answers.known_labels import (
    NEW,
    labels_within,
    meant_answer,
    single_labels,
    typed_answer,
    unknown_label,
)
from understudy.studio.brief.slips import labels_named
from understudy.studio.workspace import Workspace

ALL = tuple(QuestionKind)


class NothingToUndo(UnderstudyError):
    """The person has given no answer that could be taken back."""


@dataclass(frozen=True)
class Queue:
    """What people answer in a workspace. Threads may share it.

    Every method raises `UnknownProject` for a project that is not there.

    Attributes:
        workspace: Where the questions are.
        mint: Names opinions.
    """

    workspace: Workspace
    mint: Mint = field(default_factory=Mint)

    def next(
        self, project: str | None, by: str, kinds: Sequence[QuestionKind] = ALL, besides: Sequence[str] = ()
    ) -> Question | None:
        """Takes the next question in hand: overdue ones first, then the dearest, then the oldest.

        Args:
            project: Its name, or None for any.
            by: Who asks for it; nobody is offered what they skipped or have answered already.
            kinds: Which kinds of question.
            besides: Decisions that are not meant, as those they have in hand already.

        Returns:
            The question, offered to nobody else for a while; or None when nothing waits for this person.
        """
        now = self.workspace.now()
        until = now + timedelta(minutes=self._settings(project).claim_minutes)
        return self.workspace.ledger.claim_question(project, by, now, until, kinds, besides)

    def take(self, decision: str, kind: QuestionKind, by: str) -> Question:
        """Takes one certain question in hand.

        Raises:
            UnknownDecision, UnknownQuestion: There is none.
            AlreadyAnswered, ClaimedByOther: Somebody else was first.
        """
        ledger, now = self.workspace.ledger, self.workspace.now()
        settings = self._settings(ledger.decision(decision).project)
        return ledger.claim_this(decision, kind, by, now, now + timedelta(minutes=settings.claim_minutes))

    def answer(
        self, decision: str, kind: QuestionKind, value: str | None, *, by: str, seconds: float = 0.0, typed: bool = True
    ) -> Opinion:
        """Records what a person says; it can be taken back for a few seconds, then it holds.

        Args:
            decision: The decision's id.
            kind: What they were asked for.
            value: What they say, as `answer_text.checked_answer` reads it; None for "cannot tell".
            by: Who.
            seconds: From the showing of the question to the answer, or 0.0 if unknown.
            typed: They wrote it themselves; else a program gives it, of whose numbers none could be another.

        Raises:
            BadLabel: It cannot be an answer: an empty label, a number that is none or could be two.
            UnknownLabel: It is an item that nobody has had or named, and no "+" in front says that it is new.
            UnknownDecision, UnknownQuestion: There is no such question.
            AlreadyAnswered, ClaimedByOther: Somebody else was first.
        """
        ledger, now = self.workspace.ledger, self.workspace.now()
        asked = ledger.decision(decision)
        project, settings = asked.project, self._settings(asked.project)
        said = Opinion(
            id=self.mint.name(now),
            decision=decision,
            kind=kind,
            value=None if value is None else self._checked(asked, value, typed=typed),
            by=by,
            at=now,
            settles_at=now + timedelta(seconds=settings.undo_seconds),
            seconds=max(0.0, seconds),
        )
        notices = answer_notices(project, said, settings)
        return ledger.answer(said, cannot_tell_limit=round(settings.cannot_tell_limit), notices=notices)

    def skip(self, decision: str, kind: QuestionKind, by: str) -> None:
        """Leaves a question to others; this person is not offered it again."""
        self.workspace.ledger.skip(decision, kind, by, self.workspace.now())

    def release(self, decision: str, kind: QuestionKind, by: str) -> None:
        """Puts a question back that a person has in hand, as when they leave."""
        self.workspace.ledger.release(decision, kind, by)

    def undo(self, by: str) -> Question:
        """Takes back what a person said last; the question is in their hand again.

        Raises:
            NothingToUndo: They have said nothing that is not settled yet.
            Settled: It settled at this very moment.
        """
        now = self.workspace.now()
        last = self.workspace.ledger.last_opinion(by, now)
        if last is None:
            raise NothingToUndo(
                fact="There is no answer to take back.",
                reason="An answer can be taken back for a few seconds, and then it goes to whoever asked.",
                remedy="Correct the label once the input has become an example: understudy label PROJECT INPUT LABEL",
            )
        return self.workspace.ledger.undo(last.id, by, now)

    def labels(self, project: str) -> tuple[str, ...]:
        """The labels to choose from: those of examples, the model, the brief that stands and earlier answers.

        They stand in the order in which they were first used, so a new one comes last and the others keep their place.
        Where answers are numbers there is nothing to choose from; of several at once each label stands by itself.
        """
        ledger, task = self.workspace.ledger, self.workspace.ledger.project(project).task
        if task.answers is AnswerKind.NUMBER:
            return ()
        begun = single_labels(task, ledger.labels_begun(project))
        versions = ledger.briefs(project)
        standing = set() if not versions else set(labels_named(versions[-1].brief))
        for version in versions:
            for label in standing.intersection(labels_named(version.brief)):
                begun[label] = min(version.at, begun.get(label, version.at))
        judged = ledger.latest_judgement(project)
        for label in () if judged is None else judged.labels:
            begun.setdefault(label, self.workspace.now())
        return tuple(sorted(begun, key=lambda label: (begun[label], label)))

    def used(self, project: str) -> tuple[str, ...]:
        """The labels ever used: those to choose from, then those that outcomes brought."""
        known, task = self.labels(project), self.task(project)
        brought = {
            label for value in self.workspace.ledger.outcome_values(project) for label in labels_within(task, value)
        }
        return (*known, *sorted(brought - set(known))) if known else ()

    def meant(self, decision: str, value: str, *, typed: bool = False) -> str:
        """What a program means by what it says; a label that nobody has used needs a "+" in front, or it is a slip.

        Args:
            decision: The decision's id.
            value: What it says, as `answer` takes it.
            typed: A person wrote it; see `checked_answer`.

        Raises:
            BadLabel, UnknownLabel: See `answer`.
            UnknownDecision: There is no such decision.
        """
        asked = self.workspace.ledger.decision(decision)
        task = self.task(asked.project)
        if task.answers is AnswerKind.RANKING:
            return checked_answer(task, value, typed=typed)
        return meant_answer(task, value, self.used(asked.project), of=asked.project, typed=typed)

    def typed(self, decision: str, value: str) -> str:
        """What a person means by what they typed beside the labels: one of these, whatever its capitals, or a new one.

        Args:
            decision: The decision's id.
            value: What they typed, as `answer` takes it.

        Raises:
            BadLabel: See `answer`.
            UnknownDecision: There is no such decision.
        """
        project = self.workspace.ledger.decision(decision).project
        task = self.task(project)
        return value if task.answers is AnswerKind.RANKING else typed_answer(task, value, self.used(project))

    def _checked(self, asked: Decision, value: str, *, typed: bool) -> str:
        """What a person says, as it is kept; an item that nobody has had or named is taken for a slip.

        Raises:
            BadLabel, UnknownLabel: See `answer`.
        """
        task = self.workspace.ledger.project(asked.project).task
        item = checked_answer(task, value, typed=typed)
        if task.answers is not AnswerKind.RANKING:
            return item
        known = self.used(asked.project)
        listed = labels_in(asked.answer.label) if asked.answer is not None else ()
        if item in known or item in listed:
            return item
        if item.startswith(NEW):
            return checked_answer(task, item.removeprefix(NEW), typed=typed)
        if not self.workspace.ledger.counts(asked.project).total or self._had(asked.project, item):
            return item
        slip = "one that nobody has had or named yet is more often misspelt than new"
        raise unknown_label(asked.project, item, known, stays=slip, new=f"write {NEW}{item[:40]}", noun="item")

    def _had(self, project: str, item: str) -> bool:
        """Whether an item stands in anybody's history."""
        written, blobs = json.dumps(item, ensure_ascii=False).encode("utf-8", "replace"), self.workspace.blobs
        return any(written in blobs.get(each.digest) for each in self.workspace.ledger.arrivals(project))

    def task(self, project: str) -> Task:
        """What a project's questions ask for."""
        return self.workspace.ledger.project(project).task

    def _settings(self, project: str | None) -> Settings:
        return Settings() if project is None else self.workspace.ledger.settings(project)
