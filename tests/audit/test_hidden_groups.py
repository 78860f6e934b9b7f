"""Hidden groups: by name, by column, by numbering."""

import shlex

import numpy as np
import pytest
from worlds import material

from understudy.audit.audit import audit
from understudy.audit.hidden_groups import hidden_groups
from understudy.intake.groups import parse_group_rule


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


@pytest.mark.parametrize("built", ["{}_{}.png", "_{}_{}.png", "({}) {}.png", "--{}+{}.png"])
def test_the_rule_that_is_advised_groups(built: str) -> None:
    """The group rule of the remedy parts the names as they were found to belong together, however they begin."""
    people = [f"p{place % 6:02}" for place in range(60)]
    names = [built.format(who, place) for place, who in enumerate(people)]
    known = {"names": names, "labels": [("x", "y")[place * 7 % 11 % 2] for place in range(60)]}
    (found,) = hidden_groups(material([{}] * 60, **known))
    rule = parse_group_rule(shlex.split(found.remedy)[-1])
    assert [rule.group("", name, {}) for name in names] == people


def test_the_label_in_the_name_is_no_group() -> None:
    """A name that begins with its label says nothing about what belongs together."""
    names = [f"{label}_{n}.jpg" for label in ("cat", "dog") for n in range(30)]
    assert subjects(names=names, labels=["cat"] * 30 + ["dog"] * 30) == []


@pytest.mark.parametrize("other", ["accident.jpg", "decision 0197a3c0-0000-7000-8000-000000000001"])
def test_the_label_in_the_name_is_no_group_where_some_are_named_otherwise(other: str) -> None:
    """A file without the label in its name, or an answered request, makes no groups of the labels of the others."""
    names = [f"{label}_{n}.jpg" for label in ("cat", "dog") for n in range(30)]
    assert subjects(names=[*names, other, other], labels=["cat"] * 30 + ["dog"] * 30 + ["cat", "dog"]) == []


def test_a_file_that_is_named_otherwise_is_no_value() -> None:
    """Of names that say who it was, those without are neither listed nor counted."""
    names = [f"{who}_{n}.jpg" for who in ("ann", "bob", "eve") for n in range(20)]
    labels = ["x", "y"] * 30 + ["x"]
    (found,) = hidden_groups(material([{}] * 61, names=[*names, "other.jpg"], labels=labels))
    assert "“ann”, “bob”, “eve”; 3 values for" in found.fact


def test_groups_that_were_said_are_not_asked_for() -> None:
    """A project with a group rule is not told of groups."""
    names = [f"{who}_{n}.jpg" for who in ("ann", "bob") for n in range(30)]
    assert subjects(names=names, labels=["x", "y"] * 30, grouped=True) == []


def test_a_column_of_things() -> None:
    """A patient's number that comes again is a group; a count of doors is none."""
    facts = [{"patient_id": float(1000 + place // 4), "num_doors": float(place % 3)} for place in range(80)]
    assert [each.subject for each in hidden_groups(material(facts, ["x", "y"] * 40))] == ["patient_id"]


@pytest.mark.parametrize("name", ["#", "%", "_", "☎", "", " "])
@pytest.mark.parametrize("values", [[1.0, 2.0, 5.0], ["p", "q", "q"]])
def test_a_column_whose_name_has_no_word(name: str, values: list[float | str]) -> None:
    """A column called by a sign, or by nothing, is audited as others are and named as no thing."""
    facts = [{name: values[place % 3], "x": float(place % 7)} for place in range(90)]
    assert list(hidden_groups(material(facts, ["x", "y"] * 45))) == []
    audit(material(facts, ["x", "y"] * 45))


def test_neighbours_that_look_alike() -> None:
    """A brightness that wanders slowly along the numbering is found, one that jumps is not."""
    rng = np.random.default_rng(0)
    slow = np.cumsum(rng.normal(size=120))
    for values, expected in ((slow, ["numbering"]), (rng.permutation(slow), [])):
        facts = [{"brightness": float(value)} for value in values]
        names = [f"{place:05}.jpg" for place in range(120)]
        known = {"names": names, "groups": names, "looks": frozenset({"brightness"})}
        assert [each.subject for each in hidden_groups(material(facts, ["x"] * 120, **known))] == expected


def rows(count: int) -> list[str]:
    return [f"tickets.csv, row {place}" for place in range(1, count + 1)]


@pytest.mark.parametrize("seed", range(8))
def test_shuffled_rows_hide_no_group(seed: int) -> None:
    """Texts in a table in any order are no neighbours, though most share a value: few have digits, none is an emoji."""
    rng = np.random.default_rng(seed)
    facts = [
        {
            "digits": float(rng.random() < 0.1),
            "emoji": 0.0,
            "upper case": float(rng.integers(2)),
            "words": float(rng.integers(4, 30)),
        }
        for _ in range(240)
    ]
    labels = [("card", "transfer", None)[place] for place in rng.integers(0, 3, 240)]
    known = {"names": rows(240), "looks": frozenset(facts[0]), "noun": ("text", "texts")}
    assert list(hidden_groups(material(facts, labels, **known))) == []


def test_rows_sorted_by_label_hide_no_group() -> None:
    """Where a table is sorted by label, examples without one stand beside their like, and that is no group."""
    rng = np.random.default_rng(0)
    facts = [{"words": float(place // 80 * 20 + rng.integers(0, 15))} for place in range(240)]
    labels = [None if rng.random() < 0.4 else str(place // 80) for place in range(240)]
    known = {"names": rows(240), "looks": frozenset({"words"})}
    assert list(hidden_groups(material(facts, labels, **known))) == []


def test_rows_of_one_conversation_are_told_as_rows() -> None:
    """Texts whose length wanders from row to row are named, in words and with a remedy that fit a table."""
    rng = np.random.default_rng(0)
    facts = [{"words": float(value), "emoji": 0.0} for value in np.cumsum(rng.normal(size=120))]
    known = {"names": rows(120), "looks": frozenset({"words", "emoji"}), "noun": ("text", "texts")}
    (found,) = hidden_groups(material(facts, ["x"] * 120, **known))
    assert found.fact.startswith("Texts in neighbouring rows are alike: what was measured of them (“words”) correlates")
    assert "--group column:NAME" in found.remedy
    assert "brightness" not in f"{found.fact} {found.reason} {found.remedy}"


def test_a_second_table_and_answered_requests_are_no_groups() -> None:
    """Names that the product gives, of rows and of requests, hold no part that people put there."""
    given = [*rows(60), *(f"more.csv, row {place}" for place in range(60))]
    given += [f"decision 01a223b1-f546-7e7e-bfac-{place:012x}" for place in range(30)]
    assert subjects(names=given, labels=["x", "y"] * 75) == []
