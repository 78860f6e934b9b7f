"""Near-identical inputs are found by their fingerprints."""

import numpy as np
import pytest

from understudy.modalities.media import likeness
from understudy.modalities.media.likeness import distance, near_pairs


def prints(count: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [rng.bytes(32).hex() for _ in range(count)]


def flipped(fingerprint: str, bits: int, seed: int = 0) -> str:
    values = np.unpackbits(np.frombuffer(bytes.fromhex(fingerprint), np.uint8))
    values[np.random.default_rng(seed).permutation(256)[:bits]] ^= 1
    return np.packbits(values).tobytes().hex()


def found(fingerprints: list[str], newcomers: int) -> list[tuple[int, int, int, bool]]:
    pairs = near_pairs(fingerprints, newcomers=newcomers, near=40, sure=8)
    return [(pair.first, pair.second, pair.distance, pair.sure) for pair in pairs]


def test_twins_are_found_nearest_first() -> None:
    """Pairs come by their distance, and those beyond doubt are marked."""
    known = prints(5)
    known += [flipped(known[1], 30), flipped(known[3], 4)]
    assert found(known, 7) == [(3, 6, 4, True), (1, 5, 30, False)]
    assert distance(known[1], known[5]) == 30


def test_known_pairs_are_left_out() -> None:
    """Only pairs with a newcomer count, and inputs without a fingerprint have none."""
    known = prints(3)
    known += ["", flipped(known[0], 0), "", flipped(known[1], 5)]
    assert found(known, 1) == [(1, 6, 5, True)]
    assert found(known, 0) == []


def test_a_family_is_held_together_by_few_links() -> None:
    """A hundred copies give no more pairs than it takes to connect them."""
    assert len(found(prints(1) * 100, 100)) == 99


def test_what_is_no_fingerprint_is_refused() -> None:
    """A fingerprint of another length is a mistake of the caller."""
    with pytest.raises(ValueError, match="64 hex digits"):
        found(["ab", *prints(2)], 3)


def test_many_are_compared_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit of comparisons near twins are still found, in any position."""
    monkeypatch.setattr(likeness, "EXACT_PAIRS", 1000)
    known = prints(2000)
    known += [flipped(known[place], 6, place) for place in range(0, 2000, 100)]
    places = {(first, second) for first, second, _, _ in found(known, 20)}
    assert len(places & {(100 * row, 2000 + row) for row in range(20)}) >= 19
