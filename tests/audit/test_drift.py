"""Drift: seen when it is there, and hardly ever when it is not."""

import re

import numpy as np
import pytest
import scipy
from worlds import material

from understudy.audit.columns import columns_of
from understudy.audit.drift import NOTABLE, beyond_chance, drift
from understudy.domain.example import Side


def test_no_drift_no_finding() -> None:
    """In sixty worlds that do not change, at most one raises a finding."""
    alarms = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        facts = [{"x": float(rng.normal()), "c": str(rng.choice(["p", "q", "r"]))} for _ in range(100)]
        labels = [str(label) for label in rng.choice(["a", "b"], 100)]
        alarms += bool(list(drift(material(facts, labels, arrived=list(range(100))))))
    assert alarms <= 1


SPARSE = [(1000, 30, 200), (975, 25, 400), (300, 30, 100)]
WORLDS = 80


def of_many_values(rng: np.random.Generator, count: int, values: int) -> list[str]:
    """Words after Zipf's law, most of them rare."""
    shares = 1 / np.arange(1, values + 1)
    return [f"v{place}" for place in rng.choice(values, count, p=shares / shares.sum())]


def test_rare_values_raise_no_false_alarm() -> None:
    """Many values, most of them rare, and few late rows: without a change, at most 1% of worlds raise a finding."""
    alarms = 0
    for early, late, values in SPARSE:
        for seed in range(WORLDS):
            rng = np.random.default_rng(seed)
            facts = [{"city": city} for city in of_many_values(rng, early + late, values)]
            arrived = [0.0] * early + [1.0] * late
            alarms += bool(list(drift(material(facts, ["a"] * len(facts), arrived=arrived))))
    # What a share of 1% exceeds in one run of a thousand.
    assert alarms <= scipy.stats.binom.ppf(0.999, WORLDS * len(SPARSE), 0.01)


def test_values_that_all_are_new_are_named() -> None:
    """Four hundred values, each in two rows, none of which comes again: that is drift, however rare each is."""
    facts = [{"product": f"p{place % 200 + (place >= 400) * 200}"} for place in range(800)]
    (found,) = drift(material(facts, ["a"] * 800, arrived=[float(place) for place in range(800)]))
    assert "“product”" in found.fact


@pytest.mark.parametrize("values", [3, 20, 200])
@pytest.mark.parametrize("moved", [0.0, 0.3, 0.6, 1.0])
def test_the_effect_is_the_share_that_moved(values: int, moved: float) -> None:
    """However many values there are, half of them rare: the effect is what moved, within six hundredths."""
    rng = np.random.default_rng(0)
    cities = np.array(of_many_values(rng, 800, values))
    changed = np.where((np.arange(800) >= 400) & (rng.random(800) < moved), "v0", cities)
    (column,) = columns_of([{"city": str(city)} for city in changed])
    counts = np.stack([np.bincount(column.code[half], minlength=values) for half in np.split(np.arange(800), 2)])
    shares = 1 / np.arange(1, values + 1)
    expected = moved * (1 - shares[0] / shares.sum())
    effect, chance = beyond_chance(counts[:, counts.sum(axis=0) > 0], 1)
    assert effect == pytest.approx(expected, abs=0.06) or (expected < NOTABLE and effect < NOTABLE)
    assert expected < NOTABLE or chance <= 0.001


@pytest.mark.parametrize(("moved", "found"), [(0.15, False), (0.5, True)])
def test_only_what_goes_beyond_chance_is_notable(moved: float, found: bool) -> None:
    """Parts with many rare values lie far apart by chance; it is told what moved besides, if that is notable."""
    rng = np.random.default_rng(0)
    cities = of_many_values(rng, 800, 200)
    facts = [{"city": "v0" if place >= 400 and rng.random() < moved else city} for place, city in enumerate(cities)]
    told = list(drift(material(facts, ["a"] * 800, arrived=[float(place) for place in range(800)])))
    assert bool(told) is found


