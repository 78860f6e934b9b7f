"""The keeper: what a process does beside answering, in threads that survive whatever goes wrong in them."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

QUIET_SECONDS = 60.0
"""For so long the same trouble of the same chore is not logged again."""


@dataclass(frozen=True)
class Chore:
    """Something that is done again and again.

    Attributes:
        name: For people.
        every: Seconds from the end of one time to the beginning of the next.
        work: What is done; may block and may raise.
    """

    name: str
    every: float
    work: Callable[[], None]


@dataclass
class _Turn:
    """How one chore gets on."""

    chore: Chore
    beat_at: float
    thread: threading.Thread | None = None
    said: dict[str, float] = field(default_factory=dict)


class Keeper:
    """Does chores, each in a thread of its own, so that one that hangs holds up no other.

    Args:
        chores: What is to be done.
        clock: Seconds on a clock that only runs forward.
    """

    def __init__(self, chores: Sequence[Chore], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns = [_Turn(chore, clock()) for chore in chores]
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begins. Nothing runs before."""
        for turn in self._turns:
            # A daemon, because a chore may hang in a library for good; the process ends by `os._exit`.
            turn.thread = threading.Thread(
                target=self._keep, args=[turn], name=f"keeper-{turn.chore.name}", daemon=True
            )
            turn.beat_at = self._clock()
            turn.thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Ends after what is being done now; a chore that hangs is left to itself.

        Args:
            patience: Seconds to wait for all of them.
        """
        self._stopping.set()
        deadline = time.monotonic() + patience
        for turn in self._turns:
            if turn.thread is not None:
                turn.thread.join(max(0.0, deadline - time.monotonic()))

    def ages(self) -> dict[str, float]:
        """Seconds since each chore was last done, well or not; a dead or hanging one grows old."""
        now = self._clock()
        return {turn.chore.name: now - turn.beat_at for turn in self._turns}

    def _keep(self, turn: _Turn) -> None:
        while not self._stopping.is_set():
            try:
                turn.chore.work()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next time may go well
                self._tell(turn, error)
            turn.beat_at = self._clock()
            self._stopping.wait(turn.chore.every)

    def _tell(self, turn: _Turn, error: Exception) -> None:
        kind, now = f"{type(error).__name__}: {error}", self._clock()
        if now - turn.said.get(kind, float("-inf")) < QUIET_SECONDS:
            return
        turn.said = {each: at for each, at in turn.said.items() if now - at < QUIET_SECONDS} | {kind: now}
        log.error("The keeper's %s failed and goes on", turn.chore.name, exc_info=error)
