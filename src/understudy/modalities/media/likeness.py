"""Finding near-identical recordings or clips by fingerprints of 256 bits, in bounded time and memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.modalities.protocol import Pair

BITS: Final = 256
EXACT_PAIRS: Final = 30_000_000
"""Up to so many pairs every one is compared; beyond, those that some sorting brings close together."""
SORTINGS: Final = 32
NEIGHBOURS: Final = 16
CHUNK: Final = 500_000
KEPT: Final = 1_000_000
"""Pairs found after which those that connect nothing new are dropped."""

Prints = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Found = tuple[Places, Places, Places]


def near_pairs(fingerprints: Sequence[str], *, newcomers: int, near: int, sure: int) -> Iterable[Pair]:
    """Which are near-identical, nearest first.

    Args:
        fingerprints: 64 hex digits each, or empty where there is none; the newcomers last.
        newcomers: How many at the end are new; pairs of two others are left out.
        near: Greatest number of differing bits.
        sure: Up to so many, two are the same beyond doubt.

    Returns:
        Not all pairs, but as many as connect what all would connect, by the nearest links (a minimum spanning forest),
        so never more than there are inputs. Up to `EXACT_PAIRS` comparisons nothing is missed. Beyond, fingerprints
        are sorted `SORTINGS` times, by bits in a random order with a fixed seed, and each is compared with the next
        `NEIGHBOURS`.

    Raises:
        ValueError: A fingerprint is neither empty nor 64 hex digits.
    """
    there = np.array([place for place, one in enumerate(fingerprints) if one], np.int64)
    new_from = len(fingerprints) - newcomers
    if not newcomers or len(there) < 2:
        return []
    prints = _packed([fingerprints[place] for place in there])
    fresh = int(np.searchsorted(there, new_from))
    found = _spanning(_near(prints, fresh, near), len(there))
    pairs = [(int(bits), int(there[low]), int(there[high])) for low, high, bits in zip(*found, strict=True)]
    return [Pair(first, second, bits, bits <= sure) for bits, first, second in sorted(pairs)]


def distance(first: str, second: str) -> int:
    """How many bits of two fingerprints differ, 0..256."""
    return int(np.bitwise_count(_packed([first]) ^ _packed([second])).sum())


def _near(prints: Prints, fresh: int, near: int) -> Found:
    found: list[Found] = []
    waiting = 0
    for firsts, seconds in _candidates(prints, fresh):
        apart = np.bitwise_count(prints[firsts] ^ prints[seconds]).sum(axis=1, dtype=np.int64)
        close = apart <= near
        found.append((firsts[close], seconds[close], apart[close]))
        waiting += int(close.sum())
        if waiting > KEPT:
            found = [_spanning(_joined(found), len(prints))]
            waiting = len(found[0][0])
    return _joined(found)


def _candidates(prints: Prints, fresh: int) -> Iterator[tuple[Places, Places]]:
    """Pairs worth comparing, in chunks; the second of each is new."""
    count = len(prints)
    if count * (count - fresh) <= EXACT_PAIRS:
        step = max(1, CHUNK // count)
        for start in range(fresh, count, step):
            seconds = np.repeat(np.arange(start, min(start + step, count)), count)
            firsts = np.tile(np.arange(count), len(seconds) // count)
            yield firsts[firsts < seconds], seconds[firsts < seconds]
        return
    bits = np.unpackbits(prints.view(np.uint8), axis=1)
    random = np.random.default_rng(0)
    for _ in range(SORTINGS):
        mixed = (
            np.ascontiguousarray(np.packbits(bits[:, random.permutation(BITS)[:64]], axis=1)).view(">u8").reshape(-1)
        )
        order = np.argsort(mixed, kind="stable").astype(np.int64)
        for step in range(1, NEIGHBOURS + 1):
            low, high = np.minimum(order[:-step], order[step:]), np.maximum(order[:-step], order[step:])
            new = np.flatnonzero(high >= fresh)
            for start in range(0, len(new), CHUNK):
                part = new[start : start + CHUNK]
                yield low[part], high[part]


def _joined(found: list[Found]) -> Found:
    firsts, seconds, bits = (np.concatenate([np.zeros(0, np.int64), *column]) for column in zip(*found, strict=True))
    return firsts, seconds, bits


def _spanning(found: Found, count: int) -> Found:
    """The minimum spanning forest of pairs."""
    firsts, seconds, bits = found
    _, once = np.unique(firsts * count + seconds, return_index=True)
    weights = bits[once] + 1.0  # A sparse graph takes nought for "no link".
    graph = scipy.sparse.coo_array((weights, (firsts[once], seconds[once])), shape=(count, count))
    forest = scipy.sparse.csgraph.minimum_spanning_tree(graph.tocsr()).tocoo()
    low, high = np.minimum(forest.row, forest.col), np.maximum(forest.row, forest.col)
    return low.astype(np.int64), high.astype(np.int64), np.round(forest.data).astype(np.int64) - 1


def _packed(fingerprints: Sequence[str]) -> Prints:
    if any(len(one) != BITS // 4 for one in fingerprints):
        raise ValueError(f"a fingerprint has {BITS // 4} hex digits")
    return np.frombuffer(bytes.fromhex("".join(fingerprints)), np.uint64).reshape(-1, BITS // 64)
