"""Reviews of numbers, sets of labels, rankings and refusals: what counts as right, what is told besides."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.kinds import numbers, rankings, refusals, review_material, sealed, sets, unknowing
from studio.materials import GOOD
from understudy.domain.brief import WrongCost
from understudy.domain.review import Claim, ClaimKind, Outcome, Review, Verdict
from understudy.domain.task import NONE_OF_THESE
from understudy.stats.regression import error_quantile
from understudy.stats.replies import numbers_of
from understudy.store.codec import as_json, from_json
from understudy.studio.judgement.judging import judgement_of
from understudy.studio.judgement.sealed_answers import SealedAnswers, packed, unpacked
from understudy.studio.review.charts import Picture, Shown, draw, draw_all
from understudy.studio.review.launch_review import review_of
from understudy.studio.review.text import review_text
from understudy.studio.review.words import review_words

EVERY = {"numbers": numbers(), "sets": sets(), "rankings": rankings(hits=0.95), "refusals": refusals(refused=0.97)}


def reviewed(answers: SealedAnswers, **brief: object) -> Review:
    return review_of(review_material(answers, replace(GOOD, **brief)))  # type: ignore[arg-type]


def claims(review: Review, kind: ClaimKind) -> list[Claim]:
    return [claim for claim in review.claims if claim.kind is kind]


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_is_launched_when_it_is_good_enough(kind: str) -> None:
    """Right in the task's sense is all that a launch needs; the promise, the savings and the rule follow from it."""
    review = reviewed(EVERY[kind])
    assert review.verdict is Verdict.LAUNCH, [reason.fact for reason in review.reasons]
    (accuracy,) = claims(review, ClaimKind.ACCURACY)
    right = [EVERY[kind].task.right(*pair) for pair in zip(EVERY[kind].answers, EVERY[kind].true_labels, strict=True)]
    assert accuracy.measured is not None
    assert accuracy.measured.estimate == pytest.approx(np.mean(right))
    assert review.promise is not None
    assert review.promise.threshold is not None
    assert review.rule is not None
    assert not review.rule.meets_bar
    assert claims(review, ClaimKind.SAVING_OVER_RULE)[0].outcome is Outcome.PROVEN


@pytest.mark.parametrize("kind", EVERY)
def test_a_model_that_is_not_good_enough_is_not_launched(kind: str) -> None:
    """Answers far off, incomplete or beside the point are no launch where the model does not know which they are."""
    poor = {
        "numbers": numbers(off=12.0),
        "sets": sets(wrong=0.5),
        "rankings": rankings(),
        "refusals": refusals(refused=0.3),
    }
    assert reviewed(unknowing(poor[kind])).verdict is not Verdict.LAUNCH


@pytest.mark.parametrize("kind", EVERY)
def test_reviews_and_looks_are_kept_exactly(kind: str) -> None:
    """Answers, review and judgement of every kind read back to the same, so that a review can be computed anew."""
    answers, review = EVERY[kind], reviewed(EVERY[kind])
    read = unpacked(packed(answers))
    assert packed(read) == packed(answers)
    assert (read.answers, read.true_labels, read.task) == (answers.answers, answers.true_labels, answers.task)
    assert from_json(Review, as_json(Review, review)) == review
    assert judgement_of(read) == judgement_of(answers)
    assert reviewed(read) == review


@pytest.mark.parametrize("kind", EVERY)
def test_words_say_what_right_means(kind: str) -> None:
    """Page and terminal name no photo, and say what counts as right."""
    review, material = reviewed(EVERY[kind]), review_material(EVERY[kind])
    text = review_text(review_words(review, GOOD, material.grounds.project), review)
    assert "photo" not in text
    meant = {"numbers": "within 10 minutes of the truth", "sets": "none besides", "rankings": "stands in it"}
    assert meant.get(kind, "Refused, of what belongs to no label") in " ".join(text.split())


def test_pictures_name_no_photo() -> None:
    """No picture of numbers names a photo or holds what is no number."""
    drawn = draw_all(Shown(reviewed(EVERY["numbers"]), GOOD, ()), theme="light")
    assert Picture.NUMBERS in drawn
    for chart in drawn.values():
        assert "NaN" not in chart.svg
        assert "photo" not in chart.title + chart.caption


def test_numbers_tell_how_far_off_they_are() -> None:
    """Median and nine in ten with bounds, beside the median of the training examples; none of it is required."""
    answers, review = EVERY["numbers"], reviewed(EVERY["numbers"])
    errors = np.abs(numbers_of(answers.answers) - numbers_of(answers.true_labels))
    for kind, share in ((ClaimKind.MEDIAN_ERROR, 0.5), (ClaimKind.LARGE_ERROR, 0.9)):
        (claim,) = claims(review, kind)
        want = error_quantile(errors, share, 1 - review.alpha)
        assert claim.measured is not None
        assert (claim.measured.estimate, claim.measured.upper) == (want.estimate, want.upper)
        assert claim.measured.unit == "minutes"
        assert not claim.required
    median, usual = claims(review, ClaimKind.MEDIAN_ERROR)[0], claims(review, ClaimKind.USUAL_ERROR)[0]
    assert median.measured is not None
    assert usual.measured is not None
    assert median.measured.upper < usual.measured.lower
    (held,) = claims(review, ClaimKind.INTERVAL_COVERAGE)
    assert held.measured is not None
    assert 0.7 < held.measured.estimate < 0.9
    assert not held.required


