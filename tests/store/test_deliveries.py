"""Deliveries: on record with what they tell of, tried until they arrive, withdrawn with what was taken back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.project import Project
from understudy.store.deliveries import Delivery, Notice
from understudy.store.errors import UnknownDelivery, UnknownProject
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in


@settings(max_examples=15)
@given(st.dictionaries(nouns.texts, nouns.texts | nouns.finite | st.none(), max_size=4))
def test_every_payload_reads_back_exactly(places: Places, payload: dict[str, object]) -> None:
    """Channel, event, payload and moment are kept."""
    with ledger_in(places) as ledger:
        number = ledger.add_delivery("blades", "webhook", "decision.answered", payload, nouns.NOON)
        due = Delivery(number, "blades", "webhook", "decision.answered", payload, nouns.NOON, 0)
        assert ledger.due_deliveries(nouns.NOON, 5) == [due]


def test_a_delivery_waits_for_its_time(ledger: Ledger) -> None:
    """Not before it is due, and the longest due first."""
    late = ledger.add_delivery("blades", "mail", "late", {}, nouns.NOON, due_at=nouns.later(20))
    soon = ledger.add_delivery("blades", "mail", "soon", {}, nouns.NOON, due_at=nouns.later(10))
    assert ledger.due_deliveries(nouns.later(9), 5) == []
    assert [each.id for each in ledger.due_deliveries(nouns.later(10), 5)] == [soon]
    assert [each.id for each in ledger.due_deliveries(nouns.later(20), 5)] == [soon, late]
    assert [each.id for each in ledger.due_deliveries(nouns.later(20), 1)] == [soon]


def test_no_receiver_takes_the_places_of_the_others(ledger: Ledger) -> None:
    """Of what is due to each webhook and to the mail server so many are named, the first of each before any second."""
    ledger.create_project(Project("aisles", nouns.NOON))
    ours = [ledger.add_delivery("blades", "webhook", "x", {}, nouns.NOON) for _ in range(5)]
    mail = [ledger.add_delivery(name, "mail", "x", {}, nouns.NOON) for name in ("blades", "aisles", "blades")]
    theirs = [ledger.add_delivery("aisles", "webhook", "x", {}, nouns.later(1)) for _ in range(2)]
    ledger.add_delivery("aisles", "webhook", "x", {}, nouns.later(9), due_at=nouns.later(9))
    found = [each.id for each in ledger.due_deliveries(nouns.later(2), 99, each=2)]
    assert found == [ours[0], mail[0], theirs[0], ours[1], mail[1], theirs[1]]
    assert [each.id for each in ledger.due_deliveries(nouns.later(2), 2, each=2)] == found[:2]


def test_it_is_tried_again_until_it_arrives(ledger: Ledger) -> None:
    """Each attempt counts, and the last one says when the next is due; one that arrived is never due again."""
    number = ledger.add_delivery("blades", "webhook", "breaker.tripped", {}, nouns.NOON)
    ledger.record_attempt(number, at=nouns.NOON, ok=False, detail="503", next_at=nouns.later(30))
    assert ledger.due_deliveries(nouns.later(29), 5) == []
    assert [each.attempts for each in ledger.due_deliveries(nouns.later(30), 5)] == [1]
    ledger.record_attempt(number, at=nouns.later(30), ok=True, detail="204")
    assert ledger.due_deliveries(nouns.later(99), 5) == []


def test_it_can_be_given_up(ledger: Ledger) -> None:
    """Without a next time there is none."""
    number = ledger.add_delivery("blades", "webhook", "breaker.tripped", {}, nouns.NOON)
    ledger.record_attempt(number, at=nouns.NOON, ok=False, detail="410")
    assert ledger.due_deliveries(nouns.later(99), 5) == []


def test_what_tells_of_an_answer_goes_when_the_answer_is_taken_back(ledger: Ledger) -> None:
    """A client never hears of an answer that was taken back, and of the next one it does."""
    served = nouns.asked(1)
    ledger.record_served([served])
    notice = Notice("webhook", "decision.answered", {"answer": "crack"}, nouns.NOON, nouns.later(8))
    ledger.answer(nouns.opinion("o1", served.decision.id), cannot_tell_limit=2, notices=[notice])
    ledger.undo("o1", "me", nouns.later(3))
    assert ledger.due_deliveries(nouns.later(8), 5) == []
    again = nouns.opinion("o2", served.decision.id, value="sound", at=nouns.later(4))
    ledger.answer(again, cannot_tell_limit=2, notices=[nouns.notice()])
    assert [each.event for each in ledger.due_deliveries(nouns.later(12), 5)] == ["breaker.tripped"]


def test_nothing_is_delivered_of_an_opinion_that_ends_nothing(ledger: Ledger) -> None:
    """Only the last “cannot tell” that is allowed ends a request."""
    served = nouns.asked(1)
    ledger.record_served([served])
    for number, by in enumerate(["me", "you"], 1):
        said = nouns.opinion(f"o{number}", served.decision.id, value=None, by=by)
        ledger.answer(said, cannot_tell_limit=2, notices=[nouns.notice()])
        assert len(ledger.due_deliveries(nouns.later(9), 5)) == number - 1


def test_unknown_ones_are_errors(ledger: Ledger) -> None:
    """A number that was never given out, a project that is not there."""
    with pytest.raises(UnknownDelivery, match="no delivery 7"):
        ledger.record_attempt(7, at=nouns.NOON, ok=True, detail="")
    with pytest.raises(UnknownProject):
        ledger.add_delivery("x", "mail", "e", {}, nouns.NOON)
