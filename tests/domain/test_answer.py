"""Answers: ranked, and never sure beyond what was said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.answer import Answer, Reason, answer_from
from understudy.domain.task import AnswerKind

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


def test_a_strangers_answer_says_what_is_left_for_none_of_these() -> None:
    """Where nothing like the input is among the examples, probabilities of labels and of none of them make a whole."""
    known = answer_from(("no", "yes"), (0.88, 0.12), threshold=0.5)
    stranger = replace(known, probability=0.44, runner_up_probability=0.06, unknown=True, ask_person=True)
    assert stranger.none_of_these == pytest.approx(0.5)
    assert str(stranger).endswith("perhaps no (44%), else yes (6%), or none of these (50%)")
    assert known.none_of_these == 0


def test_numbers_stand_with_their_thousands_apart() -> None:
    """A number's digits can be read; whoever knows the unit writes it."""
    told = Answer("-74092.5", 0.6, "", 0.0, False, (), kind=AnswerKind.NUMBER, interval=(-81000.0, 0.25))
    assert str(told) == "-74,092.5 (60%), between -81,000 and 0.25"
    assert told.told(lambda text: f"€{text}") == "€-74092.5 (60%), between €-81000 and €0.25"


def test_a_list_is_called_by_the_titles_of_its_items() -> None:
    """Each item stands beside its title; without titles items are called by their names."""
    plain = Answer("12; 7", 0.5, "", 0.0, False, (("12", 0.3), ("7", 0.2)), kind=AnswerKind.RANKING)
    named = replace(plain, titles=("Heat (1995)", "7"))
    assert (plain.called, plain.titled) == ("12; 7", (("12", "12"), ("7", "7")))
    assert (named.called, named.titled) == ("Heat (1995); 7", (("12", "Heat (1995)"), ("7", "7")))


def test_a_reason_tells_what_it_has_and_nothing_else() -> None:
    """Where it lies in time, and which of several labels it moved."""
    assert Reason("income", 0.5).to_json() == {"what": "income", "push": 0.5}
    assert Reason("1 to 2 s", 0.25, (1.0, 2.0), "loud").to_json() == {
        "what": "1 to 2 s",
        "push": 0.25,
        "seconds": (1.0, 2.0),
        "label": "loud",
    }
