"""How sure a model was of photos while they were held out."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.evidence import Stretch
from understudy.search.out_of_fold import MOST, OutOfFold, out_of_fold, summed_up


def test_an_example_counts_once_however_often_it_was_held_out() -> None:
    """Two draws of folds give an example two answers; their mean is what counts."""
    probabilities = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.4, 0.6]])
    found = out_of_fold(probabilities, np.array([0, 0, 1, 1]), np.array([7, 7, 3, 3]))
    assert found == OutOfFold((0.7, 0.65), (True, True))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0.5, 1), st.booleans()), min_size=1, max_size=50))
def test_it_reads_back_as_it_was_written(answers: list[tuple[float, bool]]) -> None:
    """What goes through JSON comes back the same; surest first, and never surer than the model was."""
    stated = np.array([sure for sure, _ in answers])
    labels = np.array([0 if right else 1 for _, right in answers])
    found = out_of_fold(np.stack([stated, 1 - stated], axis=1), labels, np.arange(len(answers)))
    assert OutOfFold.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert list(found.stated) == sorted(found.stated, reverse=True)
    assert all(shown <= sure for shown, sure in zip(found.stated, sorted(stated, reverse=True), strict=True))


def test_many_examples_are_thinned_out_evenly() -> None:
    """Of more examples than are kept, the surest and the least sure stay, and the share right stays as it was."""
    rng = np.random.default_rng(0)
    stated = rng.uniform(0.5, 1, 3 * MOST)
    labels = (rng.uniform(size=3 * MOST) > stated).astype(np.int64)
    found = out_of_fold(np.stack([stated, 1 - stated], axis=1), labels, np.arange(3 * MOST))
    assert len(found.stated) == MOST
    assert found.stated[0] == np.floor(stated.max() * 1e4) / 1e4
    assert abs(np.mean(found.right) - (labels == 0).mean()) < 0.01


def test_a_file_of_before_says_nothing() -> None:
    """A model file that was written before this was kept reads as one that knows nothing of it."""
    assert OutOfFold.from_json(None) == OutOfFold()


def test_stretches_of_time_are_told_by_their_counts() -> None:
    """Each is told with the share that was learned from, in the order of time; one without answers is not told."""
    right = np.array([True, False, True, True])
    stretches = [(0.5, np.array([3, 0])), (0.5, np.empty(0, np.int64)), (0.75, np.array([1, 2]))]
    found = summed_up(np.array([0.9, 0.8, 0.7, 0.6]), right, stretches=stretches)
    assert found.later == (Stretch(0.5, 2, 2), Stretch(0.75, 1, 2))
    assert OutOfFold.from_json(json.loads(json.dumps(found.to_json()))) == found
