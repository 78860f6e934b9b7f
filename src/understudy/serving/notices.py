"""Notices: what a project's webhook is told, and under which names."""

from datetime import datetime
from typing import Any

from understudy.domain.opinion import Opinion, QuestionKind
from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind
from understudy.store.deliveries import Notice

ANSWERED = "decision.answered"
"""The name under which receivers hear of a person's answer."""
EVENTS = {EventKind.REFUSED: "launch.refused", EventKind.FAULT: "model.fault", EventKind.DRIFT: "inputs.drift"}
"""The names under which receivers hear of events that mail does not tell of."""


def answer_notices(project: str, said: Opinion, settings: Settings) -> list[Notice]:
    """What the webhook is told of a person's answer: once it holds, and only of one that a client waits for.

    Args:
        project: The project's name.
        said: The answer.
        settings: What the project's team has set.
    """
    if said.kind is not QuestionKind.ANSWER:
        return []
    return ended_notices(project, said.decision, said.value, said.by, said.settles_at, settings)


def ended_notices(
    project: str, decision: str, label: str | None, by: str, settled_at: datetime, settings: Settings, **more: Any
) -> list[Notice]:
    """What the webhook is told of a request that ended; nothing where none is set.

    Args:
        project: The project's name.
        decision: The decision's id.
        label: The answer, or None where it ended without one.
        by: Who ended it.
        settled_at: From when on it holds, UTC.
        settings: What the project's team has set.
        more: Further particulars, as plain JSON.
    """
    if settings.webhook_url is None:
        return []
    payload = {
        "project": project,
        "id": decision,
        "label": label,
        "by": by,
        "settled_at": settled_at.isoformat(),
        "decision": f"/api/v1/decisions/{decision}",
        **more,
    }
    return [Notice("webhook", ANSWERED, payload, settled_at)]


def event_notices(project: str, event: Event, settings: Settings) -> list[Notice]:
    """What the webhook is told of an event besides trips; nothing where none is set."""
    if settings.webhook_url is None:
        return []
    payload = {
        "project": project,
        "model": event.model,
        "fact": event.fact,
        "page": f"/projects/{project}/launch",
        "evidence": dict(event.evidence),
    }
    return [Notice("webhook", EVENTS[event.kind], payload, event.at)]
