"""Stages: changed one after another, without a gap, and never taken back."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.project import Project
from understudy.domain.stage import Cause, EventKind, Stage, StageChange
from understudy.store.errors import StageMoved, UnknownProject
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in


@settings(max_examples=15)
@given(nouns.changes)
def test_every_change_reads_back_exactly(places: Places, change: StageChange) -> None:
    """Terms, fallback, share, cause, evidence and moment come back to the last bit."""
    with ledger_in(places) as ledger:
        assert ledger.change_stage("blades", change) == change
        assert ledger.stage("blades") == change
        assert ledger.stages("blades") == [change]
        assert ledger.standings() == {"blades": change}


def test_before_the_first_change_there_is_none(ledger: Ledger) -> None:
    """Then people answer."""
    assert ledger.stage("blades") is None
    assert ledger.stages("blades") == []
    assert ledger.standings() == {}


def test_changes_follow_one_another(ledger: Ledger) -> None:
    """All of them stay on record, and the last one holds."""
    changes = [nouns.change(1, Stage.SHADOW, share=0.0), nouns.change(2, Stage.CANARY, share=0.1), nouns.change(3)]
    for change in changes:
        ledger.change_stage("blades", change)
    assert ledger.stages("blades") == changes
    assert ledger.stage("blades") == changes[-1]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_change_that_is_not_the_next_is_refused(ledger: Ledger, number: int) -> None:
    """Whoever decided by a stage that is past has to look again; nothing of the change is recorded."""
    ledger.change_stage("blades", nouns.change(1))
    with pytest.raises(StageMoved, match="The stage of “blades” has moved on"):
        ledger.change_stage("blades", nouns.change(number), events=[nouns.event()], notices=[nouns.notice()])
    assert len(ledger.stages("blades")) == 1
    assert ledger.events("blades") == []
    assert ledger.due_deliveries(nouns.later(9), 5) == []


def test_what_belongs_to_a_change_is_recorded_with_it(ledger: Ledger) -> None:
    """Its events and what is to be delivered of it, in one transaction."""
    tripped = replace(nouns.change(1, Stage.SHADOW), cause=Cause.TRIPPED, by="breaker")
    ledger.change_stage("blades", tripped, events=[nouns.event(EventKind.TRIPPED)], notices=[nouns.notice()])
    assert ledger.events("blades") == [replace(nouns.event(EventKind.TRIPPED), number=1)]
    assert [each.event for each in ledger.due_deliveries(nouns.later(9), 5)] == ["breaker.tripped"]


def test_projects_have_stages_of_their_own(ledger: Ledger) -> None:
    """A change of one leaves the other where it was, and a project without one has none."""
    ledger.create_project(Project("axles", nouns.NOON))
    ledger.create_project(Project("wheels", nouns.NOON))
    ledger.change_stage("blades", nouns.change(1))
    ledger.change_stage("axles", nouns.change(1, Stage.SHADOW))
    ledger.change_stage("axles", nouns.change(2, Stage.WIZARD, model=None))
    assert ledger.standings() == {"axles": nouns.change(2, Stage.WIZARD, model=None), "blades": nouns.change(1)}


def test_the_mark_moves_with_every_change_and_only_then(ledger: Ledger) -> None:
    """So whoever keeps what it read need only look at the mark."""
    seen = [ledger.mark()]
    for act in (
        lambda: ledger.change_stage("blades", nouns.change(1)),
        lambda: ledger.set_setting("blades", "hold-seconds", 3.0, "me", nouns.NOON),
        lambda: ledger.set_setting("blades", "hold-seconds", None, "me", nouns.NOON),
        lambda: ledger.change_stage("blades", nouns.change(2)),
    ):
        act()
        seen.append(ledger.mark())
    assert len(set(seen)) == 5
    ledger.record_served([nouns.asked(1, stage=2)])
    ledger.record_event("blades", nouns.event())
    assert ledger.mark() == seen[-1]


def test_the_mark_never_stands_still_over_a_change(ledger: Ledger, ledger_url: str) -> None:
    """Projects change at once, and whoever looked at the mark before a change ended sees another one after it."""
    names = [f"p{number}" for number in range(4)]
    for name in names:
        ledger.create_project(Project(name, nouns.NOON))
    failures: list[object] = []

    def change(name: str) -> None:
        with Ledger.open(ledger_url) as own:
            for number in range(1, 21):
                before = own.mark()
                own.change_stage(name, nouns.change(number))
                if own.mark() <= before:
                    failures.append(name)

    changers = [threading.Thread(target=change, args=(name,)) for name in names]
    for changer in changers:
        changer.start()
    marks = [ledger.mark()]
    while any(changer.is_alive() for changer in changers):
        standings = ledger.standings()
        marks.append(ledger.mark())
        if marks[-1] == marks[-2]:
            assert sum(change.number for change in standings.values()) == marks[-1][0], "the mark hid a change"
    assert failures == []
    assert marks == sorted(marks)
    assert ledger.mark()[0] == 80


def test_of_those_who_change_at_once_one_wins(ledger: Ledger, ledger_url: str) -> None:
    """The others are told that the stage has moved."""
    results: list[object] = []

    def change(by: str) -> None:
        with Ledger.open(ledger_url) as own:
            for number in range(1, 11):
                try:
                    results.append(own.change_stage("blades", replace(nouns.change(number), by=by)))
                except StageMoved as error:
                    results.append(error)

    changers = [threading.Thread(target=change, args=(f"person {number}",)) for number in range(3)]
    for changer in changers:
        changer.start()
    for changer in changers:
        changer.join()
    made = [result for result in results if isinstance(result, StageChange)]
    assert sorted(change.number for change in made) == list(range(1, 11))
    assert ledger.stages("blades") == sorted(made, key=lambda change: change.number)
    assert len(results) == 30


def test_evidence_without_a_number_for_json_is_kept_as_text(ledger: Ledger) -> None:
    """A figure that is not a number must not keep a breaker from tripping."""
    change = replace(nouns.change(1), evidence={"bound": float("inf"), "each": [float("nan"), 1.5], 3: {"x": (1, 2)}})
    ledger.change_stage("blades", change)
    kept = ledger.stages("blades")[0]
    assert kept.evidence == {"bound": "inf", "each": ["nan", 1.5], "3": {"x": [1, 2]}}
    assert replace(kept, evidence={}) == replace(change, evidence={})


@pytest.mark.parametrize("act", ["stage", "stages", "events"])
def test_an_unknown_project_has_no_stage(ledger: Ledger, act: str) -> None:
    """It is an error, not an empty history."""
    with pytest.raises(UnknownProject):
        getattr(ledger, act)("x")
    with pytest.raises(UnknownProject):
        ledger.change_stage("x", nouns.change(1))


@settings(max_examples=10)
@given(st.lists(st.sampled_from(Stage), max_size=6))
def test_a_ledger_that_is_opened_again_says_the_same(places: Places, stages: list[Stage]) -> None:
    """Stages are derived from what is on record and from nothing else."""
    with places() as url:
        with Ledger.open(url) as ledger:
            ledger.create_project(Project("blades", nouns.NOON))
            for number, stage in enumerate(stages, 1):
                ledger.change_stage("blades", nouns.change(number, stage))
            before = (ledger.stages("blades"), ledger.standings(), ledger.mark())
        with Ledger.open(url) as ledger:
            assert (ledger.stages("blades"), ledger.standings(), ledger.mark()) == before
