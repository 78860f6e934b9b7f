"""A modality's code meets inputs that nobody foresaw: what it then raises costs that one input, and no more."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import FindingKind
from understudy.modalities.protocol import Modality, Unreadable

log = logging.getLogger(__name__)

LONGEST: Final = 200
"""Letters that are told of what an error says."""
UNKNOWN: Final = "application/octet-stream"

_told: Final = set[tuple[str, type[Exception]]]()
"""What has left its traceback in the log: of ten thousand files on which a module fails alike, one is enough."""


class ModuleFailed(Unreadable):
    """A modality's own code failed on an input. That is the code's fault, and says little of the input.

    Args:
        modality: Its name.
        error: What it raised.
    """

    def __init__(self, modality: str, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}".strip(" .:")[:LONGEST]
        super().__init__(
            FindingKind.CORRUPT,
            f"could not be read, as the module “{modality}” failed on it",
            reason=f"That is a fault of the module ({said}).",
            remedy="Report it, with the file if you may, to those who made the module; the log has its traceback.",
        )


@contextmanager
def contained(modality: str) -> Iterator[None]:
    """Around code of a modality that is given one input.

    Whatever ends more than this input passes: errors in the product's own words, a memory that is full, and the wish
    to stop.

    Args:
        modality: Its name.

    Raises:
        ModuleFailed: The code raised what it does not say that it raises.
    """
    try:
        yield
    except (UnderstudyError, MemoryError):
        raise
    except Exception as error:
        place = (modality, type(error))
        if place not in _told:
            _told.add(place)
            log.warning("The module “%s” failed on an input", modality, exc_info=error)
        raise ModuleFailed(modality, error) from error


def media_type_for(modality: Modality, data: bytes) -> str:
    """Under which media type a browser can show or play an input; that of any bytes where its module cannot tell."""
    try:
        with contained(modality.name):
            return modality.media_type(data)
    except ModuleFailed:
        return UNKNOWN
