"""How accuracy grows as a head learns from more and more examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.trial import Progress
from understudy.search.heads import Head, Taught
from understudy.search.learning_points import MOST_SIZES, measure, nested_parts, plan_course, some_of
from understudy.search.rows import Indices, Rows


def drawn(count: int, groups: int, classes: int, seed: int) -> tuple[Indices, Indices]:
    """Labels and groups; a group has one label."""
    rng = np.random.default_rng(seed)
    of_group = np.concatenate([np.arange(classes), rng.integers(0, classes, groups - classes)])
    member = np.concatenate([np.arange(groups), rng.integers(0, groups, count - groups)])
    return of_group[member], member


@given(st.integers(24, 160), st.integers(2, 4), st.integers(0, 9))
@settings(max_examples=25)
def test_groups_are_learned_from_or_scored(count: int, classes: int, seed: int) -> None:
    """In every repetition no group is on both sides, parts hold each other and none lacks a label."""
    labels, groups = drawn(count, max(classes * 4, count // 2), classes, seed)
    course = plan_course(labels, groups, seed=seed)
    assert len(course.sizes) <= MOST_SIZES
    assert list(course.sizes) == sorted(set(course.sizes))
    for repetition in course.repetitions:
        assert len(repetition.parts) == len(course.sizes)
        assert not set(groups[repetition.parts[-1]]) & set(groups[repetition.held_out])
        before: set[int] = set()
        for part in repetition.parts:
            assert before <= set(part.tolist())
            assert len(np.unique(labels[part])) == len(np.unique(labels))
            assert np.array_equal(part, np.unique(part))
            before = set(part.tolist())


def test_parts_keep_the_shares_of_labels() -> None:
    """A part of half the examples holds about half of each label."""
    labels = np.repeat([0, 1], [160, 40])
    (half,) = nested_parts(np.arange(200), labels, np.arange(200), [100], np.random.default_rng(0))
    assert np.abs(np.bincount(labels[half]) - [80, 20]).max() <= 2


def test_one_group_a_label_cannot_be_measured() -> None:
    """Where a label comes from one group alone nothing can be held out, and no figure is made up."""
    labels = np.repeat([0, 1], 20)
    assert plan_course(labels, labels, seed=0).sizes == ()
    assert measure(taught(labels, 0.2), labels, Head("ridge", 1), seed=0, report=lambda _: None) is None


def test_very_many_examples_are_thinned_out() -> None:
    """Of very many, about as many as are wanted are drawn, in whole groups and with every label."""
    labels = np.repeat([0, 1, 2], [30_000, 9_000, 3])
    groups = np.arange(len(labels)) // 3
    some = some_of(labels, groups, seed=1)
    assert 19_000 < len(some) < 21_000
    assert set(labels[some]) == {0, 1, 2}
    assert (np.bincount(groups[some])[np.unique(groups[some])] == 3).all()
    assert np.array_equal(some_of(labels[:50], groups[:50], seed=1), np.arange(50))


def test_accuracy_grows_and_the_spread_is_told() -> None:
    """On labels that can be learned, scores rise with examples; progress ends where everything is done."""
    labels = np.arange(160) % 2
    told: list[Progress] = []
    scores = measure(taught(labels, 0.9), np.arange(160), Head("ridge", 1), seed=0, report=told.append)
    assert scores is not None
    assert scores.errors[-1] < scores.errors[0] - 0.05
    assert (scores.spread > 0).all()
    assert scores.repetitions >= 28
    assert told[-1].done == told[-1].total == scores.repetitions * len(scores.sizes)
    assert told[-1].seconds_left == pytest.approx(0)


def test_the_same_seed_measures_the_same() -> None:
    """Threads change nothing: the same seed gives the same scores, another one other scores."""
    labels = np.arange(60) % 3
    one, same, other = (
        measure(taught(labels, 0.8), np.arange(60) // 2, Head("nearest mean", 0), seed=seed, report=lambda _: None)
        for seed in (1, 1, 2)
    )
    assert one is not None
    assert same is not None
    assert other is not None
    assert np.array_equal(one.right, same.right)
    assert not np.array_equal(one.right, other.right)


class Enough(Exception):
    """Ends the work."""


def test_measuring_can_be_stopped() -> None:
    """The pulse that ends a search ends this too."""

    def pulse() -> None:
        raise Enough

    labels = np.arange(60) % 2
    stopped = Taught(taught(labels, 0.8).rows, labels, 2, pulse)
    with pytest.raises(Enough):
        measure(stopped, np.arange(60), Head("ridge", 1), seed=0, report=lambda _: None)


def taught(labels: Indices, noise: float, width: int = 12) -> Taught:
    rng = np.random.default_rng(8)
    centres = np.eye(int(labels.max()) + 1, width, dtype=np.float32)
    rows = (centres[labels] + rng.normal(0, noise, (len(labels), width))).astype(np.float32)
    return Taught(Rows(len(labels), width, rows, None), labels, int(labels.max()) + 1, lambda: None)
