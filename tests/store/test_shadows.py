"""Answers in the dark: what a model would have said beside what people said."""

import pytest

from understudy.domain.opinion import QuestionKind
from understudy.store.errors import UnknownProject
from understudy.store.ledger import Ledger
from understudy.store.shadows import PendingCase, ShadowPair

from . import nouns
from .nouns import later

DARK = nouns.digest("dark model")


def answered(ledger: Ledger, number: int, seconds: float, *, value: str | None = "crack", stage: int = 0) -> str:
    """A request that a person answered so many seconds after noon."""
    served = nouns.asked(number, stage=stage, double=True)
    ledger.record_served([served])
    said = nouns.opinion(f"o{number}", served.decision.id, value=value, at=later(seconds))
    ledger.answer(said, cannot_tell_limit=1)
    return served.decision.id


def pending(ledger: Ledger, seconds: float, *, since: int = 0, limit: int = 9, model: str = DARK) -> list[str]:
    """Which requests the model has still to answer."""
    found = ledger.shadow_pending("blades", model, since_stage=since, now=later(seconds), limit=limit)
    assert all(isinstance(case, PendingCase) for case in found)
    return [case.decision for case in found]


def pairs(ledger: Ledger, *, since: int = 0, after: int = 0, limit: int = 9) -> list[ShadowPair]:
    return ledger.shadow_pairs("blades", DARK, since_stage=since, after_seq=after, limit=limit)


def test_only_what_people_answered_for_good_is_answered_in_the_dark(ledger: Ledger) -> None:
    """Not what waits, can be taken back, has no label, came before the stage, or was deleted."""
    ledger.record_served([nouns.asked(1)])
    early = answered(ledger, 2, 3)
    answered(ledger, 3, 4, value=None)
    answered(ledger, 4, 95)
    gone = answered(ledger, 5, 6)
    ledger.change_stage("blades", nouns.change(1))
    late = answered(ledger, 6, 20, stage=1)
    ledger.erase("blades", [ledger.decision(gone).input_digest], by="me", reason="asked", at=later(30))
    assert pending(ledger, 100) == [early, late]
    assert pending(ledger, 100, since=1) == [late]
    assert pending(ledger, 100, limit=1) == [early]
    assert pending(ledger, 27) == [early]


def test_an_answer_that_was_taken_back_is_none(ledger: Ledger) -> None:
    """The one that came instead counts."""
    name = answered(ledger, 1, 3)
    ledger.undo("o1", "me", later(4))
    assert pending(ledger, 99) == []
    ledger.answer(nouns.opinion("o2", name, value="sound", at=later(5)), cannot_tell_limit=1)
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER)], later(20))
    assert [(pair.truth, pair.answer.label) for pair in pairs(ledger)] == [("sound", "crack")]


def test_what_the_model_answered_is_paired_and_no_longer_pending(ledger: Ledger) -> None:
    """In the order of recording, each once, with the person and the moment; another model has its own."""
    names = [answered(ledger, number, 10 - number) for number in (1, 2, 3)]
    assert pending(ledger, 99) == names
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER) for name in names[:2]], later(20))
    ledger.record_shadow_answers("blades", DARK, [(names[1], nouns.ANSWER), (names[2], nouns.ANSWER)], later(21))
    assert pending(ledger, 99) == []
    assert pending(ledger, 99, model="other") == names
    found = pairs(ledger)
    assert [(pair.decision, pair.answer, pair.truth, pair.by) for pair in found] == [
        (name, nouns.ANSWER, "crack", "me") for name in names
    ]
    assert [pair.at for pair in found] == [later(17), later(16), later(15)]
    assert [pair.decision for pair in pairs(ledger, after=found[0].seq, limit=1)] == [names[1]]
    assert pairs(ledger, since=1) == []


def test_a_model_that_fails_on_an_input_is_not_asked_for_ever(ledger: Ledger) -> None:
    """It makes no pair, and the next request comes."""
    name = answered(ledger, 1, 3)
    ledger.record_shadow_answers("blades", DARK, [(name, None)], later(20))
    assert pending(ledger, 99) == []
    assert pairs(ledger) == []
    ledger.record_shadow_answers("blades", DARK, [], later(20))


def test_a_second_opinion_makes_no_second_pair(ledger: Ledger) -> None:
    """The client's answer is the truth that counts."""
    name = answered(ledger, 1, 3)
    double = nouns.opinion("o9", name, kind=QuestionKind.DOUBLE, value="sound", by="you", at=later(20))
    ledger.answer(double, cannot_tell_limit=1)
    assert pending(ledger, 99) == [name]
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER)], later(30))
    assert [pair.truth for pair in pairs(ledger)] == ["crack"]


def test_an_unknown_project_has_no_shadow(ledger: Ledger) -> None:
    """It is an error, not an empty list."""
    for act in (
        lambda: ledger.shadow_pending("x", DARK, since_stage=0, now=later(0), limit=1),
        lambda: ledger.shadow_pairs("x", DARK, since_stage=0, after_seq=0, limit=1),
        lambda: ledger.record_shadow_answers("x", DARK, [], later(0)),
    ):
        with pytest.raises(UnknownProject):
            act()
