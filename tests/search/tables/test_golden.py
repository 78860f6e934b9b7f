"""A golden answer is said again: the same one, or one that is as good but for the last digit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, Task
from understudy.search.tables.encoding import Encoded
from understudy.search.tables.golden import TIE, same
from understudy.search.tables.model_file import compared
from understudy.search.tables.speech import Speech

LABELS = ("amber", "azure", "green")
ONE = Speech(Task("table"), LABELS)
DEAR = replace(ONE, costs=np.array([[0.0, 4, 1], [1, 0, 1], [1, 1, 0]]))
SEVERAL = Speech(Task("table", AnswerKind.LABELS), LABELS)
ROW = Encoded(np.zeros((1, 0), np.float32), np.zeros((1, 0), np.int32))
ODDS = st.tuples(st.floats(0.02, 1), st.floats(0.02, 1), st.floats(0.02, 1)).map(np.array)


def answered(speech: Speech, given: np.ndarray) -> Answer:
    shares = given if speech is SEVERAL else given / given.sum()
    return speech.answers(shares[None], ROW)[0]


@pytest.mark.parametrize("speech", [ONE, DEAR, SEVERAL], ids=["one", "costs", "several"])
@given(odds=ODDS, noise=st.tuples(*[st.floats(-1e-6, 1e-6)] * 3))
def test_another_machine_s_last_digits_are_let_through(
    speech: Speech, odds: np.ndarray, noise: tuple[float, float, float]
) -> None:
    """Also where they turn the answer, since two are as good then."""
    assert same(answered(speech, odds + noise), compared(answered(speech, odds)), speech)


@pytest.mark.parametrize(
    ("speech", "now", "before"),
    [
        (ONE, (0.5, 0.5, 1e-7), (0.5 - 1e-6, 0.5 + 1e-6, 1e-7)),
        (DEAR, (0.2 - 1e-6, 0.8 + 1e-6, 1e-7), (0.2 + 1e-6, 0.8 - 1e-6, 1e-7)),
        (SEVERAL, (0.5, 0.9, 0.1), (0.5 - 1e-6, 0.9, 0.1)),
    ],
    ids=["one", "costs", "several"],
)
def test_a_tie_may_fall_either_way(
    speech: Speech, now: tuple[float, float, float], before: tuple[float, float, float]
) -> None:
    """Two labels that are as likely, or cost as much; a label that is as likely to be there as not."""
    first, second = answered(speech, np.array(now)), answered(speech, np.array(before))
    assert first.label != second.label
    assert same(first, compared(second), speech)
    assert same(second, compared(first), speech)


@given(odds=ODDS, order=st.permutations(range(3)))
def test_an_answer_whose_labels_changed_places_is_refused(odds: np.ndarray, order: list[int]) -> None:
    """However likely it is: another label is answered, and it is likelier than the one that was."""
    now, before = answered(ONE, odds[order]), answered(ONE, odds)
    assume(now.probability - dict(now.probabilities)[before.label] > 2 * TIE)
    assert not same(now, compared(before), ONE)


@given(odds=ODDS, order=st.permutations(range(3)))
def test_a_set_whose_labels_changed_places_is_refused(odds: np.ndarray, order: list[int]) -> None:
    """However likely the whole is, which is the same for every order."""
    now, before = answered(SEVERAL, odds[order]), answered(SEVERAL, odds)
    assume(now.label != before.label and min(abs(odds - 0.5)) > 2 * TIE)
    assert not same(now, compared(before), SEVERAL)


def test_a_dear_answer_is_not_let_through_for_being_as_likely() -> None:
    """Where mistakes differ in cost, what costs more was not the answer; what costs as little was as likely as now."""
    now = answered(DEAR, np.array([0.4, 0.4, 0.2]))
    assert now.label == "amber"
    assert not same(now, {"label": "azure", "probability": 0.4}, DEAR)
    even = answered(DEAR, np.array([0.2, 0.8, 1e-7]))
    other = "amber" if even.label == "azure" else "azure"
    assert same(even, {"label": other, "probability": 1 - even.probability}, DEAR)
    assert not same(even, {"label": other, "probability": even.probability}, DEAR)


@pytest.mark.parametrize("label", ["", "grey", "amber; azure"])
def test_a_label_that_the_model_does_not_know_is_refused(label: str) -> None:
    """Whatever probability stands beside it."""
    for speech in (ONE, DEAR, SEVERAL):
        now = answered(speech, np.array([0.2, 0.1, 0.7]))
        assert not same(now, {"label": label, "probability": now.probability}, speech)
