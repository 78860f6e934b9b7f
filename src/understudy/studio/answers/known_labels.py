"""Known labels: what has been used in a project, so that a slip is told from a label that is new."""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, labels_in
from understudy.modalities.table.schema import nearest
from understudy.studio.answers.answer_text import BETWEEN, BadLabel, checked_answer
from understudy.studio.words.phrases import name as shown

NEW: Final = "+"
"""Stands in front of a label or an item that is meant to be new."""
MISSPELT: Final = "one that is misspelt would be one more to learn"
MOST_LISTED: Final = 20
"""Labels that an error lists."""
MOST_KEYS: Final = 9
"""Labels that a digit can choose by their place."""
_NUMBER: Final = re.compile(r"[-+−]?[\d.,]*\d")


class UnknownLabel(BadLabel):
    """Nobody has used this label in the project, and it was not said that it is a new one."""


def labels_within(task: Task, value: str) -> tuple[str, ...]:
    """The labels in an answer; a number has none, and may be any."""
    if task.answers is AnswerKind.LABELS:
        return labels_in(value)
    return () if task.answers is AnswerKind.NUMBER or value == NONE_OF_THESE else (value,)


def meant_answer(task: Task, text: str, known: Sequence[str], *, of: str, typed: bool) -> str:
    """An answer as it is kept; a label that nobody has used needs a plus sign in front, or it is taken for a slip.

    Args:
        task: What is to be answered.
        text: As it was said, as `checked_answer` takes it.
        known: The labels ever used; where there are none yet, any may be given.
        of: The project's name.
        typed: A person wrote it; see `checked_answer`.

    Raises:
        BadLabel: It cannot be an answer.
        UnknownLabel: Nobody has used a label in it, and no plus sign says that it is new.
    """
    said = checked_answer(task, text, typed=typed)
    labels = labels_within(task, said)
    strange = [label for label in labels if label not in known and not _says_new(label)]
    if known and strange:
        raise unknown_label(of, strange[0], known, stays=MISSPELT, new=f"write {NEW}{strange[0][:40]}")
    return checked_answer(task, BETWEEN.join(_plain(label, known) for label in labels), typed=typed) if labels else said


def typed_answer(task: Task, text: str, known: Sequence[str]) -> str:
    """An answer as it is kept, typed where the labels stand beside it: what is none of them is meant to be new.

    Args:
        task: What is to be answered.
        text: As it was typed; a label is known whatever its capitals, and a new one may have a plus sign in front.
        known: The labels ever used.

    Raises:
        BadLabel: It cannot be an answer.
    """
    said = checked_answer(task, text, typed=True)
    alike = {label.casefold(): label for label in (NONE_OF_THESE, *reversed(known))}
    labels = [label if label in known else alike.get(label.casefold(), label) for label in labels_within(task, said)]
    return checked_answer(task, BETWEEN.join(_plain(label, known) for label in labels), typed=True) if labels else said


def _plain(label: str, known: Sequence[str]) -> str:
    return label.removeprefix(NEW).strip() if label not in known and _says_new(label) else label


def _says_new(label: str) -> bool:
    return label.startswith(NEW) and label != NEW


def unknown_label(
    project: str, value: str, known: Sequence[str], *, stays: str, new: str, noun: str = "label"
) -> UnknownLabel:
    """The error for a label that nobody has used.

    Args:
        project: Its name.
        value: What was said.
        known: The labels there are.
        stays: What would come of a slip, to follow a semicolon.
        new: How one says that it is a new label.
        noun: What it is: "label" or "item".
    """
    fact, reason, remedy = unknown_words(value, known, stays=stays, new=f"say so: {new}", noun=noun, of=project)
    return UnknownLabel(fact=fact, reason=reason, remedy=remedy)


def unknown_words(
    value: str, known: Sequence[str], *, stays: str, new: str, noun: str = "label", of: str = ""
) -> tuple[str, str, str]:
    """What is said of a label that nobody has used: fact, reason and remedy.

    Args:
        value: What was said.
        known: The labels there are.
        stays: What would come of a slip, to follow a semicolon.
        new: What to do where a new label is meant.
        noun: What it is: "label" or "item".
        of: The project's name; left out where it is plain.
    """
    few = ", ".join(f"“{shown(label)}”" for label in known[:MOST_LISTED])
    more = f" and {len(known) - MOST_LISTED:,} more" if len(known) > MOST_LISTED else ""
    meant = nearest(value, known)
    hint = meant if meant.startswith("Perhaps") else "Correct it."
    return (
        f"“{shown(value)}” is no {noun} of {f'“{of}”' if of else 'this project'}.",
        f"Its {noun}s are {few}{more}; {stays}.",
        f"{hint} If a new {noun} is meant, {new}.",
    )


def chosen_by_place(labels: Sequence[str]) -> bool:
    """Whether a number can only mean a label's place: no label is a number, or holds that of another's place."""
    places = {str(place) for place in range(len(labels) + 1)}
    return not any(
        _NUMBER.fullmatch(label.strip()) or (_numbers_in(label) - {str(place)}) & places
        for place, label in enumerate(labels, 1)
    )


def digit_keys(labels: Sequence[str]) -> dict[str, str]:
    """The digits that choose labels: those of their places, or where these could be mistaken, the label itself.

    A digit that others begin with too chooses none: with “1” and “10” it would be given before it is typed.
    """
    if chosen_by_place(labels):
        return {label: str(place) for place, label in enumerate(labels[:MOST_KEYS], 1)}
    begun = Counter(label.lstrip("+-−")[:1] for label in labels)
    return {label: label for label in labels if len(label) == 1 and label in string.digits and begun[label] == 1}


def _numbers_in(label: str) -> set[str]:
    return {number.lstrip("0") or "0" for number in re.findall(r"\d+", label)}


def single_labels(task: Task, begun: Mapping[str, datetime]) -> dict[str, datetime]:
    """Since when each label is used, where an answer may hold several."""
    if task.answers is not AnswerKind.LABELS:
        return dict(begun)
    found: dict[str, datetime] = {}
    for text, at in begun.items():
        for label in labels_in(text):
            found[label] = min(at, found.get(label, at))
    return found
