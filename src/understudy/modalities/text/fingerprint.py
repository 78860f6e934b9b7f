"""The fingerprint of a text: 64 bytes of which as many agree in two texts as these share runs of letters.

Only letters and digits count, and not whether they are capitals, so spaces, punctuation and accents written as marks of
their own change nothing. Each byte is the least hash of all runs of four letters under one of 64 hash functions; two
texts agree in a byte with the probability that a run in either is in both (their Jaccard similarity).

Source:
    Broder, On the resemblance and containment of documents (1997); Li & König, b-bit minwise hashing, WWW 2010.
"""

import unicodedata
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

HASHES: Final = 64
RUN: Final = 4
"""Letters in a run."""
LONGEST: Final = 20_000
"""Letters that are looked at."""
NEAR: Final = 12
"""Texts whose fingerprints differ in at most so many bytes are near-identical: they share four runs in five."""
_PRIME: Final = np.uint32(0x01000193)
_LARGEST: Final = 2**32 - 1
_CHUNK: Final = 2048
_REPEATED: Final = 256
"""Runs from which it pays to leave out those that come again."""
_SEED: Final = 1997

Fingerprints = npt.NDArray[np.uint8]
"""Shape (n, 64)."""


def fingerprint_of(text: str) -> str:
    """Hashes a text, as 128 hex digits."""
    # A lone half of a surrogate pair is a sign like others here.
    letters = np.frombuffer(bare(text)[:LONGEST].encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)
    runs = _runs(letters)
    factors, shifts = _functions()
    least = np.full(HASHES, _LARGEST, np.uint32)
    for start in range(0, len(runs), _CHUNK):
        hashed = runs[start : start + _CHUNK, None] * factors + shifts
        hashed ^= hashed >> np.uint32(15)
        least = np.minimum(least, (hashed * np.uint32(0x2C1B3C6D)).min(axis=0))
    return bytes((least >> np.uint32(11)).astype(np.uint8)).hex()


def bare(text: str) -> str:
    """Letters and digits alone, capitals made small; everything but spaces where there are none (emoji)."""
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).casefold()
    return "".join(filter(str.isalnum, plain)) or "".join(plain.split())


def packed(fingerprints: list[str]) -> Fingerprints:
    """Packs fingerprints for comparison, (n, 64).

    Raises:
        ValueError: One of them is not 128 hex digits.
    """
    if any(len(one) != 2 * HASHES for one in fingerprints):
        raise ValueError(f"a fingerprint has {2 * HASHES} hex digits")
    return np.frombuffer(bytes.fromhex("".join(fingerprints)), np.uint8).reshape(-1, HASHES)


def distance(first: str, second: str) -> int:
    """How many bytes differ, 0..64."""
    one, other = packed([first, second])
    return int((one != other).sum())


def _runs(letters: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Hashes of the runs; of the whole where it is shorter than one."""
    length = min(RUN, max(len(letters), 1))
    hashes = np.full(max(len(letters) - length + 1, 1), 0x811C9DC5, np.uint32)
    for offset in range(length if len(letters) else 0):
        hashes = (hashes ^ letters[offset : offset + len(hashes)]) * _PRIME
    mixed = hashes ^ (hashes >> np.uint32(16))
    return np.unique(mixed) if len(mixed) >= _REPEATED else mixed


@cache
def _functions() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """The same 64 hash functions always: odd factors and shifts."""
    drawn = np.random.default_rng(_SEED).integers(0, 2**32, (2, HASHES), dtype=np.uint32)
    return drawn[0] | np.uint32(1), drawn[1]
