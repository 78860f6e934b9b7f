"""Shortcuts: found when they are there, and hardly ever when they are not."""

import numpy as np
import pytest
from worlds import material

from understudy.audit.shortcuts import shortcuts
from understudy.domain.finding import Severity

ORIGIN = frozenset({"width", "height", "bytes", "format", "camera"})


def innocent(seed: int, count: int = 60) -> list[dict[str, object]]:
    """Facts that have nothing to do with any label."""
    rng = np.random.default_rng(seed)
    return [
        {
            "width": float(rng.choice([640, 800, 1024])),
            "height": float(rng.integers(300, 900)),
            "bytes": float(rng.integers(9000, 90000)),
            "format": str(rng.choice(["JPEG", "PNG"])),
            "camera": str(rng.choice(["a", "b", "c"])),
        }
        for _ in range(count)
    ]


def test_chance_raises_hardly_an_alarm() -> None:
    """In a hundred innocent worlds of 24 to 80 photos, at most two raise any finding."""
    alarms = 0
    for seed in range(100):
        count = (24, 40, 80)[seed % 3]
        labels = ["a", "b", "c"][: 2 + seed % 2] * count
        alarms += bool(list(shortcuts(material(innocent(seed, count), labels[:count], origin=ORIGIN))))
    assert alarms <= 2


def test_groups_do_not_raise_an_alarm() -> None:
    """Ten photos of each of twelve things, each at its own size, are twelve cases and not a hundred and twenty."""
    alarms = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        of_thing = rng.permutation(["a", "b"] * 6)
        facts = [{"width": float(500 + thing * 7), "camera": f"c{thing % 5}"} for thing in range(12) for _ in range(10)]
        labels = [str(of_thing[thing]) for thing in range(12) for _ in range(10)]
        groups = [f"g{thing}" for thing in range(12) for _ in range(10)]
        alarms += bool(list(shortcuts(material(facts, labels, groups=groups, grouped=True, origin=ORIGIN))))
    assert alarms <= 1


@pytest.mark.parametrize("column", ["width", "format", "camera"])
def test_what_tells_the_label_is_grave(column: str) -> None:
    """A camera, a format or a size that goes with one label is found, and is of high severity."""
    facts = innocent(3)
    labels = ["a" if place % 2 else "b" for place in range(60)]
    for fact, label in zip(facts, labels, strict=True):
        fact[column] = {"width": 640.0, "format": "GIF", "camera": "z"}[column] if label == "a" else fact[column]
        if column == "width" and label == "b":
            fact[column] = 1024.0
    (found,) = shortcuts(material(facts, labels, origin=ORIGIN))
    assert found.severity is Severity.HIGH
    assert f"“{column}” alone tells" in found.fact
    assert len(found.evidence) == 30


def test_what_leaves_little_trace_is_less_grave() -> None:
    """The bytes alone are of medium severity, and a look alone is of low."""
    labels = ["a" if place % 2 else "b" for place in range(60)]
    facts = [{"bytes": 900.0 + place if label == "a" else 100.0 + place} for place, label in enumerate(labels)]
    (found,) = shortcuts(material(facts, labels, origin=ORIGIN))
    assert found.severity is Severity.MEDIUM
    (found,) = shortcuts(material(facts, labels, looks=ORIGIN))
    assert found.severity is Severity.LOW


def test_too_few_of_a_label_say_nothing() -> None:
    """Seven photos of a label are too few to accuse their camera."""
    labels = ["a"] * 7 + ["b"] * 40
    facts = [{"camera": label} for label in labels]
    assert list(shortcuts(material(facts, labels, origin=ORIGIN))) == []
