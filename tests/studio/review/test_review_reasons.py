"""A review never says “launch” while anything stands against it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.materials import AT, GOOD, LABELS, answers, material
from understudy.cli.steps import review_command
from understudy.domain.brief import Brief, Demand, KillCriteria
from understudy.domain.evidence import Stretch
from understudy.domain.fact_rows import FactRows
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.domain.review import Claim, ClaimKind, Outcome, Reason, ReasonKind, Review, Verdict
from understudy.domain.rule import Rule, RuleKind
from understudy.studio.claims.promise_worth import saving_as_seen
from understudy.studio.claims.promises import loss_of, promise_of
from understudy.studio.review.launch_review import review_of
from understudy.studio.review.reasons import Seen, reasons_of, verdict_of
from understudy.studio.review.words import review_words
from understudy.studio.review.worth_words import worth_words

reasons = st.builds(
    Reason, st.sampled_from(ReasonKind), st.sampled_from(Verdict), st.just("F."), st.just("R."), st.just("")
)
claims = st.builds(
    Claim,
    st.sampled_from(ClaimKind),
    st.just(""),
    st.none(),
    st.none() | st.floats(0, 1),
    st.booleans(),
    st.booleans(),
    st.sampled_from(Outcome),
)


@settings(max_examples=300)
@given(st.lists(reasons, max_size=5), st.lists(claims, max_size=6))
def test_launch_needs_every_required_claim_and_no_reason_against_it(said: list[Reason], shown: list[Claim]) -> None:
    """Whatever the claims and reasons: one required claim unproven, or one reason against it, and it is no launch."""
    verdict = verdict_of(said, shown)
    required = [claim for claim in shown if claim.required]
    if verdict is Verdict.LAUNCH:
        assert required
        assert all(claim.outcome is Outcome.PROVEN for claim in required)
        assert all(reason.verdict is Verdict.LAUNCH for reason in said)
    if any(reason.verdict is Verdict.STOP for reason in said):
        assert verdict is Verdict.STOP


def kinds(review: Review, *, against: bool = True) -> set[ReasonKind]:
    """The kinds of reasons that speak against a launch."""
    return {each.kind for each in review.reasons if not against or each.verdict is not Verdict.LAUNCH}


def test_a_good_model_with_a_good_brief_is_launched() -> None:
    """Nothing against it and the promise proven: launch, with what was proven as the reason."""
    review = review_of(material(answers(296, 300)))
    assert review.verdict is Verdict.LAUNCH, review.reasons
    assert kinds(review) == set()
    assert review.reasons[0].kind is ReasonKind.PROVEN
    assert review.promise is not None
    assert review.promise.share > 0.9


HIGH = Finding(FindingKind.SHORTCUT, Severity.HIGH, "format", "The format gives it away.", "It does.", "Mend it.")
SPOILT = [
    (ReasonKind.NO_BRIEF, {"brief": None}),
    (ReasonKind.WORN_OUT, {"times_seen": 20}),
    (ReasonKind.DRAWN, {"project": Project("blades", AT, drawn=True)}),
    (ReasonKind.SERIOUS_FINDING, {"findings": (HIGH,)}),
    (ReasonKind.IMPOSSIBLE_BAR, {"brief": replace(GOOD, asked_bar=1.0)}),
    (ReasonKind.CONTRADICTION, {"brief": replace(GOOD, wrong_cost=0.0)}),
    (ReasonKind.CONTRADICTION, {"brief": replace(GOOD, model_cost=50.0)}),
    (ReasonKind.FAKE_IT_FIRST, {"brief": replace(GOOD, problem=None, who=None)}),
    (ReasonKind.FAKE_IT_FIRST, {"brief": replace(GOOD, minimum_viable=True, demand=Demand.SAID)}),
    (ReasonKind.FAKE_IT_FIRST, {"brief": replace(GOOD, decisions_a_month=None)}),
    (ReasonKind.FAKE_IT_FIRST, {"brief": replace(GOOD, person_cost=None, wrong_cost=None, loss_budget=None)}),
    (ReasonKind.LOSS_TOO_LARGE, {"brief": replace(GOOD, loss_budget=30.0)}),
    (ReasonKind.CHECKS_TOO_DEAR, {"brief": replace(GOOD, loss_budget=600.0, person_cost=2.0, model_cost=1.5)}),
    (ReasonKind.KILL_CRITERION, {"brief": replace(GOOD, kill=KillCriteria(by=date(2026, 5, 3)))}),
    (ReasonKind.KILL_CRITERION, {"brief": replace(GOOD, kill=KillCriteria(labels=700))}),
    (ReasonKind.KILL_CRITERION, {"brief": replace(GOOD, kill=KillCriteria(money=1000.0))}),
    (ReasonKind.CLAIM_OPEN, {"brief": replace(GOOD, slices=("weather",))}),
    (ReasonKind.CLAIM_OPEN, {"brief": replace(GOOD, class_bars=(("crack", 0.985),))}),
]


@pytest.mark.parametrize(("kind", "changes"), SPOILT, ids=[f"{kind}-{place}" for place, (kind, _) in enumerate(SPOILT)])
def test_each_single_thing_against_it_prevents_a_launch(kind: ReasonKind, changes: dict[str, object]) -> None:
    """The same good model, with one thing amiss: never “launch”, and the reason names it."""
    brief = changes.get("brief", GOOD)
    rest = {name: value for name, value in changes.items() if name != "brief"}
    review = review_of(material(answers(296, 300), brief, **rest))  # type: ignore[arg-type]
    assert review.verdict is not Verdict.LAUNCH
    assert kind in kinds(review), review.reasons
    stops = kind is ReasonKind.KILL_CRITERION
    assert (review.verdict is Verdict.STOP) == stops


def test_a_criterion_that_led_to_a_launch_is_met_no_more() -> None:
    """A date that has passed ends nothing once something was launched."""
    brief = replace(GOOD, kill=KillCriteria(by=date(2026, 5, 3)))
    assert review_of(material(answers(296, 300), brief, launched=True)).verdict is Verdict.LAUNCH


@pytest.mark.parametrize(("last", "met"), [(AT.date(), False), (AT.date() - timedelta(days=1), True)])
def test_the_day_that_was_agreed_is_still_one_of_the_attempt(last: date, met: bool) -> None:
    """What ends on a day ends after it: a review on that very day may launch, one on the next may not."""
    review = review_of(material(answers(296, 300), replace(GOOD, kill=KillCriteria(by=last))))
    assert (ReasonKind.KILL_CRITERION in kinds(review)) is met
    assert (review.verdict is Verdict.LAUNCH) is not met


def test_checks_are_held_against_what_was_seen_to_be_saved_and_told_where_less_is_proven() -> None:
    """Checks for €3,300 where €3,900 is saved as seen and €2,900 proven: a launch, said to be dearer at the worst."""
    case = material(answers(296, 300), replace(GOOD, loss_budget=1500.0, person_cost=2.0, model_cost=1.2))
    review = review_of(case)
    assert review.verdict is Verdict.LAUNCH
    assert "costs about €340 a month more than people at the worst" in worth_words(review, case.economics)


@pytest.mark.parametrize(("more", "dear"), [(-0.01, False), (0.0, False), (0.01, True)])
def test_checks_that_cost_as_much_as_is_saved_are_not_too_dear(more: float, dear: bool) -> None:
    """It is a cent more than the saving that holds a launch back."""
    case = material(answers(296, 300))
    promise = promise_of(case)
    loss = loss_of(case, promise)
    assert promise is not None
    assert loss is not None
    saved = saving_as_seen(promise, case.economics)
    assert saved is not None
    seen = Seen((), None, replace(loss, audits_cost_a_month=saved + more), promise)
    assert (ReasonKind.CHECKS_TOO_DEAR in {each.kind for each in reasons_of(case, seen)}) is dear


def test_sealed_photos_that_are_worn_out_name_how_many_fresh_ones_renew_them() -> None:
    """Nineteen looks before leave a launch possible; after twenty, a quarter of what is gathered is sealed."""
    assert review_of(material(answers(296, 300), times_seen=19)).verdict is Verdict.LAUNCH
    review = review_of(material(answers(296, 300), times_seen=20))
    assert review.reasons[0].kind is ReasonKind.WORN_OUT
    assert "looked at 20 times" in review.reasons[0].fact
    assert "Gather about 1,300 fresh photos" in review.reasons[0].remedy


def test_what_the_audit_only_suspects_is_told_with_the_launch() -> None:
    """A finding of medium severity on which proofs rest stands in no launch's way, and stands beside it."""
    suspected = replace(HIGH, kind=FindingKind.HIDDEN_GROUP, severity=Severity.MEDIUM)
    slight = replace(HIGH, kind=FindingKind.MISSING_VALUES, severity=Severity.MEDIUM)
    review = review_of(material(answers(296, 300), findings=(suspected, slight)))
    assert review.verdict is Verdict.LAUNCH
    assert [each.kind for each in review.reasons[:2]] == [ReasonKind.PROVEN, ReasonKind.NOTED_FINDING]
    assert [each.kind for each in review.reasons].count(ReasonKind.NOTED_FINDING) == 1
    assert "less is proven than it says" in review.reasons[1].reason


