"""Examples: taken in once, streamed in order, sealed labels withheld."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.domain.project import Project
from understudy.store.errors import UnstorableText
from understudy.store.examples import CHUNK
from understudy.store.ledger import Ledger
from understudy.store.schema import other_names

from . import nouns
from .fresh import Places, ledger_in


@settings(max_examples=15)
@given(st.lists(nouns.examples, max_size=6, unique_by=lambda example: example.digest))
def test_every_example_reads_back_exactly_but_for_sealed_labels(
    places: Places, given_examples: Sequence[Example]
) -> None:
    """Any name, group and label comes back, by digest; a sealed label does not, and only a look shows it."""
    in_order = sorted(given_examples, key=lambda example: example.digest)
    with ledger_in(places) as ledger:
        assert ledger.add_examples("blades", given_examples, by="me", at=nouns.NOON) == len(given_examples)
        shown = [replace(each, label=None) if each.side is Side.SEALED else each for each in in_order]
        assert list(ledger.examples("blades")) == shown
        for side in Side:
            assert list(ledger.examples("blades", side=side)) == [each for each in shown if each.side is side]
        look = ledger.open_sealed("blades", model="m", at=nouns.NOON)
        assert list(look.examples) == [each for each in in_order if each.side is Side.SEALED]


def test_adding_twice_adds_nothing(ledger: Ledger) -> None:
    """The second time no example is new and no label is said again."""
    both = [nouns.example("a"), nouns.example("b", label=None)]
    assert ledger.add_examples("blades", both, by="me", at=nouns.NOON) == 2
    assert ledger.add_examples("blades", both, by="me", at=nouns.later(5)) == 0
    assert len(list(ledger.examples("blades"))) == 2
    assert ledger.labels_of("blades", nouns.digest("a")) == [Label(nouns.digest("a"), "crack", "me", nouns.NOON)]


def test_an_example_is_found_by_each_of_its_names(ledger: Ledger) -> None:
    """Its own name comes first; names of what repeats it lead to it, said once or twice; nothing else does."""
    first = replace(nouns.example("a"), name="mails.csv, row 2")
    other = replace(nouns.example("b"), name="mails.csv, row 3")
    ledger.add_examples("blades", [first, other], by="me", at=nouns.NOON)
    for _ in range(2):
        ledger.add_names("blades", [("mails.csv, row 9", first.digest), (other.name, first.digest)])
    assert ledger.named("blades", "mails.csv, row 2") == {first.digest}
    assert ledger.named("blades", "mails.csv, row 9") == {first.digest}
    assert ledger.named("blades", "mails.csv, row 3") == {other.digest}
    assert ledger.named("blades", "mails.csv, row 4") == set()
    ledger.erase("blades", [first.digest], by="Ada", reason="They asked.", at=nouns.later(50))
    assert ledger.named("blades", "mails.csv, row 9") == set()
    with ledger._database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(other_names)).scalar_one() == 0


def test_a_photo_that_comes_twice_in_one_batch_is_one_example(ledger: Ledger) -> None:
    """The first one's name and label count."""
    first = nouns.example("a")
    assert ledger.add_examples("blades", [first, replace(first, name="copy", label="ok")], by="me", at=nouns.NOON) == 1
    assert list(ledger.examples("blades")) == [first]


def test_a_known_example_keeps_its_side_and_group(ledger: Ledger) -> None:
    """Nothing that arrives later moves an example across the sealed border."""
    sealed = nouns.example("a", side=Side.SEALED)
    ledger.add_examples("blades", [sealed], by="me", at=nouns.NOON)
    ledger.add_examples("blades", [replace(sealed, side=Side.TRAIN, group="other")], by="me", at=nouns.NOON)
    assert list(ledger.examples("blades")) == [nouns.unlabelled(sealed)]


def test_a_label_that_comes_later_reaches_an_unlabelled_example(ledger: Ledger) -> None:
    """A photo first seen without a label gets the one it comes with the next time."""
    known = nouns.example("a", label=None)
    ledger.add_examples("blades", [known], by="me", at=nouns.NOON)
    assert ledger.add_examples("blades", [nouns.example("a")], by="me", at=nouns.later(1)) == 0
    assert list(ledger.examples("blades")) == [nouns.example("a")]


def test_a_label_that_contradicts_the_one_on_record_is_not_added(ledger: Ledger) -> None:
    """Saying something else about a known example takes `add_label`."""
    ledger.add_examples("blades", [nouns.example("a")], by="me", at=nouns.NOON)
    ledger.add_examples("blades", [nouns.example("a", label="sound")], by="you", at=nouns.later(1))
    assert [label.value for label in ledger.labels_of("blades", nouns.digest("a"))] == ["crack"]


def test_more_than_one_page_streams_in_the_order_of_digests(ledger: Ledger) -> None:
    """Nothing is lost or doubled where one page ends and the next begins."""
    many = [nouns.example(str(number), label=None) for number in range(2 * CHUNK + 1)]
    assert ledger.add_examples("blades", many, by="me", at=nouns.NOON) == len(many)
    streamed = [example.digest for example in ledger.examples("blades")]
    assert streamed == sorted(example.digest for example in many)
    assert ledger.add_examples("blades", many, by="me", at=nouns.NOON) == 0


def test_a_full_last_page_ends_the_stream(ledger: Ledger) -> None:
    """Exactly one page of examples is streamed once."""
    many = [nouns.example(str(number), label=None) for number in range(CHUNK)]
    ledger.add_examples("blades", many, by="me", at=nouns.NOON)
    assert sum(1 for _ in ledger.examples("blades")) == CHUNK


