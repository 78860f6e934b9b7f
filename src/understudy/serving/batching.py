"""Micro-batching: what arrives while work is in flight goes together in the next batch."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from understudy.domain.errors import UnderstudyError

QUIET_TURNS = 3
"""Turns of the loop in which a request that has arrived becomes an item: read, handled, handed in."""
PATIENT_TURNS = 16
"""Turns in which those who were answered together just now come back together, if they ask again at once."""
MOST_TURNS = 128
"""A batch begins after so many turns, however busy the loop is."""
MEMORY = 0.2
"""Weight of the latest batch in what one item is taken to cost."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Overloaded(UnderstudyError):
    """More is waiting than may wait."""

    @classmethod
    def behind(cls, waiting: int) -> "Overloaded":
        """The error for one who would have to wait behind so many."""
        return cls(
            fact="This question was not answered.",
            reason=f"{waiting} others are waiting already, which is as many as may wait.",
            remedy="Ask again in a second, or ask fewer at a time.",
        )

    @classmethod
    def waited(cls, seconds: float) -> "Overloaded":
        """The error for one whose turn did not come in so many seconds, though others had theirs."""
        return cls(
            fact="This question was not answered.",
            reason=f"Others came first for all of the {seconds:g} seconds that it may wait.",
            remedy="Ask again in a minute, or ask fewer at a time.",
        )


class Closed(UnderstudyError):
    """The server is stopping and takes nothing new."""

    @classmethod
    def stopping(cls) -> "Closed":
        """The error."""
        return cls(
            fact="This question was not answered.",
            reason="The server is stopping.",
            remedy="Ask again once it is back.",
        )


@dataclass(frozen=True)
class Sizes:
    """How many items go together.

    Attributes:
        most: At most, however quick the work is.
        sure: So many always may, however slow it is.
        seconds: Beyond `sure`, a batch is kept so small that it takes about so long.
    """

    most: int = 8
    sure: int = 8
    seconds: float = 0.02

    def allowed(self, each: float) -> int:
        """How many may go together when one item takes so many seconds; 0.0 if that is unknown."""
        quick = int(self.seconds / each) if each > 0.0 else self.sure
        return min(self.most, max(self.sure, quick))


