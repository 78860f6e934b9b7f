"""What has to be shown, and what the sealed answers say about it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.kinds import FILMS, numbers, review_material, sealed
from studio.materials import AT, GOOD, MAJORITY, answers, material
from understudy.domain.brief import WrongCost
from understudy.domain.fact_rows import FactRows
from understudy.domain.project import Project
from understudy.domain.review import Claim, ClaimKind, Outcome, ReasonKind, Verdict
from understudy.domain.rule import Rule, RuleKind
from understudy.stats.intervals import lower_bound, trials_needed
from understudy.stats.looks import BUDGET, alpha_of
from understudy.studio.claims.claims import accuracy_claim, class_claims, rule_result, saving_claims, wrong_costs
from understudy.studio.claims.promises import is_worthwhile, loss_of, promise_of
from understudy.studio.claims.remedies import claim_remedy
from understudy.studio.claims.slice_claims import slice_claims, slices_of
from understudy.studio.claims.words import claim_name
from understudy.studio.judgement.judging import judgement_of
from understudy.studio.judgement.sealed_answers import Rival
from understudy.studio.review.launch_review import review_of

UNEVEN = replace(GOOD, wrong_costs=(WrongCost("crack", "sound", 60.0), WrongCost("sound", "crack", 6.0)))


def of_kind(claims: object, kind: ClaimKind) -> list[Claim]:
    return [claim for claim in claims if claim.kind is kind]  # type: ignore[attr-defined]


def test_accuracy_is_bounded_at_the_looks_own_confidence() -> None:
    """The first look's bound holds at 96.5%, the third's at 99.75%; both are Clopper-Pearson's."""
    first = accuracy_claim(material(answers(112, 120)))
    third = accuracy_claim(material(answers(112, 120, look=3)))
    assert first.measured is not None
    assert third.measured is not None
    assert first.measured.lower == pytest.approx(lower_bound(112, 120, confidence=0.965))
    assert third.measured.lower == pytest.approx(lower_bound(112, 120, confidence=0.9975))
    assert first.bar == pytest.approx(0.9)
    assert first.outcome is Outcome.OPEN


def test_examples_needed_are_counted_in_all() -> None:
    """What would probably prove the bar is more than there is, and less when the bar is lower."""
    claim = accuracy_claim(material(answers(112, 120)))
    lower = accuracy_claim(material(answers(112, 120), replace(GOOD, asked_bar=0.9, wrong_cost=12.0)))
    assert claim.needed is not None
    assert claim.needed > 120
    assert lower.bar == pytest.approx(0.9)
    assert accuracy_claim(material(answers(100, 120))).needed is None


def test_examples_needed_are_those_that_the_next_look_needs() -> None:
    """More examples are judged by another look, which has less of the error budget left and asks for more."""
    for look in (1, 2):
        claim = accuracy_claim(material(answers(94, 100, look=look)))
        this, next_one = (
            trials_needed(0.9, 0.94, confidence=1 - alpha_of(each, budget=BUDGET)) for each in (look, look + 1)
        )
        assert this is not None
        assert next_one is not None
        assert claim.needed == next_one > 1.1 * this


def test_a_bar_on_a_label_is_required_and_others_are_told() -> None:
    """Recall is required of the label for which the brief asks; of a label that nobody sealed, nothing is shown."""
    asked = replace(GOOD, class_bars=(("crack", 0.9), ("dent", 0.8)))
    claims = list(class_claims(material(answers(296, 300), asked)))
    recalls = {claim.subject: claim for claim in of_kind(claims, ClaimKind.CLASS_RECALL)}
    assert recalls["crack"].required
    assert recalls["crack"].outcome is Outcome.PROVEN
    assert not recalls["sound"].required
    assert recalls["dent"].required
    assert recalls["dent"].outcome is Outcome.OPEN
    assert "dent" in recalls["dent"].why_not
    assert {claim.subject for claim in of_kind(claims, ClaimKind.CLASS_PRECISION)} == {"crack", "sound", "dent"}


