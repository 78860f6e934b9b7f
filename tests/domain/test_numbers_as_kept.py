"""Numbers as they are kept, and when one is right."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task, number_in, number_shown, number_text

WRITTEN = st.decimals(-(10**12), 10**12, places=3, allow_nan=False)


@given(WRITTEN)
def test_what_people_write_is_kept(written: Decimal) -> None:
    """No cent of a million is lost: a number of up to fifteen digits is kept as it was written."""
    assert Decimal(number_text(float(written))) == written
    assert number_in(number_text(float(written))) == float(written)


@given(st.decimals(-(10**5), 10**5, places=3, allow_nan=False), st.integers(0, 5000))
def test_a_number_is_right_within_the_tolerance(truth: Decimal, off: int) -> None:
    """To the last digit that is kept, and no further."""
    task = Task(answers=AnswerKind.NUMBER, tolerance=2.5)
    said = truth + Decimal(off).scaleb(-3)
    assert task.right(str(said), str(truth)) == (off <= 2500)


@given(st.floats(1e-9, 1e14))
def test_numbers_are_told_without_an_exponent(number: float) -> None:
    """At six significant digits or more, above zero and below."""
    told = number_shown(number)
    assert "e" not in told
    assert float(told) == pytest.approx(number, rel=1e-5)
    assert number_shown(-number) == f"-{told}"


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_are_told_with_all_their_digits(number: int) -> None:
    """A slip of the hand in a large number is found by these."""
    assert number_shown(float(number)) == str(number)
