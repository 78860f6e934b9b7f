"""What makes a graph's inputs of things that go by in time: from windows, all of them or without some."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from understudy.modalities.abilities import Hidden
from understudy.modalities.media.batches import padded
from understudy.modalities.media.unreadable import span_in_words
from understudy.modalities.protocol import Array

Span = tuple[float, float]
"""From where to where, in seconds."""


class Timed(Protocol):
    """A window: it knows when it is."""

    @property
    def seconds(self) -> Span:
        """From where to where."""


W = TypeVar("W", bound=Timed)


@dataclass(frozen=True)
class WindowedPreparer(ABC, Generic[W]):
    """A `Preparer` that is `Hiding`, from what makes windows and what makes arrays of them.

    Attributes:
        inputs: Names of the inputs that the graph has besides the one that says when windows are.
    """

    inputs: tuple[str, ...]

    @property
    @abstractmethod
    def rows(self) -> int:
        """See `Preparer`."""

    @property
    @abstractmethod
    def preprocessing(self) -> str:
        """What is done before the graph, for people."""

    @abstractmethod
    def windows(self, data: bytes) -> Sequence[W]:
        """At least one; raises as `arrays` does."""

    @abstractmethod
    def of_windows(self, windows: Sequence[W]) -> dict[str, Array]:
        """The graph's inputs, from at least one window."""

    @abstractmethod
    def without_pieces(self, window: W) -> list[tuple[Span, list[W]]]:
        """A window without each of its pieces: when that was, and what is left; empty where there is too little."""

    def arrays(self, data: bytes) -> dict[str, Array]:
        """See `Preparer`."""
        return self.of_windows(self.windows(data))

    def stacked(self, several: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        """See `Preparer`."""
        return {name: padded([each[name] for each in several]) for name in several[0]}

    def described(self) -> dict[str, Any]:
        """See `Preparer`."""
        return {"inputs": list(self.inputs), "preprocessing": self.preprocessing}

    def assets(self) -> dict[str, bytes]:
        """See `Preparer`."""
        return {}

    def hidden(self, data: bytes) -> tuple[Hidden, ...]:
        """The input without each of its windows; where it has only one, without each piece of it."""
        windows = self.windows(data)
        cut = len(windows) == 1
        if not cut:
            rests = [(window.seconds, [*windows[:at], *windows[at + 1 :]]) for at, window in enumerate(windows)]
        else:
            rests = self.without_pieces(windows[0])
        return tuple(Hidden(span_in_words(*span), self.of_windows(rest), span, cut) for span, rest in rests)
