"""Answers as the command line tells them: in words, or as JSON for programs."""

import json
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Final

from understudy.domain.answer import Answer, Reason, decided_in, share_words
from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.studio.answers.answer_text import moved_means, moved_word
from understudy.studio.launch.terms import Alone
from understudy.studio.words.number_words import answer_words

MOST_REASONS: Final = 5


def in_words(answer: Answer, task: Task, alone: Alone) -> str:
    """An answer on one line, or of items with titles on one a line; where a person should be asked, from where on not.

    Args:
        answer: The answer.
        task: With the unit of numbers.
        alone: From how sure on the model answers alone, and what says so.
    """
    if answer.kind is AnswerKind.RANKING and answer.label and not answer.ask_person:
        return _list_words(answer)
    told = answer.told(partial(answer_words, task=task))
    if not answer.ask_person or answer.stranger:
        return told
    return f"{told}; {_alone_from(answer.probability, alone)}"


def _list_words(answer: Answer) -> str:
    """A list with what its probability is of: that one of its items comes next."""
    share = share_words(answer.probability)
    if not answer.titles:
        return f"{answer.label} ({share}: what comes next is one of these)"
    width = max(len(item) for item, _ in answer.titled)
    lines = [f"  {item:{width}}  {title if title != item else ''}".rstrip() for item, title in answer.titled]
    return "\n".join([f"what comes next is one of these ({share}):", *lines])


def _alone_from(probability: float, alone: Alone) -> str:
    """From how sure on a model answers alone, with as many decimals as tell it from what it is now."""
    threshold = alone.threshold
    if threshold >= 1:
        return "the model answers nothing alone"
    for decimals in range(4):
        if f"{threshold:.{decimals}%}" != f"{probability:.{decimals}%}":
            break
    return f"the model answers alone from {threshold:.{decimals}%}, {alone.by}"


def reasons_in_words(answer: Answer, reasons: Sequence[Reason], *, explained: bool) -> list[str]:
    """What moved an answer, a line each, strongest first.

    Args:
        answer: The answer.
        reasons: What moved it.
        explained: Whether a last line says what the words mean.
    """
    shown = reasons[:MOST_REASONS]
    if answer.kind is AnswerKind.RANKING:
        return [f"  {each.what}" for each in shown]
    told = [f"  {moved_word(each.push, answer.kind, each.label)}: {each.what}" for each in shown]
    means = moved_means(answer.kind, reasons) if explained else ""
    return [*told, f"  {means}"] if means else told


def reasons_in_a_cell(answer: Answer, reasons: Sequence[Reason], most: int) -> str:
    """What moved an answer most, with which way, on one line ("for: tenure: 2; against: Contract: Two year")."""
    if answer.kind is AnswerKind.RANKING:
        return ", ".join(each.what for each in reasons[:most])
    told = [(moved_word(each.push, answer.kind, each.label), each.what) for each in reasons[:most]]
    order = list(dict.fromkeys(word for word, _ in told))
    parts = groupby(sorted(told, key=lambda pair: order.index(pair[0])), key=lambda pair: pair[0])
    return "; ".join(f"{word}: {', '.join(what for _, what in each)}" for word, each in parts)


def as_json(named: str, answer: Answer, reasons: Sequence[Reason]) -> str:
    """An answer as one line of JSON."""
    given = {
        "input": named,
        "label": answer.label,
        "probability": answer.probability,
        "runner_up": answer.runner_up,
        "runner_up_probability": answer.runner_up_probability,
        "ask_person": answer.ask_person,
    }
    beside = {"interval": answer.interval, "unknown": answer.unknown or None}
    given |= {name: value for name, value in beside.items() if value is not None}
    given |= _seconds(answer, reasons)
    given |= {"labels": labels_in(answer.label)} if answer.kind is AnswerKind.LABELS else {}
    given |= {"titles": answer.titles} if answer.titles else {}
    given |= {"remarks": answer.remarks} if answer.remarks else {}
    if reasons:
        given["reasons"] = [each.to_json() for each in reasons]
    return json.dumps(given, ensure_ascii=False)


def _seconds(answer: Answer, reasons: Sequence[Reason]) -> dict[str, object]:
    """Which seconds decided, as over HTTP: null where reasons tell that none did by themselves."""
    seconds = answer.seconds or decided_in(answer.kind, reasons)
    return {"seconds": seconds} if seconds or any(each.seconds for each in reasons) else {}
