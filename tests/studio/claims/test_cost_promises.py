"""What may be answered alone where a missed crack costs ten times a false alarm."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.materials import GOOD, LABELS, answers, material
from understudy.domain.brief import WrongCost
from understudy.domain.review import ClaimKind, Outcome, Review, Verdict
from understudy.stats.betting import clears
from understudy.stats.evidence_needed import costs_needed
from understudy.stats.looks import BUDGET, alpha_of
from understudy.studio.claims.automation_claims import alone_from
from understudy.studio.claims.claims import wrong_costs
from understudy.studio.claims.cost_promises import _needed_from as needed_from
from understudy.studio.claims.cost_promises import cost_proofs, training_losses
from understudy.studio.claims.promises import is_worthwhile, promise_of
from understudy.studio.judgement.sealed_answers import SealedAnswers
from understudy.studio.review.launch_review import review_of

UNEVEN = replace(GOOD, wrong_costs=(WrongCost("crack", "sound", 60.0), WrongCost("sound", "crack", 6.0)))
"""People cost 2.12 a decision, their mistakes at the cheapest kind included."""

MOST = 2.0 + 0.02 * 6.0


def required(review: Review) -> list[tuple[ClaimKind, str, Outcome]]:
    return [(one.kind, one.measured.unit if one.measured else "", one.outcome) for one in review.claims if one.required]


def drawn(draw: np.random.Generator, of: int, chances: dict[str, float]) -> SealedAnswers:
    """Answers wrong by chance, however sure: for each label how often it is missed, in training as sealed."""
    truth = np.arange(of) % 2
    wrong = draw.uniform(size=of) < np.array([chances[label] for label in LABELS])[truth]
    said = np.where(wrong, 1 - truth, truth)
    sure = draw.uniform(0.6, 0.99, of)
    probabilities = np.empty((of, 2))
    probabilities[np.arange(of), said] = sure
    probabilities[np.arange(of), 1 - said] = 1 - sure
    right = draw.uniform(size=300) >= sum(chances.values()) / 2
    return replace(
        answers(of, of), truth=truth, probabilities=probabilities, stated=draw.uniform(0.6, 0.99, 300), right=right
    )


def test_a_part_may_be_answered_alone_where_all_would_cost_too_much() -> None:
    """A tenth of all answers is wrong, which costs more than people do; among the surest ones nothing is."""
    given_ = answers(270, 300)
    review = review_of(material(given_, UNEVEN))
    promise = review.promise
    assert promise is not None
    assert is_worthwhile(promise)
    assert promise.unit == "EUR"
    assert promise.most_error == pytest.approx(MOST)
    assert promise.share < 1
    saving = next(one for one in review.claims if one.kind is ClaimKind.SAVING_OVER_PEOPLE)
    assert not saving.required
    assert saving.outcome is not Outcome.PROVEN
    assert review.verdict is Verdict.LAUNCH, review.reasons
    chosen = next(point for point in promise.curve if point.threshold == promise.threshold)
    assert chosen.proven
    assert chosen.error <= chosen.error_upper <= MOST


def of_one_kind(right: int, of: int, truth: str) -> SealedAnswers:
    """Answers whose mistakes are all made where this is the truth."""
    given_ = answers(right, of)
    wrong = np.array([said != true for said, true in zip(given_.answers, given_.true_labels, strict=True)])
    mistaken = LABELS.index(truth)
    flipped = wrong & (given_.truth != mistaken)
    probabilities = np.where(flipped[:, None], given_.probabilities[:, ::-1], given_.probabilities)
    return replace(given_, truth=np.where(wrong, mistaken, given_.truth), probabilities=probabilities)


def test_mistakes_of_the_cheap_kind_are_forgiven_and_dear_ones_are_not() -> None:
    """As many mistakes, in the same places: more may be answered if they are false alarms."""
    cheap = promise_of(material(of_one_kind(240, 300, "sound"), UNEVEN))
    dear = promise_of(material(of_one_kind(240, 300, "crack"), UNEVEN))
    assert cheap is not None
    assert dear is not None
    assert cheap.threshold is not None
    assert cheap.share > dear.share + 0.05
    often = drawn(np.random.default_rng(3), 400, {"crack": 0.3, "sound": 0.0})
    assert review_of(material(often, UNEVEN)).verdict is Verdict.STOP


def test_a_share_that_is_asked_besides_has_to_hold_at_the_same_threshold() -> None:
    """Money alone would allow every fifth sound part to be called cracked; who asks for 97% right gets neither."""
    given_ = drawn(np.random.default_rng(3), 400, {"crack": 0.0, "sound": 0.2})
    review = review_of(material(given_, replace(UNEVEN, asked_bar=0.97)))
    assert [one[0] for one in required(review)].count(ClaimKind.AUTOMATION) == 2
    assert {one[1] for one in required(review)} >= {"EUR", "share"}
    assert review.verdict is not Verdict.LAUNCH
    good = review_of(material(answers(299, 300), replace(UNEVEN, asked_bar=0.95)))
    assert good.verdict is Verdict.LAUNCH, good.reasons
    assert good.promise is not None
    assert good.promise.most_wrong == pytest.approx(0.05)


@pytest.mark.parametrize("right", [270, 285])
def test_no_threshold_is_promised_that_keeps_the_cost_alone(right: int) -> None:
    """Further down the money is still proven and 97% right is not: the promise ends where both are."""
    given_ = material(answers(right, 300), replace(UNEVEN, asked_bar=0.97))
    proofs = cost_proofs(given_)
    assert proofs is not None
    assert proofs.shares is not None
    money, shares, both = (
        {point.threshold for point in promise.curve if point.proven}
        for promise in (proofs.money, proofs.shares, proofs.promise)
    )
    assert min(money) < min(shares)
    assert both == money & shares
    assert proofs.promise.threshold == min(both)
    assert proofs.promise.share == pytest.approx(float(np.mean(given_.answers.sure >= min(both))))


def test_without_what_people_cost_nothing_can_be_promised() -> None:
    """Nobody knows what is saved then, and the claim says so."""
    review = review_of(material(answers(299, 300), replace(UNEVEN, person_cost=None, loss_budget=None)))
    assert review.promise is None
    (claim,) = [one for one in review.claims if one.kind is ClaimKind.AUTOMATION]
    assert "people" in claim.why_not
    assert review.verdict is not Verdict.LAUNCH


def test_the_order_of_testing_takes_nothing_from_sealed_labels() -> None:
    """Other truths on the same photos: the same thresholds are looked at. Kinds are given by how common labels are."""
    one = answers(270, 300)
    other = replace(one, truth=1 - one.truth)
    thresholds = []
    for each in (one, other):
        proofs = cost_proofs(material(each, UNEVEN))
        assert proofs is not None
        thresholds.append([point.threshold for point in proofs.money.curve])
    assert thresholds[0] == thresholds[1]
    losses = training_losses(material(one, UNEVEN))
    wrong = ~one.right
    assert set(losses[~wrong]) == {0.0}
    assert set(losses[wrong]) == {6.0, 60.0}
    assert abs(float(np.mean(losses[wrong] == 6.0)) - 0.5) < 0.05
    assert set(training_losses(material(one, UNEVEN, train=()))[wrong]) == {60.0}


@settings(max_examples=8)
@given(
    st.integers(50, 100),
    st.sampled_from([6.0, 60.0, 500.0]),
    st.sampled_from([None, 0.9, 0.98]),
    st.booleans(),
    st.integers(1, 4),
)
def test_no_launch_while_the_money_is_unproven(
    right: int, missed: float, asked: float | None, knowing: bool, look: int
) -> None:
    """Whatever the answers, the costs, the asked share and the look: a launch has a promise in money that is proven."""
    brief = replace(UNEVEN, wrong_costs=(WrongCost("crack", "sound", missed), WrongCost("sound", "crack", 5.0)))
    review = review_of(material(answers(right, 100, knowing=knowing, look=look), replace(brief, asked_bar=asked)))
    promise = review.promise
    assert promise is not None
    money = [one for one in review.claims if one.kind is ClaimKind.AUTOMATION and one.measured]
    if review.verdict is Verdict.LAUNCH:
        assert is_worthwhile(promise)
        assert all(one.outcome is Outcome.PROVEN for one in money)
        chosen = next(point for point in promise.curve if point.threshold == promise.threshold)
        assert chosen.proven
        assert chosen.error_upper <= promise.most_error
    if not is_worthwhile(promise):
        assert review.verdict is not Verdict.LAUNCH


def test_false_promises_at_exactly_no_saving_stay_rare() -> None:
    """Mistakes that cost on average just what people cost, at every sureness: promised no more often than the look may.

    Every promise needs the first testable threshold to pass, which is drawn 2,000 times; were its chance just what the
    look may spend, more than 2.33 standard errors above would come once in a hundred times.
    """
    draw, runs, of = np.random.default_rng(11), 2_000, 150
    missed = 2 * MOST / 66.0  # half of all are cracks, half are sound, both missed equally often
    given_ = drawn(draw, of, {"crack": missed, "sound": missed})
    proofs = cost_proofs(material(given_, UNEVEN))
    assert proofs is not None
    order = [point.threshold for point in proofs.money.curve]
    kinds = np.array([60.0, 6.0])[given_.truth]
    for threshold in (order[len(order) // 2], 0.0):
        alone = given_.sure >= threshold
        losses = (draw.uniform(size=(runs, of)) < missed) * kinds
        passed = clears(-losses[:, alone], -MOST, low=-60.0, high=0.0, confidence=1 - alpha_of(1))
        assert passed.mean() <= alpha_of(1) + 2.33 * (alpha_of(1) * (1 - alpha_of(1)) / runs) ** 0.5


def test_a_promise_is_made_only_where_the_test_at_no_saving_is_passed() -> None:
    """The promise's threshold passes the very test that the simulation counts."""
    given_ = drawn(np.random.default_rng(5), 300, {"crack": 0.0, "sound": 0.05})
    promise = promise_of(material(given_, UNEVEN))
    assert promise is not None
    assert promise.threshold is not None
    alone = given_.sure >= promise.threshold
    losses = wrong_costs(material(given_, UNEVEN), given_.answers)[alone]
    assert clears(-losses[None, :], -MOST, low=-60.0, high=0.0, confidence=1 - alpha_of(1))[0]


def test_examples_needed_for_a_cost_are_those_that_the_next_look_needs() -> None:
    """More examples are judged by another look, which has less of the error budget left and asks for more."""
    some = material(drawn(np.random.default_rng(3), 300, {"crack": 0.02, "sound": 0.06}), UNEVEN)
    promise = promise_of(some)
    assert promise is not None
    point = promise.curve[0]
    alone, groups = alone_from(some, point)
    costs = wrong_costs(some, some.answers.answers)[alone]
    this, next_one = (
        costs_needed(costs, MOST, groups=groups, highest=60.0, confidence=1 - alpha_of(look, budget=BUDGET))
        for look in (1, 2)
    )
    assert this is not None
    assert next_one is not None
    assert needed_from(some, promise, point) == next_one > this
