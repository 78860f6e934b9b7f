from collections import Counter

import numpy as np
import pytest
from bench.splits import SETS, SetPlan, read_set, split_of
from hypothesis import given
from hypothesis import strategies as st

labels = st.lists(st.sampled_from(["crack", "erosion", "sound"]), min_size=1, max_size=200)


@given(labels=labels, seed=st.integers(0, 2**32 - 1))
def test_each_class_gives_its_share_to_training_and_every_photo_is_on_one_side(labels: list[str], seed: int):
    """Seven tenths of each class are trained on, rounded; what is not trained on is the rest."""
    split = split_of(labels, SetPlan("any", 0.5), seed)
    assert sorted([*split.training, *split.rest]) == list(range(len(labels)))
    trained = Counter(labels[place] for place in split.training)
    assert {label: trained[label] for label in set(labels)} == {
        label: round(0.7 * count) for label, count in Counter(labels).items()
    }


@given(labels=labels, seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_draws_the_same_photos(labels: list[str], seed: int):
    """A split can be measured again, by either side."""
    first, second = (split_of(labels, SetPlan("any", 0.5), seed) for _ in range(2))
    np.testing.assert_array_equal(first.training, second.training)


def test_another_seed_draws_other_photos():
    """Five splits are five measurements."""
    drawn = {tuple(split_of(["cat"] * 50 + ["dog"] * 50, SETS[0], seed).training) for seed in range(5)}
    assert len(drawn) == 5


def test_a_number_of_photos_a_class_is_drawn_where_one_is_set():
    """Twenty a class means twenty, however many there are."""
    split = split_of(["cat"] * 50 + ["dog"] * 30, SETS[0], 0)
    assert (len(split.training), len(split.rest)) == (40, 40)


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("plan", SETS, ids=[plan.name for plan in SETS])
def test_every_set_leaves_photos_of_every_class_on_both_sides(plan: SetPlan):
    """Nothing is measured on classes that were never shown, nor shown and never measured."""
    photos = read_set(plan.name)
    split = split_of(photos.labels, plan, 0)
    assert {photos.labels[place] for place in split.training} == set(photos.labels)
    assert {photos.labels[place] for place in split.rest} == set(photos.labels)
