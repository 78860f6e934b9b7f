"""Events: what happened to models in service, in order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from understudy.domain.project import Project
from understudy.domain.stage import Event
from understudy.store.errors import UnknownProject
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in


@settings(max_examples=15)
@given(nouns.events)
def test_every_event_reads_back_exactly(places: Places, event: Event) -> None:
    """Kind, model, fact, evidence and moment are kept, and it is given its number."""
    with ledger_in(places) as ledger:
        recorded = ledger.record_event("blades", event)
        assert recorded == replace(event, number=1)
        assert ledger.events("blades") == [recorded]


def test_events_are_counted_in_each_project(ledger: Ledger) -> None:
    """From 1 without a gap, so whoever goes on after the last one misses none."""
    ledger.create_project(Project("axles", nouns.NOON))
    for _ in range(3):
        ledger.record_event("blades", nouns.event())
    ledger.record_event("axles", nouns.event())
    assert [event.number for event in ledger.events("blades")] == [1, 2, 3]
    assert [event.number for event in ledger.events("blades", after=1, limit=1)] == [2]
    assert [event.number for event in ledger.events("axles")] == [1]
    assert ledger.events("blades", after=3) == []


def test_what_is_to_be_delivered_about_an_event_is_recorded_with_it(ledger: Ledger) -> None:
    """Neither without the other."""
    ledger.record_event("blades", nouns.event(), notices=[nouns.notice()])
    assert len(ledger.due_deliveries(nouns.NOON, 5)) == 1
    with pytest.raises(UnknownProject):
        ledger.record_event("x", nouns.event(), notices=[nouns.notice()])
    assert len(ledger.due_deliveries(nouns.NOON, 5)) == 1
