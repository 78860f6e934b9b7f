"""What people said becomes labels of examples once, and what was deleted never comes back."""

from datetime import timedelta

from understudy.domain.example import Side
from understudy.domain.opinion import QuestionKind
from understudy.store.ledger import Ledger

from . import nouns

LATER = nouns.NOON + timedelta(hours=1)


def test_every_settled_opinion_is_harvested_once(ledger: Ledger) -> None:
    """Answers, doubles and audits with a label are offered in the order they were given, until they are recorded."""
    ledger.record_served([nouns.asked(1, double=True)])
    decision = ledger.decisions("blades", 1)[0]
    ledger.answer(nouns.opinion("o1", decision.id, at=decision.at), cannot_tell_limit=2)
    assert ledger.unharvested("blades", decision.at + timedelta(seconds=7), 10) == []
    ledger.answer(
        nouns.opinion("o2", decision.id, kind=QuestionKind.DOUBLE, value="sound", by="you", at=LATER),
        cannot_tell_limit=2,
    )
    settled = LATER + timedelta(minutes=1)
    assert [opinion.id for _, opinion in ledger.unharvested("blades", settled, 10)] == ["o1", "o2"]
    ledger.record_harvest("blades", ["o1"])
    ledger.record_harvest("blades", ["o1"])
    assert [(made, opinion.id) for made, opinion in ledger.unharvested("blades", settled, 10)] == [(decision, "o2")]
    assert ledger.labels_begun("blades") == {"crack": decision.at, "sound": LATER}


def test_what_was_deleted_is_not_harvested(ledger: Ledger) -> None:
    """An answer about an input that was deleted never becomes an example's."""
    ledger.record_served([nouns.asked(1)])
    decision = ledger.decisions("blades", 1)[0]
    ledger.answer(nouns.opinion("o1", decision.id, at=decision.at), cannot_tell_limit=2)
    ledger.erase("blades", [decision.input_digest], by="Ada", reason="asked for", at=LATER)
    assert ledger.unharvested("blades", LATER, 10) == []


def test_deleted_examples_are_neither_learned_from_nor_counted(ledger: Ledger) -> None:
    """An example whose input was deleted comes from no stream and no look; intake still knows it."""
    kept, gone, sealed = nouns.example("one"), nouns.example("two"), nouns.example("three", side=Side.SEALED)
    ledger.add_examples("blades", [kept, gone, sealed], by="me", at=nouns.NOON)
    ledger.erase("blades", [gone.digest, sealed.digest], by="Ada", reason="asked for", at=LATER)
    assert [each.digest for each in ledger.examples("blades")] == [kept.digest]
    counts = ledger.counts("blades")
    assert (counts.train, counts.sealed) == ({"crack": 1}, 0)
    assert list(ledger.open_sealed("blades", model=nouns.MODEL, at=LATER).examples) == []
    assert len(list(ledger.arrivals("blades"))) == 3


def test_whose_input_it_is(ledger: Ledger) -> None:
    """Inputs of decisions and of examples are the project's; others are not."""
    ledger.record_served([nouns.asked(1)])
    asked = ledger.decisions("blades", 1)[0].input_digest
    learned = nouns.example("one")
    ledger.add_examples("blades", [learned], by="me", at=nouns.NOON)
    assert ledger.inputs_among("blades", [asked, learned.digest, "ff" * 32]) == {asked, learned.digest}
