"""Claims about the words of a review."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.reviews import (
    AT,
    BRIEF,
    LOSS,
    claim,
    launch,
    measured,
    not_yet,
    promise,
    saved,
    stop,
    tricky,
    without_brief,
)
from understudy.domain.project import Project
from understudy.domain.review import (
    PER_MISTAKE,
    Claim,
    ClaimKind,
    Measured,
    Outcome,
    Reason,
    ReasonKind,
    Review,
    RuleResult,
    Verdict,
)
from understudy.studio.claims.promise_worth import monthly_saving
from understudy.studio.claims.words import bound_words, ceil_percent, claim_row, money_bound
from understudy.studio.review.economics import review_economics
from understudy.studio.review.words import ReviewWords, review_words
from understudy.studio.words.phrases import PHOTOS

PROJECT = Project("blades", AT)


def words(review: Review, **brief: object) -> ReviewWords:
    return review_words(review, replace(BRIEF, **brief), PROJECT)  # type: ignore[arg-type]


def every_text(told: ReviewWords) -> list[str]:
    rows = [text for row in told.claims for text in (row.name, row.shown, row.bound, row.asked, row.sentence)]
    reasons = [reason.text for reason in told.reasons]
    single = (told.headline, told.says, told.next_step, told.promise, told.worth, told.loss, told.people, told.rule)
    return [*single, told.people_error, told.looks, *told.changes, *rows, *reasons]


def test_a_launch_says_how_much_it_answers_alone_and_who_takes_the_rest() -> None:
    """A launch that leaves part to people says the part."""
    told = words(launch())
    assert told.headline == (
        "Launch: it answers 65% alone, and at most 2 in 100 of those are wrong; people take the rest."
    )
    assert told.next_step == "Let it answer alone from 71% sure on, and let people take the rest."
    assert told.people.startswith("People answer the 35% that the model is not sure enough of and check 5%")
    assert "people_error" not in told.people_error
    assert "between 2% and 7%" in told.people_error
    assert "truly right at least 85% of the time (91% confidence)" in told.people_error


def test_a_launch_of_everything_leaves_no_rest() -> None:
    """Where nothing is left to people, nobody is said to take it."""
    everything = replace(promise(), share=1.0, share_lower=1.0)
    told = words(launch(promise=everything))
    assert told.headline == "Launch: it answers everything alone, and at most 2 in 100 answers are wrong."
    assert "rest" not in told.promise


def test_not_yet_says_seen_proven_and_asked() -> None:
    """What was seen, what is proven over all looks, what was asked for."""
    told = words(not_yet())
    assert told.headline == (
        "Not yet: 112 of 120 right, so at least 87% with 95% confidence over all looks; you asked for 92%."
    )
    assert told.next_step == "Label about 240 more photos, so that about 60 more are sealed."
    assert told.changes[-1] == "About 420 sealed photos would probably prove 92% right; there are 120."
    assert told.promise.startswith("Nothing can be promised yet")


def test_stop_says_the_reason_and_what_to_do_instead() -> None:
    """A stop is a reason, not a figure."""
    told = words(stop())
    assert told.headline == "Stop: the rule “brightness above 93 means crack” already meets your bar."
    assert told.next_step == "Ship the rule."
    assert "you do not need a model" in told.rule


def test_a_rule_that_may_live_on_a_shortcut_is_not_recommended_beside_a_launch() -> None:
    """It meets the bar and does not stop the launch: the words say why, and never that no model is needed."""
    rule = RuleResult("text length above 93 means spam", measured(249, 250), meets_bar=True, given_away=True)
    told = words(replace(launch(), rule=rule))
    assert told.headline.startswith("Launch: ")
    assert "That would meet your bar; but the audit found something here that may give the answer away" in told.rule
    assert told.rule.endswith("so it is not advised.")
    assert "you do not need a model" not in told.rule


def test_without_a_brief_the_first_word_is_that() -> None:
    """No bar, so no figure decides."""
    told = review_words(without_brief(), None, PROJECT)
    assert told.headline == "Not yet: there is no brief."
    assert (told.promise, told.worth, told.loss, told.rule) == ("", "", "", "")


def test_money_is_told_where_it_is_known() -> None:
    """The worth of the promise and the largest loss, in the brief's currency; nothing when a cost is unknown."""
    told = words(launch())
    assert told.worth.startswith("That saves about €5,400 a month")
    assert told.worth.endswith("; the €140 for its checks are taken off.")
    assert told.loss.startswith(
        "At most €311 is lost to errors beyond those allowed until people take over again; you allowed €500."
    )
    assert "CHF" in words(launch(), currency="CHF").loss
    assert words(launch(), person_cost=None).worth == ""


