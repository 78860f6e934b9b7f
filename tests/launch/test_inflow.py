"""Claims about the watch over what is asked."""

import numpy as np
import numpy.typing as npt
import pytest

from understudy.launch.drift import MOST_RAISED
from understudy.launch.inflow import ALPHA, BLOCKS, InflowWatch
from understudy.launch.usual import Trait, TraitKind, Usual, word_place

COLOURS = ("red", "blue", "green")
TRAITS = (
    Trait("age", TraitKind.NUMBER),
    Trait("colour", TraitKind.WORD, COLOURS),
    Trait("town", TraitKind.WORD, ("town 0", "town 1")),
    *(Trait("", TraitKind.FEATURE) for _ in range(6)),
)
Rows = npt.NDArray[np.float32]


def rows(
    seed: int,
    count: int,
    *,
    age: float = 40.0,
    odds: tuple[float, ...] = (0.6, 0.3, 0.1),
    seen: float = 0.0,
    town: str = "town",
) -> Rows:
    """Inputs of one world: an age that may be missing, a colour, a town of many, and features with long tails."""
    rng = np.random.default_rng(seed)
    ages = np.where(rng.random(count) < 0.1, -np.inf, rng.normal(age, 10.0, count))
    colours = [word_place(COLOURS[place] if place < 3 else "pink") for place in rng.choice(len(odds), count, p=odds)]
    towns = [word_place(f"{town} {int(place)}") for place in rng.zipf(1.4, count)]
    features = rng.standard_t(3, (count, 1)) + rng.standard_t(3, (count, 6)) + seen
    return np.column_stack([ages, colours, towns, features]).astype(np.float32)


def fed(watch: InflowWatch, given: Rows) -> InflowWatch:
    for row in given.tolist():
        watch = watch.update(row)
    return watch


def begun(seed: int = 1, count: int = 256) -> InflowWatch:
    return InflowWatch(Usual(TRAITS, rows(seed, count)))


@pytest.mark.parametrize("kept", [30, 256])
def test_what_stays_alike_is_hardly_ever_noted(kept: int) -> None:
    """Of 60 worlds without a shift, watched over 400 inputs, at most one says otherwise, however few were kept."""
    noted = 0
    for world in range(60):
        watch, shifted = begun(world, kept), False
        for row in rows(world + 10_000, 400).tolist():
            watch = watch.update(row)
            shifted |= bool(watch.moved)
        noted += shifted
    assert noted <= 1


def test_the_chances_allowed_add_up_to_the_promise() -> None:
    """Over all sizes, traits and looks, for ever."""
    looks = np.arange(1, 200_000)
    tests = len(TRAITS) + sum(trait.kind is TraitKind.WORD for trait in TRAITS)
    each = ALPHA / (len(BLOCKS) * tests * looks * (looks + 1.0))
    assert each.sum() * len(BLOCKS) * tests <= ALPHA


def test_a_column_whose_values_moved_is_named() -> None:
    """Within 100 inputs, with its middle before and now; what did not move is not named."""
    watch = fed(fed(begun(), rows(2, 400)), rows(3, 100, age=65.0))
    assert watch.says.startswith("“age” from 4") or watch.says.startswith("“age” from 3")
    assert " in the middle" in watch.says
    assert "colour" not in watch.says
    assert watch.raised == MOST_RAISED


def test_words_that_were_never_seen_are_told() -> None:
    """A colour that is new where there are few, and towns that are new where there are many anyway."""
    watch = fed(begun(), rows(3, 25, odds=(0.05, 0.05, 0.0, 0.9)))
    assert watch.says.startswith("“colour” other words from 0% to ")
    assert "“town” words that are new from " in fed(begun(), rows(3, 100, town="village")).says


def test_what_goes_missing_is_told() -> None:
    """By how often it is missing before and now."""
    gone = rows(3, 100)
    gone[:, 0] = -np.inf
    assert "“age” missing in " in fed(begun(), gone).says


def test_features_are_told_by_their_number() -> None:
    """A direction of what a model sees has no name."""
    watch = fed(begun(), rows(3, 100, seen=6.0))
    assert watch.says == "what the model sees in 6 of 6 directions"


def test_a_shift_passes() -> None:
    """While it lasts it is noted; 100 inputs as usual end it."""
    watch = fed(begun(), rows(3, 300, age=80.0))
    assert watch.moved
    assert watch.raised > 1.0
    assert not fed(watch, rows(4, 100)).moved
    assert fed(watch, rows(4, 100)).raised == 1.0


def test_with_too_little_kept_nothing_is_said() -> None:
    """Nobody can tell 19 inputs from chance; memory stays bounded all the same."""
    watch = fed(begun(count=19), rows(3, 500, age=90.0))
    assert not watch.moved
    assert (watch.looked, len(watch.rows)) == (500, BLOCKS[-1])


def test_a_shift_that_begins_within_a_block_stays_noted() -> None:
    """The few that notice it are not outvoted by those before it."""
    watch = fed(begun(), np.concatenate([rows(2, 375), rows(3, 25, age=90.0)]))
    assert watch.moved
    assert fed(watch, rows(4, 200, age=90.0)).moved
