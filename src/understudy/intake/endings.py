"""What files are named like: which modality an ending belongs to, told without loading any of them."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from understudy.modalities.image.formats import SUFFIXES as PHOTOS
from understudy.modalities.registry import BUILT_IN, ModalityUnusable, modality_named, modality_names

log = logging.getLogger(__name__)

ENDINGS: Final = {
    "photo": PHOTOS,
    "text": frozenset((".txt", ".md")),
    "table": frozenset[str](),
    "sound": frozenset(
        [
            ".aac", ".ac3", ".aif", ".aiff", ".amr", ".ape", ".au", ".caf", ".dsf", ".flac", ".gsm", ".m4a", ".mka",
            ".mp2", ".mp3", ".oga", ".ogg", ".opus", ".spx", ".tta", ".w64", ".wav", ".wma", ".wv"
        ]
    ),
    "video": frozenset(
        [
            ".3gp", ".asf", ".avi", ".dv", ".flv", ".h264", ".hevc", ".m2ts", ".m4v", ".mjpeg", ".mkv", ".mov",
            ".mp4", ".mpeg", ".mpg", ".mts", ".mxf", ".ogv", ".ts", ".vob", ".webm", ".wmv", ".y4m"
        ]
    ),
    "interactions": frozenset[str](),
}  # fmt: skip
"""Endings of the built-in modalities' files, as each says itself; here because loading one takes long."""


def endings_of(modality: str) -> frozenset[str]:
    """Endings of a modality's files, with the dot, in small letters."""
    return ENDINGS[modality] if modality in BUILT_IN else modality_named(modality).suffixes


def ending(path: str) -> str:
    """How a path ends, with the dot, in small letters."""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def commonest(paths: Iterable[str], *, known: str | None = None) -> str | None:
    """The modality that most paths are named like, or None where none is named like any.

    Args:
        paths: What files are called.
        known: The modality that they should be of, which wins where another has as many.
    """
    often = Counter(map(ending, paths))
    counts = {name: sum(often[each] for each in endings) for name, endings in _every().items()}
    name = max(counts, key=lambda each: (counts[each], each == known))
    return name if counts[name] else None


def may_be(paths: Collection[str]) -> tuple[str, ...]:
    """The modality that most paths are named like, and others that list the same endings; none where none does.

    What a built-in one lists is its own, so that a package that is installed changes nothing for what is there.
    """
    found = commonest(paths)
    if found is None or found in BUILT_IN:
        return () if found is None else (found,)
    listed = endings_of(found).intersection(map(ending, paths))
    return tuple(name for name, theirs in _every().items() if name not in BUILT_IN and listed <= theirs)


def share_named(paths: Iterable[str]) -> float:
    """Share of paths that are named like an input of any modality, 0..1."""
    often = Counter(map(ending, paths))
    known = frozenset[str]().union(*_every().values())
    return sum(often[each] for each in known) / max(often.total(), 1)


def _every() -> dict[str, frozenset[str]]:
    """Endings of the files of every modality that can be used, by its name."""
    found = {}
    for name in modality_names():
        try:
            found[name] = endings_of(name)
        except ModalityUnusable as error:
            _pass_over(str(error))
    return found


@cache
def _pass_over(said: str) -> None:
    """Says once that a modality is passed over, and why: whoever does not ask for it need not wait for its repair."""
    log.warning("Passed over: %s", said)
