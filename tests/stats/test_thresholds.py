"""Claims about what a model may answer alone, and in which order thresholds are tested."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapie.risk_control import BinaryClassificationController
from numpy.typing import NDArray
from scipy import special

from understudy.domain.review import AutomationPromise
from understudy.stats import testing_order as orders
from understudy.stats import thresholds as promises
from understudy.stats.intervals import lower_bound

Answers = tuple[NDArray[np.float64], NDArray[np.bool_]]


def world(rng: np.random.Generator, count: int, *, sureness: float = 12.0, doubt: float = 0.7) -> Answers:
    """Answers of a model that is right as often as it says."""
    stated = 0.25 + 0.75 * rng.beta(sureness, doubt, count)
    return stated, rng.random(count) < stated


def promise(answers: Answers, order: tuple[float, ...], **other: object) -> AutomationPromise:
    """The promise of at most 5% wrong, with examples that stand alone."""
    stated, right = answers
    given = {"groups": [str(place) for place in range(len(stated))], "most_error": 0.05, "confidence": 0.95} | other
    return promises.automation_promise(stated, right, order=order, **given)  # type: ignore[arg-type]


def order_for(answers: Answers, count: int, **other: float) -> tuple[float, ...]:
    """The order that such training answers lead to."""
    return promises.testing_order(*answers, sealed_count=count, **({"most_error": 0.05} | other))


def test_same_thresholds_are_proven_as_by_mapie() -> None:
    """MAPIE's learn-then-test in a fixed sequence from the strictest threshold on proves the same ones.

    "At most 5% of the answers given alone are wrong" is "precision of at least 95%" there. Where its arithmetic puts a
    count of errors a hair above a whole number, MAPIE counts one too many and may prove less; never more.
    """
    order, outcomes, same = (0.9, 0.8, 0.7, 0.6), set(), 0
    for seed in range(40):
        stated, right = world(np.random.default_rng(seed), 400)
        answered = np.array([np.sum(stated >= each) for each in order])
        wrong = np.array([np.sum((stated >= each) & ~right) for each in order])
        if wrong[-1] / answered[-1] <= wrong[0] / answered[0]:  # then MAPIE begins at the other end
            continue
        ours, theirs = _proven(promise((stated, right), order)), _by_mapie(stated, right, order)
        exact, one_more = special.bdtr(wrong, answered, 0.05), special.bdtr(wrong + 1, answered, 0.05)
        chances = theirs.p_values[::-1, 0]
        assert np.all(np.isclose(chances, exact) | np.isclose(chances, one_more))
        assert set(theirs.valid_predict_params) <= set(ours)
        if np.allclose(chances, exact):
            assert sorted(theirs.valid_predict_params) == ours
            same, outcomes = same + 1, outcomes | {tuple(ours)}
    assert same >= 5
    assert len(outcomes) >= 2


def _by_mapie(
    stated: NDArray[np.float64], right: NDArray[np.bool_], order: tuple[float, ...]
) -> BinaryClassificationController:
    controller = BinaryClassificationController(
        predict_function=lambda given: np.column_stack([1.0 - given, given]),
        risk="precision",
        target_level=0.95,
        confidence_level=0.95,
        list_predict_params=np.array(order[::-1]),
        fwer_method="fixed_sequence",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says when nothing is proven
        return controller.calibrate(stated, right.astype(int))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.02, 0.3), st.integers(1, 200))
def test_a_promise_keeps_to_its_evidence(seed: int, most_error: float, count: int) -> None:
    """What is proven was tested before the first failure, and the chosen threshold is the most lenient of it."""
    answers = world(np.random.default_rng(seed), count)
    order = tuple(np.linspace(0.99, 0.0, 15).tolist())
    found = promise(answers, order, most_error=most_error)
    points = {point.threshold: point for point in found.curve}
    assert set(order) <= set(points)
    assert [point.threshold for point in found.curve] == sorted(points, reverse=True)
    assert all(point.error_upper <= most_error for point in found.curve if point.proven)
    assert found.threshold == min(_proven(found), default=None)
    for point in found.curve:
        wrong = int(np.sum((answers[0] >= point.threshold) & ~answers[1]))
        assert (point.wrong, point.share) == (wrong, np.mean(answers[0] >= point.threshold))
        assert point.error_upper == pytest.approx(1.0 - lower_bound(point.answered - wrong, point.answered))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_asking_for_less_never_proves_less(seed: int) -> None:
    """A larger share of wrong answers, or less confidence, is proven wherever the stricter claim was."""
    answers, order = world(np.random.default_rng(seed), 200), tuple(np.linspace(0.95, 0.2, 9).tolist())
    strict = set(_proven(promise(answers, order[3:])))
    assert strict <= set(_proven(promise(answers, order[3:], confidence=0.8)))
    tested = [each for each in order if promise(answers, (each,)).threshold is not None]
    assert set(tested) <= {each for each in order if promise(answers, (each,), most_error=0.1).threshold is not None}


def test_testing_stops_at_the_first_failure() -> None:
    """A threshold after a failed one is not proven, though alone it would be."""
    stated = np.concatenate([np.full(100, 0.9), np.full(900, 0.5)])
    right = np.concatenate([np.arange(100) >= 10, np.ones(900, bool)])
    assert (promise((stated, right), (0.4,)).threshold, promise((stated, right), (0.4,)).failed) == (0.4, None)
    assert (promise((stated, right), (0.8, 0.4)).threshold, promise((stated, right), (0.8, 0.4)).failed) == (None, 0.8)


def test_thresholds_that_nothing_could_prove_are_passed_over() -> None:
    """Ten answers cannot show 95%, whatever they are; the test goes on, and labels play no part in that."""
    stated = np.concatenate([np.full(10, 0.99), np.full(700, 0.6)])
    for first in (True, False):
        right = np.concatenate([np.full(10, first), np.ones(700, bool)])
        found = promise((stated, right), (0.9, 0.5))
        assert found.threshold == 0.5
        assert not next(point for point in found.curve if point.threshold == 0.9).proven


def test_groups_count_as_what_they_are_worth() -> None:
    """200 answers without an error prove 95%; 200 of ten walls do not."""
    stated, right = np.full(200, 0.9), np.ones(200, bool)
    assert promise((stated, right), (0.5,)).threshold == 0.5
    assert promise((stated, right), (0.5,), groups=[str(place % 10) for place in range(200)]).threshold is None


def test_nothing_to_test_promises_nothing() -> None:
    """Without sealed examples, or without thresholds, nothing is promised."""
    empty = promise((np.empty(0), np.empty(0, bool)), (0.5,))
    assert (empty.threshold, empty.share, empty.share_lower) == (None, 0.0, 0.0)
    assert promise(world(np.random.default_rng(0), 100), ()).threshold is None


def test_broken_promises_are_rare() -> None:
    """In 250 runs of an overconfident model the true share wrong exceeds the promise in at most 5%, less chance."""
    rng, broken, made = np.random.default_rng(40), 0, 0
    true = lambda stated: special.expit(0.6 * special.logit(stated))  # noqa: E731 - the world, in a line
    crowd = np.sort(0.5 + 0.499 * rng.beta(6, 1, 10_000))
    for _ in range(250):
        training, sealed = 0.5 + 0.499 * rng.beta(6, 1, 200), 0.5 + 0.499 * rng.beta(6, 1, 300)
        order = order_for((training, rng.random(200) < true(training)), 300, most_error=0.12)
        found = promise((sealed, rng.random(300) < true(sealed)), order, most_error=0.12)
        if found.threshold is not None:
            made += 1
            broken += float(np.mean(1.0 - true(crowd[crowd >= found.threshold]))) > 0.12
    assert broken / 250 <= 0.05 + 2.33 * (0.05 * 0.95 / 250) ** 0.5
    assert made >= 25


@pytest.mark.parametrize("trained", [0, 60, 1000])
def test_an_oracle_would_hardly_automate_more(trained: int) -> None:
    """The share answered alone is at least 90% of what testing the truly best single threshold gives."""
    rng = np.random.default_rng(41)
    stated, right = world(rng, 100_000)
    surest = np.argsort(-stated)
    errors = np.cumsum(~right[surest]) / np.arange(1, len(stated) + 1)
    shares = np.linspace(0.02, 1.0, 50)
    answered = rng.binomial(400, shares, (1000, 50))
    wrong = rng.binomial(answered, errors[(shares * len(stated)).astype(int) - 1])
    oracle = (shares * (special.bdtr(wrong, np.maximum(answered, 1), 0.05) <= 0.05).mean(axis=0)).max()
    ours = []
    for _ in range(60):
        found = promise(world(rng, 400), order_for(world(rng, trained), 400))
        ours.append(0.0 if found.threshold is None else np.mean(stated >= found.threshold))
    assert np.mean(ours) >= 0.9 * oracle


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 80), st.integers(0, 500))
def test_an_order_gets_more_lenient_and_is_always_the_same(seed: int, trained: int, sealed: int) -> None:
    """Thresholds fall from first to last within 0..1, and the same answers give the same order."""
    answers = world(np.random.default_rng(seed), trained)
    order = order_for(answers, sealed)
    assert order
    assert list(order) == sorted(set(order), reverse=True)
    assert all(0.0 <= threshold <= 1.0 for threshold in order)
    assert order == order_for(answers, sealed) == order_for((answers[0], answers[1].astype(int)), sealed)
    assert len(order) <= orders.MOST_THRESHOLDS


@given(
    st.lists(st.tuples(st.one_of(st.just(0.0), st.floats(0.0, 1.0)), st.booleans()), max_size=60),
    st.integers(0, 60),
    st.integers(0, 500),
)
def test_answers_that_are_never_given_alone_add_no_threshold(
    mixed: list[tuple[float, bool]], zeros: int, sealed: int
) -> None:
    """Any share of training answers may have a probability of 0: tested is only where others could be given alone."""
    stated = np.array([each for each, _ in mixed] + [0.0] * zeros)
    right = np.array([each for _, each in mixed] + [False] * zeros, np.bool_)
    for order in (
        order_for((stated, right), sealed),
        promises.cost_testing_order(stated, ~right * 10.0, most_cost=1.0, sealed_count=sealed),
    ):
        assert list(order) == sorted(set(order), reverse=True)
        assert order[-1] >= orders.EVERYTHING
        if stated.max(initial=0.0) >= orders.EVERYTHING:
            assert set(order) <= {*stated.tolist(), orders.EVERYTHING}


def test_answers_that_are_never_given_alone_take_their_part_of_the_sealed_set() -> None:
    """Where two in three never are, 300 sealed ones are 100 that may be: none is tested where under 59 of them are."""
    stated, right = world(np.random.default_rng(3), 400)
    mixed = np.concatenate([stated, np.zeros(800)]), np.concatenate([right, np.zeros(800, np.bool_)])
    assert 100 * np.mean(stated >= order_for(mixed, 300)[0]) >= 59
    assert 100 * np.mean(stated >= order_for((stated, right), 300)[0]) < 59


def test_without_any_answer_to_be_given_alone_the_order_is_the_one_for_a_model_unseen() -> None:
    """Probabilities of 0 say nothing of where to begin."""
    unseen = orders.order_unseen(0.05)
    assert order_for((np.zeros(40), np.zeros(40, np.bool_)), 100) == unseen
    assert order_for((np.zeros(0), np.zeros(0, np.bool_)), 100) == unseen


def test_a_cost_is_promised_as_a_share_is() -> None:
    """With costs of 0 and 1 the same promise comes out, but for a little sharpness."""
    rng = np.random.default_rng(42)
    stated, right = world(rng, 600, sureness=20, doubt=0.4)
    alone, training = [str(place) for place in range(600)], world(rng, 600, sureness=20, doubt=0.4)
    order = promises.cost_testing_order(training[0], ~training[1] * 1.0, most_cost=0.06, sealed_count=600)
    found = promises.cost_promise(
        stated, ~right * 1.0, groups=alone, most_cost=0.06, bounds=(0.0, 1.0), order=order, confidence=0.95
    )
    assert found.threshold is not None
    chosen = next(point for point in found.curve if point.threshold == found.threshold)
    assert chosen.error_upper <= 0.06
    assert chosen.wrong == int(np.sum((stated >= found.threshold) & ~right))
    assert promise((stated, right), (found.threshold,), most_error=0.06).threshold == found.threshold


def test_an_expensive_error_is_not_promised_away() -> None:
    """Costs whose true mean lies at the promise are promised in at most 5% of runs, less chance."""
    rng, made = np.random.default_rng(43), 0
    for _ in range(100):
        stated = rng.random(60)
        losses = rng.choice([0.0, 2.0, 6.0], 60, p=[0.7, 0.25, 0.05])
        found = promises.cost_promise(
            stated,
            losses,
            groups=[str(place) for place in range(60)],
            most_cost=0.8,
            bounds=(0.0, 6.0),
            order=(0.3, 0.0),
            confidence=0.95,
        )
        made += found.threshold is not None
    assert made / 100 <= 0.05 + 2.33 * (0.05 * 0.95 / 100) ** 0.5


def test_impossible_promises_are_refused() -> None:
    """Shapes that differ, probabilities and shares out of range, losses beyond their bounds: errors, not promises."""
    fine = (np.array([0.5, 0.9]), np.array([True, False]))
    for stated, right, other in [
        (np.array([0.5]), fine[1], {}),
        (np.array([0.5, 1.2]), fine[1], {}),
        (np.array([0.5, np.nan]), fine[1], {}),
        (*fine, {"groups": ["a"]}),
        (*fine, {"most_error": 0.0}),
        (*fine, {"most_error": 1.0}),
        (*fine, {"confidence": 1.0}),
    ]:
        with pytest.raises(ValueError, match=r"must lie|needs? one"):
            promise((stated, right), (0.5,), **other)
    with pytest.raises(ValueError, match="thresholds"):
        promise(fine, (1.5,))
    with pytest.raises(ValueError, match="negative"):
        order_for(fine, -1)
    with pytest.raises(ValueError, match="within their bounds"):
        promises.cost_promise(
            fine[0],
            np.array([0.0, 3.0]),
            groups=["a", "b"],
            most_cost=1.0,
            bounds=(0.0, 2.0),
            order=(0.5,),
            confidence=0.95,
        )


def _proven(found: AutomationPromise) -> list[float]:
    return sorted(point.threshold for point in found.curve if point.proven)
