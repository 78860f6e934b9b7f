"""The terms under which a model answers alone: from the review, else the brief, else as its threshold was chosen."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import reviews
from studio.launches import AT, FIRST, SECOND, TERMS, change
from studio.materials import GOOD, answers, material
from understudy.domain.answer import answer_from
from understudy.domain.brief import Brief
from understudy.domain.decision import AnsweredBy
from understudy.domain.economics import economics_of
from understudy.domain.project import Project
from understudy.domain.review import ReasonKind, Review, Verdict
from understudy.domain.stage import Stage
from understudy.launch.policy import Route, answered_by
from understudy.search.threshold import SHARE_RIGHT
from understudy.stats.loss import USUAL_AUDIT_SHARE
from understudy.studio.claims.promises import loss_of
from understudy.studio.launch.terms import BY_REVIEW, BY_STAGE, Alone, Grounds, alone_from, terms_at, terms_from
from understudy.studio.review.launch_review import review_of
from understudy.studio.workspace import Workspace


def grounds(brief: Brief | None = GOOD, review: Review | None = None) -> Grounds:
    return Grounds(0.66, brief, economics_of(brief or Brief()), review)


def test_the_promise_of_the_review_is_kept() -> None:
    """Threshold and errors are those that the review promised; audits keep the brief's loss budget."""
    said = review_of(material(answers(285, 300)))
    assert said.promise is not None
    assert said.promise.threshold is not None
    terms = terms_from(grounds(review=said))
    assert terms.threshold == said.promise.threshold
    assert terms.most_error == said.promise.most_error == pytest.approx(0.1)
    assert (terms.wrong_cost, terms.loss_budget, terms.currency) == (25.0, 20_000.0, "EUR")
    assert terms.most_lost == 20_000.0
    assert 0.01 <= terms.audit_share < 0.1
    assert terms.most_waiting is not None


def test_without_a_promise_the_brief_speaks() -> None:
    """The model's own threshold, and the brief's bar."""
    terms = terms_from(grounds())
    assert terms.threshold == 0.66
    assert terms.most_error == pytest.approx(1 - (economics_of(GOOD).bar or 0))
    assert terms == terms_from(grounds(review=replace(reviews.not_yet(), loss=None)))


def test_without_a_budget_the_usual_share_is_checked() -> None:
    """What a fall may cost is reckoned for the usual audits, and for as many answers as are given while they wait."""
    free = replace(GOOD, loss_budget=None)
    terms = terms_from(grounds(free))
    assert (terms.audit_share, terms.loss_budget, terms.most_waiting) == (USUAL_AUDIT_SHARE, None, None)
    assert terms.most_lost is not None
    slow = terms_from(replace(grounds(free), answer_minutes=1_000.0))
    assert slow.most_lost is not None
    assert slow.most_lost > terms.most_lost


def test_a_budget_that_no_audit_keeps_is_not_promised() -> None:
    """Where one wrong answer costs almost the budget, everything is checked and nothing is promised."""
    terms = terms_from(grounds(replace(GOOD, loss_budget=30.0)))
    assert (terms.audit_share, terms.most_lost, terms.loss_budget) == (1.0, None, 30.0)


def test_without_a_brief_the_model_is_taken_at_its_word() -> None:
    """It may be wrong as often as its threshold was chosen for; what may be lost is unknown."""
    terms = terms_from(grounds(None))
    assert terms.most_error == pytest.approx(1 - SHARE_RIGHT)
    assert (terms.wrong_cost, terms.loss_budget, terms.most_lost) == (None, None, None)
    assert terms.audit_share == USUAL_AUDIT_SHARE


def test_a_promise_in_money_bears_the_share_that_was_asked_for() -> None:
    """Where kinds of mistakes differ in cost, the breaker watches the share promised besides, else the brief's."""
    both = replace(reviews.promise(), unit="EUR", most_error=1.9, most_wrong=0.06)
    said = reviews.launch(promise=both)
    assert terms_from(grounds(review=said)).most_error == 0.06
    alone = reviews.launch(promise=replace(both, most_wrong=None))
    bar = economics_of(GOOD).bar
    assert bar is not None
    assert terms_from(grounds(review=alone)).most_error == pytest.approx(1 - bar)