def test_money_is_what_counts_where_kinds_of_mistakes_differ() -> None:
    """With a cost for each kind, what answers given alone cost is required, and no share is."""
    review = review_of(material(answers(299, 300), UNEVEN))
    required = {claim.kind for claim in review.claims if claim.required}
    assert required == {ClaimKind.AUTOMATION, ClaimKind.LOSS_BUDGET}
    assert review.promise is not None
    assert review.promise.unit == "EUR"
    assert review.promise.most_error == pytest.approx(2.0 + 0.02 * 6.0)
    costs = wrong_costs(material(answers(298, 300), UNEVEN), answers(298, 300).answers)
    assert sorted(set(costs.tolist())) == [0.0, 6.0, 60.0]


def test_a_saving_over_people_is_proven_by_betting() -> None:
    """A model that is hardly ever wrong is proven to save; one that is wrong in a third is proven to cost."""
    (good,) = of_kind(saving_claims(material(answers(299, 300))), ClaimKind.SAVING_OVER_PEOPLE)
    (bad,) = of_kind(saving_claims(material(answers(200, 300))), ClaimKind.SAVING_OVER_PEOPLE)
    assert good.outcome is Outcome.PROVEN
    assert good.measured is not None
    assert good.measured.unit == "EUR"
    assert good.measured.lower <= good.measured.estimate == pytest.approx(2.5 - 25 / 300)
    assert bad.outcome is Outcome.REFUTED


def test_a_saving_of_nothing_is_not_proven() -> None:
    """Where a wrong answer costs what people do and all are wrong, at least 0 is saved, and a saving is above 0."""
    even = replace(GOOD, person_cost=2.0, person_error=0.0, wrong_cost=2.0)
    (none,) = of_kind(saving_claims(material(answers(0, 40), even)), ClaimKind.SAVING_OVER_PEOPLE)
    assert none.measured is not None
    assert (none.measured.lower, none.bar, none.outcome) == (0.0, 0.0, Outcome.OPEN)
    (some,) = of_kind(saving_claims(material(answers(20, 40), even)), ClaimKind.SAVING_OVER_PEOPLE)
    assert some.outcome is Outcome.PROVEN


def test_a_champion_that_is_better_is_a_reason_against() -> None:
    """On the same photos, pair by pair: where the model before is proven better, this one is not launched."""
    given = answers(270, 300)
    perfect = np.eye(2)[given.truth]
    rival = Rival("c" * 64, ("crack", "sound"), perfect)
    review = review_of(material(replace(given, champion=rival), replace(GOOD, wrong_cost=12.0)))
    (claim,) = of_kind(review.claims, ClaimKind.SAVING_OVER_CHAMPION)
    assert claim.outcome is Outcome.REFUTED
    assert review.verdict is not Verdict.LAUNCH
    same = replace(given, champion=Rival("c" * 64, given.labels, given.probabilities))
    (equal,) = of_kind(saving_claims(material(same)), ClaimKind.SAVING_OVER_CHAMPION)
    assert equal.outcome is Outcome.OPEN
    assert equal.measured is not None
    assert equal.measured.estimate == 0.0


def test_a_model_that_answers_no_more_holds_nothing_back() -> None:
    """It may have been the better one at the look; a launch is held against the model that answers now, or none."""
    given = answers(270, 300)
    rival = Rival("c" * 64, ("crack", "sound"), np.eye(2)[given.truth])
    alone = review_of(material(replace(given, champion=rival), replace(GOOD, wrong_cost=12.0), champion=""))
    assert of_kind(alone.claims, ClaimKind.SAVING_OVER_CHAMPION) == []
    assert alone.champion == ""
    other = review_of(material(replace(given, champion=rival), replace(GOOD, wrong_cost=12.0), champion="d" * 64))
    (claim,) = of_kind(other.claims, ClaimKind.SAVING_OVER_CHAMPION)
    assert (claim.subject, claim.measured, claim.outcome) == ("d" * 64, None, Outcome.NOT_APPLICABLE)


