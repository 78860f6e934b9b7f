"""Numbers as they are kept, and when one is right."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.task import AnswerKind, Task, number_in, number_text

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
