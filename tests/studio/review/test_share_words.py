"""Shares as a review tells them."""

from hypothesis import given
from hypothesis import strategies as st

from understudy.studio.review.share_words import in_hundred, rough_percent


@given(st.floats(1e-4, 1.0))
def test_a_promised_share_is_never_told_smaller(share: float) -> None:
    """Counted in 100, 1,000 or 10,000, or rounded up."""
    told, of = in_hundred(share).replace(",", "").split(" in ")
    assert float(told) / float(of) >= share - 1e-8


@given(st.floats(1e-4, 1.0))
def test_a_rough_share_is_within_a_twentieth(share: float) -> None:
    """Two figures are near enough to picture it, and need no exponent."""
    told = rough_percent(share)
    assert abs(float(told.removesuffix("%")) / 100 - share) <= share / 20
    assert "e" not in told
