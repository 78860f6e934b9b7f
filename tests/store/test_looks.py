"""Looks at the sealed set, and judgements."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings

from understudy.domain.evidence import Judgement
from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.store.errors import JudgementExists, UnknownLook
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in


def test_every_look_counts(ledger: Ledger) -> None:
    """The same model looked at again, on an unchanged sealed set, is another look."""
    numbers = [ledger.open_sealed("blades", model="m1", at=nouns.later(n)).number for n in range(3)]
    assert numbers == [1, 2, 3]
    assert ledger.look_count("blades") == 3


def test_projects_count_their_own_looks(ledger: Ledger) -> None:
    """A look at one sealed set spends nothing of another's error budget."""
    ledger.create_project(Project("axles", nouns.NOON))
    ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    assert ledger.open_sealed("axles", model="m1", at=nouns.NOON).number == 1


def test_a_look_is_on_record_before_its_first_label_is_read(ledger: Ledger, ledger_url: str) -> None:
    """Another process sees the look while not one label has been read."""
    ledger.add_examples("blades", [nouns.example("a", side=Side.SEALED)], by="me", at=nouns.NOON)
    look = ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    with Ledger.open(ledger_url) as other:
        assert other.look_count("blades") == 1
    assert [example.label for example in look.examples] == ["crack"]


def test_a_look_shows_the_sealed_set_and_nothing_else(ledger: Ledger) -> None:
    """Training examples are not mixed in; a sealed example nobody has labelled shows none."""
    sealed = [nouns.example("b", side=Side.SEALED), nouns.example("c", side=Side.SEALED, label=None)]
    ledger.add_examples("blades", [nouns.example("a"), *sealed], by="me", at=nouns.NOON)
    look = ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    assert sorted(look.examples, key=lambda each: each.name) == sealed


def test_looks_at_the_same_moment_get_different_numbers(ledger: Ledger, ledger_url: str) -> None:
    """Eight reviewers, half of them in ledgers of their own, spend eight looks."""
    with Ledger.open(ledger_url) as other, ThreadPoolExecutor(8) as pool:
        opened = pool.map(lambda n: (ledger, other)[n % 2].open_sealed("blades", model="m", at=nouns.NOON), range(8))
        assert sorted(look.number for look in opened) == list(range(1, 9))


@settings(max_examples=15)
@given(nouns.judgements)
def test_every_judgement_reads_back_exactly(places: Places, judgement: Judgement) -> None:
    """What a look showed comes back to the last bit."""
    with ledger_in(places) as ledger:
        number = ledger.open_sealed("blades", model=judgement.model, at=nouns.NOON).number
        shown = replace(judgement, look=number)
        ledger.record_judgement("blades", shown, at=nouns.NOON)
        assert ledger.latest_judgement("blades") == shown


def test_the_latest_judgement_is_that_of_the_latest_look(ledger: Ledger) -> None:
    """The order of looks decides, whichever judgement was written down last; a look without one is passed over."""
    assert ledger.latest_judgement("blades") is None
    for _ in range(3):
        ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    ledger.record_judgement("blades", nouns.judgement(look=2), at=nouns.NOON)
    ledger.record_judgement("blades", nouns.judgement(look=1, right=30), at=nouns.later(1))
    assert ledger.latest_judgement("blades") == nouns.judgement(look=2)


def test_a_judgement_needs_its_look(ledger: Ledger) -> None:
    """A figure about the sealed set that no counted look could have shown is refused."""
    with pytest.raises(UnknownLook, match="No such look"):
        ledger.record_judgement("blades", nouns.judgement(look=1), at=nouns.NOON)
    ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    with pytest.raises(UnknownLook, match="for model m1"):
        ledger.record_judgement("blades", nouns.judgement(look=1, model="m2"), at=nouns.NOON)
    assert ledger.latest_judgement("blades") is None


def test_a_look_has_one_judgement(ledger: Ledger) -> None:
    """The same judgement may be recorded again; a better one for the same look may not."""
    ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    ledger.record_judgement("blades", nouns.judgement(), at=nouns.NOON)
    ledger.record_judgement("blades", nouns.judgement(), at=nouns.later(1))
    with pytest.raises(JudgementExists):
        ledger.record_judgement("blades", nouns.judgement(right=32), at=nouns.later(2))
    assert ledger.latest_judgement("blades") == nouns.judgement()