def with_checks(cost: float, review: Review) -> Review:
    return replace(review, loss=replace(LOSS, audits_cost_a_month=cost))


def test_a_worst_case_that_is_dearer_than_people_is_told_as_that() -> None:
    """Where checks eat more than the worst case saves, it is a loss against people, and never called nothing."""
    told = words(with_checks(5400.0, launch())).worth
    assert told.startswith(
        "That saves about €190 a month if it goes on as it was seen, and costs about €3,200 a month "
    )
    assert "more than people if it answers as few as it may and is wrong as often as its limit allows" in told


def test_checks_are_taken_off_the_proven_saving_before_it_is_compared() -> None:
    """A bound that is worse than what is reckoned never stands in for it, however much the checks cost."""
    everything = replace(promise(0.65), share=1.0, share_lower=0.6)
    review = launch(promise=everything)
    economics = review_economics(review, BRIEF)
    reckoned = monthly_saving(everything, economics, everything.share_lower, everything.most_error)
    assert reckoned is not None
    assert economics.decisions_a_month is not None
    for apart, stands_in in ((-50.0, False), (50.0, True)):
        bound = (reckoned + apart) / economics.decisions_a_month
        claims = [
            replace(one, measured=saved(bound + 0.1, bound, 1.5)) if one.kind is ClaimKind.SAVING_OVER_PEOPLE else one
            for one in review.claims
        ]
        told = words(with_checks(100.0, replace(review, claims=tuple(claims)))).worth
        assert ("by what is proven of the saving" in told) == stands_in


def test_a_saving_that_is_proven_stands_in_for_a_worse_one_that_is_reckoned() -> None:
    """Where everything is answered alone, the claim's own bound on the saving is the worst case if it is better."""
    everything = replace(promise(0.65), share=1.0, share_lower=0.6)
    review = launch(promise=everything)
    claims = [
        replace(one, measured=saved(0.93, 0.9, 1.5)) if one.kind is ClaimKind.SAVING_OVER_PEOPLE else one
        for one in review.claims
    ]
    told = words(with_checks(100.0, replace(review, claims=tuple(claims)))).worth
    assert "at the worst, by what is proven of the saving" in told
    worse = words(with_checks(100.0, review)).worth
    assert "as its limit allows" in worse


def test_drawings_are_no_evidence() -> None:
    """Drawn examples are never called photos of the world."""
    told = review_words(not_yet(), BRIEF, Project("blades", AT, drawn=True))
    assert told.says == "These are drawings, so it says nothing about real photos."


def test_each_claim_is_a_sentence_with_its_outcome() -> None:
    """Seen, proven, asked, and what came of it."""
    rows = {row.kind: row for row in words(launch()).claims[:4]}
    saving = rows[ClaimKind.SAVING_OVER_PEOPLE]
    assert (saving.shown, saving.bound, saving.bar, saving.word) == ("€0.93", "at least €0.41", "above €0", "proven")
    assert rows[ClaimKind.ACCURACY].sentence == "Right answers: 238 of 250, so at least 92%; nothing is asked of it."
    refuted = claim(ClaimKind.CLASS_RECALL, measured(20, 40), 0.9, subject="crack")
    assert claim_row(refuted, "EUR", PHOTOS).sentence == (
        "“crack” recognised: 20 of 40, so at most 66%; at least 90% is asked for. The opposite is proven."
    )


