"""Finding near-identical texts among many by their fingerprints, in bounded time and memory."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.modalities.protocol import Pair
from understudy.modalities.text.fingerprint import HASHES, NEAR, Fingerprints, packed

EXACT_PAIRS: Final = 5_000_000
"""Up to so many pairs every one is compared; beyond, those that agree in a band of bytes."""
BAND: Final = 4
"""Bytes in a band: of two texts that share four runs in five, 99.9% agree in one of the 16 bands."""
WINDOW: Final = 16
"""Neighbours in a band that a text is compared with."""
CHUNK: Final = 200_000
"""Pairs compared at a time: some 26 MB."""

Indices = npt.NDArray[np.int64]
Pairs = tuple[Indices, Indices]
Found = npt.NDArray[np.int64]
"""Columns: first, second, distance."""


def find_pairs(fingerprints: Sequence[str], *, newcomers: int, near: int = NEAR) -> list[Pair]:
    """Finds which texts are near-identical.

    Args:
        fingerprints: Of all texts, the newcomers last.
        newcomers: How many at the end are new; pairs of two others are left out.
        near: Greatest number of differing bytes.

    Returns:
        Pairs, nearest first: as many as connect what all would connect, by the nearest links, so never more than there
        are texts. Pairs that agree wholly are sure.

    Raises:
        ValueError: A fingerprint is none.
    """
    if not fingerprints or newcomers <= 0:
        return []
    known = len(fingerprints) - newcomers
    whole = packed(list(fingerprints))
    kinds, firsts, kind_of = np.unique(whole, axis=0, return_index=True, return_inverse=True)
    alike = firsts[kind_of.reshape(-1)]
    later = np.flatnonzero((alike != np.arange(len(whole))) & (np.arange(len(whole)) >= known))
    same = np.stack([alike[later], later, np.zeros_like(later)], axis=1)
    order = np.argsort(firsts)
    found = np.concatenate([same, _near(kinds[order], firsts[order], known, near)])
    found = found[np.lexsort((found[:, 1], found[:, 0], found[:, 2]))]
    return [Pair(int(first), int(second), int(gap), gap == 0) for first, second, gap in found]


def _near(kinds: Fingerprints, places: Indices, known: int, near: int) -> Found:
    """Links between different fingerprints; `places` rises, so those of newcomers stand at the end."""
    start = int(np.searchsorted(places, known))
    fresh = len(kinds) - start
    every = fresh * len(kinds) <= EXACT_PAIRS
    found = np.empty((0, 3), np.int64)
    for first, second in _all_pairs(len(kinds), start) if every else _banded(kinds, start):
        gaps = (kinds[first] != kinds[second]).sum(axis=1)
        close = gaps <= near
        fresh_links = np.stack([first[close], second[close], gaps[close]], axis=1)
        found = _forest(np.concatenate([found, fresh_links]), len(kinds))
    found[:, 0], found[:, 1] = places[found[:, 0]], places[found[:, 1]]
    return found


def _all_pairs(count: int, start: int) -> Iterator[Pairs]:
    """Each one from `start` on with all before it."""
    rows = max(1, CHUNK // max(count, 1))
    for begin in range(start, count, rows):
        second, first = np.nonzero(np.arange(begin, min(begin + rows, count))[:, None] > np.arange(count))
        yield first, second + begin


def _banded(kinds: Fingerprints, start: int) -> Iterator[Pairs]:
    """Neighbours in each band, sorted by the band's bytes and then by all others."""
    for band in range(HASHES // BAND):
        turned = np.roll(kinds, -band * BAND, axis=1)
        order = np.lexsort(turned[:, :12].T[::-1])
        keys = np.ascontiguousarray(turned[order, :BAND]).view(np.uint32).ravel()
        for step in range(1, WINDOW + 1):
            same = np.flatnonzero(keys[:-step] == keys[step:])
            one, other = order[same], order[same + step]
            first, second = np.minimum(one, other), np.maximum(one, other)
            wanted = second >= start
            yield from _chunks(first[wanted], second[wanted])


def _chunks(first: Indices, second: Indices) -> Iterator[Pairs]:
    for begin in range(0, len(first), CHUNK):
        yield first[begin : begin + CHUNK], second[begin : begin + CHUNK]


def _forest(links: Found, count: int) -> Found:
    """Of many links the nearest that connect what all connect."""
    if len(links) < 2:
        return links
    links = np.unique(links, axis=0)
    matrix = scipy.sparse.coo_array((links[:, 2], (links[:, 0], links[:, 1])), shape=(count, count))
    kept = scipy.sparse.csgraph.minimum_spanning_tree(matrix).tocoo()
    return np.stack([kept.row, kept.col, np.round(kept.data)], axis=1).astype(np.int64)
