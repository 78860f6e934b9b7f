"""Numbers with their unit, as a person reads them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task
from understudy.studio.words.number_words import answer_words, measure, measure_bound, right_means, tolerance_words

figures = st.floats(-1e15, 1e15, allow_nan=False).filter(lambda figure: not figure or abs(figure) > 1e-9)


def read(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


@given(figures)
def test_three_digits_without_an_exponent(figure: float) -> None:
    """Whatever its size a number is shown to three digits, and reads back to within half of the last one."""
    shown = measure(figure, "")
    assert "e" not in shown
    assert read(shown) == pytest.approx(figure, rel=0.006)


@given(figures)
def test_bounds_are_rounded_to_the_worse(figure: float) -> None:
    """A lower bound is never shown higher than it is, an upper one never lower."""
    slack = abs(figure) * 1e-8
    assert read(measure_bound(figure, "", low=True)) <= figure + slack
    assert read(measure_bound(figure, "", low=False)) >= figure - slack


def test_units_stand_where_readers_expect_them() -> None:
    """A currency's sign before the number, a word after it, a minus before both."""
    assert measure(3.2, "minutes") == "3.2 minutes"
    assert measure(-12345, "€") == "−€12,300"
    assert measure(21.5, "°C") == "21.5°C"
    assert measure(0.0, "kg") == "0 kg"
    assert measure(math.inf, "kg") == measure_bound(math.inf, "kg", low=False) == "anything"


def test_an_answer_keeps_all_its_digits() -> None:
    """What was said is shown as it was said, with thousands set apart; what is no number as it is."""
    task = Task(answers=AnswerKind.NUMBER, unit="€")
    assert answer_words("1234567.25", task) == "€1,234,567.25"
    assert answer_words("-40", task) == "−€40"
    assert answer_words("unclear", task) == "unclear"
    assert Decimal(answer_words("0.125", Task(answers=AnswerKind.NUMBER))) == Decimal("0.125")


def test_right_is_said_for_every_kind() -> None:
    """One sentence for each kind of answer, and none where equal means right."""
    said = {kind: right_means(Task(answers=kind, tolerance=5, unit="minutes")) for kind in AnswerKind}
    assert said[AnswerKind.LABEL] == ""
    assert said[AnswerKind.NUMBER] == "A number counts as right when it is within 5 minutes of the truth."
    assert all(said[kind].endswith(".") for kind in (AnswerKind.LABELS, AnswerKind.RANKING))
    assert tolerance_words(Task(answers=AnswerKind.NUMBER)) == "exactly right"
