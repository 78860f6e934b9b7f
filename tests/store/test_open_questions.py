from datetime import timedelta

from understudy.domain.opinion import QuestionKind
from understudy.store.ledger import Ledger

from . import nouns
from .nouns import later


def test_what_is_in_hand_is_left_out_when_another_question_is_wanted(ledger: Ledger) -> None:
    """The next question can be fetched ahead: decisions that a person names are not offered to them."""
    ledger.record_served([nouns.asked(1), nouns.asked(2)])
    first = ledger.claim_question("blades", "Ada", later(10), later(99))
    assert first == ledger.claim_question("blades", "Ada", later(11), later(99))
    assert first is not None
    second = ledger.claim_question("blades", "Ada", later(12), later(99), besides=[first.decision])
    assert second is not None
    assert second.decision != first.decision
    both = [first.decision, second.decision]
    assert ledger.claim_question("blades", "Ada", later(13), later(99), besides=both) is None


def test_a_question_is_open_until_its_answer_can_no_longer_be_taken_back(ledger: Ledger) -> None:
    """Who could still take their answer back must not learn what others said meanwhile."""
    served = nouns.audited(1)
    ledger.record_served([served])
    name = served.decision.id
    assert ledger.open_kinds([name, "unknown"], later(2)) == {name: {QuestionKind.AUDIT}}
    said = ledger.answer(nouns.opinion("o", name, kind=QuestionKind.AUDIT, at=later(3)), cannot_tell_limit=2)
    just_before = said.settles_at - timedelta(seconds=1)
    assert ledger.open_kinds([name], just_before) == {name: {QuestionKind.AUDIT}}
    assert ledger.open_kinds([name], said.settles_at) == {}
