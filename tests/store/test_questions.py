"""Questions: offered in order, to one person at a time, and never to those who have had their say."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from understudy.domain.opinion import Question, QuestionKind
from understudy.domain.project import Project
from understudy.store.errors import AlreadyAnswered, ClaimedByOther, UnknownProject, UnknownQuestion
from understudy.store.ledger import Ledger
from understudy.store.questions import QueueCounts
from understudy.store.served import Served

from . import nouns
from .nouns import later

ANSWER, AUDIT, DOUBLE = QuestionKind


def ask(ledger: Ledger, number: int, *, stake: float = 0.0, due: float = 1000, project: str = "blades") -> str:
    """Puts a request to people, asked so many seconds after noon, due so many after that."""
    served = nouns.asked(number, project=project)
    question = nouns.question(served.decision, ANSWER, stake=stake, due=due)
    ledger.record_served([replace(served, question=question)])
    return served.decision.id


def claim(ledger: Ledger, by: str, seconds: float, *, until: float = 10_000, project: str | None = "blades") -> str:
    """Which decision somebody is offered; empty when there is none."""
    question = ledger.claim_question(project, by, later(seconds), later(until))
    return "" if question is None else question.decision


def test_the_overdue_come_first_then_the_dear_then_the_old(ledger: Ledger) -> None:
    """Whoever asks again and again meets them in this order."""
    old = ask(ledger, 1)
    dear = ask(ledger, 2, stake=5.0)
    overdue = ask(ledger, 3, due=10)
    overdue_and_dear = ask(ledger, 4, stake=1.0, due=10)
    young = ask(ledger, 5)
    order = [overdue_and_dear, overdue, dear, old, young]
    assert [each.decision for each in ledger.open_questions("blades", later(20), 9)] == order
    assert [claim(ledger, f"person {number}", 20) for number in range(6)] == [*order, ""]
    assert [each.decision for each in ledger.open_questions("blades", later(20), 2)] == order[:2]


def test_nobody_is_offered_what_another_has_in_hand(ledger: Ledger) -> None:
    """Until the claim runs out by itself."""
    only = ask(ledger, 1)
    question = ledger.claim_question("blades", "me", later(2), later(60))
    assert question is not None
    assert (question.claimed_by, question.claimed_until) == ("me", later(60))
    assert claim(ledger, "you", 59) == ""
    assert claim(ledger, "you", 60, until=120) == only
    assert claim(ledger, "me", 61) == ""


def test_what_somebody_has_in_hand_comes_first(ledger: Ledger) -> None:
    """A page that is loaded again shows the same question, for as long again."""
    first = ask(ledger, 1)
    assert claim(ledger, "me", 2, until=60) == first
    ask(ledger, 2, stake=9.0)
    assert claim(ledger, "me", 3, until=90) == first
    assert ledger.open_questions("blades", later(4), 9)[1].claimed_until == later(90)


def test_a_question_can_be_let_go(ledger: Ledger) -> None:
    """By whoever has it; others' claims stay."""
    only = ask(ledger, 1)
    assert claim(ledger, "me", 2) == only
    ledger.release(only, ANSWER, "you")
    assert claim(ledger, "you", 3) == ""
    ledger.release(only, ANSWER, "me")
    assert claim(ledger, "you", 4) == only
    ledger.release("nothing", ANSWER, "me")


def test_what_was_skipped_is_offered_to_others(ledger: Ledger) -> None:
    """Never again to whoever skipped it, unless they name it."""
    only = ask(ledger, 1)
    assert claim(ledger, "me", 2) == only
    ledger.skip(only, ANSWER, "me", later(3))
    ledger.skip(only, ANSWER, "me", later(3))
    assert claim(ledger, "me", 4) == ""
    assert claim(ledger, "you", 4, until=5) == only
    assert ledger.claim_this(only, ANSWER, "me", later(6), later(9)).claimed_by == "me"
    with pytest.raises(UnknownQuestion):
        ledger.skip("nothing", ANSWER, "me", later(3))


def test_nobody_is_asked_twice_about_one_decision(ledger: Ledger) -> None:
    """Who could not tell is not asked again, nor asked to check their own answer; who took it back is."""
    served = nouns.asked(1, double=True)
    ledger.record_served([served])
    name = served.decision.id
    ledger.answer(nouns.opinion("o1", name, value=None, at=later(2)), cannot_tell_limit=2)
    assert claim(ledger, "me", 3) == ""
    ledger.undo("o1", "me", later(4))
    assert claim(ledger, "me", 5) == name
    ledger.answer(nouns.opinion("o2", name, at=later(6)), cannot_tell_limit=2)
    assert claim(ledger, "me", 60) == ""
    assert claim(ledger, "you", 60) == name


