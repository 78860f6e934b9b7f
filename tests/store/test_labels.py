"""Labels: who said what, and which one stands."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.example import Label, Side
from understudy.store.errors import SealedLabels, UnknownExample
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in


@settings(max_examples=15)
@given(st.lists(nouns.labels, min_size=1, max_size=6))
def test_every_label_reads_back_exactly_and_the_last_one_said_stands(places: Places, said: Sequence[Label]) -> None:
    """Labels come back in the order of their times; equal times keep the order of recording."""
    with ledger_in(places) as ledger:
        ledger.add_examples("blades", [nouns.example("a", label=None)], by="me", at=nouns.NOON)
        for label in said:
            ledger.add_label("blades", label)
        in_order = sorted(said, key=lambda label: label.at)
        assert ledger.labels_of("blades", nouns.digest("a")) == in_order
        assert next(ledger.examples("blades")).label == in_order[-1].value


def test_an_old_label_that_is_read_in_late_does_not_stand(ledger: Ledger) -> None:
    """A correction outlives the import of an older export."""
    ledger.add_examples("blades", [nouns.example("a", label=None)], by="me", at=nouns.NOON)
    ledger.add_label("blades", Label(nouns.digest("a"), "sound", "you", nouns.later(10)))
    ledger.add_label("blades", Label(nouns.digest("a"), "crack", "old export", nouns.later(5)))
    assert next(ledger.examples("blades")).label == "sound"


def test_sealed_labels_are_not_shown(ledger: Ledger) -> None:
    """They can be added, but asking for them is refused with the way to see them."""
    ledger.add_examples("blades", [nouns.example("a", side=Side.SEALED)], by="me", at=nouns.NOON)
    ledger.add_label("blades", Label(nouns.digest("a"), "sound", "you", nouns.later(1)))
    with pytest.raises(SealedLabels, match="Review a model"):
        ledger.labels_of("blades", nouns.digest("a"))
    assert next(ledger.examples("blades")).label is None
    assert next(ledger.open_sealed("blades", model="m", at=nouns.NOON).examples).label == "sound"


def test_a_label_needs_its_example(ledger: Ledger) -> None:
    """Nobody can label, or ask for the labels of, what was never added."""
    with pytest.raises(UnknownExample):
        ledger.add_label("blades", Label(nouns.digest("a"), "sound", "you", nouns.NOON))
    with pytest.raises(UnknownExample):
        ledger.labels_of("blades", nouns.digest("a"))


def test_many_labels_at_once_are_recorded_once(ledger: Ledger) -> None:
    """Labels of several people are kept, each once however often it is given; one for a stranger is refused."""
    known = nouns.example("one", label=None)
    ledger.add_examples("blades", [known], by="me", at=nouns.NOON)
    said = [Label(known.digest, "crack", "Ada", nouns.NOON), Label(known.digest, "sound", "Ben", nouns.NOON)]
    ledger.add_labels("blades", [*said, said[0]])
    ledger.add_labels("blades", said)
    assert ledger.labels_of("blades", known.digest) == said
    with pytest.raises(UnknownExample):
        ledger.add_labels("blades", [Label("ff" * 32, "crack", "Ada", nouns.NOON)])
