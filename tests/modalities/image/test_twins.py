"""Finding twins among many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.modalities.image import twins
from understudy.modalities.image.fingerprint import NEAR, distance, orientations, packed
from understudy.modalities.image.twins import Twins, find_twins


def prints(count: int, seed: int = 0) -> list[str]:
    return [row.tobytes().hex() for row in np.random.default_rng(seed).integers(0, 256, (count, 32)).astype(np.uint8)]


def changed(one: str, bits: int, seed: int, turn: int = 0) -> str:
    """A fingerprint that differs in so many bits, of the photo turned."""
    flat = np.unpackbits(np.frombuffer(bytes.fromhex(one), np.uint8)).copy()
    flat[1 + np.random.default_rng(seed).permutation(255)[:bits]] ^= 1
    return orientations(packed([np.packbits(flat).tobytes().hex()]))[turn, 0].tobytes().hex()


def connected(pairs: list[Twins], count: int) -> list[int]:
    """The least index in the family of each."""
    family = list(range(count))
    for _ in range(count):
        for pair in pairs:
            family[pair.first] = family[pair.second] = min(family[pair.first], family[pair.second])
    return family


@pytest.mark.parametrize("turn", range(8))
@pytest.mark.parametrize("bits", [1, 20, NEAR])
def test_a_twin_is_found_in_any_orientation(bits: int, turn: int) -> None:
    """A photo finds its twin however it was turned and up to the limit."""
    many = prints(50)
    many.append(changed(many[7], bits, seed=turn, turn=turn))
    assert find_twins(many) == [Twins(bits, 7, 50)]


@settings(max_examples=40)
@given(st.integers(0, 1000), st.integers(2, 14), st.data())
def test_families_are_those_of_all_pairs(seed: int, count: int, data: st.DataObject) -> None:
    """Fewer pairs are returned than there are, and they connect the same photos."""
    many = prints(3, seed)
    while len(many) < count:
        base = data.draw(st.sampled_from(many))
        many.append(changed(base, data.draw(st.sampled_from([0, 5, 40])), data.draw(st.integers(0, 99)), 0))
    every = [
        Twins(bits, i, j)
        for j in range(count if count > 3 else 3)
        for i in range(j)
        if (bits := distance(many[i], many[j])) <= NEAR
    ]
    found = find_twins(many)
    assert len(found) < len(many)
    assert connected(found, len(many)) == connected(every, len(many))
    assert all(distance(many[pair.first], many[pair.second]) == pair.distance for pair in found)


def test_only_newcomers_are_compared() -> None:
    """Pairs of photos that are known already are not told again."""
    known = prints(10)
    known.append(changed(known[0], 3, seed=1))
    many = [*known, changed(known[5], 4, seed=2), known[6]]
    assert find_twins(many, newcomers=2) == [Twins(0, 6, 12), Twins(4, 5, 11)]
    assert find_twins(many, newcomers=0) == []
    assert find_twins([]) == []


def test_many_copies_make_few_pairs() -> None:
    """Ten thousand white pictures are one family and ten thousand pairs, not fifty million."""
    copies = prints(1) * 10_000
    found = find_twins(copies)
    assert len(found) == 9_999
    assert {pair.first for pair in found} == {0}


def test_among_many_photos_near_twins_are_found_by_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not every pair can be compared, nearly all twins are found all the same."""
    monkeypatch.setattr(twins, "EXACT_PAIRS", 0)
    many = prints(3000)
    for index in range(200):
        many.append(changed(many[index], 20, seed=index, turn=index % 8))
    found = {(pair.first, pair.second) for pair in find_twins(many)}
    hits = sum((index, 3000 + index) in found for index in range(200))
    assert hits >= 196
    assert len(found) == hits, "nothing else is near"
