"""The doctor: finds out whether models work by asking them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from understudy.domain.errors import UnderstudyError
from understudy.serving.asking import Reply
from understudy.serving.batching import Overloaded
from understudy.serving.model import NotTrainedYet

FRESH_SECONDS = 5.0


class Patients(Protocol):
    """Whoever asks models without writing anything down."""

    async def answering(self, project: str) -> tuple[str, ...]:
        """Versions of the models that may answer clients now."""
        ...

    async def probe(self, project: str, version: str | None = None) -> Reply:
        """Asks a model, or the latest one, about a tiny input of its kind."""
        ...


@dataclass(frozen=True)
class Check:
    """What asking one project showed.

    Attributes:
        status: "ok", "busy", "not trained", "people" (its model fails, but people answer) or "failing".
        detail: For people.
    """

    status: str
    detail: str


class Doctor:
    """Asks each project's models about a test card; many who ask within seconds share one asking.

    Args:
        router: Asks the models.
        stopwatch: Monotonic seconds.
        fresh: For so many seconds what was seen holds.
    """

    def __init__(
        self, router: Patients, *, stopwatch: Callable[[], float] = time.monotonic, fresh: float = FRESH_SECONDS
    ) -> None:
        self._router = router
        self._stopwatch = stopwatch
        self._fresh = fresh
        self._seen: dict[str, tuple[float, Check]] = {}
        self._asking = asyncio.Lock()

    async def examine(self, projects: Sequence[str]) -> dict[str, Check]:
        """What each project's models do now."""
        async with self._asking:
            self._seen = {name: seen for name, seen in self._seen.items() if name in projects}
            return {name: await self._check(name) for name in projects}

    async def _check(self, project: str) -> Check:
        seen = self._seen.get(project)
        if seen and self._stopwatch() - seen[0] < self._fresh:
            return seen[1]
        check = await self._project(project)
        self._seen[project] = (self._stopwatch(), check)
        return check

    async def _project(self, project: str) -> Check:
        """The worst that any model shows that may answer; a model that none is asked of can do no harm."""
        try:
            answering = await self._router.answering(project)
        except UnderstudyError as error:
            return Check("failing", f"{error.fact} {error.reason}")
        if not answering:
            check = await self._ask(project, None)
            return Check("people", f"People answer. {check.detail}") if check.status == "failing" else check
        checks = [await self._ask(project, version) for version in answering]
        return next((check for check in checks if check.status != "ok"), checks[0])

    async def _ask(self, project: str, version: str | None) -> Check:
        started = self._stopwatch()
        try:
            reply = await self._router.probe(project, version)
        except NotTrainedYet as error:
            return Check("not trained", error.fact)
        except Overloaded as error:
            return Check("busy", error.reason)
        except UnderstudyError as error:
            return Check("failing", f"{error.fact} {error.reason}")
        except Exception as error:  # noqa: BLE001 - whatever a model raises is what this check is for
            return Check("failing", f"The model raised {type(error).__name__}.")
        return Check("ok", f"{reply.model[:12]} answered in {(self._stopwatch() - started) * 1000:.0f} ms.")
