"""A trip: that a breaker opened, why, and the figures it went by."""

from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.stage import TripCause


class State(StrEnum):
    """Whether the model may answer."""

    CLOSED = "closed"
    """It may."""
    OPEN = "open"
    """It may not."""
    HALF_OPEN = "half-open"
    """It may not, but it works in the dark, and what it says there is new evidence."""


class Change(StrEnum):
    """What one event changed."""

    NOTHING = "nothing"
    TRIPPED = "tripped"
    RETRIED = "retried"
    CLOSED = "closed"


class Starved(StrEnum):
    """In which way answers to audits were missing."""

    SILENT = "silent"
    """One became due, and since it was drawn nobody had answered any."""
    OVERDUE = "overdue"
    """Too many of the last became due unanswered."""
    WAITING = "waiting"
    """Too many wait at once."""


@dataclass(frozen=True)
class Trip:
    """Why and when a breaker opened, and what it had seen until then.

    Attributes:
        cause: Why.
        at: When.
        audits: Audits that were counted since it closed last.
        wrong: Their losses, summed up.
        overdue: Of those audits, how many were due unanswered and counted as right.
        waiting: Audits that waited for an answer.
        evidence: How often the odds against "no more than allowed" had multiplied.
        needed: The evidence at which it trips, 1 / alpha.
        most_error: Share of wrong answers that was allowed.
        lost: What all wrong answers cost, estimated from audits, in the brief's currency.
        excess: What they cost beyond what was allowed.
        budget: The loss budget, or None if there was none.
        faults: Technical faults within the window.
        starved: In which way answers were missing, or None.
    """

    cause: TripCause
    at: float
    audits: int
    wrong: float
    overdue: int
    waiting: int
    evidence: float
    needed: float
    most_error: float
    lost: float
    excess: float
    budget: float | None
    faults: int
    starved: Starved | None = None
