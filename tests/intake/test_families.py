"""What belongs together, and on which side it falls."""

import hashlib
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.arrival import Arrival
from understudy.domain.example import Side
from understudy.intake.families import LOOSE_FAMILY, Families, Newcomer, side_of
from understudy.intake.families import families_of as families_of_kind
from understudy.modalities.registry import modality_named


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def bits_of(seed: int) -> np.ndarray:
    bits = np.random.default_rng(seed).integers(0, 2, 256).astype(np.uint8)
    bits[0] = 0
    return bits


def hexed(bits: np.ndarray) -> str:
    return np.packbits(bits).tobytes().hex()


def newcomer(number: int, seed: int, *groups: str, flips: int = 0) -> Newcomer:
    bits = bits_of(seed)
    bits[1 + np.random.default_rng(number).permutation(255)[:flips]] ^= 1
    return Newcomer(digest(number), hexed(bits), frozenset(groups))


def families_of(newcomers: list[Newcomer], known: list[Arrival], **more: Any) -> Families:
    return families_of_kind(newcomers, known, modality_named("photo"), **more)


def arrival(one: Newcomer, group: str, side: Side) -> Arrival:
    return Arrival(one.digest, group, side, one.fingerprint, "a")


@settings(max_examples=60)
@given(st.data())
def test_the_order_of_arrival_decides_nothing(data: st.DataObject) -> None:
    """However the photos of a source are ordered, families and their keys are the same."""
    drawn = data.draw(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "w1", "w2", "w3"])), max_size=12))
    many = [newcomer(n, seed, *([group] if group else []), flips=n % 9) for n, (seed, group) in enumerate(drawn)]
    first = families_of(many, [])
    other = families_of(data.draw(st.permutations(many)), [])
    assert first.group == other.group
    assert {key: set(value) for key, value in first.twins.items()} == {k: set(v) for k, v in other.twins.items()}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "w1", "w2"])), min_size=1, max_size=12))
def test_a_family_has_one_key(drawn: list[tuple[int, str]]) -> None:
    """Photos that look the same or share a group share the key of a family, and strangers do not."""
    many = [newcomer(n, seed, *([group] if group else []), flips=5) for n, (seed, group) in enumerate(drawn)]
    keys = families_of(many, []).group
    for i, (seed, group) in enumerate(drawn):
        for j, (other_seed, other_group) in enumerate(drawn):
            if seed == other_seed or (group and group == other_group):
                assert keys[many[i].digest] == keys[many[j].digest]
    linked = {seed: {group for other, group in drawn if other == seed and group} for seed, _ in drawn}
    if not any(linked.values()):
        assert len(set(keys.values())) == len(linked)


def test_the_key_is_the_least_of_the_members_keys() -> None:
    """A group names its family; photos without one are named by the least digest."""
    alone, twin = newcomer(1, 7), newcomer(2, 7, flips=3)
    assert families_of([alone, twin], []).group[alone.digest] == min(digest(1), digest(2))
    grouped = families_of([alone, newcomer(2, 7, "w1"), newcomer(3, 9, "w1", "w0")], [])
    assert set(grouped.group.values()) == {min("w0", digest(1))}


def test_newcomers_join_their_known_relatives() -> None:
    """Twins and groups reach back to what was known, and keep its key."""
    old = newcomer(1, 7)
    known = [arrival(old, "zzz", Side.SEALED)]
    families = families_of([newcomer(2, 7, flips=4), newcomer(3, 8, "zzz"), newcomer(4, 9)], known)
    assert [families.group[digest(n)] for n in (2, 3, 4)] == ["zzz", "zzz", digest(4)]
    assert [families.sides[digest(n)] for n in (2, 3, 4)] == [{Side.SEALED}, {Side.SEALED}, frozenset()]
    assert set(families.twins[digest(2)]) == {digest(1), digest(2)}


DRAWN = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "w1", "w2", "w3", "w4"])), max_size=10)


@settings(max_examples=100)
@given(DRAWN, DRAWN)
def test_a_group_is_known_by_every_name_that_led_into_its_family(
    first: list[tuple[int, str]], second: list[tuple[int, str]]
) -> None:
    """Whatever key its first examples bear, for they may be twins of others, later ones see their side."""
    came = [newcomer(n, seed, *([group] if group else [])) for n, (seed, group) in enumerate(first)]
    found = families_of(came, [])
    known = [arrival(one, key := found.group[one.digest], side_of(key, 0.5)) for one in came]
    later = [newcomer(90 + n, 50 + seed, *([group] if group else [])) for n, (seed, group) in enumerate(second)]
    sides = families_of(later, known, groups=found.named).sides
    for new in later:
        for old, arrived in zip(came, known, strict=True):
            assert not new.groups & old.groups or arrived.side in sides[new.digest]


