"""Explanations: what in an input moved an answer; found beside the lanes that answer, so that no question waits for it.

Each project has a thread for its explanations and one for loading, both only while there is something to do: what is
slow, or never ends, holds up neither another project's explanations nor what asks for a model.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Reason
from understudy.domain.errors import UnderstudyError
from understudy.serving.batching import Closed, Overloaded
from understudy.serving.latest import Latest
from understudy.serving.model import ModelShelf, ServedModel

log = logging.getLogger(__name__)

SECONDS = 30.0
"""Whoever asks hears after so long that nothing came; most that stand between them and a server wait for a minute."""
MOST_WAITING = 32
"""So many may ask for one project's explanations at once; one more is refused."""
LATE_KEPT = 64
"""Explanations that came after nobody waited for them any more, for those who ask again."""

Value = TypeVar("Value")
_Question = tuple[str, str, str]
"""What is to be told, by which version of a model, about which input."""


class ExplanationLate(UnderstudyError):
    """Nothing tells in time what moved an answer; the answer stands without it."""

    @classmethod
    def after(cls, version: str, seconds: float) -> "ExplanationLate":
        """The error for one who waited."""
        return cls(
            fact="No explanation came in time.",
            reason=f"Model {version[:12]} did not tell within {seconds:g} seconds what moved its answer.",
            remedy="Take the answer as it stands, or ask again in a minute: it goes on, and what it finds is kept.",
        )

    @classmethod
    def held_up(cls, seconds: float) -> "ExplanationLate":
        """The error for one who would wait behind what has taken too long already."""
        return cls(
            fact="No explanation was begun.",
            reason=f"An earlier one of this project takes longer than {seconds:g} seconds and has not ended.",
            remedy="Take the answer as it stands, or ask again later; if that never helps, restart the server.",
        )


class LoadingLate(UnderstudyError):
    """A model is not loaded in time."""

    @classmethod
    def after(cls, version: str, seconds: float) -> "LoadingLate":
        """The error for one who waited, or would wait behind what has taken too long already."""
        return cls(
            fact=f"Model {version[:12]} is not loaded yet.",
            reason=f"Loading takes longer than {seconds:g} seconds.",
            remedy="Ask again in a minute, for it goes on; if that never helps, look at the server's log.",
        )


class _Aside(StrEnum):
    """What has a thread of its own."""

    EXPLAINING = "explaining"
    LOADING = "loading"


class _Late(Exception):
    """Not done in time, or not begun as what is before it is not.

    Attributes:
        job: What goes on; None where it was not begun.
    """

    def __init__(self, job: Future[Any] | None) -> None:
        super().__init__()
        self.job = job


