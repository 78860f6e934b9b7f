"""What an encoder can do besides: change weights of its own by the examples."""

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


def one_of(told: Told, place: int, parts: int) -> Told:
    """Tells of one of several equal parts as of a share of the whole."""
    return lambda done, total: told(place * total + done, parts * total)