def test_one_may_write_while_reading(ledger: Ledger) -> None:
    """A stream that is half read keeps nobody from adding a label."""
    ledger.add_examples("blades", [nouns.example(str(number)) for number in range(CHUNK + 10)], by="me", at=nouns.NOON)
    stream = ledger.examples("blades")
    first = next(stream)
    ledger.add_label("blades", Label(first.digest, "sound", "you", nouns.later(1)))
    assert 1 + sum(1 for _ in stream) == CHUNK + 10


def test_projects_do_not_see_each_others_examples(ledger: Ledger) -> None:
    """The same photo may lie in two projects, on different sides and with different labels."""
    ledger.create_project(Project("axles", nouns.NOON))
    here, there = nouns.example("a"), nouns.example("a", label="bent", side=Side.SET_ASIDE)
    ledger.add_examples("blades", [here], by="me", at=nouns.NOON)
    assert ledger.add_examples("axles", [there], by="me", at=nouns.NOON) == 1
    assert list(ledger.examples("blades")) == [here]
    assert list(ledger.examples("axles")) == [there]


def test_intake_sees_every_label_on_record(ledger: Ledger) -> None:
    """Contradictions can be found whatever the side."""
    sealed, bare = nouns.example("a", side=Side.SEALED), nouns.example("b", label=None)
    ledger.add_examples("blades", [sealed, bare], by="me", at=nouns.NOON)
    expected = [Arrival(each.digest, each.group, each.side, each.fingerprint, each.label) for each in (sealed, bare)]
    assert list(ledger.arrivals("blades")) == sorted(expected, key=lambda arrival: arrival.digest)


def test_intake_looks_again_at_some_examples(ledger: Ledger) -> None:
    """Those among many digests, in order, of one project; none where none is meant."""
    made = sorted((nouns.example(f"{number}") for number in range(1200)), key=lambda each: each.digest)
    ledger.create_project(Project("axles", nouns.NOON))
    for project in ("blades", "axles"):
        ledger.add_examples(project, made, by="me", at=nouns.NOON)
    wanted = [each.digest for each in made[::-1] if each.digest < "c"]
    found = list(ledger.arrivals("blades", among=[*wanted, nouns.digest("unknown")]))
    assert [each.digest for each in found] == wanted[::-1]
    assert list(ledger.arrivals("blades", among=[])) == []


def test_counts_tell_labels_for_training_and_a_total_for_the_sealed_set(ledger: Ledger) -> None:
    """How the sealed labels are spread is not told."""
    added = [
        nouns.example("a"),
        nouns.example("b"),
        nouns.example("c", label="sound"),
        nouns.example("d", label=None),
        nouns.example("e", side=Side.SEALED),
        nouns.example("f", side=Side.SET_ASIDE),
        replace(nouns.example("g"), provenance=Provenance.SYNTHETIC),
        replace(nouns.example("h", label=None), provenance=Provenance.SYNTHETIC),
    ]
    ledger.add_examples("blades", added, by="me", at=nouns.NOON)
    ledger.add_label("blades", Label(nouns.digest("b"), "sound", "you", nouns.later(1)))
    counts = ledger.counts("blades")
    assert counts.train == {"crack": 2, "sound": 2}
    assert (counts.train_unlabelled, counts.sealed, counts.set_aside, counts.total) == (2, 1, 1, 8)
    assert (counts.synthetic, counts.made_up) == (1, {"crack": 1})


@pytest.mark.parametrize("name", ["a\0b.jpg", "caf\udce9.jpg"])
def test_a_name_that_no_database_keeps_is_refused_clearly(ledger: Ledger, name: str) -> None:
    """NUL and undecodable bytes in a file name are an error that says what to do, and nothing is half added."""
    added = [nouns.example("ok"), replace(nouns.example("x"), name=name)]
    with pytest.raises(UnstorableText, match="Rename"):
        ledger.add_examples("blades", added, by="me", at=nouns.NOON)
    assert list(ledger.examples("blades")) == []


def test_the_same_examples_give_the_same_stream_in_any_order(ledger: Ledger) -> None:
    """What training reads does not depend on the order of files in a folder."""
    ledger.create_project(Project("again", datetime(2026, 1, 1, tzinfo=UTC)))
    some = [nouns.example(str(number)) for number in range(20)]
    ledger.add_examples("blades", some, by="me", at=nouns.NOON)
    ledger.add_examples("again", some[::-1], by="me", at=nouns.NOON)
    assert list(ledger.examples("blades")) == list(ledger.examples("again"))


def test_those_of_a_name_or_group_are_found(ledger: Ledger) -> None:
    """Of all examples only those that are called so, by themselves or by what they belong with, on either side."""
    one, other = nouns.example("ada"), replace(nouns.example("b", side=Side.SEALED), group="ada")
    ledger.add_examples("blades", [one, other, nouns.example("ad"), nouns.example("adam")], by="me", at=nouns.NOON)
    found = [each.digest for each in ledger.examples("blades", called="ada")]
    assert found == sorted([one.digest, other.digest])
    assert [each.digest for each in ledger.examples("blades", side=Side.SEALED, called="ada")] == [other.digest]
    assert list(ledger.examples("blades", called="nobody")) == []


def test_a_name_that_several_bear_names_none_of_them(ledger: Ledger) -> None:
    """Two folders may hold files of one name; nobody knows which is meant, so neither is shown."""
    given_names = {"a": "a.jpg", "b": "a.jpg", "c": "b.jpg"}
    some = [replace(nouns.example(each), name=name) for each, name in given_names.items()]
    ledger.add_examples("blades", some, by="me", at=nouns.NOON)
    assert ledger.bearers("blades", {"a.jpg", "b.jpg", "c.jpg"}) == {"b.jpg": nouns.digest("c")}
