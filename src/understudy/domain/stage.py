"""Stages: who answers a project's requests now, since when, and who said so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """How far a model is trusted. Each stage has its paragraph in docs/reference/stages.md."""

    WIZARD = "wizard"
    """People answer every request."""
    SHADOW = "shadow"
    """The model answers in the dark, and who answered before goes on answering."""
    CANARY = "canary"
    """The model answers a share of the requests of which it is sure enough."""
    LIVE = "live"
    """The model answers every request of which it is sure enough."""


class Cause(StrEnum):
    """Why a stage changed."""

    ASKED = "asked"
    OVERRIDDEN = "overridden"
    """Asked for by name although the evidence did not allow it."""
    ROLLED_BACK = "rolled-back"
    TRIPPED = "tripped"


class TripCause(StrEnum):
    """Why a breaker tripped. Each cause has its paragraph in docs/reference/stages.md."""

    EXCESS = "excess"
    """Audits prove that more answers are wrong than allowed."""
    STARVATION = "starvation"
    """Audits are not answered, so nothing would be noticed."""
    FAULTS = "faults"
    """The model failed, timed out or could not be loaded."""
    LOSS = "loss"
    """The loss budget is spent."""
    ASKED = "asked"
    """A person said so."""


@dataclass(frozen=True)
class Terms:
    """Under which a model answers alone; fixed when the stage begins.

    Attributes:
        threshold: The least probability that it answers with, 0..1.
        most_error: Share of its answers that may be wrong, strictly between 0 and 1; the breaker watches it.
        audit_share: Share of its answers that a person answers again, above 0, up to 1.
        wrong_cost: Of one wrong answer, in the brief's currency, or None if unknown.
        loss_budget: What may be lost before rollback, in the same currency, or None if unknown.
        currency: Three letters.
        most_lost: What was promised to be lost at most before rollback (95th percentile), or None if unknown.
        unseen: Of the loss budget, what is kept for answers that are given while audits wait.
        most_waiting: So many audits may wait before the breaker trips, or None where the promise does not say.
    """

    threshold: float
    most_error: float
    audit_share: float
    wrong_cost: float | None = None
    loss_budget: float | None = None
    currency: str = "EUR"
    most_lost: float | None = None
    unseen: float = 0.0
    most_waiting: int | None = None


@dataclass(frozen=True)
class StageChange:
    """A stage and all that holds in it, from `at` until the next change. Never changed, only followed.

    Attributes:
        number: 1 is the first of its project.
        stage: The stage that begins.
        model: Version of the model that the stage is about; None where people answer alone.
        terms: Under which `model` answers or would answer; None without a model.
        fallback: Version of the model that answers what `model` does not answer because of its stage, and to which a
            tripped breaker gives back; None when that is people.
        fallback_terms: Under which `fallback` answers.
        share: Of the requests, by their keys, for which `model` is asked: 0 in wizard and shadow, 1 when live.
        cause: Why it changed.
        by: Who asked for it; "breaker" when it tripped.
        reason: In that person's words; the fact when the breaker tripped.
        evidence: What allowed, forbade or forced it, as plain JSON.
        at: When, UTC.
    """

    number: int
    stage: Stage
    model: str | None
    terms: Terms | None
    fallback: str | None
    fallback_terms: Terms | None
    share: float
    cause: Cause
    by: str
    reason: str
    at: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answers_alone(self) -> bool:
        """Whether any model may answer without a person."""
        return self.fallback is not None or self.stage in {Stage.CANARY, Stage.LIVE}


class EventKind(StrEnum):
    """What happened besides a change of stage. Each kind has its paragraph in docs/reference/stages.md."""

    TRIPPED = "tripped"
    CLOSED = "closed"
    """New evidence cleared the bar, so the model may be promoted again."""
    REFUSED = "refused"
    """A stage was asked for that the evidence does not allow."""
    DRIFT = "drift"
    """Inputs or confidence shifted, so more is audited."""
    FAULT = "fault"
    """A model failed, timed out, or its file is missing or corrupt."""
    UNDELIVERED = "undelivered"
    """A webhook or a mail could not be delivered for a day."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a model in service. Never changed.

    Attributes:
        kind: What.
        model: Version of the model, or empty when it is about none.
        fact: In one sentence.
        evidence: Figures behind it, as plain JSON.
        at: When, UTC.
        number: Place among its project's events, 1 first; 0 until it is recorded.
    """

    kind: EventKind
    model: str
    fact: str
    at: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
