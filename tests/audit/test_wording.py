"""How findings tell numbers and shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.audit.wording import of_hundred, percent, shortest, told, told_apart

NUMBERS = st.floats(-1e300, 1e300)


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_no_share_is_told_as_all_or_nothing(share: float) -> None:
    """What is neither none nor all is never told as 0% or 100%, nor as never or every time."""
    assert percent(share) not in {"0%", "100%", "0.0%"}
    assert of_hundred(share) not in {"0 times in 100", "100 times in 100", "every time"}


@given(NUMBERS)
def test_a_told_number_is_the_number(number: float) -> None:
    """What is told reads back as the same number, but for the last digit of those that no one can read anyway."""
    read = float(told(number).replace(",", ""))
    assert read == (number if 1e-6 <= abs(number) < 1e15 else pytest.approx(number, rel=1e-14))


@given(NUMBERS, NUMBERS)
def test_the_shortest_lies_between(one: float, other: float) -> None:
    """A number of few digits cuts where the number itself does: above the one below, and not above itself."""
    below, number = min(one, other), max(one, other)
    assert below == number or below < shortest(below, number) <= number


@given(NUMBERS, NUMBERS)
def test_two_numbers_are_told_apart(one: float, other: float) -> None:
    """Two numbers are told alike only if they are alike, or beyond reading."""
    first, second = told_apart(one, other)
    assert first != second or one == other or min(abs(one), abs(other)) < 1e-6 or max(abs(one), abs(other)) >= 1e15


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0, "0"), (2016.0, "2016"), (-0.5, "-0.5"), (52_450.0, "52,450"), (-1e6, "-1,000,000"), (1e-5, "0.00001")],
)
def test_how_numbers_are_told(number: float, said: str) -> None:
    """Thousands are set apart from five digits on, and small numbers have their zeros."""
    assert told(number) == said
    assert told_apart(number, number + 1)[0] == said
