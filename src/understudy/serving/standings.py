"""Standings: how each project stands now, kept in memory and never much older than the ledger."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from understudy.domain.brief import BriefVersion
from understudy.domain.settings import Settings
from understudy.domain.stage import Stage, StageChange

STALE_SECONDS = 0.5
"""What was read longer ago is read again before it is used, even where the keeper does not get to it."""


class StandingLedger(Protocol):
    """The part of the ledger that says how projects stand. Thread-safe; blocks."""

    def mark(self) -> tuple[int, int]:
        """Changes whenever any stage or setting does."""
        ...

    def standings(self) -> Mapping[str, StageChange]:
        """The present stage of every project that has one."""
        ...

    def stage(self, project: str) -> StageChange | None:
        """The present stage of one project.

        Raises:
            UnknownProject: No such project.
        """
        ...

    def settings(self, project: str) -> Settings:
        """What the project's team has set."""
        ...

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands."""
        ...


@dataclass(frozen=True)
class Standing:
    """How one project stands.

    Attributes:
        project: Its name.
        change: The stage that holds, or None before the first: people answer then.
        settings: What its team has set.
        stake: What one wrong answer costs, in the brief's currency; 0 if nobody said.
        raised: How many times as much is audited because something drifted, at least 1.
    """

    project: str
    change: StageChange | None = None
    settings: Settings = field(default_factory=Settings)
    stake: float = 0.0
    raised: float = 1.0

    @property
    def number(self) -> int:
        """Of the stage that holds; 0 before the first."""
        return self.change.number if self.change else 0

    @property
    def versions(self) -> tuple[str, ...]:
        """The models that the stage is about: its own, then its fallback."""
        named = (self.change.model, self.change.fallback) if self.change else ()
        return tuple(dict.fromkeys(version for version in named if version))

    @property
    def answering(self) -> tuple[str, ...]:
        """The models among them that may answer a client."""
        change = self.change
        if change is None or change.stage is Stage.WIZARD:
            return ()
        named = (
            change.model if change.stage in {Stage.CANARY, Stage.LIVE} else None,
            change.fallback if change.stage in {Stage.SHADOW, Stage.CANARY} else None,
        )
        return tuple(version for version in named if version)


class Standings:
    """Every project's standing. Threads may share it.

    Args:
        ledger: What it is read from.
        clock: Seconds on a clock that only runs forward.
    """

    def __init__(self, ledger: StandingLedger, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._clock = clock
        self._reading = threading.Lock()
        self._mark: tuple[int, int] | None = None
        self._read_at = float("-inf")
        self._known: dict[str, Standing] = {}
        self._raised: dict[str, dict[str, float]] = {}

    def known(self, project: str) -> Standing | None:
        """A project's standing if it is in memory and fresh. Never blocks."""
        if self._clock() - self._read_at > STALE_SECONDS:
            return None
        return self._known.get(project)

    def answers(self, project: str, version: str) -> bool:
        """Whether a model may answer clients, as far as is known in memory. Never blocks."""
        standing = self._known.get(project)
        return standing is not None and version in standing.answering

    def every(self) -> list[Standing]:
        """All that are in memory. Never blocks."""
        return list(self._known.values())

    def learn(self, project: str) -> Standing:
        """A project's standing, read from the ledger if need be. Blocks.

        Raises:
            UnknownProject: No such project.
        """
        self.refresh()
        standing = self._known.get(project)
        if standing is None:
            with self._reading:
                standing = self._read(project, self._ledger.stage(project))
                self._known[project] = standing
        return standing

    def refresh(self) -> list[Standing]:
        """Looks whether anything changed, and returns what did. Blocks for one small query if nothing has."""
        with self._reading:
            started, mark = self._clock(), self._ledger.mark()
            changed = [] if mark == self._mark else self._read_all()
            self._known.update({standing.project: standing for standing in changed})
            self._mark, self._read_at = mark, started
        return changed

    def raise_audits(self, project: str, times: float, *, watched: str = "answers") -> None:
        """Lets so many times as much of a project's answers be audited from now on.

        Args:
            project: Its name.
            times: At least 1; 1.0 for what its terms say. Of what different watches ask for, the most counts.
            watched: What made somebody ask for it.
        """
        with self._reading:
            self._raised.setdefault(project, {})[watched] = times
            most = self._times(project)
            standing = self._known.get(project)
            if standing is not None and standing.raised != most:
                self._known[project] = replace(standing, raised=most)

    def _times(self, project: str) -> float:
        return max(self._raised.get(project, {}).values(), default=1.0)

    def _read_all(self) -> list[Standing]:
        stages = self._ledger.standings()
        names = dict.fromkeys([*self._known, *stages])
        read = (self._read(name, stages.get(name)) for name in names)
        return [standing for standing in read if standing != self._known.get(standing.project)]

    def _read(self, project: str, change: StageChange | None) -> Standing:
        terms = change.terms if change else None
        cost = terms.wrong_cost if terms else None
        if cost is None:
            brief = self._ledger.latest_brief(project)
            cost = brief.brief.wrong_cost if brief else None
        return Standing(project, change, self._ledger.settings(project), cost or 0.0, self._times(project))
