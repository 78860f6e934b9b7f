"""Figures as people type them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.brief import BadBrief
from understudy.studio.words.figures import (
    Money,
    plain_number,
    plain_share,
    read_count,
    read_date,
    read_money,
    read_rate,
    read_share,
    read_yes_no,
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.200,50 €", Money(1200.5, "EUR")),
        ("€2", Money(2, "EUR")),
        ("1,200.50", Money(1200.5, None)),
        ("1,234,567", Money(1_234_567, None)),
        ("€1200", Money(1200, "EUR")),
        ("2,50", Money(2.5, None)),
        ("1'200.50 CHF", Money(1200.5, "CHF")),
        ("usd 20k", Money(20000, "USD")),
        ("$1.5 million", Money(1_500_000, "USD")),
        ("1 200,50", Money(1200.5, None)),
        ("0.004", Money(0.004, None)),
        ("1.234.567", Money(1_234_567, None)),
        ("-3", Money(-3, None)),
    ],
)
def test_money(typed: str, read: Money) -> None:
    """Signs for thousands and decimals of several countries are read, and the currency where one stands."""
    assert read_money(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("3 %", 0.03), ("3%", 0.03), ("0.03", 0.03), ("1 in 50", 0.02), ("3/100", 0.03), ("2,5 %", 0.025), ("0", 0.0)],
)
def test_share(typed: str, read: float) -> None:
    """Percent, a decimal and so many in so many are all shares."""
    assert read_share(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4000/month", 4000),
        ("4 000", 4000),
        ("48k per year", 4000),
        ("12 a day", 365),
        ("7/week", 7 * 365 / 84),
        ("300 a quarter", 100),
    ],
)
def test_rate(typed: str, read: float) -> None:
    """Whatever the time, it becomes a month."""
    assert read_rate(typed) == pytest.approx(read)


@pytest.mark.parametrize(
    "typed", ["2027-06-30", "30.6.2027", "30. 6. 2027", "30 June 2027", "30 jun 2027", "30/6/2027", "6/30/2027"]
)
def test_date(typed: str) -> None:
    """A day is read in the ways that mean one day only."""
    assert read_date(typed) == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("reader", "typed", "reason"),
    [
        (read_money, "1.200", "could be 1200 or 1.2"),
        (read_money, "€1,200", "could be 1200 or 1.2"),
        (read_rate, "-1,255/month", "could be 1255 or 1.2550"),
        (read_money, "cheap", "no number"),
        (read_money, "", "Nothing was written"),
        (read_money, "3 apples", "not understood"),
        (read_money, "1e400", "not understood"),
        (read_money, "nan", "no number"),
        (read_money, "9" * 500, "no figure to reckon with"),
        (read_share, "3", "300%"),
        (read_share, "1 in 0", "share of none"),
        (read_share, "inf%", "no figure"),
        (read_rate, "3/fortnight", "none of day"),
        (read_date, "06/07/2027", "could be 7 June 2027 or 6 July 2027"),
        (read_date, "31.2.2027", "No calendar"),
        (read_yes_no, "perhaps", "neither yes nor no"),
    ],
)
def test_what_cannot_be_read_is_asked_back(reader: object, typed: str, reason: str) -> None:
    """Nothing is guessed: what is unclear is refused with the reason and the field."""
    with pytest.raises(BadBrief, match=reason) as caught:
        reader(typed, "person_cost")  # type: ignore[operator]
    assert caught.value.field == "person_cost"


@given(st.floats(0, 1e12))
def test_a_number_reads_back(number: float) -> None:
    """Whatever is prefilled in a form is read back to the same number, as money and as a count."""
    assert read_money(plain_number(number)).amount == number
    assert read_count(plain_number(number)) == number


@given(st.floats(0, 1))
def test_a_share_reads_back(part: float) -> None:
    """Whatever share is prefilled is read back to the same share."""
    assert read_share(plain_share(part)) == part


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text breaks a reader: it is a figure or a clear error."""
    for reader in (read_money, read_share, read_count, read_rate, read_date, read_yes_no):
        with suppress(BadBrief):
            assert reader(text) is not None
