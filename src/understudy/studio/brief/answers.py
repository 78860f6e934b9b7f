"""From typed answers to a brief and back: each answer reads as it was written, and writes as it is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from understudy.domain.brief import BadBrief, Brief, Demand, KillCriteria, WrongCost, checked_brief, checked_text
from understudy.domain.money import count, money, share
from understudy.studio.brief.questions import BY_FIELD, QUESTIONS, Kind, Question
from understudy.studio.words.figures import (
    plain_number,
    plain_share,
    read_count,
    read_date,
    read_money,
    read_rate,
    read_share,
    read_yes_no,
)
from understudy.studio.words.number_words import measure

UNKNOWN = {"", "unknown", "?", "-", "none yet", "don't know", "don’t know"}
"""What takes a figure back."""

IN_MONEY = {Kind.MONEY, Kind.COSTS}

_LABEL = r'\s*(?:"([^"]+)"|([^=\s"][^=]*))\s*'
_TWO_LABELS = re.compile(f"{_LABEL}={_LABEL}")


def value_of(brief: Brief, field: str) -> Any:
    """What a brief says to a question; None or an empty tuple where it says nothing."""
    part, _, rest = field.partition("_")
    return getattr(brief.kill, rest) if part == "kill" else getattr(brief, field)


def with_value(brief: Brief, field: str, value: Any) -> Brief:
    """The brief with another answer to one question."""
    part, _, rest = field.partition("_")
    if part == "kill":
        return replace(brief, kill=replace(brief.kill, **{rest: value}))
    return replace(brief, **{field: value})


def answered(brief: Brief, answers: Mapping[str, str]) -> Brief:
    """The brief with typed answers in place of what it said.

    Args:
        brief: As it was.
        answers: By field, as typed; "unknown" or nothing takes an answer back. Several entries stand on lines of
            their own.

    Raises:
        BadBrief: An answer cannot be read or cannot be, two currencies are mixed, or there is no such question.
    """
    written = {field: _read(_question(field), checked_text(field, text)) for field, text in answers.items()}
    named = {currency for _, currencies in written.values() for currency in currencies}
    changed = brief
    for field, (value, _) in written.items():
        changed = with_value(changed, field, value)
    return checked_brief(_in_one_currency(changed, named, written))


def answer_text(brief: Brief, field: str) -> str:
    """What a brief says to a question, as it can be typed again; empty where it says nothing."""
    value, kind = value_of(brief, field), _question(field).kind
    if value is None:
        return ""
    if kind in {Kind.MONEY, Kind.COUNT, Kind.RATE, Kind.AMOUNT}:
        return plain_number(value)
    writers: dict[Kind, Callable[[], str]] = {
        Kind.SHARE: lambda: plain_share(value),
        Kind.YES_NO: lambda: "yes" if value else "no",
        Kind.DATE: value.isoformat if kind is Kind.DATE else str,
        Kind.BARS: lambda: "\n".join(f"{label}={plain_share(bar)}" for label, bar in value),
        Kind.COSTS: lambda: "\n".join(
            f"{_quoted(one.truth)}={_quoted(one.answer)}:{plain_number(one.cost)}" for one in value
        ),
        Kind.NAMES: lambda: "\n".join(value),
    }
    return writers[kind]() if kind in writers else str(value)


def shown(brief: Brief, field: str) -> str:
    """What a brief says to a question, for a reader; "unknown" or "none" where it says nothing."""
    value, question = value_of(brief, field), _question(field)
    if value is None or value == ():
        return "none" if question.many or field == "asked_bar" else "unknown"
    currency = brief.currency
    writers: dict[Kind, Callable[[], str]] = {
        Kind.MONEY: lambda: money(value, currency),
        Kind.SHARE: lambda: share(value),
        Kind.COUNT: lambda: count(value),
        Kind.AMOUNT: lambda: measure(value, brief.unit or ""),
        Kind.RATE: lambda: f"{count(value)} a month",
        Kind.CHOICE: lambda: dict(question.choices)[str(value)],
        Kind.BARS: lambda: ", ".join(f"{label} {share(bar)}" for label, bar in value),
        Kind.COSTS: lambda: ", ".join(
            f"{one.truth} taken for {one.answer} {money(one.cost, currency)}" for one in value
        ),
        Kind.NAMES: lambda: ", ".join(value),
    }
    return writers[question.kind]() if question.kind in writers else answer_text(brief, field)


def with_entries(brief: Brief, field: str, lines: list[str]) -> str:
    """The text of a question with several entries after more were given: the same key is replaced, others are kept."""

    def key(line: str) -> str:
        return line.rpartition(":")[0] if field == "wrong_costs" else line.rpartition("=")[0] or line

    kept = {key(line): line for line in answer_text(brief, field).splitlines()}
    return "\n".join((kept | {key(line): line for line in lines}).values())


def _question(field: str) -> Question:
    if field in BY_FIELD:
        return BY_FIELD[field]
    close = get_close_matches(field, BY_FIELD, n=1, cutoff=0.5)
    raise BadBrief(
        field=field,
        fact=f"A brief has no “{field[:40]}”.",
        reason=f"Its questions are {', '.join(BY_FIELD)}.",
        remedy=f"Perhaps you mean “{close[0]}”." if close else "Name one of them.",
    )


def _read(question: Question, text: str) -> tuple[Any, frozenset[str]]:
    """An answer's value, and the currencies that were written with it."""
    nothing: frozenset[str] = frozenset()
    field, kind = question.field, question.kind
    if text.strip().lower() in UNKNOWN and kind is not Kind.CURRENCY:
        return _nothing(question), nothing
    if kind is Kind.MONEY:
        told = read_money(text, field)
        return told.amount, frozenset({told.currency} - {None})  # type: ignore[arg-type]
    if kind is Kind.COSTS:
        pairs = [_wrong_cost(line, field) for line in text.splitlines() if line.strip()]
        return tuple(one for one, _ in pairs), frozenset(code for _, code in pairs if code)
    readers: dict[Kind, Callable[[], Any]] = {
        Kind.SHARE: lambda: read_share(text, field),
        Kind.COUNT: lambda: _whole(read_count(text, field), text, field),
        Kind.RATE: lambda: read_rate(text, field),
        Kind.AMOUNT: lambda: read_count(text, field),
        Kind.DATE: lambda: read_date(text, field),
        Kind.YES_NO: lambda: read_yes_no(text, field),
        Kind.CHOICE: lambda: _choice(question, text),
        Kind.CURRENCY: lambda: text.strip().upper(),
        Kind.BARS: lambda: tuple(_bar(line, field) for line in text.splitlines() if line.strip()),
        Kind.NAMES: lambda: tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())),
    }
    return (readers[kind]() if kind in readers else text.strip()), nothing


