"""Above the threshold, held-out answers were right often enough."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search.threshold import LEAST_SURE, SHARE_RIGHT, choose_threshold


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from([0.51, 0.6, 0.75, 0.9, 0.97]), st.booleans()), min_size=1, max_size=60))
def test_answers_above_the_threshold_reach_the_share(answers: list[tuple[float, bool]]) -> None:
    """Of the held-out answers that the model would give alone, at least 95% are right, or it gives none wrong."""
    stated, right = np.array([a for a, _ in answers]), np.array([b for _, b in answers])
    threshold = choose_threshold(stated, right)
    assert 0 <= threshold <= 1
    alone = stated >= threshold
    assert not alone.any() or right[alone].mean() >= SHARE_RIGHT


@settings(max_examples=100)
@given(st.lists(st.floats(0.5, 0.999), min_size=1, max_size=40))
def test_where_all_are_right_all_are_answered(stated: list[float]) -> None:
    """A model that was always right answers every held-out photo alone."""
    threshold = choose_threshold(np.array(stated), np.full(len(stated), True))
    assert threshold <= min(stated)


def test_where_all_are_wrong_none_is_answered() -> None:
    """A model that was always wrong asks a person every time."""
    assert choose_threshold(np.array([0.6, 0.8, 0.99]), np.zeros(3, bool)) > 0.99


def test_what_is_likelier_wrong_than_right_is_never_answered_alone() -> None:
    """Neither one lucky answer among hopeless ones nor many surer ones let a guess of one in ten go out unseen."""
    lucky = choose_threshold(np.array([0.12, 0.1, 0.08]), np.array([True, False, False]))
    hopeless = choose_threshold(np.array([0.1, 0.05]), np.zeros(2, bool))
    carried = choose_threshold(np.append(np.full(40, 0.99), 0.1), np.full(41, True))
    assert min(lucky, hopeless, carried) >= LEAST_SURE
