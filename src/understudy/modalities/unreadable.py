"""Why an input cannot be read, in words that a person can act on: what files of every modality have in common."""

from typing import TypeVar

from understudy.domain.finding import FindingKind
from understudy.modalities.protocol import Unreadable

U = TypeVar("U", bound=Unreadable)


def empty(kind: type[U]) -> U:
    """The file has no bytes."""
    return kind(
        FindingKind.EMPTY_FILE,
        "is empty",
        reason="The file holds no bytes, which happens when a download or a copy fails.",
        remedy="Copy it again from where it came.",
    )


def too_heavy(kind: type[U], length: int, limit: int, remedy: str) -> U:
    """The file is longer than what is looked at."""
    return kind(
        FindingKind.TOO_LARGE,
        f"takes {in_words(length)}",
        reason=f"A {kind.noun} may take at most {in_words(limit)}, so that no file can fill the memory.",
        remedy=remedy,
    )


def too_wide(kind: type[U], width: int, height: int, limit: int) -> U:
    """Its pictures have more pixels than are decoded."""
    return kind(
        FindingKind.TOO_LARGE,
        f"claims {width:,} by {height:,} pixels",
        reason=f"At most {limit / 1e6:,.0f} million pixels are decoded, so that no file can fill the memory.",
        remedy="Save a smaller version and add that.",
    )


def out_of_memory(kind: type[U]) -> U:
    """Its decoder asked for more than there is."""
    return kind(
        FindingKind.TOO_LARGE,
        "needs more memory than there is",
        reason="Its decoder asked for more than this machine could give.",
        remedy="Save a smaller version and add that.",
    )


def in_words(length: int) -> str:
    """A number of bytes for people ("12 kB")."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if length >= factor:
            return f"{length / factor:,.0f} {unit}"
    return f"{length} bytes"
