"""Lanes: one for each model version in service, with a thread of its own, so that a slow model delays nobody else.

A lane loads its model before it takes its first question. In one go on its thread a batch is answered, settled and
committed: between a question and its acknowledged answer lies one change of threads. What the model raises over a batch
may lie in one input of it, so it is asked about each again; only those it fails on alone go to people for that.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from understudy.domain.answer import Answer
from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.serving.asking import Ask, Reply
from understudy.serving.batching import Batcher, Closed, Overloaded, Sizes
from understudy.serving.model import ModelFault, ModelShelf, ServedModel
from understudy.serving.recorder import Entry, Outcome
from understudy.serving.telemetry import Tracing

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""For so long a model that could not be loaded is not tried again."""
PATIENCE = 10.0
"""Seconds for which a closing lane waits for its batch."""


@dataclass(frozen=True)
class Limits:
    """How much a model takes at once.

    Attributes:
        sizes: How many inputs go through the model and into the ledger together.
        max_waiting: Inputs that may wait for it; one more goes to people.
        part: Of the time within which a model must answer, that may go by with waiting; beyond it people are asked, so
            that a crowd is not taken for a fault.
    """

    sizes: Sizes = field(default_factory=lambda: Sizes(most=64))
    max_waiting: int = 256
    part: float = 0.5


Result = Decision | Reply
Settle = Callable[[Ask, Reply], Entry]
Record = Callable[[Sequence[Entry]], Sequence[Outcome]]


@dataclass(frozen=True)
class Manner:
    """How lanes work; the same for all of them.

    Attributes:
        shelf: Where models are loaded from.
        settle: Turns what a model said into what is to be recorded. Called in a lane's thread.
        record: Makes it durable. Called in a lane's thread.
        limits: How much a lane takes at once.
        on_batch: Told the size of each batch.
        clock: Seconds on a clock that only runs forward; the one that requests are timed by.
        tracing: Traces of batches.
    """

    shelf: ModelShelf
    settle: Settle
    record: Record
    limits: Limits
    on_batch: Callable[[int], None] | None = None
    clock: Callable[[], float] = time.perf_counter
    tracing: Tracing = field(default_factory=Tracing)


