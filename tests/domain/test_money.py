"""Money as a reader needs it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.money import about_money, asked, money, share, share_below


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (0, "EUR", "€0"),
        (2.5, "EUR", "€2.50"),
        (40, "USD", "$40"),
        (1200, "GBP", "£1,200"),
        (0.004, "CHF", "CHF 0.004"),
        (0.01, "EUR", "€0.01"),
        (0.5, "EUR", "€0.50"),
        (-310, "EUR", "−€310"),
    ],
)
def test_money(amount: float, currency: str, shown: str) -> None:
    """A sign or a code, thousands apart, and as many decimals as say something."""
    assert money(amount, currency) == shown


@given(st.floats(1, 1e11))
def test_an_estimate_is_close(amount: float) -> None:
    """An estimate is shown with two significant digits, so within 5% of what it is."""
    shown = float(about_money(amount, "EUR").removeprefix("€").replace(",", ""))
    assert shown == pytest.approx(amount, rel=0.051)


@given(st.floats(0, 1))
def test_no_estimate_is_too_small_to_be_told(amount: float) -> None:
    """However little something costs, down to the least number there is, it is told as an amount."""
    assert about_money(amount, "EUR").startswith("€")


@given(st.floats(1e-9, 100))
def test_something_is_never_shown_as_nothing(amount: float) -> None:
    """What costs something is never shown as free."""
    assert float(money(amount, "CHF").removeprefix("CHF ")) > 0


@given(st.floats(1e-6, 0.9999))
def test_what_is_asked_and_what_is_allowed_are_one_bar(part: float) -> None:
    """A share allowed is told as no more than it is, the share asked as no less, and both add up to everything."""
    allowed, wanted = float(share_below(part).rstrip("%")), float(asked(1 - part).rstrip("%"))
    assert 0 < allowed <= part * 100 + 1e-4
    assert wanted >= (1 - part) * 100 - 1e-4
    if part > 1e-4:
        assert allowed + wanted == pytest.approx(100, abs=1e-6)


def test_share() -> None:
    """A share is a percentage that does not claim all where a part is missing."""
    assert share(0.0925) == "9.25%"
    assert share(0.9996) == "99.96%"


@pytest.mark.parametrize("part", [5e-324, 1e-308, 1e-300])
def test_a_share_too_small_to_be_written_is_told_as_none(part: float) -> None:
    """The smallest numbers there are have words too."""
    assert share_below(part) == "0%"
    assert money(part, "EUR").startswith("€0")
