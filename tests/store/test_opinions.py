"""Opinions: one answer a request, taken back by whoever gave it and only before it holds."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from understudy.domain.opinion import Opinion, QuestionKind, Resolution
from understudy.store.errors import (
    AlreadyAnswered,
    ClaimedByOther,
    NotYours,
    Settled,
    UnknownOpinion,
    UnknownQuestion,
    UnstorableText,
)
from understudy.store.ledger import Ledger

from . import nouns
from .fresh import Places, ledger_in
from .nouns import later

ANSWER, AUDIT, DOUBLE = QuestionKind

ANSWERER = """
import itertools, sys
from store import nouns
from understudy.store.ledger import Ledger

with Ledger.open(sys.argv[1]) as ledger:
    for number in itertools.count():
        served = nouns.asked(number, key=str(number))
        ledger.record_served([served])
        ledger.answer(nouns.opinion(f"o{number}", served.decision.id), cannot_tell_limit=2)
        print(served.decision.id, flush=True)
"""


@pytest.fixture
def name(ledger: Ledger) -> str:
    """A request that waits for a person."""
    served = nouns.asked(1, double=True)
    ledger.record_served([served])
    return served.decision.id


def say(ledger: Ledger, number: str, about: str, seconds: float, **changes: object) -> Opinion:
    """Somebody answers so many seconds after noon; two who cannot tell are enough."""
    said = nouns.opinion(number, about, at=later(seconds), **changes)  # type: ignore[arg-type]
    return ledger.answer(said, cannot_tell_limit=2)


@settings(max_examples=15)
@given(nouns.opinions)
def test_every_opinion_reads_back_exactly(places: Places, opinion: Opinion) -> None:
    """What was said, by whom, when, until when it can be taken back, and how long it took."""
    with ledger_in(places) as ledger:
        ledger.record_served([nouns.asked(1)])
        assert ledger.answer(opinion, cannot_tell_limit=1) == opinion
        assert ledger.opinions_of(opinion.decision) == [opinion]
        ended = Resolution(opinion.value, opinion.by, opinion.settles_at)
        assert ledger.resolution(opinion.decision, opinion.settles_at) == ended


def test_a_models_answer_ends_its_request_at_once(ledger: Ledger) -> None:
    """No person is waited for."""
    ledger.record_served([nouns.audited(1)])
    made = nouns.decision(1)
    assert ledger.resolution(made.id, made.at) == Resolution("crack", "model", made.at)


def test_a_persons_answer_ends_it_when_it_is_settled(ledger: Ledger, name: str) -> None:
    """Before that its client hears nothing, because it may still be taken back."""
    said = say(ledger, "o1", name, 2)
    assert ledger.resolution(name, said.settles_at - timedelta(microseconds=1)) is None
    assert ledger.resolution(name, said.settles_at) == Resolution("crack", "me", said.settles_at)
    assert ledger.resolutions([name, "unknown"], said.settles_at) == {name: ledger.resolution(name, later(99))}
    assert ledger.resolution("unknown", later(99)) is None


def test_many_requests_are_looked_up_at_once(ledger: Ledger) -> None:
    """More of them than one query names."""
    batch = [nouns.audited(number) for number in range(1100)]
    ledger.record_served(batch)
    ids = [entry.decision.id for entry in batch]
    assert sorted(ledger.resolutions(ids, later(2000))) == ids
    assert ledger.truths(ids, later(2000)) == {}


def test_a_question_is_answered_once(ledger: Ledger, name: str) -> None:
    """Whoever comes second is told, and what the first said stays."""
    say(ledger, "o1", name, 2)
    with pytest.raises(AlreadyAnswered):
        say(ledger, "o2", name, 3, by="you", value="sound")
    assert [each.value for each in ledger.opinions_of(name)] == ["crack"]


def test_what_was_acknowledged_survives_a_kill(ledger: Ledger, ledger_url: str) -> None:
    """A process that is killed without warning loses no answer, and leaves none half recorded."""
    tests = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", ANSWERER, ledger_url], stdout=subprocess.PIPE, text=True, cwd=tests
    ) as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(60)]
        child.kill()
        acknowledged += child.stdout.read().split("\n")[:-1]
    assert len(acknowledged) >= 60
    ended = ledger.resolutions(acknowledged, later(99))
    assert sorted(ended) == sorted(acknowledged)
    assert ledger.decision_count("blades") - len(acknowledged) in (0, 1)
    waiting = ledger.open_questions("blades", later(99), 9)
    assert {each.decision for each in waiting}.isdisjoint(acknowledged)


def test_of_people_who_answer_at_once_one_wins(ledger: Ledger, ledger_url: str) -> None:
    """Each of twenty requests has one answer in the end, and everybody else was told."""
    batch = [nouns.asked(number) for number in range(20)]
    ledger.record_served(batch)
    said: list[Opinion] = []
    refused: list[AlreadyAnswered] = []

    def answer(by: str) -> None:
        with Ledger.open(ledger_url) as own:
            for entry in batch:
                try:
                    said.append(say(own, f"{by} {entry.decision.id}", entry.decision.id, 60, by=by))
                except AlreadyAnswered as error:
                    refused.append(error)

    people = [threading.Thread(target=answer, args=(f"person {number}",)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(each.decision for each in said) == [entry.decision.id for entry in batch]
    assert len(refused) == 60


def test_what_another_has_in_hand_cannot_be_answered(ledger: Ledger, name: str) -> None:
    """Two people never do the same by accident; without any claim, or after it, one may answer."""
    ledger.claim_question("blades", "you", later(2), later(60))
    with pytest.raises(ClaimedByOther, match="you has"):
        say(ledger, "o1", name, 59)
    assert say(ledger, "o1", name, 60).value == "crack"


def test_what_was_never_asked_cannot_be_answered(ledger: Ledger, name: str) -> None:
    """Neither an unknown decision nor a kind that was not drawn."""
    with pytest.raises(UnknownQuestion):
        say(ledger, "o1", "unknown", 2)
    with pytest.raises(UnknownQuestion):
        say(ledger, "o1", name, 2, kind=AUDIT)


def test_a_label_that_no_database_keeps_is_refused(ledger: Ledger, name: str) -> None:
    """The question stays open."""
    with pytest.raises(UnstorableText):
        say(ledger, "o1", name, 2, value="a\0b")
    assert ledger.queue_counts("blades", later(2)).answer == 1


def test_who_cannot_tell_leaves_it_to_others(ledger: Ledger, name: str) -> None:
    """Up to the limit; then the request ends without a label, once that is settled."""
    ledger.claim_question("blades", "me", later(2), later(60))
    say(ledger, "o1", name, 3, value=None)
    assert ledger.resolution(name, later(99)) is None
    found = ledger.claim_question("blades", "you", later(4), later(60))
    assert found is not None
    assert found.decision == name
    say(ledger, "o2", name, 5, by="you", value=None)
    assert ledger.resolution(name, later(12)) is None
    assert ledger.resolution(name, later(13)) == Resolution(None, "you", later(13))
    assert ledger.open_questions("blades", later(99), 5) == []


def test_one_person_who_cannot_tell_counts_once(ledger: Ledger, name: str) -> None:
    """Saying it twice does not end a request."""
    say(ledger, "o1", name, 2, value=None)
    for value in (None, "crack"):
        with pytest.raises(AlreadyAnswered, match="me has had their say"):
            say(ledger, "o2", name, 3, value=value)
    assert ledger.queue_counts("blades", later(3)).answer == 1


def test_an_answer_can_be_taken_back(ledger: Ledger, name: str) -> None:
    """By whoever gave it; the question is theirs again, and the client hears the answer that stands."""
    ledger.set_setting("blades", "claim-minutes", 2.0, "me", later(0))
    say(ledger, "o1", name, 2)
    again = ledger.undo("o1", "me", later(4))
    assert (again.decision, again.claimed_by, again.claimed_until) == (name, "me", later(124))
    assert ledger.opinions_of(name) == []
    assert ledger.resolution(name, later(99)) is None
    assert ledger.claim_question("blades", "you", later(5), later(60)) is None
    say(ledger, "o2", name, 6, value="sound")
    assert ledger.resolution(name, later(14)) == Resolution("sound", "me", later(14))


def test_taking_back_twice_is_as_good_as_once(ledger: Ledger, name: str) -> None:
    """A request that was sent again changes nothing that happened since."""
    say(ledger, "o1", name, 2)
    ledger.undo("o1", "me", later(4))
    ledger.release(name, ANSWER, "me")
    say(ledger, "o2", name, 5, by="you")
    assert ledger.undo("o1", "me", later(6)).decision == name
    assert [each.id for each in ledger.opinions_of(name)] == ["o2"]
    assert ledger.queue_counts("blades", later(6)).answer == 0


def test_only_its_author_takes_an_answer_back(ledger: Ledger, name: str) -> None:
    """And only one that was given."""
    say(ledger, "o1", name, 2)
    with pytest.raises(NotYours, match="given by me"):
        ledger.undo("o1", "you", later(4))
    with pytest.raises(UnknownOpinion, match="“o7”"):
        ledger.undo("o7", "me", later(4))
    assert [each.id for each in ledger.opinions_of(name)] == ["o1"]


def test_what_is_settled_holds(ledger: Ledger, name: str) -> None:
    """From the moment on which its client may have heard of it, and a tenth of a second before."""
    said = say(ledger, "o1", name, 2)
    for seconds in (0.0, 0.05, 0.1):
        with pytest.raises(Settled):
            ledger.undo("o1", "me", said.settles_at - timedelta(seconds=seconds))
    assert ledger.undo("o1", "me", said.settles_at - timedelta(seconds=1)).decision == name


def test_an_undo_that_waited_too_long_for_the_database_is_refused(ledger: Ledger, name: str) -> None:
    """It came in time, but by the time it could be written a client may have heard the answer."""
    said = say(ledger, "o1", name, 2)
    ticks = iter([0.0, 5.0])
    with pytest.raises(Settled):
        ledger.undo("o1", "me", said.settles_at - timedelta(seconds=5), stopwatch=lambda: next(ticks))
    assert [each.id for each in ledger.opinions_of(name)] == ["o1"]


def test_who_could_not_tell_cannot_reopen_what_another_ended(ledger: Ledger, name: str) -> None:
    """Neither by label nor by the limit; the one who ended it can."""
    say(ledger, "o1", name, 2, value=None)
    say(ledger, "o2", name, 3, by="you")
    with pytest.raises(AlreadyAnswered, match="has ended meanwhile"):
        ledger.undo("o1", "me", later(4))
    assert ledger.undo("o2", "you", later(4)).claimed_by == "you"
    assert ledger.undo("o1", "me", later(5)).claimed_by == "you"
    assert ledger.opinions_of(name) == []


def test_the_last_opinion_is_the_one_that_can_be_taken_back(ledger: Ledger, name: str) -> None:
    """One key takes back what one said last, in whatever project, while that is possible."""
    other = nouns.asked(2)
    ledger.record_served([other])
    assert ledger.last_opinion("me", later(2)) is None
    first = say(ledger, "o1", name, 2)
    second = say(ledger, "o2", other.decision.id, 4)
    assert ledger.last_opinion("me", later(5)) == second
    ledger.undo("o2", "me", later(5))
    assert ledger.last_opinion("me", later(6)) == first
    assert ledger.last_opinion("me", first.settles_at) is None
    assert ledger.last_opinion("you", later(6)) is None


def test_an_audit_never_changes_what_the_client_got(ledger: Ledger) -> None:
    """The model's answer stands, whatever the auditor says."""
    ledger.record_served([nouns.audited(1)])
    made = nouns.decision(1)
    said = say(ledger, "o1", made.id, 2, kind=AUDIT, value="sound")
    assert ledger.resolution(made.id, said.settles_at) == Resolution("crack", "model", made.at)


