"""What a modality, or its preparer, may be able to do besides; whoever asks for it looks whether it is there."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol, runtime_checkable

from understudy.modalities.protocol import Array, Modality


@dataclass(frozen=True)
class Hidden:
    """An input with a part of it hidden, as a graph takes it.

    Attributes:
        what: The part, for people ("the word “refund”", "12 to 14 s").
        arrays: As `Preparer.arrays` gives them.
        seconds: From where to where the part lies, for what goes by in time; else None.
        cut: It is one of several equal pieces that were cut out of what they lie in, so that the rest is shorter. What
            all such cuts do to an answer alike is no piece's doing.
    """

    what: str
    arrays: Mapping[str, Array]
    seconds: tuple[float, float] | None = None
    cut: bool = False


@runtime_checkable
class Hiding(Protocol):
    """Where an input has parts, a preparer can hide each in turn, to see which the answer rests on."""

    def hidden(self, data: bytes) -> Sequence[Hidden]:
        """The input with each of its parts hidden; at most a few dozen.

        Raises:
            Unreadable: The bytes are no input of this kind.
        """
        ...


@runtime_checkable
class Naming(Protocol):
    """Where the name of a label is itself like an input, a modality can make one of it."""

    def from_label(self, label: str) -> bytes | None:
        """An input that says what the label's name says; None where the name says nothing."""
        ...


@runtime_checkable
class Transcribing(Protocol):
    """A modality whose files may be written in several ways that say the same."""

    def from_file(self, data: bytes) -> bytes:
        """The bytes of an input, as it is kept and answered about, from those of its file; never fails."""
        ...


def input_of(modality: Modality, data: bytes) -> bytes:
    """The bytes of an input from those of its file; the same for most modalities."""
    return modality.from_file(data) if isinstance(modality, Transcribing) else data


class Medium(StrEnum):
    """What browsers show or play."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"


@runtime_checkable
class Playing(Protocol):
    """A modality whose inputs people look at or listen to, though browsers do not show or play all of its formats."""

    @property
    def shown_as(self) -> Medium:
        """What a page shows them as, as they are or made anew."""
        ...

    def playable(self, data: bytes, into: BinaryIO) -> bool:
        """Writes an input as browsers show or play it, for looking at it and nothing else; `media_type` knows it too.

        Args:
            data: The input.
            into: Receives it; can be read and moved in.

        Returns:
            Whether anything was written; browsers show or play others as they are.

        Raises:
            Unreadable: The bytes are no input of this kind.
        """
        ...


@runtime_checkable
class Curving(Protocol):
    """A modality with a search of its own can name where its learning curve is measured."""

    @property
    def curve(self) -> str:
        """Where the measuring starts, as "module:function"."""
        ...


@runtime_checkable
class Altering(Protocol):
    """A modality can make a further example of one, as it might have come about elsewhere."""

    def altered(self, data: bytes) -> bytes:
        """Always the same of the same bytes; called from a worker thread.

        Raises:
            Unreadable: The bytes are no input of this kind.
        """
        ...


def altered_digest(digest: str) -> str:
    """Under which name features are kept of what `Altering.altered` makes of an input with this digest."""
    return hashlib.sha256(f"altered {digest}".encode()).hexdigest()
