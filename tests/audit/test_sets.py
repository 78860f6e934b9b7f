"""Sets of labels, as marks and as an audit looks at them."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import material

from understudy.audit.audit import audit
from understudy.audit.drift import drift
from understudy.audit.imbalance import imbalance
from understudy.audit.leaks import leaks
from understudy.audit.marks import Marks
from understudy.audit.material import OutOfFold
from understudy.audit.shortcuts import shortcuts
from understudy.audit.slices import weak_slices
from understudy.audit.suspects import suspects
from understudy.domain.finding import FindingKind
from understudy.domain.task import labels_text

SETS = st.lists(st.sets(st.sampled_from("abcd")), max_size=12)


def texts(sets: Sequence[set[str]]) -> list[str]:
    """Sets as they are kept."""
    return [labels_text(tuple(each)) for each in sets]


@given(SETS)
def test_marks_say_what_sets_say(sets: list[set[str]]) -> None:
    """Each label stands where its set holds it and nowhere else, and is counted as often; an empty set has no mark."""
    marks = Marks.of_sets(texts(sets))
    assert marks.count == len(sets)
    assert marks.names == tuple(sorted(set().union(*sets)))
    for place, name in enumerate(marks.names):
        assert marks.there(place).tolist() == [name in each for each in sets]
        assert marks.often[place] == sum(name in each for each in sets)


@given(SETS, st.data())
def test_some_of_them_in_another_order(sets: list[set[str]], data: st.DataObject) -> None:
    """Marks of chosen examples are what the chosen sets say, in the order chosen."""
    chosen = data.draw(st.permutations(range(len(sets))).flatmap(lambda order: st.just(order[: len(order) // 2 + 1])))
    marks = Marks.of_sets(texts(sets))
    some = marks.at(np.array(chosen, np.int64))
    assert some.count == len(chosen)
    for place, name in enumerate(some.names):
        assert some.there(place).tolist() == [name in sets[each] for each in chosen]


def drawn(count: int = 400, seed: int = 0) -> tuple[np.random.Generator, list[set[str]]]:
    """Sets of three labels that stand by chance, independently, at a third of the examples each."""
    rng = np.random.default_rng(seed)
    return rng, [{name for name in ("dent", "rust", "crack") if rng.random() < 1 / 3} for _ in range(count)]


def test_rare_combinations_are_no_rare_labels() -> None:
    """Three labels that are all common make eight combinations, some rare: none is named. A rare label is."""
    _, sets = drawn()
    few = [{"dent", "rust", "crack"}, {"dent", "rust"}]
    sets = [each for each in sets if each not in few] + few
    assert list(imbalance(material([{}] * len(sets), texts(sets), several=True))) == []
    assert [each.subject for each in imbalance(material([{}] * len(sets), texts(sets)))] != []
    for place in (3, 50, 120):
        sets[place] = sets[place] | {"hole"}
    (found,) = imbalance(material([{}] * len(sets), texts(sets), several=True))
    assert (found.subject, set(found.evidence)) == ("hole", {"e3", "e50", "e120"})
    assert "never says “hole” is right about it over 99% of the time" in found.reason


def test_a_camera_that_goes_with_one_label_of_several() -> None:
    """A shortcut to one label is found whatever else stands beside it, and only that label is named."""
    rng, sets = drawn()
    facts = [{"camera": "old" if "rust" in each else str(rng.choice(["a", "b"]))} for each in sets]
    found = list(shortcuts(material(facts, texts(sets), several=True, origin=frozenset({"camera"}))))
    assert [each.subject for each in found] == ["rust"]
    assert set(found[0].evidence) <= {f"e{place}" for place, each in enumerate(sets) if "rust" in each}


def test_chance_raises_hardly_an_alarm_about_sets() -> None:
    """In sixty innocent worlds of sets, at most two raise a finding about how they came about."""
    alarms = 0
    for seed in range(60):
        rng, sets = drawn(60, seed)
        facts = [{"camera": str(rng.choice(["a", "b", "c"])), "width": float(rng.integers(9))} for _ in sets]
        origin = frozenset({"camera", "width"})
        alarms += bool(list(shortcuts(material(facts, texts(sets), several=True, origin=origin))))
    assert alarms <= 2


def test_a_column_that_was_filled_in_with_one_label() -> None:
    """A column that tells one label of a set exactly is told as a leak of that label."""
    rng, sets = drawn()
    facts = [{"repaint": float("rust" in each), "age": float(rng.integers(30))} for each in sets]
    found = list(leaks(material(facts, texts(sets), several=True)))
    assert [each.subject for each in found] == ["repaint"]
    assert "tells “rust” from the rest every time" in found[0].fact


@pytest.mark.parametrize("moves", [True, False])
def test_a_label_that_becomes_common(moves: bool) -> None:
    """Where one label of several becomes common, it is named with its shares; where nothing changes, nothing is."""
    rng, sets = drawn(800)
    late = range(400, 800) if moves else ()
    for place in late:
        sets[place] = (sets[place] | {"dent"}) if rng.random() < 0.6 else sets[place]
    arrived = [0.0] * 400 + [1.0] * 400
    found = list(drift(material([{}] * 800, texts(sets), several=True, arrived=arrived)))
    assert [each.kind for each in found] == [FindingKind.DRIFT] * moves
    assert not moves or "“label” “dent” from 3" in found[0].fact


def test_a_dialect_that_is_labelled_otherwise() -> None:
    """Texts in a spoken variety that get one label of several more often are told, with that label."""
    rng, sets = drawn(600)
    facts = []
    for place, each in enumerate(sets):
        spoken = place % 4 == 0
        if spoken and rng.random() < 0.5:
            each.add("rude")
        words = " ".join(str(rng.choice(["door", "broke", "again", "today", "sir"])) for _ in range(9))
        facts.append({"text": f"dis {words} and he aint here {place}" if spoken else f"this {words} {place}"})
    found = [each for each in audit(material(facts, texts(sets), several=True)) if each.subject == "dialect in text"]
    assert len(found) == 1
    assert "of them are labelled “rude”, 0% of the rest" in found[0].fact


def opinion(sets: Sequence[set[str]], sure: float) -> OutOfFold:
    """A model that gives every label that stands this probability, and every other one the rest."""
    names = ("crack", "dent", "rust")
    return OutOfFold(names, np.array([[sure if name in each else 1 - sure for name in names] for each in sets]))


def test_a_set_that_lacks_a_label_is_suspected() -> None:
    """Sets in which a sure model misses a label, or sees one too many, are the evidence, and no others are."""
    _, sets = drawn(200)
    said = opinion(sets, 0.95)
    sets[3], sets[77] = sets[3] ^ {"rust"}, sets[77] ^ {"dent"}
    (found,) = suspects(material([{}] * 200, texts(sets), several=True, out_of_fold=said))
    assert (found.kind, set(found.evidence)) == (FindingKind.SUSPECT_LABEL, {"e3", "e77"})


def test_a_part_in_which_sets_are_wrong() -> None:
    """A part in which a model misses a label of the set is weak; where sets are right everywhere, none is."""
    _, sets = drawn(400)
    facts = [{"light": "dim" if place % 4 == 0 else "bright"} for place in range(400)]
    seen = [each - {"rust"} if fact["light"] == "dim" else each for each, fact in zip(sets, facts, strict=True)]
    known = {"several": True, "out_of_fold": opinion(seen, 0.9)}
    assert [each.subject for each in weak_slices(material(facts, texts(sets), **known))] == ["light = dim"]
    assert list(weak_slices(material(facts, texts(seen), **known))) == []