def test_intervals_that_promise_too_much_are_refuted() -> None:
    """Intervals half as wide as they should be are proven not to hold 80 in 100, and the launch does not hang on it."""
    answers = numbers()
    assert answers.replies is not None
    assert answers.replies.intervals is not None
    middle = answers.replies.intervals.mean(axis=1, keepdims=True)
    tight = middle + (answers.replies.intervals - middle) / 2
    review = reviewed(replace(answers, replies=replace(answers.replies, intervals=tight)))
    assert claims(review, ClaimKind.INTERVAL_COVERAGE)[0].outcome is Outcome.REFUTED
    assert review.verdict is Verdict.LAUNCH


def test_a_model_that_leans_to_the_middle_is_told() -> None:
    """Small truths answered too high and large ones too low are proven, and the thirds stand among the slices."""
    review = reviewed(numbers(600, off=3.0, shrunk=0.8))
    low, _, high = claims(review, ClaimKind.SIZE_BIAS)
    assert low.measured is not None
    assert high.measured is not None
    assert low.measured.lower > 0 > high.measured.upper
    assert sum(claim.subject.startswith("the true number=") for claim in claims(review, ClaimKind.SLICE)) == 3


def test_too_few_numbers_bound_nothing_and_say_so() -> None:
    """Twelve sealed examples have a median and no bound of nine in ten: the claim is not measured, with the reason."""
    review = reviewed(numbers(12))
    (large,) = claims(review, ClaimKind.LARGE_ERROR)
    assert (large.outcome, large.measured) == (Outcome.NOT_APPLICABLE, None)
    assert "12 sealed are too few to bound it" in large.why_not
    assert review.verdict is Verdict.NOT_YET


def test_labels_of_a_set_are_judged_one_by_one() -> None:
    """Each label of several has its recall and its precision, and a bar for one of them is required."""
    review = reviewed(sets(), class_bars=(("red", 0.9),))
    recalls = {claim.subject: claim for claim in claims(review, ClaimKind.CLASS_RECALL)}
    assert set(recalls) == {"red", "round", "tall"}
    assert recalls["red"].required
    assert recalls["red"].outcome is Outcome.PROVEN
    answers = sets()
    holds = np.array(["red" in text for text in answers.true_labels])
    given = np.array(["red" in text for text in answers.answers])
    assert recalls["red"].measured is not None
    assert recalls["red"].measured.estimate == pytest.approx(given[holds].mean())


def test_refusals_have_their_own_lines() -> None:
    """How much of what belongs to no label is refused, and how often a refusal is right, each with bounds."""
    review = reviewed(refusals(refused=0.7))
    recall = next(each for each in claims(review, ClaimKind.CLASS_RECALL) if each.subject == NONE_OF_THESE)
    said = next(each for each in claims(review, ClaimKind.CLASS_PRECISION) if each.subject == NONE_OF_THESE)
    assert recall.measured is not None
    assert said.measured is not None
    assert recall.measured.lower < 0.7 < recall.measured.upper
    assert said.measured.estimate == 1.0


@pytest.mark.parametrize("kind", ["numbers", "rankings"])
def test_numbers_and_rankings_have_no_labels(kind: str) -> None:
    """No claim, chart or count goes through thousands of numbers or items one by one."""
    review = reviewed(EVERY[kind])
    assert not claims(review, ClaimKind.CLASS_RECALL)
    assert (draw(Picture.NUMBERS, Shown(review, GOOD, ()), theme="dark", width=340) is None) == (kind == "rankings")


def test_costs_of_kinds_of_mistake_need_labels() -> None:
    """A cost for one number answered as another is a contradiction, and nothing is launched on it."""
    review = reviewed(numbers(), wrong_costs=(WrongCost("1", "2", 400.0),))
    assert review.verdict is not Verdict.LAUNCH
    assert any("not one of several labels" in reason.fact for reason in review.reasons)


def test_the_picture_of_numbers_shows_each_with_its_interval() -> None:
    """Dots, whiskers, the band of what is right, a finding as title; at most 200 of many, and it says so."""
    review = reviewed(numbers(900, off=4.0))
    assert review.numbers is not None
    assert (len(review.numbers.points), review.numbers.of) == (200, 900)
    chart = draw(Picture.NUMBERS, Shown(review, GOOD, ()), theme="light")
    assert chart is not None
    assert chart.title.startswith("Half of the answers are off by at most ")
    assert chart.title.endswith(" are within 10 minutes.")
    assert "200 of 900 are drawn" in chart.caption
    assert chart.table.columns == ("what was so", "answered", "interval", "off by")


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(["0", "1", "-3.5", "1e6", "7", "abc", ""]), max_size=12),
    st.lists(st.sampled_from(["0", "1", "2.25", "-1e9", "nan"]), min_size=12, max_size=12),
)
def test_no_number_breaks_a_review(said: list[str], truth: list[str]) -> None:
    """Constant numbers, none at all, or texts that are no number: a verdict with its words, and never a launch."""
    answers = sealed(numbers(3).task, said, truth[: len(said)])
    review = reviewed(answers)
    assert review.verdict is not Verdict.LAUNCH
    assert review_words(review, GOOD, review_material(answers).grounds.project).headline
