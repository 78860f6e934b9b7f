"""Stages in words: who answers, what a stage rests on, what it may cost."""

from dataclasses import replace

from studio.launches import FIRST, SECOND, TERMS, change, tripped
from studio.reviews import LOSS
from understudy.domain.stage import Cause, Stage
from understudy.studio.launch.words import (
    answers_words,
    cause_words,
    error_words,
    loss_words,
    rests_words,
    rollback_words,
    sure_words,
)
from understudy.studio.review.words import loss_words as review_loss_words


def test_who_answers() -> None:
    """Each stage says who answers what, with and without a model behind."""
    behind = {"fallback": SECOND, "fallback_terms": replace(TERMS, threshold=0.9)}
    assert answers_words(None) == answers_words(change(1, Stage.WIZARD, None)) == "People answer every request."
    assert answers_words(change(1, Stage.SHADOW)) == (
        "People answer every request. Model a1a1a1a1a1a1 works in the dark; nobody is given its answers."
    )
    assert answers_words(change(1, Stage.SHADOW, **behind)).startswith(
        "Model b2b2b2b2b2b2 answers alone from 90% sure on, and people answer the rest. Model a1"
    )
    assert answers_words(change(1, Stage.CANARY)) == (
        "Model a1a1a1a1a1a1 is asked for 10% of the requests and answers alone from 80% sure on; "
        "people answer the others."
    )
    assert "model b2b2b2b2b2b2 and people answer the others." in answers_words(change(1, Stage.CANARY, **behind))
    assert answers_words(change(1, Stage.LIVE)) == (
        "Model a1a1a1a1a1a1 answers alone from 80% sure on, and people answer the rest."
    )


def test_a_promise_reads_the_same_wherever_it_is_made() -> None:
    """The review, a promotion and the breaker's page round the greatest loss up, each to the same figure."""
    promised = review_loss_words(LOSS, "EUR").split(" is lost")[0]
    assert LOSS.most_lost == TERMS.most_lost == 310.4
    assert promised == loss_words(TERMS).split(" is lost")[0] == "At most €311"


def test_a_threshold_that_passes_everything_is_no_threshold() -> None:
    """From 1% sure on reads as reckless and is all that is not strange; "sure" is explained where it is told."""
    lenient = change(1, Stage.LIVE, terms=replace(TERMS, threshold=0.011))
    assert answers_words(lenient) == (
        "Model a1a1a1a1a1a1 answers alone whatever is like what it learned from, and people answer the rest."
    )
    assert sure_words(lenient) == sure_words(None) == sure_words(change(1, Stage.SHADOW)) == ""
    assert "probability" in sure_words(change(1, Stage.LIVE))


def test_what_it_may_cost() -> None:
    """The greatest loss beside what is allowed; unknown where no cost is known."""
    assert loss_words(TERMS) == (
        "At most €311 is lost to errors beyond those allowed before others take over, in 95 of 100 cases; "
        "you allow €500. "
        "10% of its answers are checked by a person."
    )
    unknown = replace(TERMS, most_lost=None, loss_budget=None, audit_share=0.125)
    assert loss_words(unknown) == (
        "What may be lost is unknown, because no brief says what a wrong answer costs; "
        "12.5% of its answers are checked by a person."
    )
    assert loss_words(replace(TERMS, most_lost=None, audit_share=1.0)) == (
        "More than the €500 you allow may be lost before others take over, though "
        "100% of its answers are checked by a person."
    )
    assert "more than 4.49% of its" in error_words(replace(TERMS, most_error=1 - 0.95505))
    assert error_words(TERMS) == "Its breaker trips when more than 8% of its answers are proven to be wrong."


def test_why_it_came_to_that() -> None:
    """Who asked and why; an override is told with what stood against it, a trip with its fact."""
    assert cause_words(change(1, Stage.LIVE)) == "Ada asked for it: “The pilot begins.”"
    against = {"rests_on": "override", "fact": "There is no brief."}
    overridden = change(1, Stage.LIVE, cause=Cause.OVERRIDDEN, evidence=against)
    assert cause_words(overridden) == (
        "Ada overrode the evidence: “The pilot begins.” Against it stood: There is no brief."
    )
    unended = change(1, Stage.LIVE, cause=Cause.OVERRIDDEN, reason="x", evidence=against)
    assert cause_words(unended) == "Ada overrode the evidence: “x”. Against it stood: There is no brief."
    assert cause_words(tripped(2)) == "The breaker tripped: 9 of 40 audits were wrong."
    assert cause_words(change(3, Stage.WIZARD, None, cause=Cause.ROLLED_BACK)).startswith("Ada rolled back:")


def test_what_it_rests_on() -> None:
    """A review by its number, the shadow by its count, an override as one; shadow itself on nothing."""
    assert rests_words({"rests_on": "review", "review": {"number": 3, "verdict": "launch"}}) == (
        "It rests on review 3, which says “launch”."
    )
    assert rests_words({"rests_on": "shadow", "shadow": {"right": 112, "alone": 118}}) == (
        "It rests on the shadow: 112 of 118 answers it would have given alone were right."
    )
    assert "override" in rests_words({"rests_on": "override"})
    assert rests_words({"rests_on": "nothing-needed"}) == rests_words({}) == ""


def test_who_takes_over() -> None:
    """The model behind, or people."""
    assert rollback_words(FIRST) == "model a1a1a1a1a1a1 takes over"
    assert rollback_words(None) == "people take over"