def test_one_class_in_the_sealed_set() -> None:
    """Where every sealed example says the same, nothing is shown about telling answers apart."""
    review = review_of(material(answers(300, 300, truth=np.zeros(300, np.int64), rule=None)))
    assert ReasonKind.ONE_CLASS in kinds(review)
    assert review.verdict is not Verdict.LAUNCH


def test_nothing_sealed() -> None:
    """Without a sealed example nothing is measured, nothing is launched, and it says how many it would take."""
    review = review_of(material(answers(0, 0)))
    assert review.verdict is Verdict.NOT_YET
    assert ReasonKind.TOO_FEW_EXAMPLES in kinds(review)
    assert all(claim.measured is None for claim in review.claims if claim.kind is not ClaimKind.LOSS_BUDGET)
    reason = next(each for each in review.reasons if each.kind is ReasonKind.TOO_FEW_EXAMPLES)
    assert "answered requests will do, if it is right 95% of the time." in reason.remedy
    assert review_words(review, GOOD, Project("blades", AT)).headline == (
        "Not yet: 90% right is not provable yet with no photos sealed, even if every answer were right."
    )


def test_no_proven_claim_leads_a_review_that_says_not_yet() -> None:
    """What nobody may launch by is told, and not a figure that clears its bar, where another model is better."""
    review = review_of(material(answers(299, 300)))
    reason = Reason(ReasonKind.CLAIM_REFUTED, Verdict.NOT_YET, "Another does better.", "It is proven.", "Leave it.")
    held = replace(review, reasons=(reason, *review.reasons), verdict=Verdict.NOT_YET)
    assert review_words(held, GOOD, Project("blades", AT)).headline == "Not yet: Another does better."


