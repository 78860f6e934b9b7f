"""Numbers with their unit, as a person reads them: three digits, no exponent, and bounds rounded to the worse."""

import math
from decimal import Decimal

from understudy.domain.task import AnswerKind, Task, number_in
from understudy.studio.words.phrases import name

BEFORE = frozenset("€$£¥")
"""Units that stand before the number."""
DIGITS = 3
BEYOND = 1e300
"""As far off as an answer is that is no number; see `stats.number_figures`."""


def measure(figure: float, unit: str) -> str:
    """A number with its unit, to three digits ("3.2 minutes", "€1,240", "0.0021"); "anything" where it is none."""
    if not abs(figure) < BEYOND:
        return "anything"
    return _with_unit(_digits(figure), unit)


def measure_bound(bound: float, unit: str, *, low: bool) -> str:
    """A bound, rounded to the worse: a lower one down, an upper one up, to three digits."""
    if not abs(bound) < BEYOND:
        return "anything"
    if not bound:
        return _with_unit("0", unit)
    step = 10.0 ** (math.floor(math.log10(abs(bound))) - DIGITS + 1)
    whole = round(bound / step, 6)
    return measure((math.floor(whole) if low else math.ceil(whole)) * step, unit)


def answer_words(text: str, task: Task) -> str:
    """An answer as it is kept, with its unit where it is a number; all digits that it was given with."""
    number = number_in(text)
    return text if not math.isfinite(number) else _with_unit(_all_digits(text), task.unit)


def answer_name(text: str, task: Task | None) -> str:
    """An answer as it can be shown anywhere: a number as `answer_words` has it, a label as `phrases.name` does.

    Args:
        text: The answer as it is kept.
        task: What is answered; None where that is not known, so that a number stands as it is kept.
    """
    return name(answer_words(text, task) if task is not None and task.answers is AnswerKind.NUMBER else text)


def tolerance_words(task: Task) -> str:
    """What a right number is ("within 5 minutes", "exactly right")."""
    return f"within {measure(task.tolerance, task.unit)}" if task.tolerance else "exactly right"


def right_means(task: Task) -> str:
    """What counts as right, in one sentence; empty where that needs no words."""
    match task.answers:
        case AnswerKind.NUMBER if task.tolerance:
            return f"A number counts as right when it is {tolerance_words(task)} of the truth."
        case AnswerKind.NUMBER:
            return "A number counts as right only when it is exactly the truth."
        case AnswerKind.LABELS:
            return "Several labels count as right when they are all there are, and none besides."
        case AnswerKind.RANKING:
            return "A list counts as right when what was chosen stands in it."
    return ""


def _with_unit(digits: str, unit: str) -> str:
    if not unit:
        return digits
    if unit in BEFORE:
        return f"−{unit}{digits[1:]}" if digits.startswith("−") else f"{unit}{digits}"
    return f"{digits}{unit}" if unit in {"%", "°", "°C", "°F"} else f"{digits} {unit}"


def _digits(figure: float) -> str:
    if not figure:
        return "0"
    size = abs(figure)
    places = max(0, DIGITS - 1 - math.floor(math.log10(size)))
    shown = f"{round(size, places):,.{min(places, 12)}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    if size >= 10**DIGITS:
        shown = f"{float(f'{size:.{DIGITS}g}'):,.0f}"
    return f"−{shown}" if figure < 0 and shown != "0" else shown


def _all_digits(text: str) -> str:
    plain = text.strip()
    if "e" in plain.lower():
        plain = f"{Decimal(plain):f}"
    whole, point, rest = plain.partition(".")
    sign, whole = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(whole):,}{point}{rest}" if whole.isdecimal() else plain
