"""Folds keep groups together, and every training part knows every label."""

import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from understudy.search.folds import FEW, HELD_OUT, MANY, MAX_FOLDS, SOME, SOME_FOLDS, Folds, make_folds
from understudy.search.folds import _unfairness as unfairness

Labels = npt.NDArray[np.int64]


def as_places(values: list[int]) -> Labels:
    return np.unique(np.array(values), return_inverse=True)[1].astype(np.int64)


def check(folds: Folds, labels: Labels, groups: Labels) -> None:
    present = set(labels.tolist())
    assert folds.folds
    for fold in folds.folds:
        assert set(labels[fold.train].tolist()) == present
        assert (np.diff(fold.train) > 0).all()
        assert (np.diff(fold.held_out) > 0).all()
        if folds.apart:
            assert len(fold.held_out) > 0
            assert not set(groups[fold.train].tolist()) & set(groups[fold.held_out].tolist())
            assert len(fold.train) + len(fold.held_out) == len(labels)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12)), min_size=1, max_size=90), st.integers(0, 3))
def test_no_group_straddles_and_every_label_is_trained_on(examples: list[tuple[int, int]], seed: int) -> None:
    """Whatever the labels and groups: groups stay on one side, and no label is missing from a training part."""
    labels, groups = (as_places([pair[at] for pair in examples]) for at in (0, 1))
    folds = make_folds(labels, groups, seed=seed)
    check(folds, labels, groups)
    again = make_folds(labels, groups, seed=seed)
    np.testing.assert_array_equal(folds.rows, again.rows)


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(2, 77), st.integers(0, 5))
def test_a_label_of_one_photo_is_never_held_out(each: int, classes: int, seed: int) -> None:
    """One or two photos a label, two to 77 labels: single ones are trained on, the others take turns."""
    labels = np.repeat(np.arange(classes), each)
    groups = np.arange(len(labels))
    folds = make_folds(labels, groups, seed=seed)
    check(folds, labels, groups)
    assert folds.apart == (each > 1)
    if folds.apart:
        assert set(folds.rows.tolist()) == set(range(len(labels)))
        assert folds.cases(labels) == len(labels)


def test_a_label_of_one_photo_beside_larger_ones() -> None:
    """A label with a single photo is in every training part and in no held-out one."""
    labels = np.array([0] * 10 + [1] * 10 + [2])
    folds = make_folds(labels, np.arange(21), seed=0)
    check(folds, labels, np.arange(21))
    assert folds.apart
    assert set(folds.rows.tolist()) == set(range(20))


def test_where_every_label_is_one_group_nothing_is_apart() -> None:
    """Two walls, one label each: no honest fold exists, and the folds say so."""
    labels = np.array([0] * 8 + [1] * 8)
    folds = make_folds(labels, labels.copy(), seed=0)
    assert not folds.apart
    assert folds.cases(labels) == 2


