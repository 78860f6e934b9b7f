"""Hidden groups: by name, by column, by numbering."""

import numpy as np
import pytest
from worlds import material

from understudy.audit.hidden_groups import hidden_groups


def subjects(**known: object) -> list[str]:
    names = known["names"]
    return [each.subject for each in hidden_groups(material([{}] * len(names), **known))]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            [f"{digit}_{who}_{n}.wav" for digit in range(5) for who in ("ann", "bob", "eve") for n in range(4)],
            ["names"],
        ),
        ([f"{day}-{n * 7919 % 9973}.jpg" for day in ("20240501", "20240502") for n in range(30)], ["names"]),
        ([f"{board}{n:03}_test.jpg" for board in ("00041", "12000", "20085") for n in range(20, 40)], ["names"]),
        ([f"IMG_{n:04}.jpg" for n in range(60)], []),
        ([f"cat.{n}.jpg" for n in range(60)], []),
        ([f"{n * 7919 % 99991}.jpg" for n in range(60)], []),
        ([f"{n:05}.jpg" for n in range(400)], []),
    ],
)
def test_parts_of_names(names: list[str], found: list[str]) -> None:
    """A person, a day or a board in the name is found; a running number, a fixed word or a random one is not."""
    assert subjects(names=names, labels=["x", "y"] * (len(names) // 2)) == found


def test_the_label_in_the_name_is_no_group() -> None:
    """A name that begins with its label says nothing about what belongs together."""
    names = [f"{label}_{n}.jpg" for label in ("cat", "dog") for n in range(30)]
    assert subjects(names=names, labels=["cat"] * 30 + ["dog"] * 30) == []


def test_groups_that_were_said_are_not_asked_for() -> None:
    """A project with a group rule is not told of groups."""
    names = [f"{who}_{n}.jpg" for who in ("ann", "bob") for n in range(30)]
    assert subjects(names=names, labels=["x", "y"] * 30, grouped=True) == []


def test_a_column_of_things() -> None:
    """A patient's number that comes again is a group; a count of doors is none."""
    facts = [{"patient_id": float(1000 + place // 4), "num_doors": float(place % 3)} for place in range(80)]
    assert [each.subject for each in hidden_groups(material(facts, ["x", "y"] * 40))] == ["patient_id"]


def test_neighbours_that_look_alike() -> None:
    """A brightness that wanders slowly along the numbering is found, one that jumps is not."""
    rng = np.random.default_rng(0)
    slow = np.cumsum(rng.normal(size=120))
    for values, expected in ((slow, ["numbering"]), (rng.permutation(slow), [])):
        facts = [{"brightness": float(value)} for value in values]
        names = [f"{place:05}.jpg" for place in range(120)]
        known = {"names": names, "groups": names, "looks": frozenset({"brightness"})}
        assert [each.subject for each in hidden_groups(material(facts, ["x"] * 120, **known))] == expected
