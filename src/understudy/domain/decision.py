"""A decision: one served request, who answers it, how sure they are, and why it went that way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from understudy.domain.answer import Answer


class AnsweredBy(StrEnum):
    """Who gave the answer, as it stood when the request was acknowledged."""

    MODEL = "model"
    PERSON = "person"
    NOBODY_YET = "nobody-yet"
    """A person will."""


class Because(StrEnum):
    """Why a decision was answered by whom it was. Each has its paragraph in docs/reference/stages.md."""

    CONFIDENT = "confident"
    """The stage lets the model answer, and it is sure enough."""
    WIZARD = "wizard"
    SHADOW = "shadow"
    NOT_IN_CANARY = "not-in-canary"
    BELOW_THRESHOLD = "below-threshold"
    UNLIKE = "unlike"
    """Nothing like the input is among the examples."""
    OVERLOADED = "overloaded"
    """More was waiting for the model than may wait."""
    FAULT = "fault"
    """The model failed, was too slow, or could not be loaded."""
    TRIPPED = "tripped"
    """The model's breaker has just opened."""
    MOVED = "moved"
    """The stage changed again and again while the request was on its way."""
    TRIED = "tried"
    """Somebody tried the model on a page; nobody was served."""


@dataclass(frozen=True)
class Draw:
    """Whether a decision is audited, drawn before it was served.

    Attributes:
        audited: A person answers it again without seeing the model's answer.
        propensity: The chance with which that was drawn, above 0, up to 1.
        uniform: The random number that decided: audited when below `propensity`, 0..1.
        seed: Of the generator that `uniform` came from, together with the decision's id.
    """

    audited: bool
    propensity: float
    uniform: float
    seed: int


@dataclass(frozen=True)
class Decision:
    """One served request. Written to the ledger before it is acknowledged; never changed.

    Attributes:
        id: Sortable by time, unguessable.
        project: The project's name.
        input_digest: SHA-256 of the input's bytes, in hex; the blob store holds them under it.
        answer: What a model said, or None when none was asked before the request was acknowledged.
        answered_by: Who answered; `NOBODY_YET` when a person will.
        model: Version of the model that was asked (SHA-256 of its file, in hex), or empty.
        at: When it was decided, UTC.
        seconds: From the request's arrival to the answer.
        because: Why it went to whom it went.
        stage: Number of the stage change under which it was served; 0 before the first.
        draw: Whether it is audited; None when no model answered it.
        key: What the client calls the request, unique in its project, or None.
        subject: Whose data the input are, in the client's words, or None; `forget` goes by it.
    """

    id: str
    project: str
    input_digest: str
    answer: Answer | None
    answered_by: AnsweredBy
    model: str
    at: datetime
    seconds: float
    because: Because = Because.CONFIDENT
    stage: int = 0
    draw: Draw | None = None
    key: str | None = None
    subject: str | None = None