def test_without_costs_a_saving_counts_wrong_answers() -> None:
    """A brief that knows no cost still compares the model with the rule, in wrong answers."""
    unpriced = replace(GOOD, wrong_cost=None, person_cost=None, asked_bar=0.9)
    (claim,) = of_kind(saving_claims(material(answers(296, 300), unpriced)), ClaimKind.SAVING_OVER_RULE)
    assert claim.measured is not None
    assert "wrong answers" in claim.measured.unit
    assert claim.outcome is Outcome.PROVEN
    assert of_kind(saving_claims(material(answers(296, 300), unpriced)), ClaimKind.SAVING_OVER_PEOPLE) == []


def test_the_rule_is_measured_on_sealed_photos() -> None:
    """The majority is right for half of them here, and meets no bar."""
    result = rule_result(material(answers(296, 300)))
    assert result is not None
    assert result.share_right.estimate == 0.5
    assert not result.meets_bar
    assert "crack" in result.rule


@pytest.mark.parametrize(("asked", "meets"), [(None, True), (0.8, True), (0.97, False), (1.0, False)])
def test_a_rule_that_saves_also_keeps_the_share_that_is_asked_besides(asked: float | None, meets: bool) -> None:
    """It calls every sixth sound part cracked, which is cheap and proven to save; who asks for 97% gets no such."""
    given = answers(296, 300)
    told = ["crack" if truth == 0 or place % 12 == 1 else "sound" for place, truth in enumerate(given.truth)]
    rule = Rule(RuleKind.VALUE, "said", None, "", (("sound", "sound"),), "crack", 0.9)
    ruled = replace(given, rule=rule, facts=FactRows.of({"said": each} for each in told))
    review = review_of(material(ruled, replace(UNEVEN, asked_bar=asked)))
    assert review.rule is not None
    assert review.rule.share_right.estimate == pytest.approx(11 / 12)
    assert review.rule.meets_bar is meets
    assert (ReasonKind.SHIP_THE_RULE in {each.kind for each in review.reasons}) is meets
    assert (review.verdict is Verdict.STOP) is meets


def test_each_slice_that_the_brief_names_needs_its_own_proof() -> None:
    """Also a value that training examples have and no sealed one; other facts are told with their bounds."""
    asked = replace(GOOD, slices=("camera",))
    given = material(answers(296, 300), asked, seen=(("camera", ("drone", "phone", "tripod")),))
    claims = list(slice_claims(given, slices_of(given)))
    outcomes = {claim.subject: (claim.required, claim.outcome) for claim in claims}
    assert outcomes["camera=phone"] == (True, Outcome.PROVEN)
    assert outcomes["camera=tripod"] == (True, Outcome.OPEN)
    told = list(slice_claims(material(answers(296, 300)), slices_of(material(answers(296, 300)))))
    assert not any(claim.required for claim in told)
    assert {claim.subject for claim in told} == {"camera=drone", "camera=phone"}


def test_a_slice_by_what_no_example_says_is_told_as_such() -> None:
    """No value of it is missing: nothing says it, more examples alone would not, and what can be done is named."""
    given = material(answers(296, 300), replace(GOOD, slices=("weather",)))
    (claim,) = [each for each in slice_claims(given, slices_of(given)) if each.required]
    assert (claim.outcome, claim.why_not) == (Outcome.OPEN, "No example says weather.")
    assert claim_name(claim) == "Right where weather is known"
    assert claim_remedy(given, claim) == (
        "Take it out of the brief (understudy brief blades --unknown slices), or name a fact that is known of photos: "
        "“camera”."
    )


@pytest.mark.parametrize(("few", "told"), [(7, False), (8, True)])
def test_a_slice_that_nobody_asked_for_is_told_from_eight_examples_on(few: int, told: bool) -> None:
    """By a fact that is a word, by one that is a number, and by the size of the truth where answers are numbers."""
    words = answers(38, 40, facts=FactRows.of({"camera": "old" if place < few else "new"} for place in range(40)))
    assert ("camera=old" in {each.subject for each in slices_of(material(words))}) is told
    count = 3 * few
    sizes = answers(count, count, facts=FactRows.of({"size": float(place)} for place in range(count)))
    assert (len(slices_of(material(sizes))) == 3) is told
    measures = replace(numbers(count), facts=FactRows({}, count))
    assert (len(slices_of(review_material(measures))) == 3) is told


