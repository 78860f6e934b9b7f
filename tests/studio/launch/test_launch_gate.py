"""The gate before a launch: what lets a model through, what does not, and what it says then."""

from dataclasses import replace
from typing import Any

import pytest

from studio import reviews
from studio.launches import FIRST, SECOND, TERMS, change, pairs, tripped
from understudy.domain.stage import Stage
from understudy.studio.launch.gate import Case, First, LaunchRefused, RestsOn, gate, last_trip, trips_of
from understudy.studio.launch.shadow_evidence import ShadowEvidence, evidence_from

ALONE = [Stage.CANARY, Stage.LIVE]


def evidence(right: int, since: int = 1, **terms: float) -> ShadowEvidence:
    """So many right answers in a row, in the shadow stage of this number."""
    begun = change(since, Stage.SHADOW, terms=replace(TERMS, **terms))
    return evidence_from(pairs([True] * right), begun, 1)


def case(**parts: Any) -> Case:
    """A model with a brief and nothing that speaks for it."""
    nothing = Case("blades", FIRST, True, TERMS.most_error, None, 0, (), None, None)
    return replace(nothing, **parts)


def test_shadow_is_open_to_every_model() -> None:
    """Nobody is served in shadow, so it needs neither brief nor review, even after a trip."""
    found = gate(case(briefed=False, tripped=tripped(3)), Stage.SHADOW)
    assert found.allowed
    assert found.rests_on is RestsOn.NOTHING_NEEDED


@pytest.mark.parametrize("to", ALONE)
def test_a_review_that_says_launch_lets_through(to: Stage) -> None:
    """The review is what it rests on, and is named in the evidence."""
    found = gate(case(review=reviews.launch(), number=3), to)
    assert found.allowed
    assert found.rests_on is RestsOn.REVIEW
    assert found.evidence["review"] == {
        "number": 3, "verdict": "launch", "look": 1, "reasons": ["Everything that a launch needs is proven."],
    }  # fmt: skip


def test_what_is_to_be_done_before_is_told_though_it_is_allowed() -> None:
    """Where the shadow speaks against it or the review is outdated, the stage stays open, and that comes first."""
    poor = evidence_from(pairs([False] * 2), change(1, Stage.SHADOW, terms=TERMS), 1)
    found = gate(case(review=reviews.launch(), number=3, shadow=poor), Stage.CANARY)
    assert (found.allowed, found.first) == (True, First.SHADOW)
    assert found.caution.startswith("The shadow speaks against it: 0 of 2 answers")
    assert found.evidence["caution"] == found.caution
    old = gate(case(review=reviews.launch(), number=3, changed="The mails changed since the last review."), Stage.LIVE)
    assert (old.allowed, old.first) == (True, First.REVIEW)
    assert old.caution == (
        "The mails changed since the last review. Review the model again first (understudy review blades)."
    )
    sound = gate(case(review=reviews.launch(), number=3, shadow=evidence(3)), Stage.CANARY)
    assert (sound.first, sound.caution) == (None, "")


@pytest.mark.parametrize("to", ALONE)
def test_shadow_that_cleared_the_bar_lets_through(to: Stage) -> None:
    """Enough right answers in the dark do, without any review; one fewer than enough do not."""
    enough = next(right for right in range(1, 200) if evidence(right).cleared)
    found = gate(case(shadow=evidence(enough)), to)
    assert found.allowed
    assert found.rests_on is RestsOn.SHADOW
    assert found.evidence["shadow"]["right"] == enough
    assert not gate(case(shadow=evidence(enough - 1)), to).allowed


@pytest.mark.parametrize("to", ALONE)
def test_nothing_lets_through_without_a_brief(to: Stage) -> None:
    """Without a brief nothing says how good is good enough: neither shadow nor review helps."""
    found = gate(case(briefed=False, most_error=None, shadow=evidence(200)), to)
    assert not found.allowed
    assert "There is no brief" in found.fact
    assert "understudy brief blades --ask" in found.remedy
    assert found.remedy.endswith("or override it by name, with a reason that is shown for ever.")


