"""What was served: one transaction for a batch, an outcome for each request."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.decision import Because, Decision
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.store.errors import (
    DecisionExists,
    KeyReused,
    NaiveTime,
    StageMoved,
    UnknownProject,
    UnstorableText,
)
from understudy.store.ledger import Ledger
from understudy.store.rows import MOST
from understudy.store.served import LONGEST, Served

from . import nouns
from .fresh import Places, ledger_in

SENDER = """
import sys
from store import nouns
from understudy.store.ledger import Ledger

me = int(sys.argv[2])
with Ledger.open(sys.argv[1]) as ledger:
    sys.stdin.readline()
    for number in range(50):
        served = nouns.asked(1000 * me + number, key=f"order {number}", input_digest="ab" * 32)
        (outcome,) = ledger.record_served([served])
        print(outcome.id, flush=True)
"""


@settings(max_examples=15)
@given(nouns.served)
def test_every_request_reads_back_exactly(places: Places, served: Served) -> None:
    """Answer or none, reason, key, subject, draw and input come back to the last bit, and so does its question."""
    with ledger_in(places) as ledger:
        assert ledger.record_served([served]) == [served.decision]
        kept = served.decision
        assert ledger.decision(kept.id) == kept
        assert ledger.input(kept.id) == served.data
        if kept.key is not None:
            assert ledger.decision_by_key("blades", kept.key) == kept
        drawn = ledger.draws_after("blades", kept.model, 0, since_stage=0, limit=5)
        assert [each.draw for each in drawn] == ([] if kept.draw is None else [kept.draw])
        if kept.draw is not None:
            case = drawn[0]
            assert (case.decision, case.at, case.answer) == (kept.id, kept.at, kept.answer)
            assert (case.error, case.due_at) == (served.error, served.due_at)
        assert ledger.open_questions("blades", kept.at, 5) == ([] if served.question is None else [served.question])


@pytest.mark.parametrize("count", [1, 2, 3, MOST - 1, MOST, MOST + 1, 3 * MOST + 5])
def test_a_batch_of_any_size_is_recorded(ledger: Ledger, count: int) -> None:
    """However many rows a statement takes, all of them arrive, each with its own draw."""
    batch = [nouns.audited(number) for number in range(count)]
    assert ledger.record_served(batch) == [entry.decision for entry in batch]
    assert ledger.decision_count("blades") == count
    drawn = ledger.draws_after("blades", nouns.MODEL, 0, since_stage=0, limit=1000)
    assert [each.decision for each in drawn] == [entry.decision.id for entry in batch]


def test_a_batch_of_none_is_nothing(ledger: Ledger) -> None:
    """A recorder may find nothing to record."""
    assert ledger.record_served([]) == []


def test_each_request_has_its_own_outcome(ledger: Ledger) -> None:
    """One that cannot be recorded stands in nobody's way, and leaves no trace."""
    ledger.change_stage("blades", nouns.change(1))
    good, stale = nouns.asked(1, stage=1), nouns.asked(2, stage=0)
    stranger = nouns.asked(3, stage=1, project="axles")
    broken, long = nouns.asked(4, stage=1, key="a\0b"), nouns.asked(5, stage=1, subject="x" * (LONGEST + 1))
    last = nouns.audited(6, stage=1)
    outcomes = ledger.record_served([good, stale, stranger, broken, long, last])
    assert [type(outcome) for outcome in outcomes] == [
        Decision, StageMoved, UnknownProject, UnstorableText, UnstorableText, Decision,
    ]  # fmt: skip
    assert "stage change 0, and the present one is 1" in str(outcomes[1])
    assert "501 characters" in str(outcomes[4])
    assert [each.id for each in ledger.decisions("blades", 9)] == [last.decision.id, good.decision.id]
    assert ledger.input(stale.decision.id) is None
    assert ledger.queue_counts("blades", nouns.NOON).answer == 1


def test_the_same_key_with_the_same_input_is_the_earlier_decision(ledger: Ledger) -> None:
    """A client that sends again after a broken connection gets what it was given; also within one batch, and later."""
    first, again = nouns.asked(1, key="order 7"), nouns.asked(2, key="order 7", input_digest=nouns.digest("x"))
    first = Served(replace(first.decision, input_digest=nouns.digest("x")), first.question)
    assert ledger.record_served([first, again]) == [first.decision, first.decision]
    ledger.change_stage("blades", nouns.change(1))
    assert ledger.record_served([again]) == [first.decision]
    assert ledger.decision_count("blades") == 1
    assert ledger.queue_counts("blades", nouns.NOON).answer == 1


def test_the_same_key_with_another_input_is_refused(ledger: Ledger) -> None:
    """Two requests cannot be one, and the first one stays."""
    first = nouns.asked(1, key="order 7")
    ledger.record_served([first])
    (outcome,) = ledger.record_served([nouns.asked(2, key="order 7")])
    assert isinstance(outcome, KeyReused)
    assert outcome.fact == "The key “order 7” belongs to another request."
    assert ledger.decision_by_key("blades", "order 7") == first.decision