class Batcher(Generic[Item, Result]):
    """Runs blocking work in its own thread, one batch at a time.

    Items that arrive while nothing runs start as soon as the event loop brings no more of them: nobody waits for a
    clock. Items that arrive while a batch runs wait, and go together when it ends.
    All methods belong to one event loop.

    Args:
        work: Takes a batch of items and returns one entry each, in order. An entry that is an exception is
            raised to its asker; an exception that `work` raises reaches every asker of the batch.
        name: The thread's name.
        sizes: How many items go together.
        max_waiting: Items that may wait; one more is refused.
        on_batch: Told the size of each batch as it starts.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        *,
        name: str,
        sizes: Sizes = Sizes(),
        max_waiting: int = 64,
        on_batch: Callable[[int], None] | None = None,
    ) -> None:
        self._work = work
        self._sizes = sizes
        self._max_waiting = max_waiting
        self._on_batch = on_batch
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._running: asyncio.Future[Sequence[Result | Exception]] | None = None
        self._batch: list[tuple[Item, asyncio.Future[Result]]] = []
        self._closing = self._starting = False
        self._turns = self._seen = self._size = 0
        self._quiet = QUIET_TURNS
        self._began = self._each = 0.0
        self._batches = 0

    async def ask(self, item: Item) -> Result:
        """Hands over one item and waits for its result.

        Raises:
            Overloaded: Too many are waiting.
            Closed: The batcher takes nothing new.
            Exception: Whatever `work` raised or returned for this item.
        """
        return await self.hand_in(item)

    def hand_in(self, item: Item) -> "asyncio.Future[Result]":
        """Hands over one item; the future is its result. Who settles or cancels it first has the last word.

        Raises:
            Overloaded: Too many are waiting.
            Closed: The batcher takes nothing new.
        """
        if self._closing:
            raise Closed.stopping()
        # Where nothing runs, the first batch is not made to wait.
        at_once = self._sizes.allowed(self._each) if self._running is None else 0
        if len(self._waiting) >= self._max_waiting + at_once:
            raise Overloaded.behind(len(self._waiting))
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None and not self._starting:
            self._gather()
        return future

    @property
    def waiting(self) -> int:
        """How many items wait for the next batch."""
        return len(self._waiting)

    @property
    def expected_wait(self) -> float:
        """Seconds that a further item would wait before its batch begins, as things went lately."""
        return self._each * (len(self._waiting) + len(self._batch))

    @property
    def batch(self) -> list[Item]:
        """What is being worked on just now."""
        return [item for item, _ in self._batch]

    def pending(self) -> list[tuple[Item, "asyncio.Future[Result]"]]:
        """What was handed over and has no result yet: the batch that runs, then what waits."""
        return [each for each in (*self._batch, *self._waiting) if not each[1].done()]

    async def close(self, *, patience: float | None = None) -> None:
        """Takes nothing new, finishes what was accepted, and lets the thread go.

        Args:
            patience: Seconds after which a batch that does not end is left to itself, and whoever waits behind it is
                told `Closed`; None waits for ever.
        """
        self._closing = True
        while self._starting or self._running is not None:
            if self._running is None:
                await asyncio.sleep(0)
            elif not (await asyncio.wait([self._running], timeout=patience))[0]:
                break
        self._thread.shutdown(wait=False)
        while self._waiting:
            _, future = self._waiting.popleft()
            if not future.done():
                future.set_exception(Closed.stopping())

    def _gather(self) -> None:
        """Begins a batch as soon as the event loop has nothing more to bring.

        A thread that works while the loop is busy fights it for the interpreter, which costs both of them more than the
        microseconds that a few empty turns of the loop take; and what the loop still brings goes along. The more went
        together last time, the more is likely to come: measured with 32 clients, a batch that begins with half of them
        has its thread and the loop hand the interpreter to and fro all the time, and a third of the time nobody has it.
        """
        self._quiet = min(max(QUIET_TURNS, self._size), PATIENT_TURNS)
        self._starting, self._turns, self._seen = True, 0, len(self._waiting)
        asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        waiting, self._turns = len(self._waiting), self._turns + 1
        grows = waiting > self._seen or self._turns < self._quiet
        if grows and self._turns < MOST_TURNS and waiting < self._sizes.allowed(self._each):
            self._seen = waiting
            asyncio.get_running_loop().call_soon(self._turn)
        else:
            self._start_next()

    def _start_next(self) -> None:
        self._starting = False
        self._batch = batch = self._take()
        if not batch:
            self._running = None
            return
        items, self._size = [item for item, _ in batch], len(batch)
        self._began = asyncio.get_running_loop().time()
        self._running = asyncio.get_running_loop().run_in_executor(self._thread, self._work, items)
        self._running.add_done_callback(partial(self._deliver, [future for _, future in batch]))
        if self._on_batch is not None:
            self._on_batch(len(batch))  # last, so that nobody is left waiting if it fails

    def _take(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        allowed = self._sizes.allowed(self._each)
        while self._waiting and len(batch) < allowed:
            item, future = self._waiting.popleft()
            if not future.done():  # a client that hung up costs no work
                batch.append((item, future))
        return batch

    def _deliver(
        self, futures: Sequence[asyncio.Future[Result]], done: asyncio.Future[Sequence[Result | Exception]]
    ) -> None:
        self._time(len(futures))
        for future, outcome in zip(futures, self._outcomes(done, len(futures)), strict=True):
            if future.done():
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        self._running, self._batch = None, []
        if self._waiting:
            self._gather()

    def _time(self, size: int) -> None:
        """Notes how long an item takes; what is prepared with the very first batch says nothing of that."""
        each = (asyncio.get_running_loop().time() - self._began) / size
        if self._batches == 1:
            self._each = each
        elif self._batches:
            self._each += MEMORY * (each - self._each)
        self._batches += 1

    @staticmethod
    def _outcomes(
        done: asyncio.Future[Sequence[Result | Exception]], expected: int
    ) -> Sequence[Result | BaseException]:
        failure = done.exception()
        if failure is not None:
            return [failure] * expected
        outcomes = done.result()
        if len(outcomes) != expected:
            return [RuntimeError(f"{expected} items were handed over and {len(outcomes)} came back")] * expected
        return outcomes