def test_numbers_are_cut_in_thirds() -> None:
    """A fact that is a number becomes three slices of about the same size; nobody's label has a say in it."""
    given = answers(296, 300)
    bright = replace(given, facts=FactRows.of({"brightness": float(place)} for place in range(300)))
    slices = slices_of(material(bright))
    assert [each.subject for each in slices] == ["brightness=under 99.7", "brightness=99.7 to 199.3",
                                                 "brightness=from 199.3 on"]  # fmt: skip
    assert [int(each.members.sum()) for each in slices] == [100, 100, 100]


@pytest.mark.parametrize(
    "values", [np.linspace(293.1, 293.9, 60), np.arange(80_300.0, 80_360.0), 1.7e9 + 86_400.0 * np.arange(60)]
)
def test_numbers_that_lie_close_are_cut_in_thirds_too(values: NDArray[np.float64]) -> None:
    """Kelvin, postcodes, days in seconds: what the brief names is not proven by all of it together."""
    asked = replace(GOOD, slices=("place",))
    given = replace(answers(59, 60), facts=FactRows.of({"place": float(each)} for each in values))
    slices = slices_of(material(given, asked))
    assert [int(each.members.sum()) for each in slices] == [20, 20, 20]
    assert len({each.subject for each in slices}) == 3


def test_the_promise_is_tested_in_an_order_from_training_photos() -> None:
    """What is promised was proven, leaves the rest to people, and its curve has every threshold looked at."""
    given = answers(270, 300)
    promise = promise_of(material(given))
    assert promise is not None
    assert promise.most_error == pytest.approx(0.1)
    assert is_worthwhile(promise)
    alone = given.sure >= (promise.threshold or 0.0)
    assert promise.share == pytest.approx(alone.mean())
    assert any(point.threshold == promise.threshold and point.proven for point in promise.curve)


def test_the_loss_is_reckoned_from_the_brief() -> None:
    """A larger budget needs fewer audits; without costs there is nothing to reckon."""
    given = material(answers(296, 300))
    loss = loss_of(given, promise_of(given))
    assert loss is not None
    assert loss.most_lost == 20_000
    assert loss.assumed_error == pytest.approx(0.4)
    unpriced = material(answers(296, 300), replace(GOOD, wrong_cost=None, asked_bar=0.9))
    assert loss_of(unpriced, None) is None


def test_a_label_that_no_rule_knows_is_answered_otherwise() -> None:
    """A rule answers for photos whose fact it never saw, too."""
    rule = Rule(RuleKind.VALUE, "camera", None, "", (("phone", "sound"),), "crack", 0.6)
    given = answers(296, 300, rule=rule)
    assert set(given.rule_answers) == {"crack", "sound"}


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("right", range(15, 31))
def test_the_verdict_and_the_review_agree_about_the_rule(right: int, together: int) -> None:
    """Where every mistake costs the same, one is proven better than always saying the same just where it saves."""
    looked = answers(right, 32, groups=tuple(str(place // together) for place in range(32)))
    ruled = replace(looked, rule=MAJORITY)
    (saved,) = of_kind(saving_claims(material(ruled)), ClaimKind.SAVING_OVER_RULE)
    assert judgement_of(ruled).better is (saved.outcome is Outcome.PROVEN)


def test_lists_that_hold_more_than_the_popular_are_better() -> None:
    """Lists are compared person by person, as the review does it: 14 and 5 of 32 prove that, and 9 and 5 do not."""
    for right, better in ((14, True), (9, False)):
        said = ["b" if place < right else "c" for place in range(32)]
        ruled = tuple("b" if place >= 27 else "c" for place in range(32))
        looked = sealed(FILMS, said, ["b"] * 32, ruled=ruled)
        (saved,) = of_kind(
            saving_claims(material(looked, project=Project("films", AT, task=FILMS))), ClaimKind.SAVING_OVER_RULE
        )
        assert judgement_of(looked).better is (saved.outcome is Outcome.PROVEN) is better
