"""Reads figures as people type them: money, shares, counts, dates. What could be meant in two ways is asked back."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from understudy.domain.brief import BadBrief

SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
A_MONTH = {
    "day": Decimal(365) / 12,
    "week": Decimal(365) / 12 / 7,
    "month": Decimal(1),
    "quarter": Decimal(1) / 3,
    "year": Decimal(1) / 12,
}
LARGE = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST = 60
MOST_DIGITS = 400
"""As many as the smallest number that a computer knows has decimals."""

_NUMBER = re.compile(r"[-+−]?\d[\d.,'’ ]*")
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True)
class Money:
    """An amount, and the currency that was written with it, three letters or None."""

    amount: float
    currency: str | None


def read_money(text: str, field: str = "") -> Money:
    """Reads an amount ("1.200,50 €", "EUR 2", "20k").

    Args:
        text: As typed.
        field: Which of a brief's figures it is, for the error.

    Raises:
        BadBrief: It is no amount, or could be two.
    """
    wanted = "Write an amount such as 2.50, €1200 or CHF 0.40."
    left = text.strip()
    currency = None
    found = re.search(r"[€$£¥]|\b[A-Za-z]{3}\b", left)
    if found:
        currency = SIGNS.get(found[0], found[0].upper())
        left = left[: found.start()] + left[found.end() :]
    return Money(float(_number(left, text, field, wanted)), currency)


def read_share(text: str, field: str = "") -> float:
    """Reads a share ("3 %", "0.03", "1 in 50").

    Raises:
        BadBrief: It is none, or could be two.
    """
    wanted = "Write a share such as 3%, 0.03 or 1 in 50."
    left = text.strip().lower().removesuffix("percent").strip()
    fraction = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(?:in|of|out of|/)\s*(\d+(?:[.,]\d+)?)", left)
    if fraction:
        part, whole = (Decimal(side.replace(",", ".")) for side in fraction.groups())
        if not whole:
            raise _unreadable(text, field, "Nothing is a share of none.", wanted)
        return float(part / whole)
    percent = left.endswith("%") or left != text.strip().lower()
    number = _decimal(left.removesuffix("%").replace(",", "."), text, field, wanted)
    if percent:
        return float(number / 100)
    if number >= 1:
        raise _unreadable(text, field, f"Without a percent sign, {text.strip()} would be {number * 100:g}%.", wanted)
    return float(number)


def read_count(text: str, field: str = "") -> float:
    """Reads how many ("4000", "20k").

    Raises:
        BadBrief: It is no number, or could be two.
    """
    return float(_number(text, text, field, "Write a number such as 4000."))


def read_rate(text: str, field: str = "") -> float:
    """Reads how many in a month ("4000/month", "150 a day", "50k per year"); a bare number is a month's.

    Raises:
        BadBrief: It is no number or could be two, or the time is none of day, week, month, quarter and year.
    """
    wanted = "Write how many, such as 4000/month or 150 a day."
    parts = re.fullmatch(r"(.+?)\s*(?:/|\bper\b|\ban?\b)\s*([a-z]+)\s*", text.strip().lower())
    if parts is None:
        return float(_number(text, text, field, wanted))
    unit = parts[2].removesuffix("s")
    if unit not in A_MONTH:
        known = f"“{parts[2]}” is none of {', '.join(A_MONTH)}."
        raise _unreadable(text, field, known, wanted)
    return float(_number(parts[1], text, field, wanted) * A_MONTH[unit])


def read_date(text: str, field: str = "") -> date:
    """Reads a day ("2027-06-30", "30.6.2027", "30 June 2027").

    Raises:
        BadBrief: It is none, or could be two.
    """
    wanted = "Write the day as 2027-06-30."
    left = text.strip().lower()
    dotted = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", left)
    named = re.fullmatch(r"(\d{1,2})\.? ([a-z]{3,9}) (\d{4})", left)
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", left)
    if slashed:
        return _slashed(*map(int, slashed.groups()), text=text, field=field)
    try:
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        if named:
            return date(int(named[3]), MONTHS.index(named[2][:3]) + 1, int(named[1]))
        return date.fromisoformat(left)
    except ValueError:
        figures = dotted or re.fullmatch(r"\d{4}-\d{2}-\d{2}", left)
        why = "No calendar has this day." if figures else "That is not how a day is written."
        raise _unreadable(text, field, why, wanted) from None


def _slashed(first: int, second: int, year: int, *, text: str, field: str) -> date:
    """A day between slashes, where it is clear which part is the month."""
    found = set()
    for day, month in ((first, second), (second, first)):
        with suppress(ValueError):
            found.add(date(year, month, day))
    if len(found) == 1:
        return found.pop()
    either = " or ".join(f"{each:%-d %B %Y}" for each in sorted(found))
    why = f"It could be {either}." if found else "No calendar has this day."
    raise _unreadable(text, field, why, "Write the day as 2027-06-30.")


def read_yes_no(text: str, field: str = "") -> bool:
    """Reads yes or no.

    Raises:
        BadBrief: It is neither.
    """
    left = text.strip().lower()
    if left in {"yes", "y", "true"}:
        return True
    if left in {"no", "n", "false"}:
        return False
    raise _unreadable(text, field, "It is neither yes nor no.", "Write yes or no.")


def plain_number(number: float) -> str:
    """A number as it can be typed and is read back to the same: no thousands, no exponent, never ambiguous."""
    text = f"{Decimal(repr(float(number))):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}0" if two_ways(text) else text


def two_ways(digits: str) -> tuple[str, str] | None:
    """Both numbers that one lone sign can make ("1.200", "1,200"), each so that it cannot be the other.

    Returns:
        The one with the sign between thousands and the one with it before a fraction; None where it can be one only.
    """
    bare = digits.strip()
    if _TWO_WAYS.fullmatch(bare.lstrip("+-−")) is None:
        return None
    whole, fraction = re.sub("[.,]", "", bare), bare.replace(",", ".")
    return whole, fraction.rstrip("0").rstrip(".") if fraction.endswith("0") else f"{fraction}0"


def plain_share(part: float) -> str:
    """A share as it can be typed and is read back to the same ("3%")."""
    percent = Decimal(repr(float(part))) * 100
    text = f"{percent:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def _number(text: str, typed: str, field: str, wanted: str) -> Decimal:
    """A number with signs for thousands or decimals, perhaps in thousands or millions."""
    left = text.strip().lower().replace("\u00a0", " ").replace("\u202f", " ")
    found = _NUMBER.match(left)
    if found is None:
        raise _unreadable(typed, field, "That is no number.", wanted)
    word = left[found.end() :].strip()
    if word and word not in LARGE:
        raise _unreadable(typed, field, f"“{word[:LONGEST]}” is not understood.", wanted)
    digits = re.sub(r"['’ ]", "", found[0]).replace("−", "-")
    return _decimal(_western(digits, typed, field), typed, field, wanted) * LARGE.get(word, 1)


def _western(digits: str, typed: str, field: str) -> str:
    """Thousands without a sign, decimals with a point."""
    bare = digits.lstrip("+-")
    if "," in bare and "." in bare:
        decimals = max(bare.rfind(","), bare.rfind("."))
        thousands = "," if bare[decimals] == "." else "."
        return digits.replace(thousands, "").replace(",", ".")
    ways = two_ways(bare)
    if ways is not None:
        whole, fraction = ways
        reason = f"“{bare}” could be {whole} or {fraction}."
        raise _unreadable(typed, field, reason, f"Write {whole} or {fraction}.")
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3}){2,}", bare) or re.fullmatch(r"[1-9]\d{0,2}(\.\d{3}){2,}", bare):
        return digits.replace(",", "").replace(".", "")
    return digits.replace(",", ".")


def _decimal(digits: str, typed: str, field: str, wanted: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise _unreadable(typed, field, "That is no number.", wanted) from None
    if not number.is_finite() or len(digits) > MOST_DIGITS:
        raise _unreadable(typed, field, "That is no figure to reckon with.", wanted)
    return number


def _unreadable(typed: str, field: str, reason: str, wanted: str) -> BadBrief:
    shown = typed.strip()[:LONGEST]
    fact = f"“{shown}” cannot be read." if shown else "Nothing was written."
    return BadBrief(field=field, fact=fact, reason=reason, remedy=wanted)