def test_a_key_belongs_to_its_project(ledger: Ledger) -> None:
    """Two projects' clients may count their orders alike."""
    ledger.create_project(Project("axles", nouns.NOON))
    here, there = nouns.asked(1, key="1"), nouns.asked(2, key="1", project="axles")
    assert ledger.record_served([here, there]) == [here.decision, there.decision]
    assert ledger.decision_by_key("axles", "1") == there.decision
    assert ledger.decision_by_key("axles", "2") is None
    with pytest.raises(UnknownProject):
        ledger.decision_by_key("wheels", "1")


def test_a_taken_id_is_refused_and_nothing_else_recorded(ledger: Ledger) -> None:
    """A recorded decision is never changed by another of its name."""
    ledger.record_served([nouns.asked(1)])
    with pytest.raises(DecisionExists):
        ledger.record_served([nouns.asked(2), nouns.asked(1)])
    assert ledger.decision_count("blades") == 1


def test_a_time_without_a_zone_is_refused(ledger: Ledger) -> None:
    """It would name no moment."""
    with pytest.raises(NaiveTime):
        ledger.record_served([nouns.asked(1, at=nouns.NOON.replace(tzinfo=None))])
    assert ledger.decision_count("blades") == 0


def test_a_try_is_recorded_under_any_stage(ledger: Ledger) -> None:
    """It serves nobody, so no change of stage can come too soon for it."""
    ledger.change_stage("blades", nouns.change(1))
    tried = replace(nouns.decision(1), because=Because.TRIED)
    assert ledger.record_served([Served(tried)]) == [tried]


def test_a_second_person_is_asked_beside_the_first(ledger: Ledger) -> None:
    """Both questions are recorded; the second one waits for the first one's answer."""
    served = nouns.asked(1, double=True)
    ledger.record_served([served])
    assert [each.kind for each in ledger.open_questions(None, nouns.NOON, 5)] == [QuestionKind.ANSWER]


def test_processes_that_send_the_same_key_at_once_agree(ledger: Ledger, ledger_url: str) -> None:
    """One of them wins each key, and the others are told the winner's decision."""
    tests = Path(__file__).parents[1]
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, ledger_url, str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tests,
        )
        for number in range(3)
    ]  # fmt: skip
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    said = [sender.communicate(timeout=300) for sender in senders]
    assert [errors for _, errors in said] == ["", "", ""]
    told = [answers.split() for answers, _ in said]
    assert told[0] == told[1] == told[2]
    assert ledger.decision_count("blades") == len(set(told[0])) == 50


def test_who_recorded_first_comes_first_for_every_reader(ledger: Ledger, ledger_url: str) -> None:
    """Four writers and a reader who goes on after the last draw it saw: it misses none."""
    failures: list[Exception] = []

    def write(start: int) -> None:
        try:
            with Ledger.open(ledger_url) as own:
                for number in range(start, start + 40):
                    own.record_served([nouns.audited(number)])
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    writers = [threading.Thread(target=write, args=(start,)) for start in range(0, 400, 100)]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    last = 0
    while True:
        over = not any(writer.is_alive() for writer in writers)
        for case in ledger.draws_after("blades", nouns.MODEL, last, since_stage=0, limit=7):
            seen.append(case.decision)
            last = case.seq
        if over and len(seen) == ledger.decision_count("blades"):
            break
        assert not over or ledger.draws_after("blades", nouns.MODEL, last, since_stage=0, limit=1), "one was missed"
    assert failures == []
    assert len(set(seen)) == len(seen) == 160


def test_nothing_is_recorded_under_a_stage_that_is_past(ledger: Ledger, ledger_url: str) -> None:
    """While the stage changes again and again, each decision falls between its own change and the next."""
    stop = threading.Event()
    outcomes: list[object] = []

    def record(start: int) -> None:
        with Ledger.open(ledger_url) as own:
            number = start
            while not stop.is_set():
                present = own.stage("blades")
                stage = 0 if present is None else present.number
                outcomes.extend(own.record_served([nouns.audited(number, stage=stage)]))
                number += 1

    recorders = [threading.Thread(target=record, args=(start,)) for start in (0, 100_000)]
    for recorder in recorders:
        recorder.start()
    last = 0
    for number in range(1, 41):
        ledger.change_stage("blades", nouns.change(number))
        before = ledger.draws_after("blades", nouns.MODEL, last, since_stage=0, limit=10_000)
        last = before[-1].seq if before else last
        stages = [ledger.decision(case.decision).stage for case in before]
        assert stages == sorted(stages)
    stop.set()
    for recorder in recorders:
        recorder.join()
    drawn = ledger.draws_after("blades", nouns.MODEL, 0, since_stage=0, limit=100_000)
    stages = [ledger.decision(case.decision).stage for case in drawn]
    assert stages == sorted(stages)
    recorded = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
    assert len(recorded) == len(drawn)
    assert all(isinstance(outcome, (Decision, StageMoved)) for outcome in outcomes)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=12))
def test_a_batch_is_worth_the_same_as_its_requests_one_by_one(places: Places, keys: list[str]) -> None:
    """Outcomes do not depend on how requests were put together."""
    entries = [nouns.asked(number, key=key, input_digest=nouns.digest(key)) for number, key in enumerate(keys)]
    with ledger_in(places) as ledger:
        together = ledger.record_served(entries)
    with ledger_in(places) as ledger:
        assert [ledger.record_served([entry])[0] for entry in entries] == together
