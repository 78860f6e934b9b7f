"""How fast a run's own thread gets on, whatever other threads and other cores do meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

LEAST: Final = 1e-3
"""Seconds of work from which something can be told."""


@dataclass
class Effort:
    """Compares the time that passes for one thread with the processor time it is given.

    What is compared is what it does alone, as it finishes a model alone: while it waits for fits that other threads
    make, it needs no processor, and cores that have nothing to do are no sign of a busy machine.

    Attributes:
        passed: Seconds on a clock that only runs forward.
        given: Seconds of the processor that this thread was given.
    """

    passed: Callable[[], float] = time.monotonic
    given: Callable[[], float] = time.thread_time
    _begun: float = field(init=False)
    _given: float = field(init=False)
    _waited: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._begun, self._given = self.passed(), self.given()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Leaves out what passes meanwhile."""
        since = self.passed()
        try:
            yield
        finally:
            self._waited += self.passed() - since

    @property
    def slowness(self) -> float:
        """How many times slower than on an idle machine this thread gets on, 1 or more."""
        worked = self.passed() - self._begun - self._waited
        given = self.given() - self._given
        return max(1.0, worked / given) if given >= LEAST else 1.0
