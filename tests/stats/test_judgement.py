"""Claims about what one look at the sealed set shows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from understudy.domain.answer import answer_from
from understudy.domain.evidence import Judgement
from understudy.stats.clusters import CLUSTERED
from understudy.stats.intervals import PLAIN, proportion
from understudy.stats.judgement import MOST_MISTAKES, judge

LABELS = ("crack", "dirt", "sound")


def look(
    truth: Sequence[int], probabilities: NDArray[np.float64] | Sequence[Sequence[float]], /, **changes: Any
) -> Judgement:
    """A judgement of three labels in which every example stands alone, unless told otherwise."""
    count = len(truth)
    arguments: dict[str, Any] = {
        "model": "m",
        "labels": LABELS,
        "truth": np.array(truth, dtype=int),
        "probabilities": np.array(probabilities, dtype=float).reshape(count, len(changes.get("labels", LABELS))),
        "groups": [f"g{i}" for i in range(count)],
        "digests": [f"d{i:04}" for i in range(count)],
        "threshold": 0.6,
        "majority_label": "sound",
        "look": 1,
    }
    return judge(**(arguments | changes))


@st.composite
def looks(draw: st.DrawFn) -> tuple[list[int], NDArray[np.float64], list[str]]:
    """Truth, probabilities and groups of up to forty examples."""
    count = draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups = [f"g{i}" for i in rng.integers(0, draw(st.integers(1, 60)), count)]
    return rng.integers(0, 3, count).tolist(), rng.dirichlet(np.ones(3) * 0.5, count), groups


@given(looks())
def test_all_parts_of_a_judgement_count_the_same_answers(
    case: tuple[list[int], NDArray[np.float64], list[str]],
) -> None:
    """Accuracy, recalls, confusion, reliability and mistakes are tallies of one set of answers."""
    truth, probabilities, groups = case
    judgement = look(truth, probabilities, groups=groups)
    confusion = np.array(judgement.confusion)
    assert judgement.accuracy.trials == len(truth) == confusion.sum()
    assert judgement.accuracy.successes == np.trace(confusion)
    assert [r.label for r in judgement.recalls] == list(LABELS)
    assert [r.recall.successes for r in judgement.recalls] == np.diag(confusion).tolist()
    assert [r.recall.trials for r in judgement.recalls] == confusion.sum(axis=1).tolist()
    assert sum(one.count for one in judgement.reliability) == len(truth)
    assert len(judgement.mistakes) == min(MOST_MISTAKES, len(truth) - judgement.accuracy.successes)
    assert judgement.majority == truth.count(2)
    assert judgement.groups == len(set(groups))
    assert 0 <= judgement.asked <= len(truth)


@given(looks())
def test_the_judged_answer_is_the_served_answer(case: tuple[list[int], NDArray[np.float64], list[str]]) -> None:
    """Which label counts as the answer, and whether a person is asked, is as in `answer_from`, also in a tie."""
    truth, probabilities, groups = case
    tied = np.round(probabilities * 2) / 2
    tied = np.where(np.isclose(tied.sum(axis=1, keepdims=True), 1.0), tied, [[0.4, 0.2, 0.4]]).reshape(-1, 3)
    labels = ("sound", "dirt", "crack")
    judgement = look(truth, tied, labels=labels, groups=groups)
    served = [answer_from(labels, tuple(row), threshold=0.6) for row in tied.tolist()]
    assert judgement.accuracy.successes == sum(a.label == labels[t] for a, t in zip(served, truth, strict=True))
    assert judgement.asked == sum(a.ask_person for a in served)


def test_a_judgement_by_hand() -> None:
    """Four photos, one mistake, one below the threshold."""
    judgement = look(
        [0, 0, 2, 2], [[0.9, 0.05, 0.05], [0.1, 0.2, 0.7], [0.25, 0.25, 0.5], [0.0, 0.0, 1.0]], look=3, confidence=0.9
    )
    assert judgement.accuracy == proportion(3, 4, confidence=0.9)
    assert judgement.recalls[0].recall == proportion(1, 2, confidence=0.9)
    assert judgement.recalls[1].recall == proportion(0, 0, confidence=0.9)
    assert judgement.confusion == ((1, 0, 1), (0, 0, 0), (0, 0, 2))
    assert judgement.mistakes == (("d0001", "crack", "sound", 0.7),)
    assert (judgement.majority, judgement.asked, judgement.groups, judgement.look) == (2, 1, 4, 3)


def test_mistakes_come_surest_first_and_end_at_fifty() -> None:
    """The surest wrong answer leads; equally sure ones stand in the order of their digests."""
    stated = [[p, 1 - p, 0.0] for p in np.linspace(0.55, 0.99, 60)] + [[0.99, 0.01, 0.0]]
    judgement = look([1] * 61, stated)
    sure = [mistake[3] for mistake in judgement.mistakes]
    assert sure == sorted(sure, reverse=True)
    assert [mistake[0] for mistake in judgement.mistakes[:2]] == ["d0059", "d0060"]
    assert len(judgement.mistakes) == MOST_MISTAKES


def test_photos_that_share_a_group_weaken_the_bound() -> None:
    """Ten right answers from two walls prove less than ten that stand alone, overall and by label."""
    stated = [[0.0, 0.0, 1.0]] * 10
    alone, walls = look([2] * 10, stated), look([2] * 10, stated, groups=["a"] * 5 + ["b"] * 5)
    assert (alone.accuracy.method, walls.accuracy.method) == (PLAIN, CLUSTERED)
    assert walls.accuracy.lower == pytest.approx(0.05 ** (1 / 2))
    assert walls.recalls[2].recall.lower < alone.recalls[2].recall.lower


def test_an_empty_sealed_set_gives_an_empty_judgement() -> None:
    """Nothing sealed: nothing is proven, nothing breaks."""
    judgement = look([], [])
    assert judgement.accuracy == proportion(0, 0)
    assert (judgement.reliability, judgement.mistakes, judgement.calibration_error, judgement.groups) == ((), (), 0, 0)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"truth": np.array([3])}, "does not know"),
        ({"truth": np.array([-1])}, "does not know"),
        ({"probabilities": np.array([[0.5, 0.5, 0.5]])}, "sum to 1"),
        ({"probabilities": np.array([[np.nan, 0.5, 0.5]])}, "sum to 1"),
        ({"probabilities": np.array([[0.5, 0.5]])}, "column for each label"),
        ({"groups": []}, "one entry for each example"),
        ({"digests": ["a", "b"]}, "one entry for each example"),
        ({"labels": ("a", "a", "b")}, "all different"),
        ({"majority_label": "rust"}, "majority_label"),
        ({"look": 0}, "counted from 1"),
    ],
)
def test_contradictory_arguments_are_refused(changes: dict[str, Any], complaint: str) -> None:
    """Arguments that contradict each other stop the judgement before it can mislead."""
    with pytest.raises(ValueError, match=complaint):
        look([0], [[0.5, 0.25, 0.25]], **changes)