def plain_families(newcomers: list[Newcomer], known: list[Arrival], led: list[tuple[str, str]], found: Families) -> Any:
    """Keys and sides by the definition: all inputs and groups that any chain connects, newcomers or not."""
    parts = [{("input", old.digest), ("group", old.group)} for old in known]
    parts += [{("input", new.digest), *(("group", group) for group in new.groups)} for new in newcomers]
    parts += [{("group", group) for group in pair} for pair in led]
    parts += [{("input", link.one), ("input", link.other)} for link in found.links]
    apart: list[set[tuple[str, str]]] = []
    for part in parts:
        touching = [other for other in apart if other & part]
        apart = [other for other in apart if not other & part] + [part.union(*touching)]
    keys, sides = {}, {}
    for new in newcomers:
        (family,) = (part for part in apart if ("input", new.digest) in part)
        there = [old for old in known if ("input", old.digest) in family]
        own = [min(each.groups, default=each.digest) for each in newcomers if ("input", each.digest) in family]
        keys[new.digest] = min((old.group for old in there), default=min(own))
        sides[new.digest] = frozenset(old.side for old in there) - {Side.SET_ASIDE}
    return keys, sides


GROUPS = st.sampled_from(["w1", "w2", "w3", "w4"])
KNOWN = st.tuples(
    st.integers(0, 6), st.sampled_from([0, 3, 25]), st.one_of(st.none(), GROUPS), st.sampled_from(list(Side))
)
COMING = st.tuples(st.integers(0, 6), st.sampled_from([0, 3, 25]), st.sets(GROUPS, max_size=2), st.booleans())


@settings(max_examples=200)
@given(st.lists(KNOWN, max_size=10), st.lists(COMING, max_size=6), st.lists(st.tuples(GROUPS, GROUPS), max_size=2))
def test_what_touches_no_newcomer_decides_nothing(
    past: list[tuple[int, int, str | None, Side]],
    coming: list[tuple[int, int, set[str], bool]],
    led: list[tuple[str, str]],
) -> None:
    """Whatever came before, keys and sides are those of all that any chain connects, known or new."""
    known = []
    for number, (seed, flips, group, side) in enumerate(past):
        old = newcomer(number, seed, flips=flips)
        known.append(arrival(old, group or old.digest, side))
    newcomers = []
    for number, (seed, flips, groups, bare) in enumerate(coming, 100):
        new = newcomer(number, seed, *groups, flips=flips)
        newcomers.append(Newcomer(new.digest, "", new.groups) if bare else new)
    found = families_of(newcomers, known, groups=led)
    assert (found.group, found.sides) == plain_families(newcomers, known, led, found)


def test_what_is_known_leads_a_new_group_into_its_family() -> None:
    """A group that comes with a known photo joins it, unless it is known itself or comes with photos of both sides."""
    one, other, third = newcomer(1, 1), newcomer(2, 2), newcomer(3, 3)
    known = [arrival(one, "a", Side.SEALED), arrival(other, "b", Side.TRAIN), arrival(third, "c", Side.TRAIN)]
    again = {one.digest: frozenset({"new", "c", "torn"}), other.digest: frozenset({"torn"})}
    later = [newcomer(10 + n, 50 + n, group) for n, group in enumerate(("new", "c", "torn"))]
    found = families_of(later, known, again=again)
    assert [found.sides[each.digest] for each in later] == [{Side.SEALED}, {Side.TRAIN}, set()]
    assert [found.group[each.digest] for each in later] == ["a", "c", "torn"]
    assert found.named == [("new", "a")]
    assert families_of([newcomer(20, 70, "new")], known, groups=found.named).sides[digest(20)] == {Side.SEALED}


def test_relatives_on_both_sides_are_seen() -> None:
    """A newcomer between two known families sees both sides; what was set aside counts for none."""
    sealed, trained, aside = (newcomer(n, n) for n in (1, 2, 3))
    known = [
        arrival(sealed, "a", Side.SEALED), arrival(trained, "b", Side.TRAIN), arrival(aside, "c", Side.SET_ASIDE)
    ]  # fmt: skip
    families = families_of([newcomer(9, 50, "a", "b"), newcomer(8, 3, flips=2)], known)
    assert families.sides[digest(9)] == {Side.SEALED, Side.TRAIN}
    assert families.sides[digest(8)] == frozenset()


def test_a_chain_of_likeness_does_not_swallow_a_class() -> None:
    """Photos that each only resemble the next stop being one family; copies beyond doubt do not."""
    bits, chain, copies = bits_of(0), [], []
    order = np.random.default_rng(1)
    for number in range(200):
        chain.append(Newcomer(digest(number), hexed(bits), frozenset()))
        bits = bits.copy()
        bits[1 + order.permutation(255)[:30]] ^= 1
        copies.append(newcomer(1000 + number, 3, flips=5))
    families = families_of(chain, [])
    sizes = {len(members) for members in families.twins.values()}
    assert max(sizes) <= LOOSE_FAMILY
    assert families.refused
    assert {len(members) for members in families_of(copies, []).twins.values()} == {200}


@given(st.text(min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_sides_grow_with_the_share(group: str, one: float, other: float) -> None:
    """What a small share seals, a larger one seals too; none and all mean what they say."""
    low, high = sorted((one, other))
    assert side_of(group, 0) is Side.TRAIN
    assert side_of(group, 1) is Side.SEALED
    assert side_of(group, low) is Side.TRAIN or side_of(group, high) is Side.SEALED


def test_the_share_is_kept_on_average() -> None:
    """A quarter of many groups falls to the sealed set."""
    sealed = sum(side_of(f"group {n}", 0.25) is Side.SEALED for n in range(4000))
    assert 900 < sealed < 1100
