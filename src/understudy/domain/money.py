"""Money and shares as a reader needs them: a sign or a code, and no more digits than carry meaning."""

import math
from decimal import Decimal

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
"""Currencies whose sign everyone reads; all others are named by their three letters."""

MOST = 1e12
"""No single figure of money, count of decisions or count of labels is larger than this."""
SMALLEST = 1e-300
"""A share up to this is told as none."""


def money(amount: float, currency: str) -> str:
    """An amount with its currency ("€2.50", "€1,200", "CHF 0.004", "−€310").

    Args:
        amount: In the currency.
        currency: Three letters.

    Returns:
        Whole from 100 on, cents from 1 on (left out where there are none), two significant digits below.
    """
    size = abs(amount)
    sign = "−" if amount < 0 and _digits(size) != "0" else ""
    known = SIGNS.get(currency)
    return f"{sign}{known}{_digits(size)}" if known else f"{sign}{currency} {_digits(size)}"


def about_money(amount: float, currency: str) -> str:
    """An estimated amount, to two significant digits ("€46,000"); it claims no more than an estimate knows."""
    return money(float(f"{amount:.1e}"), currency)


def share(part: float) -> str:
    """A share as a percentage of at most four digits ("6.25%", "99.96%")."""
    return f"{part * 100:.4g}%"


def asked(part: float) -> str:
    """A share that is asked for, to a hundredth of a percent and rounded up: words never ask for less than figures."""
    return f"{min(100.0, math.ceil(part * 10_000 - 1e-6) / 100):g}%"


def share_below(part: float) -> str:
    """A share that is allowed, rounded down to a hundredth of a percent: words never allow more than figures."""
    hundredths = math.floor(part * 10_000 + 1e-6)
    if hundredths or part <= SMALLEST:
        return f"{hundredths / 100:g}%"
    digits = 1 - math.floor(math.log10(part * 100))
    return f"{math.floor(part * 100 * 10**digits + 1e-6) / 10**digits:.{digits}f}%"


def count(number: float) -> str:
    """A count with its thousands set apart; a part of one stays visible ("0.5")."""
    return f"{number:,.0f}" if number >= 10 else f"{Decimal(f'{number:.2g}'):f}"


def _digits(size: float) -> str:
    if not size:
        return "0"
    if size >= 100:
        return f"{size:,.0f}"
    if size >= 1:
        shown = f"{size:,.2f}"
        return shown.removesuffix(".00")
    shown = f"{size:.{min(12, 1 - math.floor(math.log10(size)))}f}"
    cents = shown.index(".") + 3
    return shown[:cents] + shown[cents:].rstrip("0")
