"""The doctor: finds out whether models work by asking them."""

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from understudy.domain.errors import UnderstudyError
from understudy.serving.batching import Overloaded
from understudy.serving.model import NotTrainedYet
from understudy.serving.router import Router

FRESH_SECONDS = 5.0


def draw_card() -> bytes:
    """A tiny picture of two crossing slopes of light, as PNG: real enough for every step from file to answer."""
    slope = np.linspace(0, 255, 32, dtype=np.float32)
    pixels = np.stack(np.broadcast_arrays(slope[:, None], slope[None, :], slope[::-1, None]), axis=2)
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Check:
    """What asking one project showed.

    Attributes:
        status: "ok", "busy", "not trained" or "failing".
        detail: For people.
    """

    status: str
    detail: str


class Doctor:
    """Asks each project's model about the test card; many who ask within seconds share one asking.

    Args:
        router: Asks the models.
        stopwatch: Monotonic seconds.
        fresh: For so many seconds what was seen holds.
    """

    def __init__(
        self, router: Router, *, stopwatch: Callable[[], float] = time.monotonic, fresh: float = FRESH_SECONDS
    ) -> None:
        self._router = router
        self._stopwatch = stopwatch
        self._fresh = fresh
        self._card = draw_card()
        self._seen: dict[str, tuple[float, Check]] = {}
        self._asking = asyncio.Lock()

    async def examine(self, projects: list[str]) -> dict[str, Check]:
        """What each project's model does now."""
        async with self._asking:
            self._seen = {name: seen for name, seen in self._seen.items() if name in projects}
            return {name: await self._check(name) for name in projects}

    async def _check(self, project: str) -> Check:
        seen = self._seen.get(project)
        if seen and self._stopwatch() - seen[0] < self._fresh:
            return seen[1]
        check = await self._ask(project)
        self._seen[project] = (self._stopwatch(), check)
        return check

    async def _ask(self, project: str) -> Check:
        started = self._stopwatch()
        try:
            reply = await self._router.probe(project, self._card)
        except NotTrainedYet as error:
            return Check("not trained", error.fact)
        except Overloaded as error:
            return Check("busy", error.reason)
        except UnderstudyError as error:
            return Check("failing", f"{error.fact} {error.reason}")
        except Exception as error:  # noqa: BLE001 - whatever a model raises is what this check is for
            return Check("failing", f"The model raised {type(error).__name__}.")
        return Check("ok", f"{reply.model[:12]} answered in {(self._stopwatch() - started) * 1000:.0f} ms.")