def test_a_double_waits_until_the_answer_is_settled(ledger: Ledger) -> None:
    """So it never keeps a client waiting, and an answer that is taken back has no double."""
    served = nouns.asked(1, double=True)
    ledger.record_served([served])
    name = served.decision.id
    assert ledger.claim_question("blades", "you", later(1), later(9), kinds=[DOUBLE]) is None
    with pytest.raises(UnknownQuestion):
        ledger.claim_this(name, DOUBLE, "you", later(1), later(9))
    with pytest.raises(UnknownQuestion):
        ledger.answer(nouns.opinion("o0", name, kind=DOUBLE, by="you", at=later(1)), cannot_tell_limit=2)
    ledger.answer(nouns.opinion("o1", name, at=later(2)), cannot_tell_limit=2)
    assert claim(ledger, "you", 9) == ""
    found = ledger.claim_question("blades", "you", later(10), later(99))
    assert found is not None
    assert found.kind is DOUBLE
    assert ledger.queue_counts("blades", later(10)).double == 1


def test_only_the_kinds_that_are_wanted_are_offered(ledger: Ledger) -> None:
    """Someone may do audits only."""
    ledger.record_served([nouns.asked(1), nouns.audited(2)])
    found = ledger.claim_question("blades", "me", later(3), later(9), kinds=[AUDIT])
    assert found is not None
    assert found.kind is AUDIT
    assert ledger.claim_question("blades", "me", later(3), later(9), kinds=[]) is None


def test_projects_have_queues_of_their_own_and_one_in_common(ledger: Ledger) -> None:
    """A person may answer for one project or for all."""
    ledger.create_project(Project("axles", nouns.NOON))
    ask(ledger, 1)
    there = ask(ledger, 2, project="axles", stake=1.0)
    assert [each.project for each in ledger.open_questions(None, later(3), 9)] == ["axles", "blades"]
    assert ledger.queue_counts(None, later(3)).answer == 2
    assert claim(ledger, "me", 3, project="axles") == there
    assert claim(ledger, "me", 4, project=None) == there
    with pytest.raises(UnknownProject):
        claim(ledger, "me", 4, project="x")
    with pytest.raises(UnknownProject):
        ledger.open_questions("x", later(4), 5)
    with pytest.raises(UnknownProject):
        ledger.queue_counts("x", later(4))


def test_what_waits_is_counted(ledger: Ledger) -> None:
    """By kind, with how many are overdue and since when the oldest waits; what is in hand waits too."""
    assert ledger.queue_counts("blades", later(0)) == QueueCounts(0, 0, 0, 0, None)
    ask(ledger, 5, due=10)
    ledger.record_served([nouns.audited(3), nouns.asked(4, double=True)])
    claim(ledger, "me", 6)
    assert ledger.queue_counts("blades", later(14)) == QueueCounts(2, 1, 0, 0, later(3))
    assert ledger.queue_counts("blades", later(15)).overdue == 1
    assert ledger.queue_counts("blades", later(99)).overdue == 3


def test_one_question_can_be_taken_by_name(ledger: Ledger) -> None:
    """If nobody else has it in hand, it is open, and this person has not had their say."""
    only = ask(ledger, 1)
    mine = ledger.claim_this(only, ANSWER, "me", later(2), later(60))
    assert mine.claimed_until == later(60)
    with pytest.raises(ClaimedByOther, match="me has this question in hand"):
        ledger.claim_this(only, ANSWER, "you", later(59), later(99))
    assert ledger.claim_this(only, ANSWER, "you", later(60), later(99)).claimed_by == "you"
    ledger.answer(nouns.opinion("o1", only, by="you", at=later(61)), cannot_tell_limit=2)
    for by in ("me", "you"):
        with pytest.raises(AlreadyAnswered):
            ledger.claim_this(only, ANSWER, by, later(62), later(99))
    for kind in (AUDIT, DOUBLE):
        with pytest.raises(UnknownQuestion):
            ledger.claim_this(only, kind, "me", later(62), later(99))


def test_two_people_never_have_the_same_in_hand(ledger: Ledger, ledger_url: str) -> None:
    """Six people take forty questions at once, each until none is left: each question is taken once."""
    asked = {ask(ledger, number) for number in range(40)}
    taken: list[Question] = []
    failures: list[Exception] = []

    def take(by: str) -> None:
        try:
            with Ledger.open(ledger_url) as own:
                mine: list[str] = []
                while True:
                    found = own.claim_question(None, by, later(100), later(100) + timedelta(hours=1), besides=mine)
                    if found is None:
                        return
                    mine.append(found.decision)
                    taken.append(found)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    people = [threading.Thread(target=take, args=(f"person {number}",)) for number in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert failures == []
    assert sorted(each.decision for each in taken) == sorted(asked)
    holders = {each.decision: each.claimed_by for each in ledger.open_questions(None, later(101), 99)}
    assert holders == {each.decision: each.claimed_by for each in taken}


def test_a_question_needs_its_decision(ledger: Ledger) -> None:
    """One that is recorded with a decision that is refused is not asked."""
    served = nouns.asked(1, stage=3)
    ledger.record_served([Served(served.decision, served.question)])
    assert ledger.open_questions("blades", later(9), 9) == []
