"""Which of the families that arrive together are sealed."""

from collections import Counter
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.example import Side
from understudy.intake.dealing import Dealing, Labels
from understudy.intake.families import hashed, side_of

NOTHING: dict[Side, Counter[str]] = {side: Counter() for side in Side}
LABELS = st.sampled_from(["a", "b", "c"])
FAMILIES = st.dictionaries(
    st.text("0123456789", min_size=3, max_size=5),
    st.dictionaries(LABELS, st.integers(1, 9), min_size=1).map(lambda held: tuple(sorted(held.items()))),
    max_size=30,
)
SHARES = st.floats(0.05, 0.9)


def deal(families: dict[str, Labels], known: Mapping[Side, Mapping[str, int]], share: float) -> dict[str, Side]:
    """The side of each family."""
    dealing = Dealing(known, share)
    for key, labels in families.items():
        dealing.put(key, labels)
    dealt = dealing.dealt()
    return {key: dealt.side(key, labels) for key, labels in families.items()}


def alone(count: int, label: str = "a") -> dict[str, Labels]:
    return {f"{label} {number}": ((label, 1),) for number in range(count)}


@settings(max_examples=100)
@given(FAMILIES, SHARES, st.randoms())
def test_order_decides_nothing(families: dict[str, Labels], share: float, chance: object) -> None:
    """However families are ordered, each falls on the same side."""
    shuffled = list(families.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert deal(dict(shuffled), NOTHING, share) == deal(families, NOTHING, share)


@settings(max_examples=100)
@given(FAMILIES, SHARES)
def test_no_label_is_sealed_whole(families: dict[str, Labels], share: float) -> None:
    """Something of each label is left to learn from, and no family that holds most of a label is sealed."""
    sides = deal(families, NOTHING, share)
    learned = {label for key, labels in families.items() if sides[key] is Side.TRAIN for label, _ in labels}
    assert learned == {label for labels in families.values() for label, _ in labels}
    totals = sum((Counter(dict(labels)) for labels in families.values()), Counter[str]())
    for key, labels in families.items():
        if any(2 * count > totals[label] for label, count in labels):
            assert sides[key] is Side.TRAIN


@given(st.integers(2, 200), SHARES)
def test_the_share_of_each_label_is_kept_to_within_one(count: int, share: float) -> None:
    """Of families of one, the sealed ones are the share, rounded up or down, less one where nothing were left."""
    sides = deal({**alone(count), **alone(2 * count, "b")}, NOTHING, share)
    for label, held in (("a", count), ("b", 2 * count)):
        sealed = sum(side is Side.SEALED for key, side in sides.items() if key.startswith(label))
        assert abs(sealed - share * held) < 1 or sealed == held - 1


@given(st.integers(2, 100), SHARES)
def test_the_least_hashes_are_sealed(count: int, share: float) -> None:
    """Whatever is sealed of a label has a lesser hash than what is not: nobody chooses."""
    sides = deal(alone(count), NOTHING, share)
    sealed = [hashed(key) for key, side in sides.items() if side is Side.SEALED]
    others = [hashed(key) for key, side in sides.items() if side is Side.TRAIN]
    assert max(sealed, default=0) < min(others)


@given(st.text(), SHARES)
def test_a_family_that_comes_by_itself_falls_by_its_hash(key: str, share: float) -> None:
    """Where enough is known of its label, one newcomer is sealed if its hash is below the share, whoever sends it."""
    known = {**NOTHING, Side.TRAIN: Counter({"a": 5})}
    assert deal({key: (("a", 1),)}, known, share) == {key: side_of(key, share)}


def test_what_is_sealed_already_does_not_count_as_learned() -> None:
    """Newcomers of a label that was sealed whole before are learned from, one at least."""
    known = {**NOTHING, Side.SEALED: Counter({"a": 9})}
    for number in range(20):
        key = f"newcomer {number}"
        assert deal({key: (("a", 1),)}, known, 0.9) == {key: Side.TRAIN}


@given(FAMILIES)
def test_none_and_all_mean_what_they_say(families: dict[str, Labels]) -> None:
    """A share of nothing seals nothing, and one of everything all."""
    assert set(deal(families, NOTHING, 0).values()) <= {Side.TRAIN}
    assert set(deal(families, NOTHING, 1).values()) <= {Side.SEALED}
