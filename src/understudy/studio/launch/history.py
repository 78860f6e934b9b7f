"""History: who answered a project's requests when, from its beginning to now, without a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from understudy.domain.stage import Event, Stage, StageChange
from understudy.store.codec import as_json
from understudy.studio.launch.words import answers_words, cause_words, rests_words
from understudy.studio.words.phrases import name
from understudy.studio.workspace import Workspace

PAGE = 1_000


@dataclass(frozen=True)
class Period:
    """A time in which one stage held.

    Attributes:
        began: When, UTC.
        ended: When the next one began, UTC; None for the one that holds now.
        change: What held; None before the first stage was asked for, when people answered.
    """

    began: datetime
    ended: datetime | None
    change: StageChange | None

    @property
    def stage(self) -> Stage:
        """Which stage it was."""
        return Stage.WIZARD if self.change is None else self.change.stage


@dataclass(frozen=True)
class History:
    """All that was ever in service.

    Attributes:
        project: The project's name.
        periods: Oldest first; each begins when the one before it ended, and the first when the project began.
        events: What happened besides, oldest first.
    """

    project: str
    periods: tuple[Period, ...]
    events: tuple[Event, ...]


def history(workspace: Workspace, project: str) -> History:
    """What was live when, from the project's beginning, which precedes its first decision, to now.

    Raises:
        UnknownProject: No such project.
    """
    began = workspace.ledger.project(project).created_at
    return History(project, periods(began, workspace.ledger.stages(project)), tuple(_events(workspace, project)))


def periods(began: datetime, stages: Sequence[StageChange]) -> tuple[Period, ...]:
    """The periods of a project that began at some time and changed its stage so."""
    starts: list[tuple[datetime, StageChange | None]] = [(change.at, change) for change in stages]
    if not stages or began < stages[0].at:
        starts.insert(0, (began, None))
    ends: list[datetime | None] = [*(at for at, _ in starts[1:]), None]
    return tuple(Period(at, end, change) for (at, change), end in zip(starts, ends, strict=True))


def period_words(period: Period) -> str:
    """A period in two or three sentences: when, who answered, and why it came to that."""
    until = "now" if period.ended is None else _moment(period.ended)
    parts = [f"{_moment(period.began)} to {until}: {period.stage.value}.", answers_words(period.change)]
    if period.change is not None:
        parts += [cause_words(period.change), rests_words(period.change.evidence)]
    return " ".join(part for part in parts if part)


def event_words(event: Event) -> str:
    """An event in a sentence."""
    return f"{_moment(event.at)} {event.kind.value}: {name(event.fact, length=300)}"


def history_record(found: History) -> dict[str, Any]:
    """All of it, as plain JSON."""
    return {
        "project": found.project,
        "periods": [
            {
                "began": period.began.isoformat(),
                "ended": None if period.ended is None else period.ended.isoformat(),
                "stage": period.stage.value,
                "change": None if period.change is None else as_json(StageChange, period.change),
            }
            for period in found.periods
        ],
        "events": [as_json(Event, event) for event in found.events],
    }


def _events(workspace: Workspace, project: str) -> list[Event]:
    found: list[Event] = []
    while page := workspace.ledger.events(project, after=found[-1].number if found else 0, limit=PAGE):
        found += page
    return found


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
