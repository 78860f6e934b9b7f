"""Hashes of runs of letters within words, of many texts at once: no vocabulary has to be kept or carried along."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]

_STEP: Final = np.uint32(0x01000193)
_START: Final = np.uint32(0x811C9DC5)
"""Prime and start of the Fowler-Noll-Vo hash for 32 bits."""
_SPACE: Final = ord(" ")


def hashed_runs(texts: Sequence[str], lengths: Sequence[int]) -> tuple[Places, Hashes]:
    """Hashes all runs of neighbouring letters that lie within one word, the spaces before and behind it included.

    Args:
        texts: Any; capitals count as small letters. All their letters are held in memory some ten times.
        lengths: Of the runs, rising.

    Returns:
        The place of each run's text, and the hash of each run; runs of one length stand together, in the order of the
        texts.
    """
    spaced = ["".join(f" {word} " for word in text.lower().split()) for text in texts]
    letters = np.frombuffer("".join(spaced).encode("utf-32-le", "surrogatepass"), np.uint32)
    owners = np.repeat(np.arange(len(texts)), [len(each) for each in spaced])
    hashes, within, space = np.full(len(letters), _START), np.ones(len(letters), bool), letters == _SPACE
    places, found = [np.empty(0, np.int64)], [np.empty(0, np.uint32)]
    for length in range(1, min(lengths[-1], len(letters)) + 1):
        last = slice(length - 1, None)
        hashes = (hashes[: len(letters) - length + 1] ^ letters[last]) * _STEP
        within = within[: len(hashes)]
        if length > 1:
            within = within & ~(space[length - 2 : -1] & space[last])
        if length in lengths:
            places.append(owners[: len(hashes)][within])
            found.append(hashes[within])
    return np.concatenate(places), _mixed(np.concatenate(found))


def _mixed(hashes: Hashes) -> Hashes:
    """Spreads what differs over all bits.

    Source:
        Appleby, MurmurHash3: its finaliser for 32 bits.
    """
    mixed = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return np.asarray(mixed ^ (mixed >> np.uint32(16)))