@settings(max_examples=60)
@given(st.lists(st.integers(2, 30), min_size=2, max_size=9), st.integers(0, 9))
def test_single_examples_are_spread_as_evenly_as_can_be(sizes: list[int], seed: int) -> None:
    """Where each example is a group of its own, no part holds two more of a label than another."""
    labels = np.repeat(np.arange(len(sizes)), sizes)
    folds = make_folds(labels, np.arange(len(labels)), seed=seed)
    places = np.split(folds.rows, np.cumsum([len(fold.held_out) for fold in folds.folds])[:-1])
    draws = np.split(np.arange(len(places)), len(folds.rows) // len(labels))
    for draw in draws:
        held = np.array([np.bincount(labels[places[part]], minlength=len(sizes)) for part in draw])
        assert np.ptp(held, axis=0).max() <= 1


def test_groups_are_spread_as_evenly_as_scikit_learn_does() -> None:
    """Shares of labels differ from part to part by no more than in its own split, on average over a hundred draws."""

    def unevenness(labels: Labels, parts: list[Labels]) -> float:
        held = np.array([np.bincount(labels[part], minlength=int(labels.max()) + 1) for part in parts])
        return float((held / np.bincount(labels)).std(axis=0).mean())

    ours, theirs = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        labels = as_places(list(rng.integers(0, rng.integers(2, 9), 160)))
        groups = as_places(list(rng.integers(0, 40, 160)))
        folds = make_folds(labels, groups, seed=seed).folds
        ours.append(unevenness(labels, [fold.held_out for fold in folds]))
        split = StratifiedGroupKFold(len(folds), shuffle=True, random_state=seed).split(labels, labels, groups)
        theirs.append(unevenness(labels, [held_out for _, held_out in split]))
    assert np.mean(ours) <= np.mean(theirs) * 1.01


@pytest.mark.parametrize(("count", "classes", "group_count"), [(FEW + 1, 6, 800), (MANY, 77, 5000), (MANY, 2, 9)])
def test_dealt_folds_are_even(count: int, classes: int, group_count: int) -> None:
    """Above a few thousand examples folds are still even in size and in labels."""
    rng = np.random.default_rng(0)
    of_group = np.append(np.arange(classes), rng.integers(0, classes, group_count)) % classes
    groups = as_places(list(rng.integers(0, len(of_group), count)))
    labels = of_group[np.unique(groups, return_index=False)][groups]
    labels = as_places(list(labels))
    folds = make_folds(labels, groups, seed=1)
    check(folds, labels, groups)
    assert sorted(folds.rows.tolist()) == list(range(count)) or classes == 77
    shares = [np.bincount(labels[fold.held_out], minlength=2)[0] / (labels == 0).sum() for fold in folds.folds]
    assert max(shares) - min(shares) < 0.5


@pytest.mark.parametrize(("count", "parts"), [(SOME, MAX_FOLDS), (SOME + 1, SOME_FOLDS), (MANY, SOME_FOLDS)])
def test_of_some_thousands_three_parts_are_enough(count: int, parts: int) -> None:
    """More examples make fewer folds, and each example is still held out once."""
    folds = make_folds(np.arange(count) % 7, np.arange(count), seed=0)
    assert len(folds.folds) == parts
    assert sorted(folds.rows.tolist()) == list(range(count))


@pytest.mark.parametrize(("classes", "group_count"), [(2, 100_000), (300, 30_000), (2, 40)])
def test_one_part_of_a_hundred_thousand_is_held_out(classes: int, group_count: int) -> None:
    """Of very many examples one part is held out, of about 4,000 examples, with every label in it."""
    rng = np.random.default_rng(0)
    groups = as_places(list(rng.integers(0, group_count, 100_000)))
    labels = (np.arange(groups.max() + 1) % classes)[groups]
    folds = make_folds(labels, groups, seed=0)
    check(folds, labels, groups)
    assert len(folds.folds) == 1
    assert HELD_OUT / 2 < len(folds.rows) <= 2 * HELD_OUT
    assert len(np.unique(labels[folds.rows])) == classes


def test_examples_taught_besides_are_never_judged() -> None:
    """What is learned from besides stands in every part that is fitted on, and in none that is held out."""
    labels = np.arange(20) % 2
    folds = make_folds(labels, np.arange(20), seed=0)
    besides = folds.taught_besides(np.array([20, 21]))
    assert all(fold.train[-2:].tolist() == [20, 21] for fold in besides.folds)
    np.testing.assert_array_equal(besides.rows, folds.rows)


@given(st.lists(st.integers(0, 15), min_size=20, max_size=40))
def test_what_belongs_with_a_held_out_example_is_not_learned_from_there(made: list[int]) -> None:
    """Of what is taught besides, each fold is fitted on all but that of groups it holds out, in order."""
    labels, real = np.arange(20) % 2, np.arange(20) // 2
    groups = np.concatenate([real, made]).astype(np.int64)
    folds = make_folds(labels, real.astype(np.int64), seed=0)
    besides = folds.taught_besides(np.arange(20, len(groups)), groups)
    for before, fold in zip(folds.folds, besides.folds, strict=True):
        assert not set(groups[fold.train]) & set(groups[fold.held_out])
        free = [place for place in range(20, len(groups)) if groups[place] not in groups[fold.held_out]]
        assert fold.train.tolist() == [*before.train.tolist(), *free]


def test_copies_are_learned_from_only_beside_what_they_are_copies_of() -> None:
    """A fold is fitted on the copies of its own training examples, and a copy is never held out."""
    labels = np.arange(24) % 2
    folds = make_folds(labels, np.arange(24), seed=0)
    for before, fold in zip(folds.folds, folds.taught_alike(24).folds, strict=True):
        own, copies = fold.train[fold.train < 24], fold.train[fold.train >= 24] - 24
        assert own.tolist() == copies.tolist() == before.train.tolist()
        assert fold.held_out.tolist() == before.held_out.tolist()
        assert np.all(np.diff(fold.train) > 0)


def test_folds_of_very_many_examples_take_little_memory() -> None:
    """Beside what is given, room for some copies of it is taken, not one for each of a hundred parts."""
    labels, groups = np.arange(400_000) % 5, np.arange(400_000)
    tracemalloc.start()
    try:
        make_folds(labels, groups, seed=0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * labels.nbytes


def test_of_many_parts_the_one_with_the_most_labels_is_held_out_whatever_its_size() -> None:
    """A part of just the wanted size that lacks a label stands for less than a smaller one that has all."""
    labels = np.arange(2 * HELD_OUT) % 3
    two = np.flatnonzero(labels < 2)[:HELD_OUT]
    all_three = np.arange(HELD_OUT // 2)
    far_too_large = np.zeros(2 * HELD_OUT + 1, np.int64)
    assert sorted([two, far_too_large, all_three], key=lambda part: unfairness(part, labels)) == [
        all_three,
        two,
        far_too_large,
    ]
