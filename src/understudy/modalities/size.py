"""How large a file may be: a question to its modality, asked before the file is read."""

from typing import Final, Protocol, runtime_checkable

from understudy.modalities.protocol import Modality

USUAL_BYTES: Final = 100_000_000
"""Up to which a file is read whose modality says nothing else."""


@runtime_checkable
class Sized(Protocol):
    """What a modality can say besides: how large a file it reads."""

    @property
    def max_bytes(self) -> int:
        """Bytes that a file may take; larger ones are left out unread, by their true size."""
        ...


def most_bytes(modality: Modality) -> int:
    """Bytes that a file of a modality may take."""
    return modality.max_bytes if isinstance(modality, Sized) else USUAL_BYTES