def test_terms_that_were_settled_in_shadow_stay() -> None:
    """At a given threshold and share of errors, the loss is reckoned for that share."""
    free = grounds(replace(GOOD, loss_budget=None))
    strict, lax = terms_at(free, 0.9, 0.02), terms_at(free, 0.9, 0.1)
    assert (strict.threshold, strict.most_error) == (0.9, 0.02)
    assert strict.most_lost is not None
    assert lax.most_lost is not None
    assert strict.most_lost != lax.most_lost


@settings(max_examples=12)
@given(
    budget=st.none() | st.floats(0.0, 2_000.0),
    wrong_cost=st.floats(2.5, 60.0),
    decisions=st.none() | st.integers(1, 20_000),
    minutes=st.floats(1.0, 5_000.0),
    proven=st.booleans(),
)
def test_a_launch_keeps_what_its_review_printed(
    budget: float | None, wrong_cost: float, decisions: int | None, minutes: float, proven: bool
) -> None:
    """Whatever the brief, a review promises the loss, the checks and the errors that the terms of its launch hold."""
    brief = replace(GOOD, loss_budget=budget, wrong_cost=wrong_cost, decisions_a_month=decisions)
    given_material = material(answers(285, 300), brief, answer_minutes=minutes)
    promise = reviews.promise(nothing=not proven)
    loss = loss_of(given_material, promise)
    assert loss is not None
    review = reviews.launch(promise=promise, loss=loss)
    terms = terms_from(Grounds(0.66, brief, given_material.economics, review, minutes))
    assert (terms.most_lost, terms.audit_share) == (loss.most_lost, loss.audit_share)
    assert (terms.unseen, terms.most_waiting, terms.loss_budget) == (loss.unseen, loss.most_waiting, loss.budget)


def test_a_budget_below_24_wrong_answers_is_refused_by_the_review_too() -> None:
    """What no audits keep, no review calls kept."""
    said = review_of(material(answers(285, 300), replace(GOOD, loss_budget=23 * 25.0)))
    assert said.verdict is Verdict.NOT_YET
    assert any(reason.kind is ReasonKind.LOSS_TOO_LARGE for reason in said.reasons)
    assert terms_from(grounds(replace(GOOD, loss_budget=23 * 25.0), said)).most_lost is None


def test_the_stage_says_from_how_sure_on_then_the_review(tmp_path: Path) -> None:
    """Of the model in service and its fallback by their stage; of any other by its review under the standing brief."""
    with Workspace.open(tmp_path / "w") as workspace:
        ledger = workspace.ledger
        ledger.create_project(Project("lamp", AT))
        assert alone_from(ledger, "lamp", FIRST) is None
        said = reviews.launch(project="lamp", model=FIRST, brief=1, at=AT)
        assert said.promise is not None
        ledger.add_brief("lamp", GOOD, by="Ada", reason="", at=AT)
        ledger.record_review("lamp", said)
        assert alone_from(ledger, "lamp", FIRST) == Alone(said.promise.threshold or 0.0, BY_REVIEW)
        assert alone_from(ledger, "lamp", SECOND) is None
        begun = replace(
            change(1, Stage.CANARY), model=SECOND, fallback=FIRST, fallback_terms=replace(TERMS, threshold=0.7)
        )
        ledger.change_stage("lamp", begun)
        assert alone_from(ledger, "lamp", SECOND) == Alone(TERMS.threshold, BY_STAGE)
        assert alone_from(ledger, "lamp", FIRST) == Alone(0.7, BY_STAGE)
        ledger.change_stage("lamp", replace(change(2, Stage.LIVE), model=SECOND))
        ledger.add_brief("lamp", replace(GOOD, loss_budget=1.0), by="Ada", reason="", at=AT)
        assert alone_from(ledger, "lamp", FIRST) is None


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_who_should_answer_is_said_as_it_is_served(threshold: float, sure: float, stranger: bool) -> None:
    """Whatever the model's own threshold, an answer asks for a person exactly where serving would ask one."""
    own = replace(answer_from(("a", "b"), (sure, 1 - sure), threshold=0.5), probability=sure, unknown=stranger)
    way = Route(FIRST, replace(TERMS, threshold=threshold), None)
    served = answered_by(way, sure, stranger=own.stranger).answered_by is AnsweredBy.MODEL
    assert Alone(threshold, BY_STAGE).held(own).ask_person is not served
