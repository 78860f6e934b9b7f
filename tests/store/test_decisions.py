"""Decisions: recorded before they are acknowledged, and never lost after."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from understudy.domain.decision import Decision
from understudy.store.errors import DecisionExists, UnknownDecision, UnknownProject
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in

RECORDER = """
import itertools, sys
from store import nouns
from understudy.store.ledger import Ledger

with Ledger.open(sys.argv[1]) as ledger:
    for number in itertools.count():
        ledger.record_decisions([nouns.decision(number)])
        print(nouns.decision(number).id, flush=True)
"""


@settings(max_examples=15)
@given(nouns.decisions)
def test_every_decision_reads_back_exactly(places: Places, decision: Decision) -> None:
    """Answer, probabilities, who answered, model, moment and duration are kept to the last bit."""
    with ledger_in(places) as ledger:
        ledger.record_decisions([decision])
        assert ledger.decision(decision.id) == decision
        assert ledger.decisions("blades", 5) == [decision]


def test_what_was_acknowledged_survives_a_kill(ledger: Ledger, ledger_url: str) -> None:
    """A process that is killed without warning loses no decision that it had acknowledged."""
    tests = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", RECORDER, ledger_url], stdout=subprocess.PIPE, text=True, cwd=tests
    ) as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(200)]
        child.kill()
        acknowledged += child.stdout.read().split("\n")[:-1]
    assert child.returncode == -signal.SIGKILL
    assert len(acknowledged) >= 200
    for decision_id in acknowledged:
        assert ledger.decision(decision_id) == nouns.decision(int(decision_id))
    assert ledger.decision_count("blades") - len(acknowledged) in (0, 1)


def test_the_newest_decisions_come_first(ledger: Ledger) -> None:
    """The list is cut at its limit, not at random."""
    ledger.record_decisions([nouns.decision(number) for number in (3, 1, 4, 2)])
    assert [decision.id for decision in ledger.decisions("blades", 3)] == ["00000004", "00000003", "00000002"]
    assert ledger.decision_count("blades") == 4


def test_the_first_request_from_a_moment_on_is_found(ledger: Ledger) -> None:
    """At that moment or after it, of that project, whoever answered it; none is none."""
    made = [nouns.decision(number) for number in (1, 2, 3)]
    ledger.record_decisions(made)
    first = min(each.at for each in made)
    found = ledger.asked_from("blades", first)
    assert found is not None
    assert (found.decision, found.input_digest) in {(each.id, each.input_digest) for each in made if each.at == first}
    assert ledger.asked_from("blades", max(each.at for each in made) + timedelta(microseconds=1)) is None
    assert ledger.asked_from("axles", first) is None


def test_a_group_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    """One taken id or one unknown project, and none of the group is on record."""
    ledger.record_decisions([nouns.decision(1)])
    with pytest.raises(DecisionExists):
        ledger.record_decisions([nouns.decision(2), nouns.decision(1)])
    with pytest.raises(UnknownProject, match="“axles”"):
        ledger.record_decisions([nouns.decision(3), nouns.decision(4, project="axles")])
    assert ledger.decision_count("blades") == 1


def test_an_empty_group_is_nothing(ledger: Ledger) -> None:
    """A writer may find nothing to write."""
    ledger.record_decisions([])
    assert ledger.decision_count("blades") == 0


def test_an_unknown_decision_is_an_error(ledger: Ledger) -> None:
    """An id that was never given out is not answered with an empty decision."""
    with pytest.raises(UnknownDecision, match="“nope”"):
        ledger.decision("nope")


def test_threads_may_share_a_ledger(ledger: Ledger) -> None:
    """Four writers and a reader at once lose nothing and fail nowhere."""
    failures: list[Exception] = []

    def write(start: int) -> None:
        try:
            for number in range(start, start + 50):
                ledger.record_decisions([nouns.decision(number)])
                ledger.decisions("blades", 3)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    writers = [threading.Thread(target=write, args=(start,)) for start in range(0, 200, 50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert ledger.decision_count("blades") == 200
