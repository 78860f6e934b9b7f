"""Near-identical texts are found among many, in bounded time."""

import numpy as np
import pytest

from understudy.modalities.protocol import Pair
from understudy.modalities.text import twins
from understudy.modalities.text.fingerprint import HASHES, NEAR
from understudy.modalities.text.twins import find_pairs

RNG = np.random.default_rng(5)


def drawn(count: int) -> list[str]:
    return [bytes(row).hex() for row in RNG.integers(0, 256, (count, HASHES), dtype=np.uint8)]


def changed(print_of: str, count: int) -> str:
    values = bytearray.fromhex(print_of)
    for place in RNG.choice(HASHES, count, replace=False):
        values[place] ^= 1
    return values.hex()


def connected(pairs: list[Pair], count: int) -> list[int]:
    family = list(range(count))
    for pair in pairs:
        old, new = family[pair.second], family[pair.first]
        family = [new if each == old else each for each in family]
    return family


def test_twins_are_found_and_strangers_are_not() -> None:
    """Texts that differ in few bytes are paired, nearest first; others are not."""
    prints = drawn(200)
    prints += [prints[3], changed(prints[7], 5), changed(prints[9], NEAR), changed(prints[11], NEAR + 1)]
    pairs = find_pairs(prints, newcomers=4)
    assert [(pair.first, pair.second, pair.distance, pair.sure) for pair in pairs] == [
        (3, 200, 0, True),
        (7, 201, 5, False),
        (9, 202, NEAR, False),
    ]


def test_pairs_among_those_known_are_left_out() -> None:
    """Only pairs with a newcomer are told."""
    prints = drawn(50)
    prints = [*prints, prints[1], changed(prints[2], 3), prints[1]]
    assert [(pair.first, pair.second) for pair in find_pairs(prints, newcomers=1)] == [(1, 52)]
    assert find_pairs(prints, newcomers=0) == []
    assert find_pairs([], newcomers=0) == []


@pytest.mark.parametrize("exact", [10**9, 0])
def test_the_first_newcomer_is_compared_with_what_is_known(exact: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all pairs are compared or those that agree in a band: a lone newcomer finds its twin, too."""
    monkeypatch.setattr(twins, "EXACT_PAIRS", exact)
    prints = drawn(50)
    pairs = find_pairs([*prints, changed(prints[2], 3)], newcomers=1)
    assert pairs == [Pair(2, 50, 3, sure=False)]


@pytest.mark.parametrize("exact", [10**9, 0])
def test_bands_connect_what_comparing_all_connects(exact: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, families are the same: of all pairs compared, or of those that agree in a band."""
    monkeypatch.setattr(twins, "EXACT_PAIRS", exact)
    prints = drawn(300)
    prints += [changed(prints[place % 60], 1 + place % 8) for place in range(240)]
    family = connected(find_pairs(prints, newcomers=540), 540)
    assert all(family[300 + place] == family[place % 60] for place in range(240))
    assert len(set(family)) == 300


def test_ten_thousand_equal_texts_make_as_many_pairs() -> None:
    """A text that comes ten thousand times makes one pair fewer, not fifty million."""
    prints = [*drawn(1) * 10_000, *drawn(100)]
    pairs = find_pairs(prints, newcomers=10_100)
    assert len(pairs) == 9_999
    assert all(pair.first == 0 and pair.sure for pair in pairs)


def test_what_is_no_fingerprint_is_refused() -> None:
    """A fingerprint of another kind is refused."""
    with pytest.raises(ValueError, match="hex digits"):
        find_pairs(["ab"], newcomers=1)
