"""Answers: ranked, and never sure beyond what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.answer import answer_from

SHARES = st.lists(st.floats(0.001, 1), min_size=2, max_size=8).map(
    lambda weights: tuple(weight / sum(weights) for weight in weights)
)


@given(SHARES, st.floats(0, 1))
def test_the_likeliest_label_comes_first(shares: tuple[float, ...], threshold: float) -> None:
    """The answer is the likeliest label, the runner-up the next, and a person is asked below the threshold."""
    labels = tuple(f"label {place}" for place in range(len(shares)))
    answer = answer_from(labels, shares, threshold=threshold)
    first, second = sorted(shares, reverse=True)[:2]
    assert (answer.probability, answer.runner_up_probability) == (first, second)
    assert dict(answer.probabilities)[answer.label] == first
    assert answer.label != answer.runner_up
    assert answer.ask_person == (first < threshold)


def test_equals_are_ranked_by_name() -> None:
    """Two labels as likely as each other come in the order of their names, whatever order they were given in."""
    assert answer_from(("b", "a"), (0.5, 0.5), threshold=0).label == "a"


def test_one_label_is_no_choice() -> None:
    """An answer needs something else that it could have been."""
    with pytest.raises(ValueError, match="two labels"):
        answer_from(("only",), (1.0,), threshold=0)


def test_lengths_must_agree() -> None:
    """A probability without a label is a mistake of the caller."""
    with pytest.raises(ValueError, match="zip"):
        answer_from(("a", "b"), (0.2, 0.3, 0.5), threshold=0)


@pytest.mark.parametrize(
    ("shares", "threshold", "said"),
    [
        ((0.9999, 0.0001), 0.5, "crack (over 99%), else healthy (under 1%)"),
        ((0.8, 0.2), 0.5, "crack (80%), else healthy (20%)"),
        ((0.6, 0.4), 0.7, "ask a person: perhaps crack (60%), else healthy (40%)"),
    ],
)
def test_words_never_claim_certainty(shares: tuple[float, float], threshold: float, said: str) -> None:
    """An answer in words says what it is, how sure, what else, and when a person should answer."""
    assert str(answer_from(("crack", "healthy"), shares, threshold=threshold)) == said
