"""The router: the only place where a question meets a model."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.errors import UnderstudyError
from understudy.serving.batching import Batcher
from understudy.serving.identity import Mint
from understudy.serving.metrics import ServingMetrics
from understudy.serving.model import ModelChanged, ModelShelf, ServedModel
from understudy.serving.recorder import Entry, Recorder


@dataclass(frozen=True)
class Reply:
    """An answer and the version of the model that gave it."""

    answer: Answer
    model: str


@dataclass(frozen=True)
class Limits:
    """How much a project's model takes at once.

    Attributes:
        max_batch: Photos that go through the model together at most.
        max_waiting: Photos that may wait for it.
    """

    max_batch: int = 8
    max_waiting: int = 64


class Router:
    """Brings questions to models and writes every answer down before giving it.

    Each project has its own lane with its own thread, so a slow model delays nobody else. The model is looked up once
    a batch: when a project gets a new one, the next batch meets it, and no batch meets two.

    Args:
        shelf: Where models are looked up.
        recorder: Writes decisions down.
        metrics: Counts them.
        mint: Gives decisions their time and name.
        limits: Of each lane.
    """

    def __init__(
        self,
        shelf: ModelShelf,
        recorder: Recorder,
        metrics: ServingMetrics,
        *,
        mint: Mint | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._shelf = shelf
        self._recorder = recorder
        self._metrics = metrics
        self._mint = mint or Mint()
        self._limits = limits or Limits()
        self._lanes: dict[str, Batcher[bytes, Reply]] = {}
        self._looking_up = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shelf")
        self._explaining = ThreadPoolExecutor(max_workers=1, thread_name_prefix="regions")

    async def decide(self, project: str, data: bytes) -> Decision:
        """Answers for one photo; the decision is in the ledger when this returns.

        Raises:
            UnderstudyError: No such project, no model yet, not a photo, too many waiting. Nothing was written.
        """
        return (await self.decide_all(project, [data]))[0]

    async def decide_all(self, project: str, photos: Sequence[bytes], *, version: str | None = None) -> list[Decision]:
        """Answers for several photos, or for none of them: all decisions are in the ledger when this returns.

        Args:
            project: The project's name.
            photos: Encoded photos, at least one.
            version: Of the model that shall answer; None for the present one. One model answers all of them.

        Raises:
            ModelChanged: Another model answers than was asked for, or took over in between.
            UnderstudyError: As for `decide`; the first that any photo met.
        """
        started = self._mint.stopwatch()
        try:
            replies = await self._replies(project, photos)
            _check_version(replies, version or replies[0].model)
            entries = [self._entry(project, data, reply, started) for data, reply in zip(photos, replies, strict=True)]
            await self._recorder.record(entries)
        except UnderstudyError as error:
            self._metrics.refused(error)
            raise
        seconds = self._mint.stopwatch() - started
        for entry in entries:
            self._metrics.decided(entry.decision, seconds)
        return [entry.decision for entry in entries]

    async def probe(self, project: str, data: bytes) -> Reply:
        """Asks the model as `decide` would, and writes nothing down: for health checks only.

        Raises:
            UnderstudyError: As for `decide`.
        """
        return (await self._replies(project, [data]))[0]

    async def model(self, project: str) -> ServedModel:
        """The model that answers for a project now; loads it if need be.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model yet.
        """
        return await asyncio.get_running_loop().run_in_executor(self._looking_up, self._shelf.model_for, project)

    async def regions(self, project: str, data: bytes, *, version: str) -> npt.NDArray[np.float32]:
        """Where in a photo the answer came from. Runs beside the lane, so that no question waits for it.

        Args:
            project: The project's name.
            data: The encoded photo.
            version: Of the model whose answer is to be explained.

        Returns:
            (rows, columns): how much hiding that patch lowers the answer's probability.

        Raises:
            ModelChanged: Another model answers by now.
            UnderstudyError: No such project, no model, not a photo.
        """
        model = await self.model(project)
        if model.version != version:
            raise ModelChanged.between(version, model.version)
        return await asyncio.get_running_loop().run_in_executor(self._explaining, model.regions, data)

    async def close(self) -> None:
        """Finishes what was accepted and lets the threads go."""
        for lane in self._lanes.values():
            await lane.close()
        await self._recorder.close()
        self._looking_up.shutdown(wait=False)
        self._explaining.shutdown(wait=False)

    async def _replies(self, project: str, photos: Sequence[bytes]) -> list[Reply]:
        lane = self._lanes.get(project) or await self._opened(project)
        if len(photos) == 1:
            return [await lane.ask(photos[0])]
        outcomes = await asyncio.gather(*(lane.ask(data) for data in photos), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in outcomes if isinstance(outcome, Reply)]

    async def _opened(self, project: str) -> Batcher[bytes, Reply]:
        await self.model(project)  # a name without a model gets no lane, so guessing names costs no threads
        return self._lanes.setdefault(project, self._lane(project))

    def _lane(self, project: str) -> Batcher[bytes, Reply]:
        def answer(photos: Sequence[bytes]) -> list[Reply | Exception]:
            model = self._shelf.model_for(project)
            return [
                outcome if isinstance(outcome, UnderstudyError) else Reply(outcome, model.version)
                for outcome in model.predict(photos)
            ]

        return Batcher(
            answer,
            name=f"model-{project}",
            max_batch=self._limits.max_batch,
            max_waiting=self._limits.max_waiting,
            on_batch=self._metrics.batch,
        )

    def _entry(self, project: str, data: bytes, reply: Reply, started: float) -> Entry:
        at = self._mint.now()
        decision = Decision(
            id=self._mint.name(at),
            project=project,
            input_digest=hashlib.sha256(data).hexdigest(),
            answer=reply.answer,
            answered_by=AnsweredBy.NOBODY_YET if reply.answer.ask_person else AnsweredBy.MODEL,
            model=reply.model,
            at=at,
            seconds=self._mint.stopwatch() - started,
        )
        return Entry(decision, data)


def _check_version(replies: Sequence[Reply], version: str) -> None:
    for reply in replies:
        if reply.model != version:
            raise ModelChanged.between(version, reply.model)
