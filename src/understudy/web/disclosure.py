"""What of a decision may be told: never what a model said while a person is still to answer without having seen it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.opinion import QuestionKind, Resolution


class State(StrEnum):
    """How far a request has come, as clients read it."""

    ANSWERED = "answered"
    WAITING = "waiting"
    """A person will answer."""
    CANNOT_TELL = "cannot-tell"
    """Nobody could tell, so it ended without a label."""


@dataclass(frozen=True)
class Disclosure:
    """One decision, and what of it may be told now.

    Attributes:
        decision: As it was recorded.
        resolution: What the request ended in, or None while it waits for a person.
        open: What people are still to say about it.
        to_client: It goes to whoever asked, as the answer to the question itself.
    """

    decision: Decision
    resolution: Resolution | None = None
    open: Collection[QuestionKind] = ()
    to_client: bool = False

    @property
    def by_model(self) -> bool:
        """A model answered, and its client was told so."""
        return self.decision.answered_by is AnsweredBy.MODEL

    @property
    def tried(self) -> bool:
        """Somebody tried the model on a page; nobody was served."""
        return self.decision.because is Because.TRIED

    @property
    def model_said(self) -> Answer | None:
        """What a model said, if it may be told."""
        if self.tried or (self.by_model and self.to_client):
            return self.decision.answer
        settled = self.by_model or self.resolution is not None
        return self.decision.answer if settled and not self.open else None

    @property
    def withheld(self) -> bool:
        """A model answered, and that is not told before a person has answered too."""
        return self.by_model and self.model_said is None

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.by_model:
            return State.ANSWERED
        if self.tried:
            return State.CANNOT_TELL
        if self.resolution is None:
            return State.WAITING
        return State.CANNOT_TELL if self.resolution.value is None else State.ANSWERED

    @property
    def answered_by(self) -> AnsweredBy:
        """Who answered."""
        if self.resolution is None or self.by_model or self.tried:
            return self.decision.answered_by
        return AnsweredBy.PERSON

    @property
    def served(self) -> Answer | None:
        """The model's answer where that is what the request ended in."""
        return self.model_said if self.by_model or self.tried else None

    @property
    def label(self) -> str | None:
        """What the request ended in, or None."""
        if self.by_model:
            return self.model_said.label if self.model_said else None
        return self.resolution.value if self.resolution and not self.tried else None
