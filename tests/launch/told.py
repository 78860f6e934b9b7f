"""Telling a breaker what happened."""

from collections.abc import Iterable

from understudy.launch.breaker import Breaker
from understudy.launch.events import Answered, Drawn, Event
from understudy.launch.rules import Rules
from understudy.launch.trip import Change

RULES = Rules(most_error=0.05, floor=0.08)


def after(events: Iterable[Event], breaker: Breaker | None = None) -> tuple[Breaker, list[Change]]:
    """The breaker after all of them, and what changed by each."""
    breaker, changes = breaker or Breaker.new(RULES), []
    for event in events:
        breaker, change = breaker.observe(event)
        changes.append(change)
    return breaker, changes


def audits(losses: Iterable[float], *, start: float = 0.0, every: float = 1.0, lag: float = 0.5) -> list[Event]:
    """Audits drawn one after another and answered after a while, in the order in which that happens."""
    events: list[Event] = []
    for number, loss in enumerate(losses):
        at = start + every * number
        events += [
            Drawn(at, f"{start}-{number}", at + 100.0, 0.1),
            Answered(at + lag, f"{start}-{number}", loss),
        ]
    return sorted(events, key=lambda event: event.at)
