"""Above the threshold, held-out answers were right often enough."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search.threshold import SHARE_RIGHT, choose_threshold


def table(stated: list[float], right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Two labels; the answer is always label 0."""
    given_probabilities = np.array([[p, 1 - p] for p in stated])
    return given_probabilities, np.array([0 if each else 1 for each in right])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from([0.51, 0.6, 0.75, 0.9, 0.97]), st.booleans()), min_size=1, max_size=60))
def test_answers_above_the_threshold_reach_the_share(answers: list[tuple[float, bool]]) -> None:
    """Of the held-out answers that the model would give alone, at least 95% are right, or it gives none wrong."""
    stated, right = np.array([a for a, _ in answers]), np.array([b for _, b in answers])
    threshold = choose_threshold(*table(list(stated), list(right)))
    assert 0 <= threshold <= 1
    alone = stated >= threshold
    assert not alone.any() or right[alone].mean() >= SHARE_RIGHT


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(0.5, 0.999), min_size=1, max_size=40))
def test_where_all_are_right_all_are_answered(stated: list[float]) -> None:
    """A model that was always right answers every held-out photo alone."""
    threshold = choose_threshold(*table(stated, [True] * len(stated)))
    assert threshold <= min(stated)


def test_where_all_are_wrong_none_is_answered() -> None:
    """A model that was always wrong asks a person every time."""
    assert choose_threshold(*table([0.6, 0.8, 0.99], [False] * 3)) > 0.99
