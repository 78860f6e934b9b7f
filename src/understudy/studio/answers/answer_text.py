"""What a person or a program says, as the text that it is kept as: checked, and the same for the same answer."""

import math
from collections.abc import Sequence

from understudy.domain.answer import Answer, Reason, decided_in, decides
from understudy.domain.brief import BadBrief
from understudy.domain.errors import UnderstudyError
from understudy.domain.task import (
    BETWEEN_LABELS,
    NONE_OF_THESE,
    AnswerKind,
    Task,
    denies_itself,
    labels_text,
    number_text,
)
from understudy.domain.texts import is_storable
from understudy.studio.words.figures import read_count, two_ways
from understudy.studio.words.number_words import BEYOND
from understudy.studio.words.phrases import name

LONGEST_LABEL = 200
"""Letters."""
MOST_LABELS = 50
"""Labels in one answer."""
BETWEEN = BETWEEN_LABELS.strip()


class BadLabel(UnderstudyError):
    """What was answered cannot be an answer."""


def checked_answer(task: Task, text: str, *, typed: bool) -> str:
    """An answer as it is kept.

    Args:
        task: What is to be answered.
        text: As it was said: a label, several with semicolons between them, a number with or without its unit, or the
            item that was chosen.
        typed: A person wrote it, to whom the sign in “1.200” or “1,200” may stand between thousands or before a
            fraction; in what a program or a table says, points stand before the fraction and commas do not.

    Raises:
        BadLabel: It cannot be one, or could be two numbers.
    """
    if task.answers is AnswerKind.NUMBER:
        return _checked_number(task, text, typed=typed)
    if task.answers is AnswerKind.LABELS:
        return _checked_labels(text)
    return checked_label(text)


def text_of(said: str | float | Sequence[str]) -> str:
    """What a program said in JSON, as text: a number, several labels as a list, or a text."""
    if isinstance(said, str):
        return said
    if isinstance(said, int | float):
        return repr(said)
    return BETWEEN_LABELS.join(said) if said else NONE_OF_THESE


def checked_label(text: str) -> str:
    """A label as it is kept: without blanks around it.

    Raises:
        BadLabel: It is empty, longer than `LONGEST_LABEL`, or holds what no file can carry.
    """
    label = text.strip()
    if label and len(label) <= LONGEST_LABEL and is_storable(label):
        return label
    raise BadLabel(
        fact="That cannot be a label.",
        reason=f"A label is a text of 1 to {LONGEST_LABEL} letters."
        if len(label) > LONGEST_LABEL or not label
        else "It holds a sign that no file can carry.",
        remedy="Choose one of the labels, or say that you cannot tell.",
    )


def _checked_labels(text: str) -> str:
    """Several labels, each checked by itself; none of them is said with `NONE_OF_THESE`."""
    if text.strip() == NONE_OF_THESE:
        return NONE_OF_THESE
    parts = [part for part in text.split(BETWEEN) if part.strip()]
    if not parts:
        raise BadLabel(
            fact="No label was chosen.",
            reason="Nothing chosen could mean that none applies, or that nobody looked.",
            remedy=f"Choose those that apply, or say “{NONE_OF_THESE}”.",
        )
    if len(parts) > MOST_LABELS:
        raise BadLabel(
            fact=f"That is {len(parts):,} labels at once.",
            reason=f"One answer has at most {MOST_LABELS}.",
            remedy=f"Choose those that apply, with “{BETWEEN}” between them.",
        )
    said = labels_text(tuple(checked_label(part) for part in parts))
    if denies_itself(said):
        raise BadLabel(
            fact=f"“{name(said)}” is no answer here.",
            reason=f"“{NONE_OF_THESE}” says that no label applies, and others stand beside it.",
            remedy=f"Choose those that apply, or say “{NONE_OF_THESE}” alone.",
        )
    return said


def _checked_number(task: Task, text: str, *, typed: bool) -> str:
    """A number as a program writes it, else as a person does, with or without its unit."""
    bare = _without_unit(text.strip(), task.unit)
    ways = two_ways(bare)
    if typed and ways is not None:
        raise _two_numbers(bare, *ways)
    try:
        number = float(bare if ways is None else bare.replace(",", ""))
    except ValueError:
        number = _typed_number(task, bare, text)
    if not math.isfinite(number) or abs(number) >= BEYOND:
        raise _no_number(task, text, "It is no number to reckon with.")
    return number_text(number)


def _typed_number(task: Task, bare: str, text: str) -> float:
    try:
        return read_count(bare)
    except BadBrief as error:
        raise _no_number(task, text, error.reason) from error


def _two_numbers(bare: str, whole: str, fraction: str) -> BadLabel:
    sign = "comma" if "," in bare else "point"
    return BadLabel(
        fact=f"“{bare}” can be read in two ways.",
        reason=f"Its {sign} may stand between thousands or before a fraction.",
        remedy=f"Write {whole} or {fraction}.",
    )


def _without_unit(text: str, unit: str) -> str:
    return text.removeprefix(unit).removesuffix(unit).strip() if unit else text


def _no_number(task: Task, text: str, reason: str) -> BadLabel:
    of = f" in {task.unit}" if task.unit else ""
    shown = f"“{name(text)}” is no answer here." if text.strip() else "No number was given."
    return BadLabel(
        fact=shown,
        reason=f"An answer is a number{of}. {reason}",
        remedy="Write a number such as 12.5, or say that you cannot tell.",
    )


def moved_word(push: float, kind: AnswerKind, label: str = "") -> str:
    """Which way something moved an answer of a kind, in a word: towards it or away from it; a number up or down.

    Args:
        push: How far.
        kind: Of the answer.
        label: Of several labels at once: which of them.
    """
    if kind is AnswerKind.NUMBER:
        return "raises it" if push > 0 else "lowers it"
    return f"{'for' if push > 0 else 'against'}{f' “{name(label)}”' if label else ''}"


def moved_means(kind: AnswerKind, reasons: Sequence[Reason]) -> str:
    """What the words of `moved_word` say, in one sentence, and where all is against, what that comes to; else empty.

    Args:
        kind: Of the answer.
        reasons: What moved it.
    """
    if not reasons or kind is AnswerKind.RANKING:
        return ""
    if kind is AnswerKind.NUMBER:
        return "Strongest first. “Raises it”: without this part the number would be smaller; “lowers it”: larger."
    says = "Strongest first. “For”: without this part the model would be less sure; “against”: surer."
    alone = " No single part carries the answer: it rests on several together."
    return says + ("" if any(each.push > 0 for each in reasons) else alone)


def decided_words(answer: Answer, reasons: Sequence[Reason], thing: str) -> str:
    """Which part of what goes by in time decided an answer, or that none did; empty where that was not looked at.

    Args:
        answer: What a model said.
        reasons: What moved it.
        thing: What the input is called ("recording").
    """
    seconds = answer.seconds or decided_in(answer.kind, reasons)
    if seconds is not None:
        return f"What decided it lies from {seconds[0]:.1f} to {seconds[1]:.1f} seconds."
    if not any(each.seconds for each in reasons) or any(decides(answer.kind, each) for each in reasons):
        return ""
    left = "the model would be about as sure, or surer"
    if answer.kind is AnswerKind.NUMBER:
        left = "the number would be the same"
    return f"No part of the {thing} decided it by itself: without any single one {left}."