@pytest.mark.parametrize(("right", "sent_to"), [(0, "learn"), (8, "learn"), (12, "learn"), (14, "shadow")])
def test_one_advice_never_contradicts_another(right: int, sent_to: str) -> None:
    """Of 14 sealed, too few to show 95%: a model right too seldom must get better, and is not sent to the shadow."""
    review = review_of(material(answers(right, 14, knowing=False), replace(GOOD, asked_bar=0.95)))
    words = review_words(review, GOOD, Project("blades", AT))
    said = " ".join(words.changes).lower()
    assert ("train on more and better" in said) == (sent_to == "learn")
    assert ("answered requests will do" in said) == (sent_to == "shadow")
    assert words.next_step == words.changes[0]
    assert (review_command(review) == "promote blades shadow") == (sent_to == "shadow")


def test_too_few_to_prove_anything_go_to_the_shadow_stage() -> None:
    """Ten of ten right cannot prove 90%; it says how many answered requests will do, and what gathering costs."""
    review = review_of(material(answers(10, 10)))
    reason = next(each for each in review.reasons if each.kind is ReasonKind.TOO_FEW_EXAMPLES)
    assert review.verdict is Verdict.NOT_YET
    assert "shadow stage" in reason.remedy
    assert "answered requests will do" in reason.remedy
    assert "labelling them costs about €" in reason.remedy


def test_one_group_is_told_as_one() -> None:
    """Ten examples that belong together are in 1 group, in two of five each in 2 groups."""
    for groups, told in ((("a",) * 10, "in 1 group,"), (("a", "b") * 5, "in 2 groups,")):
        review = review_of(material(answers(10, 10, groups=groups)))
        reason = next(each for each in review.reasons if each.kind is ReasonKind.TOO_FEW_EXAMPLES)
        assert told in reason.fact


def test_a_rule_that_meets_the_bar_is_shipped_instead() -> None:
    """A rule of one line that is always right stops the model; one that looks at a known shortcut does not."""
    rule = Rule(RuleKind.VALUE, "shape", None, "", (("long", "crack"), ("round", "sound")), "crack", 1.0)
    given_answers = answers(296, 300)
    shapes = ["long" if label == LABELS[0] else "round" for label in given_answers.true_labels]
    facts = FactRows({"shape": shapes}, len(shapes))
    ruled = replace(given_answers, rule=rule, facts=facts)
    review = review_of(material(ruled))
    assert review.verdict is Verdict.STOP
    assert review.reasons[0].kind is ReasonKind.SHIP_THE_RULE
    assert review.rule is not None
    assert review.rule.meets_bar
    assert "proven to save more" not in review.reasons[0].reason
    told = review_of(material(ruled, findings=(replace(HIGH, subject="shape"),)))
    assert ReasonKind.SHIP_THE_RULE not in kinds(told)
    assert told.verdict is Verdict.NOT_YET
    assert told.rule is not None
    assert (told.rule.meets_bar, told.rule.will_do) == (True, False)