class Lane:
    """Questions for one version of one project's model. Belongs to one event loop.

    Args:
        project: The project's name.
        version: Of the model.
        manner: How it works.
    """

    def __init__(self, project: str, version: str, manner: Manner) -> None:
        self.project, self.version, self.asked = project, version, 0
        self._manner, self._clock = manner, manner.clock
        self._model: ServedModel | None = None
        self._broken: tuple[Exception, float] | None = None
        self._stuck: list[Ask | None] = []
        self._stopping = False
        self._timer: asyncio.TimerHandle | None = None
        self._batcher: Batcher[Ask | None, Result | None] = Batcher(
            self._work,
            name=f"model-{project}",
            sizes=manner.limits.sizes,
            max_waiting=manner.limits.max_waiting,
            on_batch=manner.on_batch,
        )
        # What comes before the model is loaded waits behind this.
        self._loading = self._batcher.hand_in(None)

    @property
    def waiting(self) -> int:
        """Questions that wait."""
        return self._batcher.waiting

    @property
    def ready(self) -> bool:
        """Whether the model is loaded."""
        return self._model is not None

    @property
    def tried(self) -> bool:
        """Whether loading is over, well or not."""
        return self._loading.done()

    async def ask(self, ask: Ask) -> Result:
        """The decision as it was recorded, or the reply where only that is wanted.

        Raises:
            ModelFault: The model failed, is too slow, or cannot be loaded; the question is the caller's again.
            Overloaded: More wait than may; the question is the caller's again.
            Closed: The lane takes nothing new, or its model did not answer before it closed; likewise.
            UnderstudyError: The input is at fault, or the decision could not be recorded.
        """
        seconds = ask.standing.settings.model_seconds
        if self._stuck and self._stuck == self._batcher.batch:
            raise Closed.stopping() if self._stopping else ModelFault.too_slow(self.version, seconds)
        if self._batcher.expected_wait > seconds * self._manner.limits.part:
            raise Overloaded.behind(self._batcher.waiting)
        future = self._batcher.hand_in(ask)
        self.asked += 1
        self._watch(seconds - (self._clock() - ask.started))
        result = await future
        if result is None:
            raise RuntimeError("a question got no result")
        return result

    def hurry(self, seconds: float) -> None:
        """Sends to people, after so many seconds, whatever has no answer by then: the server is stopping."""
        asyncio.get_running_loop().call_later(seconds, self._leave_to_people)

    async def close(self) -> None:
        """Finishes what was accepted; a model that hangs is left to itself, and what it was asked is for people."""
        await self._batcher.close(patience=PATIENCE)
        self._leave_to_people()
        if self._timer is not None:
            self._timer.cancel()

    def _leave_to_people(self) -> None:
        """Gives back whatever has no answer yet, which is no fault of the model's: the server is stopping."""
        self._stopping, self._stuck = True, self._batcher.batch
        for ask, future in self._batcher.pending():
            if ask is not None and ask.take():
                future.set_exception(Closed.stopping())

    def _watch(self, seconds: float) -> None:
        """Sees to it that somebody looks in so many seconds whether anything has waited too long."""
        loop = asyncio.get_running_loop()
        at = loop.time() + max(0.0, seconds)
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = loop.call_at(at, self._expire)

    def _expire(self) -> None:
        """Gives back what has waited too long, and looks again when the next one may have."""
        self._timer, soonest = None, None
        for ask, future in self._batcher.pending():
            if ask is None:
                continue
            seconds = ask.standing.settings.model_seconds
            left = seconds - (self._clock() - ask.started)
            if left > 0:
                soonest = left if soonest is None else min(soonest, left)
            elif ask.take():
                future.set_exception(ModelFault.too_slow(self.version, seconds))
                if ask in self._batcher.batch:
                    self._stuck = self._batcher.batch  # until it ends, nobody else waits for this model
        if soonest is not None:
            self._watch(soonest + 0.001)

    # What follows runs in the lane's thread.

    def _work(self, asks: Sequence[Ask | None]) -> list[Result | Exception | None]:
        results = iter(self._answered([ask for ask in asks if ask is not None]))
        return [None if ask is None else next(results) for ask in asks]

    def _answered(self, asks: list[Ask]) -> list[Result | Exception | None]:
        try:
            answers = self._predicted(self._loaded(), [ask.request.data for ask in asks])
        except Exception as error:  # noqa: BLE001 - whatever a model raises sends its questions to people
            if self._model is None or len(asks) == 1:
                return self._faults(asks, error)
            return self._one_by_one(asks, error)
        return self._recorded(asks, answers)

    def _one_by_one(self, asks: Sequence[Ask], error: Exception) -> list[Result | Exception | None]:
        """What becomes of each alone; those that people have been asked about meanwhile cost no time any more."""
        said = "Model %s of %s raised over %d inputs, so it is asked about each alone"
        log.error(said, self.version[:12], self.project, len(asks), exc_info=error)
        return [None if ask.taken else self._answered([ask])[0] for ask in asks]

    def _predicted(self, model: ServedModel, inputs: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        if not inputs:
            return []
        if self._manner.tracing.on:
            with self._manner.tracing.span("model", model=self.version, size=len(inputs)):
                answers = model.predict(inputs)
        else:
            answers = model.predict(inputs)
        if len(answers) != len(inputs):
            raise RuntimeError(f"{len(inputs)} inputs were handed over and {len(answers)} answers came back")
        return answers

    def _recorded(
        self, asks: Sequence[Ask], answers: Iterable[Answer | UnderstudyError]
    ) -> list[Result | Exception | None]:
        results: list[Result | Exception | None] = []
        entries: list[Entry] = []
        places: list[int] = []
        for ask, answer in zip(asks, answers, strict=True):
            result = self._settled(ask, answer)
            if isinstance(result, Entry):
                entries.append(result)
                places.append(len(results))
                results.append(None)
            else:
                results.append(result)
        for place, outcome in zip(places, self._committed(entries), strict=True):
            results[place] = outcome
        return results

    def _settled(self, ask: Ask, answer: Answer | UnderstudyError) -> Entry | Result | Exception | None:
        if isinstance(answer, UnderstudyError):
            return answer if ask.take() else None
        reply = Reply(answer, self.version)
        result = reply if ask.only else self._manner.settle(ask, reply)
        return result if ask.take() else None

    def _committed(self, entries: Sequence[Entry]) -> Sequence[Decision | Exception]:
        if not entries:
            return []
        try:
            return self._manner.record(entries)
        except Exception as error:  # noqa: BLE001 - each asker hears why nothing was recorded
            return [error] * len(entries)

    def _faults(self, asks: Sequence[Ask], error: Exception) -> list[Result | Exception | None]:
        if not isinstance(error, UnderstudyError):
            log.error("Model %s of %s raised", self.version[:12], self.project, exc_info=error)
        alone = self._model is not None  # what keeps it from being loaded is no input's doing
        digests = [ask.digest if alone else "" for ask in asks]
        given = zip(asks, digests, strict=True)
        return [ModelFault.of(self.version, error, digest=each) if ask.take() else None for ask, each in given]

    def _loaded(self) -> ServedModel:
        if self._model is None:
            if self._broken is not None and self._clock() < self._broken[1]:
                raise self._broken[0]
            try:
                self._model = self._manner.shelf.load(self.project, self.version)
            except Exception as error:
                self._broken = error, self._clock() + RETRY_SECONDS
                if isinstance(error, UnderstudyError):
                    log.warning("Model %s of %s cannot be loaded: %s", self.version[:12], self.project, error)
                raise
        return self._model
