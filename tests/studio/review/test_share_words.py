"""Shares as a review promises them."""

from hypothesis import given
from hypothesis import strategies as st

from understudy.studio.review.share_words import in_hundred


@given(st.floats(1e-4, 1.0))
def test_a_promised_share_is_never_told_smaller(share: float) -> None:
    """Counted in 100, 1,000 or 10,000, or rounded up."""
    told, of = in_hundred(share).replace(",", "").split(" in ")
    assert float(told) / float(of) >= share - 1e-8
