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


def asked(ledger: Ledger, number: int) -> str:
    """A request that waits for a person."""
    served = nouns.asked(number)
    ledger.record_served([served])
    return served.decision.id


def shown(ledger: Ledger, *names: str) -> None:
    """The model answers these in the dark."""
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER) for name in names], later(20))


def pending(ledger: Ledger, *, since: int = 0, limit: int = 9, model: str = DARK) -> list[str]:
    """Which requests the model has still to answer."""
    found = ledger.shadow_pending("blades", model, since_stage=since, limit=limit)
    assert all(isinstance(case, PendingCase) for case in found)
    return [case.decision for case in found]


def pairs(
    ledger: Ledger, *, since: int = 0, after: int = 0, limit: int = 9, seconds: float = 1_000
) -> list[ShadowPair]:
    return ledger.shadow_pairs("blades", DARK, since_stage=since, now=later(seconds), after_seq=after, limit=limit)


def test_what_people_are_asked_is_answered_in_the_dark(ledger: Ledger) -> None:
    """Answered by them or not; but not what they could not tell, what came before the stage, or what was deleted."""
    waits, said = asked(ledger, 1), answered(ledger, 2, 3)
    answered(ledger, 3, 4, value=None)
    ledger.record_served([nouns.audited(4)])
    gone = answered(ledger, 5, 6)
    ledger.change_stage("blades", nouns.change(1))
    late = answered(ledger, 6, 20, stage=1)
    ledger.erase("blades", [ledger.decision(gone).input_digest], by="me", reason="asked", at=later(30))
    assert pending(ledger) == [waits, said, late]
    assert pending(ledger, since=1) == [late]
    assert pending(ledger, limit=2) == [waits, said]


def test_people_have_no_say_in_the_order(ledger: Ledger) -> None:
    """In whatever order they answer, and however few, the model answers in the order of the requests."""
    names = [asked(ledger, number) for number in range(1, 6)]
    for place, number in enumerate((5, 2, 4)):
        ledger.answer(nouns.opinion(f"o{number}", names[number - 1], at=later(10 + place)), cannot_tell_limit=1)
    assert pending(ledger) == names
    shown(ledger, *pending(ledger, limit=3))
    shown(ledger, *pending(ledger))
    found = pairs(ledger)
    assert [pair.decision for pair in found] == names
    assert [pair.truth for pair in found] == [None, "crack", None, "crack", "crack"]


def test_an_answer_counts_from_when_it_cannot_be_taken_back(ledger: Ledger) -> None:
    """Until then the request waits; `shadow_told` counts those that do not."""
    name = answered(ledger, 1, 3)
    shown(ledger, name, asked(ledger, 2))
    assert [(pair.truth, pair.by, pair.at) for pair in pairs(ledger, seconds=10)] == [(None, None, None)] * 2
    assert [(pair.truth, pair.by, pair.at) for pair in pairs(ledger, seconds=11)] == [
        ("crack", "me", later(11)),
        (None, None, None),
    ]
    counted = [ledger.shadow_told("blades", DARK, since_stage=0, now=later(seconds)) for seconds in (10, 11)]
    assert counted == [0, 1]
    assert ledger.shadow_told("blades", DARK, since_stage=1, now=later(99)) == 0


def test_what_nobody_could_tell_is_left_out_for_good(ledger: Ledger) -> None:
    """Once that cannot be taken back either; one of several who cannot tell leaves the request waiting."""
    ended, open_ = asked(ledger, 1), asked(ledger, 2)
    shown(ledger, ended, open_)
    ledger.answer(nouns.opinion("o1", ended, value=None, at=later(3)), cannot_tell_limit=1)
    ledger.answer(nouns.opinion("o2", open_, value=None, at=later(3)), cannot_tell_limit=2)
    assert [pair.decision for pair in pairs(ledger, seconds=10)] == [ended, open_]
    assert [(pair.decision, pair.truth) for pair in pairs(ledger, seconds=11)] == [(open_, None)]


def test_what_is_deleted_before_anybody_told_waits_for_ever(ledger: Ledger) -> None:
    """Or evidence could be mended by deleting what people find hard; what they told of before stays as it is."""
    waits, said = asked(ledger, 1), answered(ledger, 2, 3)
    shown(ledger, waits, said)
    digests = [ledger.decision(name).input_digest for name in (waits, said)]
    ledger.erase("blades", digests, by="me", reason="asked", at=later(30))
    assert [(pair.decision, pair.truth, pair.by) for pair in pairs(ledger)] == [
        (waits, None, None),
        (said, "crack", "me"),
    ]


def test_an_answer_that_was_taken_back_is_none(ledger: Ledger) -> None:
    """The request waits again, and the one that comes instead counts."""
    name = answered(ledger, 1, 3)
    ledger.undo("o1", "me", later(4))
    assert pending(ledger) == [name]
    ledger.answer(nouns.opinion("o2", name, value="sound", at=later(5)), cannot_tell_limit=1)
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER)], later(20))
    assert [(pair.truth, pair.answer.label) for pair in pairs(ledger)] == [("sound", "crack")]


def test_what_the_model_answered_is_paired_and_no_longer_pending(ledger: Ledger) -> None:
    """In the order of recording, each once, with the person and the moment; another model has its own."""
    names = [answered(ledger, number, 10 - number) for number in (1, 2, 3)]
    assert pending(ledger) == names
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER) for name in names[:2]], later(20))
    ledger.record_shadow_answers("blades", DARK, [(names[1], nouns.ANSWER), (names[2], nouns.ANSWER)], later(21))
    assert pending(ledger) == []
    assert pending(ledger, model="other") == names
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
    assert pending(ledger) == []
    assert pairs(ledger) == []
    ledger.record_shadow_answers("blades", DARK, [], later(20))


def test_a_second_opinion_makes_no_second_pair(ledger: Ledger) -> None:
    """The client's answer is the truth that counts."""
    name = answered(ledger, 1, 3)
    double = nouns.opinion("o9", name, kind=QuestionKind.DOUBLE, value="sound", by="you", at=later(20))
    ledger.answer(double, cannot_tell_limit=1)
    assert pending(ledger) == [name]
    ledger.record_shadow_answers("blades", DARK, [(name, nouns.ANSWER)], later(30))
    assert [pair.truth for pair in pairs(ledger)] == ["crack"]


def test_an_unknown_project_has_no_shadow(ledger: Ledger) -> None:
    """It is an error, not an empty list."""
    for act in (
        lambda: ledger.shadow_pending("x", DARK, since_stage=0, limit=1),
        lambda: ledger.shadow_pairs("x", DARK, since_stage=0, now=later(0), after_seq=0, limit=1),
        lambda: ledger.shadow_told("x", DARK, since_stage=0, now=later(0)),
        lambda: ledger.record_shadow_answers("x", DARK, [], later(0)),
    ):
        with pytest.raises(UnknownProject):
            act()