def test_without_a_cost_nothing_is_said_in_money() -> None:
    """Where no brief prices a wrong answer, a rule is beaten by so many of 100, and no currency is named."""
    fewer = replace(saved(0.0572, -0.0271, 0.14), unit=PER_MISTAKE)
    row = claim_row(claim(ClaimKind.SAVING_OVER_RULE, fewer, 0.0), "EUR", PHOTOS)
    assert row.name == "Fewer wrong answers than by the one-line rule"
    assert (row.shown, row.bound, row.bar) == ("5.7 in 100", "at least −2.8 in 100", "above 0")
    assert "€" not in row.sentence


def test_what_could_not_be_measured_says_why() -> None:
    """Not measured is an outcome with its reason, never a nought."""
    missing = Claim(
        ClaimKind.SAVING_OVER_CHAMPION,
        "",
        None,
        None,
        True,
        False,
        Outcome.NOT_APPLICABLE,
        why_not="None was launched.",
    )
    row = claim_row(missing, "EUR", PHOTOS)
    assert (row.shown, row.bound) == ("not measured", "")
    assert row.sentence.endswith("not measured. None was launched.")


def test_markup_and_marks_in_names_stay_text() -> None:
    """Tricks of every kind come through as one line of plain text without control or direction marks."""
    told = words(tricky())
    for text in every_text(told):
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
    assert any("<script>" in row.name for row in told.claims)
    assert any("Größe überprüfen" in row.name for row in told.claims)
    assert all("…" in row.name for row in told.claims if "Donau" in row.name)


@given(st.floats(0.0001, 0.9999), st.floats(0.0001, 0.9999))
def test_an_upper_bound_is_never_shown_below_itself(bound: float, bar: float) -> None:
    """Shown percentages round to the worse, and still show that a bar is kept when it is."""
    shown = float(ceil_percent(bound, against=bar).removesuffix("%")) / 100
    assert shown >= bound - 1e-9 or shown == pytest.approx(bar, abs=1e-6)
    if bound <= bar:
        assert shown <= bar + 1e-6


@given(st.floats(-1e6, 1e6, allow_nan=False), st.booleans())
def test_a_bound_in_money_is_rounded_to_the_worse(bound: float, low: bool) -> None:
    """A lower bound never shows more than it is, an upper one never less."""
    shown = float(money_bound(bound, "XXX", low=low).replace("XXX ", "").replace("−", "-").replace(",", ""))
    slack = 1e-8 * max(1.0, abs(bound))
    assert shown <= bound + slack if low else shown >= bound - slack


def test_money_bounds_say_which_side() -> None:
    """Savings are proven from below, losses from above."""
    assert bound_words(claim(ClaimKind.SAVING_OVER_RULE, saved(1.0, 0.0123, 2.0), 0.0), "EUR") == "at least €0.012"
    kept = claim(ClaimKind.LOSS_BUDGET, Measured(310.4, 0, 310.4, 0, 0, 0.95, "", "EUR"), 500.0, at_least=False)
    assert claim_row(kept, "EUR", PHOTOS).shown == "at most €311"


def test_a_budget_that_nothing_keeps_is_told_in_money() -> None:
    """Where no checks keep a loss within its budget, more than that may be lost, and the budget is money, no share."""
    claimed = Claim(ClaimKind.LOSS_BUDGET, "", None, 300.0, False, True, Outcome.REFUTED, None, "Nothing keeps it.")
    row = claim_row(claimed, "EUR", PHOTOS)
    assert (row.shown, row.bar, row.word) == ("more than €300", "€300", "too much")
    assert row.sentence.startswith("Lost until people take over: more than €300; at most €300 is asked for.")
    unknown = claim_row(replace(claimed, outcome=Outcome.OPEN), "EUR", PHOTOS)
    assert (unknown.shown, unknown.bar) == ("not measured", "€300")


def test_the_first_reason_for_the_verdict_leads() -> None:
    """A name at the head of a reason keeps its capital."""
    reason = Reason(ReasonKind.DRAWN, Verdict.NOT_YET, "Ölflecken are drawn.", "They are.", "")
    assert words(not_yet(reasons=(reason,))).headline == "Not yet: Ölflecken are drawn."
