"""The fleet: every lane there is, opened before it is needed and closed when its model is out of service."""

import asyncio
from collections.abc import Iterable

from understudy.serving.batching import Closed
from understudy.serving.lanes import Lane, Manner
from understudy.serving.standings import Standing

IDLE_SECONDS = 60.0
"""After so long without a question, a lane that no stage needs is closed."""


class Fleet:
    """Lanes by project and version. Belongs to one event loop.

    A model that a stage needs, if only in the dark, is loaded as soon as the stage is known, in every process; so
    the model before it is let go only when the next one is there, and a promotion makes nobody wait.

    Args:
        manner: How lanes work.
    """

    def __init__(self, manner: Manner) -> None:
        self._manner, self._clock = manner, manner.clock
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._needed: dict[str, tuple[str, ...]] = {}
        self._used: dict[tuple[str, str], float] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._stopping = False

    def lane(self, project: str, version: str) -> Lane:
        """The lane of a model; opened if it is not.

        Raises:
            Closed: The server is stopping.
        """
        place = (project, version)
        lane = self._lanes.get(place)
        if lane is None:
            if self._stopping:
                raise Closed.stopping()
            lane = self._lanes[place] = Lane(project, version, self._manner)
        self._used[place] = self._clock()
        return lane

    def adopt(self, standings: Iterable[Standing]) -> None:
        """Opens what these standings need, and closes what none needs any more."""
        for standing in standings:
            self._needed[standing.project] = standing.versions
            for version in standing.versions:
                self.lane(standing.project, version)
        now = self._clock()
        for place in list(self._lanes):
            project, version = place
            if version not in self._needed.get(project, ()) and now - self._used[place] > IDLE_SECONDS:
                self._retire(place)

    def asked(self, project: str, version: str) -> int:
        """How many requests this process has asked a model, since its lane was opened."""
        lane = self._lanes.get((project, version))
        return lane.asked if lane else 0

    @property
    def loading(self) -> bool:
        """Whether a model that a stage needs is being loaded just now."""
        return not all(lane.tried for lane in self._lanes.values())

    def waiting(self) -> int:
        """Questions that wait for a model."""
        return sum(lane.waiting for lane in self._lanes.values())

    def hurry(self, seconds: float) -> None:
        """Sends to people, after so many seconds, whatever has no answer by then."""
        for lane in self._lanes.values():
            lane.hurry(seconds)

    async def close(self) -> None:
        """Finishes what was accepted; models that hang are left to themselves."""
        self._stopping = True
        for place in list(self._lanes):
            self._retire(place)
        await asyncio.gather(*self._closing)

    def _retire(self, place: tuple[str, str]) -> None:
        lane = self._lanes.pop(place)
        del self._used[place]
        closing = asyncio.get_running_loop().create_task(lane.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