def test_a_model_that_saves_more_than_a_rule_that_would_do_is_told() -> None:
    """Where the bar is so low that a rule meets it, what the model is proven to save beside it is not hidden."""
    rule = Rule(RuleKind.VALUE, "shape", None, "", (("long", "crack"), ("round", "sound")), "crack", 0.8)
    given = answers(296, 300)
    long = [(label == LABELS[0]) != (place % 5 == 0) for place, label in enumerate(given.true_labels)]
    facts = FactRows({"shape": ["long" if each else "round" for each in long]}, len(long))
    easy = replace(GOOD, asked_bar=None, wrong_cost=4.0, person_error=0.05, loss_budget=None)
    review = review_of(material(replace(given, rule=rule, facts=facts), easy))
    (reason,) = [each for each in review.reasons if each.kind is ReasonKind.SHIP_THE_RULE]
    assert "The model is proven to save more" in reason.reason


def test_nobody_is_sent_to_gather_without_end() -> None:
    """Where it would take more than anybody gathers, the words say so instead of naming a sum."""
    given = answers(950, 1000)
    recall = float(material(given).right[np.asarray(given.truth) == 0].mean())
    for below, endless in ((0.001, True), (0.003, True), (0.02, False)):
        near = replace(GOOD, class_bars=((LABELS[0], recall - below),), loss_budget=None)
        (reason,) = [each for each in review_of(material(given, near)).reasons if each.kind is ReasonKind.CLAIM_OPEN]
        assert ("alone will hardly show it: the model is so near to what is asked" in reason.remedy) is endless
        assert ("labelling them costs" in reason.remedy) is not endless


def test_a_model_that_is_proven_too_bad_is_stopped() -> None:
    """Wrong more often than may be, however sure it is: the claim is refuted, and the verdict is stop."""
    review = review_of(material(answers(150, 300, knowing=False, rule=None)))
    assert review.verdict is Verdict.STOP
    assert ReasonKind.CLAIM_REFUTED in kinds(review)


@settings(max_examples=25)
@given(
    right=st.floats(0, 1),
    of=st.integers(0, 120),
    look=st.integers(1, 4),
    bar=st.none() | st.sampled_from([0.5, 0.9, 0.99, 1.0]),
    with_brief=st.booleans(),
    drawn=st.booleans(),
    serious=st.booleans(),
)
def test_no_review_of_any_material_launches_what_is_not_proven(
    right: float, of: int, look: int, bar: float | None, with_brief: bool, drawn: bool, serious: bool
) -> None:
    """Over whole reviews: a launch has a brief, real photos, no serious finding and every required claim proven."""
    brief = replace(GOOD, asked_bar=bar) if with_brief else None
    review = review_of(
        material(
            answers(round(right * of), of, look=look),
            brief,
            project=Project("blades", AT, drawn=drawn),
            findings=(HIGH,) if serious else (),
        )
    )
    assert review == review_of(
        material(
            answers(round(right * of), of, look=look),
            brief,
            project=Project("blades", AT, drawn=drawn),
            findings=(HIGH,) if serious else (),
        )
    )
    if review.verdict is Verdict.LAUNCH:
        assert with_brief
        assert not drawn
        assert not serious
        assert bar != 1.0
        assert all(claim.outcome is Outcome.PROVEN for claim in review.claims if claim.required)
        assert any(claim.required for claim in review.claims)


def test_every_unknown_figure_is_told_with_what_hangs_on_it() -> None:
    """An empty brief is no error: each figure it leaves open is named, and nothing is launched."""
    review = review_of(material(answers(296, 300), Brief()))
    unknown = [each for each in review.reasons if each.kind is ReasonKind.UNKNOWN_FIGURE]
    assert len(unknown) > 5
    assert all(each.reason for each in unknown)
    assert review.verdict is Verdict.NOT_YET


FADED = tuple(Stretch(0.5 + place // 5 / 8, 13, 20) for place in range(20))
"""260 of 400 rows right that were later than those that were learned from."""


def test_a_model_that_fares_worse_later_is_not_launched() -> None:
    """Sealed examples of its own time prove nothing for later ones: the shadow stage, or somebody's name, is needed."""
    review = review_of(material(answers(296, 300, later=FADED)))
    assert review.verdict is Verdict.NOT_YET
    reason = review.reasons[0]
    assert reason.kind is ReasonKind.WORSE_LATER
    assert "right for 260 of 400 (65%)" in reason.fact
    assert "for 296 of 300 (99%)" in reason.fact
    assert "shadow stage" in reason.remedy


def test_a_model_that_fares_as_well_later_is_launched_and_both_figures_are_told() -> None:
    """Where the order of time shows no difference it stands in no launch's way, and is told all the same."""
    steady = tuple(replace(each, right=20 - place % 2) for place, each in enumerate(FADED))
    review = review_of(material(answers(296, 300, later=steady)))
    assert review.verdict is Verdict.LAUNCH, review.reasons
    said = review_words(review, GOOD, Project("blades", AT)).says
    assert "which are from the same time as those it learned from" in said
    assert "Of photos later than those it learned from, it was right for 390 of 400 (98%)." in said
