"""What a trip means: the stage that follows, the event that is put on record, and who is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from understudy.domain.money import about_money, count, money, share_below
from understudy.domain.settings import Settings
from understudy.domain.stage import Cause, Event, EventKind, Stage, StageChange, TripCause
from understudy.launch.trip import Starved, Trip
from understudy.serving.watch import Run
from understudy.store.deliveries import Notice

BY = "breaker"
TRIPPED = "breaker.tripped"
"""The name under which receivers hear of a trip."""


def change_after(change: StageChange, run: Run, event: Event, at: datetime) -> StageChange | None:
    """The stage that follows a trip: the model works in the dark, and its fallback or people answer.

    Args:
        change: The stage that holds.
        run: Of the model whose breaker opened.
        event: The trip.
        at: Now, UTC.

    Returns:
        The change to be recorded; None where the stage is no longer about that model.
    """
    after = replace(
        change,
        number=change.number + 1,
        cause=Cause.TRIPPED,
        by=BY,
        reason=event.fact,
        evidence=dict(event.evidence),
        at=at,
    )
    if change.model == run.model and change.stage in {Stage.CANARY, Stage.LIVE}:
        return replace(after, stage=Stage.SHADOW, share=0.0)
    if change.fallback == run.model:
        return replace(after, fallback=None, fallback_terms=None)
    return None


def event_of(run: Run, trip: Trip, at: datetime, *, fault: str = "") -> Event:
    """The trip as an event with its evidence.

    Args:
        run: Of the model whose breaker opened.
        trip: Why.
        at: When, UTC.
        fault: What was the matter at the model's last fault, in words; empty where it had none.
    """
    evidence = {
        "cause": trip.cause.value,
        "starved": trip.starved.value if trip.starved else None,
        "opened_at": trip.at,
        "since_stage": run.since,
        "audits": trip.audits,
        "wrong": trip.wrong,
        "overdue": trip.overdue,
        "waiting": trip.waiting,
        "evidence": trip.evidence,
        "needed": trip.needed,
        "most_error": trip.most_error,
        "lost": trip.lost,
        "excess": trip.excess,
        "budget": trip.budget,
        "currency": run.terms.currency,
        "faults": trip.faults,
        "last_fault": fault,
    }
    return Event(EventKind.TRIPPED, run.model, _fact(run, trip, fault), at, evidence)


def notices_of(project: str, event: Event, after: StageChange, settings: Settings) -> list[Notice]:
    """Who is told of a trip: the webhook and the owner, as far as they are set."""
    payload: Mapping[str, Any] = {
        "project": project,
        "model": event.model,
        "fact": event.fact,
        "now": _now_answers(after),
        "stage": after.number,
        "page": f"/projects/{project}/launch",
        "evidence": dict(event.evidence),
    }
    channels = (("webhook", settings.webhook_url), ("mail", settings.owner_email))
    return [Notice(channel, TRIPPED, payload, event.at) for channel, target in channels if target]


def _fact(run: Run, trip: Trip, fault: str) -> str:
    match trip.cause:
        case TripCause.EXCESS:
            wrong, allowed = _times(trip.wrong), share_below(trip.most_error)
            return f"The model was wrong in {wrong} of {trip.audits} audited answers; at most {allowed} may be."
        case TripCause.STARVATION:
            return _starved(trip)
        case TripCause.FAULTS:
            last = f" The last time: {fault}" if fault else ""
            return f"The model failed {trip.faults} times in a short while.{last}"
        case TripCause.LOSS:
            return _lost(trip, run.terms.currency)
    return "A person took the model out."


def _lost(trip: Trip, currency: str) -> str:
    lost = about_money(trip.excess, currency)
    fact = f"Since the moment from which it looks worst, wrong answers have cost about {lost} more than is allowed for"
    if trip.budget is None:
        return f"{fact}."
    early = f"it opens well before the {money(trip.budget, currency)} that may be lost"
    return f"{fact}; audits tell that only roughly, so {early}."


def _starved(trip: Trip) -> str:
    if trip.starved is Starved.WAITING:
        return f"{trip.waiting} audits wait for a person, which is more than may wait, so nothing would be noticed."
    if trip.starved is Starved.OVERDUE:
        return f"{trip.overdue} of {trip.audits} audits were not answered in time, so too little would be noticed."
    return "An audit became due and nobody had answered any since it was drawn, so nothing would be noticed."


def _now_answers(after: StageChange) -> str:
    return f"Model {after.fallback[:12]} answers now." if after.fallback else "People answer now."


def _times(losses: float) -> str:
    return count(losses) if losses % 1 else f"{losses:,.0f}"