def test_two_peoples_labels_are_paired(ledger: Ledger, name: str) -> None:
    """The client's first; those who could not tell and those who took it back make no pair."""
    say(ledger, "o1", name, 2)
    assert ledger.agreement_pairs("blades") == []
    say(ledger, "o2", name, 20, kind=DOUBLE, by="you", value="sound")
    assert ledger.agreement_pairs("blades") == [("crack", "sound")]
    ledger.undo("o2", "you", later(21))
    assert ledger.agreement_pairs("blades") == []
    say(ledger, "o3", name, 22, kind=DOUBLE, by="you", value=None)
    assert ledger.agreement_pairs("blades") == []
    say(ledger, "o4", name, 23, kind=DOUBLE, by="third", value="crack")
    assert ledger.agreement_pairs("blades") == [("crack", "crack")]


@pytest.mark.parametrize(
    "look",
    [
        lambda ledger: ledger.agreement_pairs("x"),
        lambda ledger: ledger.unharvested("x", later(0), 5),
        lambda ledger: ledger.record_harvest("x", []),
        lambda ledger: ledger.labels_begun("x"),
    ],
)
def test_an_unknown_project_has_no_opinions(ledger: Ledger, look: Callable[[Ledger], object]) -> None:
    """It is an error, not an empty list."""
    with pytest.raises(Exception, match="no project “x”"):
        look(ledger)
