"""What a family of candidates makes of rows: something that answers, and can be kept without code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.target import Target

Numbers = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[Any]]
Pulse = Callable[[], None]
"""Called often; raises when the work should end."""


class Fitted(Protocol):
    """A candidate that was fitted on some rows."""

    @property
    def curve(self) -> Numbers | None:
        """Its loss on the guard rows after each round, or None where it knows no rounds."""
        ...

    def cut(self, rounds: int) -> "Fitted":
        """As it was after so many rounds."""
        ...

    def answers(self, rows: Encoded) -> Numbers:
        """Probabilities, (n, k), or numbers in units of the target's deviation, (n, 1)."""
        ...

    def arrays(self) -> Arrays:
        """All of it, to be kept; its family's `read` makes it again."""
        ...


@dataclass(frozen=True)
class Task:
    """One fit.

    Attributes:
        rows: Rows to learn from.
        target: What is to be answered for them.
        guard: Rows held out, by which a candidate that learns in rounds sees when to end.
        guard_target: What is to be answered for those.
        sizes: How many different codes each column of codes has.
        features: What the numbers are.
        seed: Same seed, same fit.
        threads: How many the fit may use.
        pulse: Called often.
    """

    rows: Encoded
    target: Target
    guard: Encoded
    guard_target: Target
    sizes: tuple[int, ...]
    features: tuple[Feature, ...]
    seed: int
    threads: int
    pulse: Pulse


class Family(Protocol):
    """Candidates of one kind; a setting tells them apart."""

    def fit(self, task: Task, setting: Mapping[str, Any]) -> Fitted:
        """Fits one.

        Raises:
            TimeToFinish: By the task's pulse.
        """
        ...

    def read(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Fitted:
        """Makes one again from its arrays."""
        ...


def under(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    """The arrays whose names begin with a prefix and a dot, without it."""
    start = f"{prefix}."
    return {name[len(start) :]: array for name, array in arrays.items() if name.startswith(start)}


def put_under(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    """The arrays with a prefix and a dot before their names."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}
