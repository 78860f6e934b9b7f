"""What people answer: questions that wait for somebody, opinions, and outcomes that arrive later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ERASED = "erased-"
"""How the id of an opinion begins that nobody gave: its input was deleted, so nobody can answer any more."""


class QuestionKind(StrEnum):
    """Why a person is asked."""

    ANSWER = "answer"
    """Nobody has answered the request yet; this answer is the one that its client gets."""
    AUDIT = "audit"
    """A model has answered; the person answers again without seeing what it said."""
    DOUBLE = "double"
    """A person has answered; another one answers too, to measure how often people disagree."""


@dataclass(frozen=True)
class Question:
    """One decision that waits for a person.

    Attributes:
        decision: The decision's id.
        kind: Why it is asked.
        project: The project's name.
        input_digest: SHA-256 of the input's bytes, in hex.
        asked_at: When it began to wait, UTC.
        due_at: When it should be answered, UTC; an audit that is overdue starves the breaker.
        stake: What a wrong or late answer costs, in the brief's currency; dearer ones are offered first.
        claimed_by: Who has it in hand, or None.
        claimed_until: Until when nobody else is offered it, UTC, or None.
    """

    decision: str
    kind: QuestionKind
    project: str
    input_digest: str
    asked_at: datetime
    due_at: datetime
    stake: float = 0.0
    claimed_by: str | None = None
    claimed_until: datetime | None = None


@dataclass(frozen=True)
class Opinion:
    """What one person said about one decision. Never changed; taken back by an `Undo` while it is not settled.

    Attributes:
        id: Sortable by time.
        decision: The decision's id.
        kind: What they were asked for.
        value: The label, or None for "cannot tell".
        by: Who.
        at: When, UTC.
        settles_at: From then on it holds and cannot be taken back, UTC.
        seconds: From the showing of the question to the answer, or 0.0 if unknown.
    """

    id: str
    decision: str
    kind: QuestionKind
    value: str | None
    by: str
    at: datetime
    settles_at: datetime
    seconds: float = 0.0

    @property
    def by_deletion(self) -> bool:
        """Nobody answered: whoever is named deleted the input."""
        return self.id.startswith(ERASED)


@dataclass(frozen=True)
class Outcome:
    """What turned out to be true of a decision, however it became known. One a decision; never changed.

    Attributes:
        decision: The decision's id.
        value: The true label.
        by: Who or what said so.
        source: "api", "csv" or "page".
        at: When, UTC.
    """

    decision: str
    value: str
    by: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Resolution:
    """The one answer that a request ends in.

    Attributes:
        value: The label, or None when people could not tell.
        by: "model", or the person.
        at: When it was settled, UTC.
    """

    value: str | None
    by: str
    at: datetime
