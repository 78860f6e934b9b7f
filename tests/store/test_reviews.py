"""Reviews and what they rest on, in the ledger."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from understudy.domain.example import Label, Side
from understudy.domain.finding import Acceptance, DataAudit, Finding
from understudy.domain.learning import LearningCurve
from understudy.domain.review import Review
from understudy.domain.rule import Rule
from understudy.store.codec import as_json, from_json
from understudy.store.ledger import Ledger

from . import nouns

st.register_type_strategy(float, nouns.finite)
st.register_type_strategy(nouns.datetime, nouns.times)

KEPT = (Review, LearningCurve, Rule, Finding)


@pytest.mark.parametrize("kind", KEPT)
def test_every_noun_reads_back_exactly(kind: type) -> None:
    """What is written into the ledger as JSON is the same noun when it is read."""

    @settings(max_examples=30)
    @given(st.from_type(kind))
    def holds(noun: object) -> None:
        assert from_json(kind, as_json(kind, noun)) == noun

    holds()


def test_reviews_are_kept_in_their_order(ledger: Ledger) -> None:
    """The latest review is the one recorded last, and no earlier one is lost."""
    assert ledger.latest_review("blades") is None
    first, second = nouns.review(look=1), nouns.review(look=2)
    ledger.record_review("blades", first)
    ledger.record_review("blades", second)
    assert ledger.reviews("blades") == [first, second]
    assert ledger.latest_review("blades") == second


def test_a_look_knows_where_its_answers_are(ledger: Ledger) -> None:
    """Answers are recorded beside their look, once; a look that was broken off has none."""
    for _ in range(2):
        ledger.open_sealed("blades", model="m1", at=nouns.NOON)
    ledger.record_answers("blades", look=2, blob="b" * 64, at=nouns.NOON)
    assert [(each.number, each.answers) for each in ledger.looks("blades")] == [(1, None), (2, "b" * 64)]
    assert ledger.answers_of("blades", look=1) is None
    assert ledger.answers_of("blades", look=2) == "b" * 64
    with pytest.raises(IntegrityError):
        ledger.record_answers("blades", look=2, blob="c" * 64, at=nouns.NOON)


def test_the_latest_data_audit_holds(ledger: Ledger) -> None:
    """What an earlier audit saw is no longer said once a later one does not see it."""
    ledger.record_data_audit("blades", [nouns.finding()], data_version="d1", at=nouns.NOON)
    assert ledger.latest_data_audit("blades") == DataAudit("d1", (nouns.finding(),), nouns.NOON)
    ledger.record_data_audit("blades", [], data_version="d2", at=nouns.later(1))
    assert ledger.latest_data_audit("blades") == DataAudit("d2", (), nouns.later(1))
    assert ledger.latest_data_audit("blades", at=nouns.NOON) == DataAudit("d1", (nouns.finding(),), nouns.NOON)
    assert ledger.latest_data_audit("blades", at=nouns.later(-1)) is None


def test_acceptances_stay_on_record(ledger: Ledger) -> None:
    """Who took responsibility for a finding, when and why, is never lost."""
    accepted = Acceptance(nouns.finding().identity, "ada", "All cameras are alike in the field.", nouns.NOON)
    ledger.accept_finding("blades", accepted)
    assert ledger.acceptances("blades") == [accepted]


def test_a_rule_belongs_to_the_model_it_was_fitted_beside(ledger: Ledger) -> None:
    """Another model of the project has a rule of its own, or none."""
    ledger.record_rule("blades", nouns.RULE, model="m1", at=nouns.NOON)
    assert ledger.rule_beside("blades", model="m1") == nouns.RULE
    assert ledger.rule_beside("blades", model="m2") is None


def test_a_curve_belongs_to_the_data_it_was_made_of(ledger: Ledger) -> None:
    """Asked for a curve of other data, the ledger has none; asked for any, it has the latest."""
    ledger.record_curve("blades", nouns.CURVE, data_version="d1", at=nouns.NOON)
    assert ledger.latest_curve("blades", data_version="d1") == nouns.CURVE
    assert ledger.latest_curve("blades", data_version="d2") is None
    assert ledger.latest_curve("blades") == nouns.CURVE


def test_facts_are_kept_once_by_digest_and_kind(ledger: Ledger) -> None:
    """Measuring again changes nothing, and facts of another kind stand beside them."""
    ledger.record_facts("blades", "image/1", {"a": {"brightness": 93.5, "camera": None}, "b": {"format": "PNG"}})
    ledger.record_facts("blades", "image/1", {"a": {"brightness": 1.0}})
    ledger.record_facts("blades", "image/2", {"a": {"brightness": 2.0}})
    found = ledger.facts("image/1", ["a", "b", "c"])
    assert found == {"a": {"brightness": 93.5, "camera": None}, "b": {"format": "PNG"}}
    assert ledger.facts("image/2", ["a"]) == {"a": {"brightness": 2.0}}


def test_opinions_are_those_on_training_examples(ledger: Ledger) -> None:
    """Everything that people said is read in order, and nothing of the sealed set."""
    sealed = nouns.example("s", side=Side.SEALED)
    ledger.add_examples("blades", [nouns.example("a"), sealed], by="ada", at=nouns.NOON)
    ledger.add_label("blades", Label(nouns.digest("a"), "sound", "bob", nouns.later(5)))
    said = [(label.digest, label.value, label.by) for label in ledger.opinions("blades")]
    assert said == [(nouns.digest("a"), "crack", "ada"), (nouns.digest("a"), "sound", "bob")]
