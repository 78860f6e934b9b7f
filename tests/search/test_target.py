"""What is to be learned, read from answers as they are kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task, labels_text
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.table.schema import TableSchema
from understudy.search.folds import make_folds
from understudy.search.tables.columns import cells_of
from understudy.search.tables.lesson import Lesson, truth_of
from understudy.search.target import FEWEST_IN_BAND, TooLittleToLearn, bands_of, target_of

SEVERAL = Task("photo", AnswerKind.LABELS)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (["1e200", "2e200", "-1e200"], "far apart"),
        (["12", "13", "1e308"], "far apart"),
        (["1e308", "-1e308", "1.5e308"], "far apart"),
        (["1e-310", "2e-310", "4e-310"], "near together"),
        (["0", "5e-324", "5e-324"], "near together"),
    ],
)
def test_numbers_without_a_deviation_are_refused(answers: list[str], found: str) -> None:
    """Where 64 bits do not hold how far apart numbers lie, nothing is learned from them, and that is said."""
    lesson = Lesson(cells_of([], ()), tuple(answers), np.arange(3), TableSchema(()), "")
    for learn in (
        lambda: target_of(answers, np.arange(3), Task("photo", AnswerKind.NUMBER), MODALITY),
        lambda: truth_of(lesson, Task("table", AnswerKind.NUMBER)),
    ):
        with pytest.raises(TooLittleToLearn, match=found) as caught:
            learn()
        assert "go from" in caught.value.reason
        assert "another unit" in caught.value.remedy


def test_an_example_is_spread_by_its_rarest_label() -> None:
    """Columns tell which labels are there; the stratum is the rarest, or that of having none."""
    answers = ["a; b", "a", "a; b; c", "none of these", "a", "none of these"]
    target = target_of(answers, np.arange(6), SEVERAL, MODALITY)
    assert target.labels == ("a", "b", "c")
    assert target.examples == (4, 2, 1)
    np.testing.assert_array_equal(target.wanted[:, 1], [1, 0, 1, 0, 0, 0])
    assert len({int(target.strata[row]) for row in (0, 1, 2, 3)}) == 4
    assert target.strata[3] == target.strata[5]


@settings(max_examples=25)
@given(st.lists(st.sets(st.sampled_from("abcd")), min_size=8, max_size=40), st.integers(0, 9))
def test_a_label_of_one_example_is_learned_and_never_judged_by(sets: list[set[str]], seed: int) -> None:
    """Whatever comes with it, an example that alone has a label is in no held-out part."""
    answers = [labels_text(tuple(each)) for each in [*sets, {"a", "rare"}, {"b"}, set()]]
    target = target_of(answers, np.arange(len(answers)), SEVERAL, MODALITY)
    folds = make_folds(target.strata, np.arange(len(answers)), seed=seed)
    rare = np.array(target.examples) == 1
    assert rare.any()
    for fold in folds.folds if folds.apart else ():
        assert not target.wanted[fold.held_out][:, rare].any()
        assert target.wanted[fold.train][:, rare].any()


@settings(max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=80), st.integers(1, 30))
def test_bands_come_from_several_groups_each(numbers: list[float], groups: int) -> None:
    """Equal numbers share a band, larger ones never lie in a lower band, and no band rests on a few groups."""
    values = np.array(numbers)
    member = np.arange(len(values)) % groups
    bands = bands_of(values, member)
    order = np.argsort(values, kind="stable")
    assert (np.diff(bands[order]) >= 0).all()
    assert bands.max() == 0 or min(len(set(member[bands == band])) for band in set(bands)) >= FEWEST_IN_BAND