def _nothing(question: Question) -> Any:
    return () if question.many else None


def _choice(question: Question, text: str) -> Demand:
    try:
        return Demand(text.strip().lower())
    except ValueError:
        known = ", ".join(value for value, _ in question.choices)
        raise BadBrief(
            field=question.field,
            fact=f"“{text.strip()[:40]}” is no sign of demand.",
            reason=f"The signs are {known}.",
            remedy="Name one of them, or “unknown”.",
        ) from None


def _whole(number: float, text: str, field: str) -> int:
    if not number.is_integer():
        raise BadBrief(
            field=field, fact=f"“{text.strip()[:40]}” is no count.", reason="Labels are whole.", remedy="Write 5000."
        )
    return int(number)


def _bar(line: str, field: str) -> tuple[str, float]:
    label, sign, bar = line.rpartition("=")
    if not sign or not label.strip():
        raise _unreadable_line(line, field, "label=share", "crack=98%")
    return label.strip(), read_share(bar, field)


def _wrong_cost(line: str, field: str) -> tuple[WrongCost, str | None]:
    kind, sign, cost = line.rpartition(":")
    named = _TWO_LABELS.fullmatch(kind)
    if not sign or named is None:
        if kind.count("=") > 1:
            raise _unreadable_line(
                line, field, "truth=answer:cost, and a label that holds “=” in quotation marks", '"<=50K"=">50K":10'
            )
        raise _unreadable_line(line, field, "truth=answer:cost", "crack=sound:400")
    told = read_money(cost, field)
    truth, answer = (named[place] or named[place + 1].strip() for place in (1, 3))
    return WrongCost(truth, answer, told.amount), told.currency


def _quoted(label: str) -> str:
    """A label as it stands in a line of costs."""
    return f'"{label}"' if "=" in label else label


def _unreadable_line(line: str, field: str, form: str, example: str) -> BadBrief:
    return BadBrief(
        field=field,
        fact=f"“{line.strip()[:60]}” cannot be read.",
        reason=f"It is written as {form}.",
        remedy=f"Write, for instance, {example}.",
    )


def _in_one_currency(brief: Brief, named: set[str], written: Mapping[str, Any]) -> Brief:
    """The brief in the one currency that was named.

    Raises:
        BadBrief: Two were named, or figures that were not written anew are in another.
    """
    wanted = {*named, brief.currency} if "currency" in written else named or {brief.currency}
    kept = [
        question.field
        for question in QUESTIONS
        if question.kind in IN_MONEY and question.field not in written and value_of(brief, question.field)
    ]
    if len(wanted) == 1 and (wanted == {brief.currency} or not kept):
        return replace(brief, currency=next(iter(wanted)))
    mixed = sorted({*wanted, brief.currency})
    raise BadBrief(
        field="currency",
        fact=f"Two currencies are mixed: {' and '.join(mixed)}.",
        reason="All costs of a brief are in one currency, and none is converted.",
        remedy="Write every cost in the same currency.",
    )


def is_empty(brief: Brief) -> bool:
    """Nothing is said but the currency."""
    return replace(brief, currency=Brief().currency) == Brief(kill=KillCriteria())
