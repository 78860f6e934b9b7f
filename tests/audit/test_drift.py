"""Drift: seen when it is there, and hardly ever when it is not."""

import numpy as np
from worlds import material

from understudy.audit.drift import drift
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
