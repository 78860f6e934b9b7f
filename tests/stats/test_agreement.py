"""Claims about people's own error and their agreement."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from understudy.domain.task import AnswerKind, Task
from understudy.stats.agreement import MOST_ERROR, disagreement, people_error, task_error
from understudy.stats.intervals import lower_bound, upper_bound

LABELS = ["crack", "dirt", "fine"]
pairs_of_people = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=60)


def differing(count: int, among: int) -> list[tuple[str, str]]:
    """So many pairs of which the first few differ."""
    return [("crack", "fine") if i < count else ("fine", "fine") for i in range(among)]


def test_two_labels_by_hand() -> None:
    """18 of 100 pairs differ: 2 e (1 - e) = 0.18 gives 10% wrong; bounds follow from Clopper-Pearson's."""
    found = people_error(differing(18, 100), confidence=0.95, labels=["crack", "fine"])
    assert found is not None
    assert found.estimate == pytest.approx(0.1)
    high = upper_bound(18, 100)
    assert 2 * found.upper * (1 - found.upper) == pytest.approx(high)
    assert found.lower == pytest.approx(lower_bound(18, 100) / 2)
    assert (found.count, found.groups, found.unit) == (100, 100, "share")


def test_three_labels_spread_errors() -> None:
    """With a third label two wrong answers may differ, so the same disagreement means fewer errors."""
    found = people_error(differing(18, 100), confidence=0.95, labels=LABELS)
    assert found is not None
    error = found.estimate
    assert 2 * error * (1 - error) + error**2 / 2 == pytest.approx(0.18)
    assert error < 0.1


@given(pairs_of_people, st.floats(0.5, 0.999))
def test_bounds_enclose_the_estimate(pairs: list[tuple[str, str]], confidence: float) -> None:
    """Whatever people said: 0 <= lower <= estimate <= upper <= one half."""
    found = people_error(pairs, confidence=confidence, labels=LABELS)
    assert found is not None
    assert 0.0 <= found.lower <= found.estimate + 1e-12
    assert found.estimate <= found.upper + 1e-12
    assert found.upper <= MOST_ERROR


@given(pairs_of_people)
def test_who_was_first_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    """Swapping the two people of every pair changes nothing."""
    swapped = [(other, one) for one, other in pairs]
    assert people_error(pairs, confidence=0.95, labels=LABELS) == people_error(swapped, confidence=0.95, labels=LABELS)


def test_nobody_answered_twice() -> None:
    """Without a double answer there is no figure, and no invented one."""
    assert people_error([], confidence=0.95, labels=LABELS) is None
    assert disagreement([], confidence=0.95) is None


def test_labels_that_only_people_used_count_too() -> None:
    """An answer that is no label of the model's widens the choice; a choice of one is an error."""
    assert people_error([("crack", "rust")], confidence=0.95, labels=["crack"]) is not None
    with pytest.raises(ValueError, match="at least two labels"):
        people_error([("crack", "crack")], confidence=0.95, labels=["crack"])