class _Lane:
    """Runs work one after the other in a thread of its own. Belongs to one event loop."""

    def __init__(self, name: str, seconds: float) -> None:
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._jobs: set[Future[Any]] = set()
        self._began: float | None = None
        self._ended = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self._jobs

    async def ask(self, work: Callable[[], Value]) -> Value:
        """What the work gives.

        Raises:
            _Late: It does not come in time, or what is before it did not.
            Overloaded: More wait than may, or its turn did not come though others had theirs.
            Closed: The server is stopping.
            Exception: Whatever the work raised.
        """
        began = self._began
        if began is not None and time.monotonic() - began >= self._seconds:
            raise _Late(None)
        if len(self._jobs) >= MOST_WAITING:
            raise Overloaded.behind(len(self._jobs))
        ended = self._ended
        job = self._thread.submit(self._timed, work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        result = asyncio.wrap_future(job)
        try:
            done, _ = await asyncio.wait([result], timeout=self._seconds)
        finally:
            job.cancel()  # where it has not begun, it costs nothing; where it has, nobody waits for it
            result.cancel()
        if not done:
            raise self._untimely(job, ended)
        if job.cancelled():
            raise Closed.stopping()
        return result.result()

    def close(self) -> None:
        """Lets the thread go; what waits is not begun, and what hangs is left to itself."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _untimely(self, job: Future[Any], ended: int) -> Exception:
        """What is told of a job that did not come in time; `ended` is how many had ended when it was handed in."""
        if not job.cancelled():
            return _Late(job)
        return _Late(None) if self._ended == ended else Overloaded.waited(self._seconds)

    def _timed(self, work: Callable[[], Value]) -> Value:
        self._began = time.monotonic()
        try:
            return work()
        finally:
            self._began = None
            self._ended += 1


class Explainer:
    """Asks models about answers that they gave. Belongs to one event loop.

    Args:
        shelf: Where models are loaded from.
        seconds: Within which an explanation must come, or a model be loaded; waiting counts.
    """

    def __init__(self, shelf: ModelShelf, *, seconds: float = SECONDS) -> None:
        self._shelf, self._seconds = shelf, seconds
        self._lanes: dict[tuple[_Aside, str], _Lane] = {}
        self._late: Latest[_Question, Future[Any]] = Latest(LATE_KEPT)
        self._closed = False

    async def model(self, project: str, version: str) -> ServedModel:
        """A model; loaded if need be.

        Raises:
            LoadingLate: That takes too long.
            UnderstudyError: There is none, it cannot be loaded, or too many wait.
        """
        try:
            return await self._aside(_Aside.LOADING, project, lambda: self._shelf.load(project, version))
        except _Late:
            log.warning("Model %s of %s was not loaded within %g seconds", version[:12], project, self._seconds)
            raise LoadingLate.after(version, self._seconds) from None

    async def regions(self, project: str, data: bytes, *, version: str) -> npt.NDArray[np.float32]:
        """Where in an input the answer came from.

        Args:
            project: The project's name.
            data: The encoded input.
            version: Of the model whose answer is to be explained.

        Returns:
            (rows, columns): how much hiding that patch lowers the answer's probability.

        Raises:
            ExplanationLate: That takes too long.
            UnderstudyError: There is no such model, the input cannot be read, or too many wait.
        """
        model = await self.model(project, version)
        return await self._explained(project, _question("regions", version, data), lambda: model.regions(data))

    async def reasons(self, project: str, data: bytes, *, version: str) -> tuple[Reason, ...]:
        """What moved a model's answer to an input, strongest first.

        Args:
            project: The project's name.
            data: The encoded input.
            version: Of the model whose answer is to be explained.

        Raises:
            ExplanationLate: That takes too long.
            UnderstudyError: There is no such model, the input cannot be read, or too many wait.
        """
        model = await self.model(project, version)
        return await self._explained(project, _question("reasons", version, data), lambda: model.explain(data))

    def close(self) -> None:
        """Takes nothing new and lets the threads go; what hangs is left to itself."""
        self._closed = True
        for lane in self._lanes.values():
            lane.close()

    async def _explained(self, project: str, question: _Question, work: Callable[[], Value]) -> Value:
        late = self._late.get(question)
        if late is not None and not late.done():
            raise ExplanationLate.held_up(self._seconds)
        if late is not None and late.exception() is None:
            found: Value = late.result()
            return found
        try:
            return await self._aside(_Aside.EXPLAINING, project, work)
        except _Late as error:
            if error.job is None:
                raise ExplanationLate.held_up(self._seconds) from None
            self._late.put(question, error.job)
            log.warning("Model %s of %s explained nothing in %g seconds", question[1][:12], project, self._seconds)
            raise ExplanationLate.after(question[1], self._seconds) from None

    async def _aside(self, what: _Aside, project: str, work: Callable[[], Value]) -> Value:
        if self._closed:
            raise Closed.stopping()
        place = (what, project)
        lane = self._lanes.get(place)
        if lane is None:
            lane = self._lanes[place] = _Lane(f"{what}-{project}", self._seconds)
        try:
            return await lane.ask(work)
        finally:
            if lane.idle and self._lanes.get(place) is lane:
                del self._lanes[place]
                lane.close()


def _question(kind: str, version: str, data: bytes) -> _Question:
    return kind, version, sha256(data).hexdigest()