def test_many_columns_leave_room_for_one_that_changes() -> None:
    """Among a hundred and twenty columns of chance the one that moved is named, and no other."""
    rng = np.random.default_rng(0)
    facts = [{f"c{at}": str(rng.choice(["p", "q", "r"])) for at in range(120)} for _ in range(200)]
    for fact in facts[100:]:
        fact["c7"] = "q" if rng.random() < 0.7 else fact["c7"]
    (found,) = drift(material(facts, ["a"] * 200, arrived=[float(place) for place in range(200)]))
    assert "“c7” “q” from" in found.fact
    assert ";" not in found.fact


def test_a_number_that_is_no_longer_there_is_named() -> None:
    """A column that is all there at first and all missing at last has changed, though no number can be compared."""
    rng = np.random.default_rng(0)
    facts = [{"x": float(rng.normal()) if place < 50 else None, "y": float(rng.normal())} for place in range(100)]
    (found,) = drift(material(facts, ["a"] * 100, arrived=[float(place) for place in range(100)]))
    assert "“x” “(missing)” from 0% to 100%" in found.fact
    assert "“y”" not in found.fact


@pytest.mark.parametrize(("jump", "found"), [(100.0, True), (0.0, False)])
def test_a_number_to_be_predicted_that_jumps_is_named(jump: float, found: bool) -> None:
    """Where the answer itself rises by far more than it varies, that is told, and nothing where it stays."""
    rng = np.random.default_rng(0)
    numbers = [round(52_000 + float(rng.normal()) * 40 + (place >= 50) * jump * 40) for place in range(100)]
    known = {"arrived": [float(place) for place in range(100)]}
    told = [each.fact for each in drift(material([{}] * 100, [float(number) for number in numbers], **known))]
    assert len(told) == found
    assert not found or re.search(r"“number to be predicted” from 5[12],\d{3}(\.5)? to 5[56],\d{3}", told[0])


def test_many_columns_of_chance_raise_no_finding() -> None:
    """In thirty worlds of sixty numbers that do not change, at most one raises a finding, for one always seems to."""
    alarms = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        facts = [{f"x{at}": float(number) for at, number in enumerate(row)} for row in rng.normal(size=(60, 60))]
        alarms += bool(list(drift(material(facts, ["a"] * 60, arrived=list(range(60))))))
    assert alarms <= 1


def test_a_change_is_named() -> None:
    """A number that rises and a label that becomes rare are both told, the larger first, and what can be done."""
    rng = np.random.default_rng(0)
    facts = [{"x": float(rng.normal() + (place >= 50) * 3)} for place in range(100)]
    labels = ["a" if place < 50 or place % 2 else "b" for place in range(100)]
    (found,) = drift(material(facts, labels, arrived=list(range(100))))
    assert "“x” from" in found.fact
    assert "“label”" in found.fact
    assert "train again (understudy train PROJECT)" in found.remedy
    assert "brief" not in found.remedy


def test_one_group_is_one_case() -> None:
    """Fifty photos of one thing at the end are one case, too few to speak of drift."""
    facts = [{"x": float(place >= 50)} for place in range(100)]
    groups = [f"g{place}" if place < 50 else "late" for place in range(100)]
    assert list(drift(material(facts, ["a"] * 100, groups=groups, arrived=list(range(100))))) == []


def test_what_came_together_cannot_drift() -> None:
    """Without an order there is no first and last; an unknown time plays no part."""
    facts = [{"x": float(place)} for place in range(100)]
    assert list(drift(material(facts, ["a"] * 100, arrived=[7.0] * 100))) == []
    assert list(drift(material(facts, ["a"] * 100, arrived=[float("nan")] * 100))) == []


def test_unlabelled_ones_of_another_kind() -> None:
    """Examples without a label that are unlike those with one are told; sealed ones, whose label is hidden, are not."""
    facts = [
        {"text": f"book a flight to city {place}" if place < 60 else f"the moon weighs {place}"} for place in range(120)
    ]
    labels = ["travel"] * 60 + [None] * 60
    (found,) = drift(material(facts, labels, sides=[Side.TRAIN] * 120))
    assert "without a label" in found.fact
    assert list(drift(material(facts, labels, sides=[Side.TRAIN] * 60 + [Side.SEALED] * 60))) == []