@pytest.mark.parametrize("to", ALONE)
def test_a_trip_closes_the_way_by_review(to: Stage) -> None:
    """A model that tripped needs evidence from the shadow since then; its review, old or new, no longer counts."""
    trip = tripped(4)
    by_review = case(review=reviews.launch(), number=3, tripped=trip)
    refused = gate(by_review, to)
    assert not refused.allowed
    assert "Its breaker tripped on 2026-05-04 at 16:00 UTC: 9 of 40 audits were wrong." in refused.fact
    assert not gate(replace(by_review, shadow=evidence(200, since=2)), to).allowed
    assert gate(replace(by_review, shadow=evidence(200, since=4)), to).allowed


def test_a_trip_is_told_though_there_is_no_brief() -> None:
    """Whoever overrides after a trip is told of the trip, not only of the missing brief."""
    refused = gate(case(briefed=False, tripped=tripped(4)), Stage.LIVE)
    assert "Its breaker tripped" in refused.fact
    assert "There is no brief" in refused.reason
    assert "understudy brief" in refused.remedy


def test_a_brief_that_asks_for_more_since_is_not_met_by_old_evidence() -> None:
    """What was shown at 92% does not let through once 95% are asked for; fewer may be asked for at any time."""
    assert not gate(case(shadow=evidence(200), most_error=0.05), Stage.LIVE).allowed
    assert gate(case(shadow=evidence(200), most_error=0.2), Stage.LIVE).allowed
    assert "the brief asks for more now" in gate(case(shadow=evidence(200), most_error=0.05), Stage.LIVE).remedy


def test_what_was_found_since_the_review_counts() -> None:
    """A review that said launch before something grave was found in the data does not let through."""
    found = gate(case(review=reviews.launch(), number=3, serious=("“day” tells every label.",)), Stage.LIVE)
    assert not found.allowed
    assert found.fact == "Since the review said “launch”, this was found in the data: “day” tells every label."
    assert "review again (understudy review blades)" in found.remedy


def test_a_refusal_carries_figures_and_what_would_change_it() -> None:
    """The first reason of the review, what the shadow has shown, and how many more requests will do."""
    found = gate(case(review=reviews.not_yet(), number=1, shadow=evidence(20)), Stage.LIVE)
    assert not found.allowed
    assert found.fact == "The review says “not yet”: At least 92% right is not proven."
    assert "In shadow: 20 of 20 answers" in found.reason
    assert "answer about" in found.remedy
    error = LaunchRefused(found)
    assert error.evidence["review"]["verdict"] == "not yet"
    assert error.evidence["shadow"]["alone"] == 20
    assert (error.fact, error.reason, error.remedy) == (found.fact, found.reason, found.remedy)


def test_whose_trip_it_was() -> None:
    """The model that answered tripped, or the one behind it where only that was taken away."""
    stages = [
        change(1, Stage.LIVE),
        change(2, Stage.CANARY, SECOND, fallback=FIRST, fallback_terms=TERMS),
        tripped(3, SECOND, fallback=FIRST, fallback_terms=TERMS),
        tripped(4, SECOND, fallback=None),
    ]
    assert [(model, each.number) for model, each in trips_of(stages)] == [(SECOND, 3), (FIRST, 4)]
    assert last_trip(stages, FIRST) == stages[3]
    assert last_trip(stages, SECOND) == stages[2]
    assert last_trip(stages[:2], SECOND) is None


def test_a_model_in_shadow_is_not_sent_there_again() -> None:
    """What the review asks of the shadow gives way to what the shadow itself still needs: one number, not two."""
    said = reviews.not_yet()
    sent = replace(
        said, reasons=tuple(replace(each, remedy="Go to the shadow stage: about 220 more.") for each in said.reasons)
    )
    assert "about 220" in gate(case(review=sent, number=1), Stage.CANARY).remedy
    there = gate(case(review=sent, number=1, shadow=evidence(5)), Stage.CANARY).remedy
    assert "220" not in there
    assert there.startswith("Answer about ")
    assert "more requests while it works in shadow" in there
