"""How findings count, list and shorten."""

import shlex
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Final

NAMED: Final = 4
"""Names in a sentence; the rest are counted."""
LENGTH: Final = 40
FEWEST_APART: Final = 10_000
"""From here on thousands are set apart; what is smaller may be a year."""
FEWEST_DIGITS: Final = 4
MOST_DIGITS: Final = 17
"""Digits of a fraction that are told, where fewer do not tell it from its neighbour; no number has more."""


def quoted(name: str) -> str:
    """A name between quotation marks, on one line and not too long."""
    shown = " ".join(name.split()) or "(nothing)"
    return f"“{shown if len(shown) <= LENGTH else shown[: LENGTH - 1] + '…'}”"


def listed(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    rest = len(names) - NAMED
    return ", ".join(quoted(name) for name in names[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def holding_out(*columns: str) -> str:
    """The command that hides columns from the model and keeps them to judge by; PROJECT stands for the name."""
    told = (f" --set {shlex.quote(f'{column}=held-out')}" for column in columns)
    return f"understudy columns PROJECT{''.join(told)}"


def told(number: float) -> str:
    """A number for people with all its digits; an exponent only where nobody could count them."""
    if not 1e-6 <= abs(number) < 1e15:
        return f"{number:.15g}"
    whole, point, rest = f"{Decimal(repr(float(number))):f}".removesuffix(".0").partition(".")
    return f"{int(whole):,}{point}{rest}" if abs(int(whole)) >= FEWEST_APART else f"{whole}{point}{rest}"


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers for people, with as few digits as tell them apart, but whole ones as they are."""
    for digits in range(FEWEST_DIGITS, MOST_DIGITS):
        short = [each if _whole(each) else float(f"{each:.{digits}g}") for each in (one, other)]
        if short[0] != short[1] or one == other:
            return told(short[0]), told(short[1])
    return told(one), told(other)


def shortest(below: float, number: float) -> float:
    """A number above `below` and up to `number`, so that it cuts as `number` does, in few digits; whole ones as is."""
    for digits in range(FEWEST_DIGITS, MOST_DIGITS) if not _whole(number) else ():
        short = float(Context(prec=digits, rounding=ROUND_FLOOR).create_decimal(repr(float(number))))
        if below < short <= number:
            return short
    return number


def _whole(number: float) -> bool:
    return number.is_integer() and abs(number) < 1e15


def percent(share: float) -> str:
    """A share for people: whole per cent, one decimal below 1%; never 0% or 100% for what is neither."""
    if share in {0.0, 1.0}:
        return f"{share:.0%}"
    if share < 0.0005:
        return "under 0.1%"
    if share < 0.01:
        return f"{share * 100:.1f}%"
    return "over 99%" if share > 0.99 else f"{share * 100:.0f}%"


def of_hundred(share: float) -> str:
    """A share as so many times in 100; never none or all for what is neither."""
    if share in {0.0, 1.0}:
        return "every time" if share else "never"
    return f"{min(99, max(1, round(share * 100)))} times in 100"
