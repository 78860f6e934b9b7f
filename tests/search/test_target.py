"""What is to be learned, read from answers as they are kept."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task, labels_text
from understudy.modalities.image.modality import MODALITY
from understudy.search.folds import make_folds
from understudy.search.target import FEWEST_IN_BAND, bands_of, target_of

SEVERAL = Task("photo", AnswerKind.LABELS)


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
