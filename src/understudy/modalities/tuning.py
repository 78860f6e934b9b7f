"""What an encoder can do besides: change weights of its own by the examples."""

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from understudy.modalities.protocol import Encoder, Indices, Input, Matrix, Told, View


class Tuned(Protocol):
    """What fine-tuning comes to."""

    @property
    def arrays(self) -> Mapping[str, Matrix]:
        """What was learned, by name."""
        ...

    def features(self, indices: Indices) -> Matrix:
        """The features of the tuner's inputs with these sorted indices, (n, width)."""
        ...


class Head(Protocol):
    """Scores of labels that are weighted sums of features."""

    @property
    def weights(self) -> Matrix:
        """(width, k)."""
        ...

    @property
    def bias(self) -> Matrix:
        """(k,)."""
        ...


class Tuner(Protocol):
    """Fine-tunes an encoder on parts of the same inputs."""

    @property
    def view(self) -> View:
        """What the features are that come of it."""
        ...

    @property
    def untuned(self) -> Tuned:
        """The encoder as it is before."""
        ...

    def tuned(self, indices: Indices, labels: Indices, head: Head, *, seed: int, draws: int, told: Told) -> Tuned:
        """Fine-tunes on some of the inputs.

        Args:
            indices: Which, sorted.
            labels: Label of every input there is, 0..k-1.
            head: Fitted to what the encoder sees of these before; it learns on, with the encoder.
            seed: Same seed, same arrays.
            draws: So many times, each by other chance; the arrays are the means.
            told: Receives progress; what it raises ends the work.
        """
        ...


@runtime_checkable
class Tuning(Protocol):
    """What an encoder can do besides: change weights of its own by the examples."""

    def tuner(self, inputs: Sequence[Input], *, timed: bool, told: Told) -> Tuner | None:
        """Makes ready to fine-tune; None where it would take too long, or there is nothing to change.

        Args:
            inputs: All that may be learned from.
            timed: Somebody gave a limit of time, which ends what takes too long; so more inputs are admitted.
            told: Receives progress; what it raises ends the work.

        Raises:
            Unreadable: An input that was readable on arrival no longer is.
        """
        ...

    def with_tuned(self, arrays: Mapping[str, Matrix]) -> Encoder:
        """The encoder that computes the tuner's view too."""
        ...


class Whole:
    """Tells of several equal parts of the work, done side by side, as of one. Safe to use from several threads.

    Args:
        told: Receives the progress of all parts together; what it raises ends each of them.
        parts: How many there are.
    """

    def __init__(self, told: Told, parts: int) -> None:
        self._told, self._shares = told, [0.0] * parts
        self._one_at_a_time = threading.Lock()
        self._end: BaseException | None = None

    def part(self, place: int) -> Told:
        """Receives the progress of one part."""

        def told(done: int, total: int) -> None:
            with self._one_at_a_time:
                if self._end is not None:
                    raise self._end
                self._shares[place] = done / total
                try:
                    self._told(round(sum(self._shares) * total), len(self._shares) * total)
                except BaseException as end:
                    self._end = end
                    raise

        return told