def test_pairs_that_belong_together_prove_less() -> None:
    """Ten pairs of one wall that all differ are one observation, not ten."""
    pairs = differing(10, 100)
    alone = people_error(pairs, confidence=0.95, labels=LABELS)
    together = people_error(pairs, confidence=0.95, labels=LABELS, groups=[str(i // 10) for i in range(100)])
    assert alone is not None
    assert together is not None
    assert together.estimate == alone.estimate
    assert together.lower < alone.lower
    assert together.upper > alone.upper


def _answers(rng: np.random.Generator, error: float, labels: int, *, favourite: float) -> NDArray[np.int64]:
    """What one person says about 2,000 samples of 150 examples whose right label is 0; 1 is the favourite mistake."""
    shape = (2000, 150)
    wrong = np.where(rng.random(shape) < favourite, 1, rng.integers(1, labels, shape))
    return np.where(rng.random(shape) < error, wrong, 0)


@pytest.mark.parametrize(
    ("errors", "labels", "favourite"),
    [((0.05, 0.05), 2, 0.0), ((0.2, 0.2), 3, 0.0), ((0.2, 0.2), 5, 1.0), ((0.05, 0.25), 3, 0.5), ((0.4, 0.4), 2, 0.0)],
)
def test_bounds_cover_when_people_err_independently(errors: tuple[float, float], labels: int, favourite: float) -> None:
    """Each bound misses the mean error in at most 5% of 2,000 worlds, however errors spread and skills differ."""
    rng = np.random.default_rng(40)
    one, other = (_answers(rng, error, labels, favourite=favourite) for error in errors)
    counts, worlds = np.unique(np.sum(one != other, axis=1), return_counts=True)
    names = [str(i) for i in range(labels)]
    found = [people_error(differing(count, 150), confidence=0.95, labels=names) for count in counts.tolist()]
    mean = sum(errors) / 2
    for missed in (
        [each is None or each.lower > mean for each in found],
        [each is None or each.upper < mean for each in found],
    ):
        assert np.sum(worlds[np.array(missed)]) / 2000 <= 0.061


def test_errors_made_together_leave_no_trace() -> None:
    """Two people who err together in 15% of examples and alone in 5% look like people who err in about 5%.

    The lower bound still holds; the upper one does not, and nothing made of disagreement alone could.
    """
    rng = np.random.default_rng(41)
    together = rng.random(2000) < 0.15
    one, other = (together | (rng.random(2000) < 0.05) for _ in range(2))
    pairs = [("crack" if a else "fine", "crack" if b else "fine") for a, b in zip(one, other, strict=True)]
    found = people_error(pairs, confidence=0.95, labels=["crack", "fine"])
    assert found is not None
    true_error = (one.mean() + other.mean()) / 2
    assert found.lower < true_error
    assert found.upper < true_error / 2


def test_full_agreement_still_leaves_room_for_error() -> None:
    """30 pairs without a difference: an error of up to about 5% cannot be excluded."""
    found = people_error(differing(0, 30), confidence=0.95, labels=LABELS)
    assert found is not None
    assert (found.estimate, found.lower) == (0.0, 0.0)
    assert found.upper == pytest.approx((1 - math.sqrt(1 - 2 * (1 - 0.05 ** (1 / 30)))) / 2)


MINUTES = Task("table", AnswerKind.NUMBER, 5.0, "minutes")


def test_numbers_disagree_beyond_the_tolerance() -> None:
    """By hand: pairs 4, 8 and 12 apart, at a tolerance of 5. One right number and another may be 10 apart."""
    pairs = [("100", "104"), ("100", "108"), ("100", "112"), ("7", "7")]
    found = task_error(MINUTES, pairs, confidence=0.95)
    assert found is not None
    assert found.lower == pytest.approx(lower_bound(1, 4) / 2)
    assert found.upper == MOST_ERROR
    far = task_error(MINUTES, pairs[:1] * 100, confidence=0.95)
    assert far is not None
    assert (far.estimate, far.lower) == (0.0, 0.0)
    assert far.upper == pytest.approx(2 * upper_bound(0, 100))


@pytest.mark.parametrize("spread", [2.0, 3.0, 4.0])
@pytest.mark.parametrize("shape", ["normal", "laplace"])
def test_bounds_of_peoples_error_in_numbers_hold(spread: float, shape: str) -> None:
    """Of 300 samples of people who err independently, at most as many bounds as allowed miss the true error."""
    chance, missed = np.random.default_rng(0), 0
    draws = getattr(chance, shape)(0.0, spread, (300, 120, 2))
    true = float(np.mean(np.abs(getattr(chance, shape)(0.0, spread, 400_000)) > 5.0))
    for sample in draws:
        pairs = [(f"{one:.4f}", f"{other:.4f}") for one, other in sample]
        found = task_error(MINUTES, pairs, confidence=0.95)
        assert found is not None
        missed += not found.lower <= true <= found.upper
    assert missed <= 300 * 0.05 + 2.33 * math.sqrt(300 * 0.05 * 0.95)


def test_the_estimate_is_that_of_normal_errors() -> None:
    """Many pairs of normal errors give back the share that is off by more than the tolerance."""
    errors = np.random.default_rng(1).normal(0.0, 3.0, (20_000, 2))
    found = task_error(MINUTES, [(f"{one:.6f}", f"{other:.6f}") for one, other in errors], confidence=0.95)
    assert found is not None
    assert found.estimate == pytest.approx(float(np.mean(np.abs(errors) > 5.0)), abs=0.01)


def test_sets_and_items_agree_when_they_are_the_same() -> None:
    """People who all said one and the same have an error all the same: an upper bound, and none below."""
    for task in (Task(answers=AnswerKind.LABELS), Task(answers=AnswerKind.RANKING)):
        found = task_error(task, [("red; tall", "red; tall")] * 50, confidence=0.95)
        assert found is not None
        assert (found.estimate, found.lower) == (0.0, 0.0)
        assert 0 < found.upper < 0.05
    assert task_error(MINUTES, [], confidence=0.95) is None
