"""Outcomes and truths: what was known first stays true, and nothing is said that is unsaid later."""

import threading

import pytest
from hypothesis import given, settings

from understudy.domain.opinion import Opinion, Outcome, QuestionKind
from understudy.store.errors import OutcomeConflict, UnknownDecision, UnstorableText
from understudy.store.ledger import Ledger
from understudy.store.outcomes import Truth

from . import nouns
from .fresh import Places, ledger_in
from .nouns import later


@pytest.fixture
def name(ledger: Ledger) -> str:
    """A decision that is audited."""
    served = nouns.audited(1)
    ledger.record_served([served])
    return served.decision.id


def audit(ledger: Ledger, number: str, about: str, seconds: float, **changes: object) -> Opinion:
    """Somebody audits so many seconds after noon; one who cannot tell is enough."""
    said = nouns.opinion(number, about, kind=QuestionKind.AUDIT, at=later(seconds), **changes)  # type: ignore[arg-type]
    return ledger.answer(said, cannot_tell_limit=1)


def turned_out(about: str, value: str, seconds: float, by: str = "crm") -> Outcome:
    return Outcome(about, value, by, "api", later(seconds))


@settings(max_examples=15)
@given(nouns.outcomes)
def test_every_outcome_reads_back_exactly(places: Places, outcome: Outcome) -> None:
    """Label, source, who and when."""
    with ledger_in(places) as ledger:
        ledger.record_served([nouns.asked(1)])
        assert ledger.record_outcomes([outcome]) == [outcome]
        assert ledger.outcome(outcome.decision) == outcome
        assert ledger.truths([outcome.decision], nouns.NOON) == {
            outcome.decision: Truth(outcome.value, outcome.at, outcome.by)
        }


def test_the_same_outcome_again_is_fine(ledger: Ledger, name: str) -> None:
    """A file may be sent twice; also twice in one go. The first one stays."""
    first = turned_out(name, "crack", 5)
    assert ledger.record_outcomes([first, turned_out(name, "crack", 6)]) == [first, first]
    assert ledger.record_outcomes([turned_out(name, "crack", 7, by="csv")]) == [first]


def test_an_outcome_that_says_otherwise_is_refused(ledger: Ledger, name: str) -> None:
    """Both are named, and the first one stays; also in one go."""
    first = turned_out(name, "crack", 5)
    kept, refused = ledger.record_outcomes([first, turned_out(name, "sound", 6)])
    assert kept == first
    assert isinstance(refused, OutcomeConflict)
    assert "is “crack” already" in refused.fact
    (again,) = ledger.record_outcomes([turned_out(name, "sound", 7)])
    assert isinstance(again, OutcomeConflict)
    assert ledger.outcome(name) == first


def test_each_outcome_has_its_own_result(ledger: Ledger, name: str) -> None:
    """One that cannot be recorded stands in nobody's way."""
    results = ledger.record_outcomes(
        [turned_out("unknown", "crack", 5), turned_out(name, "a\0b", 5), turned_out(name, "crack", 5)]
    )
    assert [type(result) for result in results] == [UnknownDecision, UnstorableText, Outcome]
    assert ledger.outcome("unknown") is None
    assert ledger.record_outcomes([]) == []


def test_many_outcomes_are_recorded(ledger: Ledger) -> None:
    """More than one transaction takes."""
    batch = [nouns.audited(number) for number in range(1100)]
    ledger.record_served(batch)
    sent = [turned_out(entry.decision.id, "sound", 5) for entry in batch]
    assert ledger.record_outcomes(sent) == sent
    assert len(ledger.truths([entry.decision.id for entry in batch], later(5))) == 1100


def test_an_audit_is_true_once_it_is_settled(ledger: Ledger, name: str) -> None:
    """Before that it may be taken back, so nothing is known."""
    said = audit(ledger, "o1", name, 2, value="sound")
    assert ledger.truths([name], later(9)) == {}
    assert ledger.truths([name, "unknown"], said.settles_at) == {name: Truth("sound", said.settles_at, "me")}


def test_an_audit_that_could_not_tell_is_known_as_that(ledger: Ledger, name: str) -> None:
    """It is neither an error nor overdue for ever."""
    audit(ledger, "o1", name, 2, value=None)
    assert ledger.truths([name], later(10)) == {name: Truth(None, later(10), "me")}


def test_the_first_of_audit_and_outcome_is_the_truth(ledger: Ledger) -> None:
    """By when they were recorded; later ones stay on record and change nothing."""
    one, two = nouns.audited(1), nouns.audited(2)
    ledger.record_served([one, two])
    ledger.record_outcomes([turned_out(one.decision.id, "crack", 3)])
    audit(ledger, "o1", one.decision.id, 4, value="sound")
    audit(ledger, "o2", two.decision.id, 4, value="sound")
    ledger.record_outcomes([turned_out(two.decision.id, "crack", 5)])
    known = ledger.truths([one.decision.id, two.decision.id], later(20))
    assert {decision: truth.value for decision, truth in known.items()} == {
        one.decision.id: "crack",
        two.decision.id: "sound",
    }


def test_an_outcome_waits_for_an_audit_that_is_not_settled(ledger: Ledger, name: str) -> None:
    """Else a breaker would hear first one truth and then another."""
    said = audit(ledger, "o1", name, 2, value="sound")
    ledger.record_outcomes([turned_out(name, "crack", 3)])
    assert ledger.truths([name], later(9)) == {}
    assert ledger.truths([name], said.settles_at)[name].value == "sound"


def test_an_outcome_counts_when_the_audit_before_it_is_taken_back(ledger: Ledger, name: str) -> None:
    """And a new audit comes after it."""
    audit(ledger, "o1", name, 2, value="sound")
    ledger.record_outcomes([turned_out(name, "crack", 3)])
    ledger.undo("o1", "me", later(4))
    assert ledger.truths([name], later(4)) == {name: Truth("crack", later(3), "crm")}
    audit(ledger, "o2", name, 5, value="sound")
    assert ledger.truths([name], later(99)) == {name: Truth("crack", later(3), "crm")}


def test_of_those_who_tell_at_once_one_is_believed(ledger: Ledger, ledger_url: str) -> None:
    """Two processes that say different things, and an auditor: one truth a decision, the same ever after."""
    batch = [nouns.audited(number) for number in range(20)]
    ledger.record_served(batch)
    ids = [entry.decision.id for entry in batch]
    seen: list[dict[str, Truth]] = []

    def tell(value: str) -> None:
        with Ledger.open(ledger_url) as own:
            for decision in ids:
                own.record_outcomes([turned_out(decision, value, 3)])

    def look_on() -> None:
        with Ledger.open(ledger_url) as own:
            for decision in ids:
                audit(own, f"o {decision}", decision, 2, value="scratch")
                seen.append(own.truths(ids, later(60)))

    people = [threading.Thread(target=tell, args=(value,)) for value in ("crack", "sound")]
    people.append(threading.Thread(target=look_on))
    for person in people:
        person.start()
    for person in people:
        person.join()
    last = ledger.truths(ids, later(60))
    assert sorted(last) == ids
    for earlier in seen:
        assert earlier == {decision: last[decision] for decision in earlier}
