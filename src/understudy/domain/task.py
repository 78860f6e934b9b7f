"""The task of a project: what comes in, and what kind of answer goes out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

NONE_OF_THESE = "none of these"
"""The label of an input that belongs to no other label."""
BETWEEN_LABELS = "; "
"""Stands between several labels in one text."""


class AnswerKind(StrEnum):
    """What an answer is."""

    LABEL = "label"
    """One of several labels."""
    LABELS = "labels"
    """Several labels at once, or none."""
    NUMBER = "number"
    RANKING = "ranking"
    """A list of items, the best first."""


@dataclass(frozen=True)
class Task:
    """What a project decides about.

    Attributes:
        modality: Name of the kind of input ("photo", "text", "table", "sound", "video", "interactions").
        answers: What an answer is.
        tolerance: How far off a number may be and still count as right, in the number's unit; 0 for other kinds.
        unit: What a number counts, for people ("€", "minutes"), or empty.
    """

    modality: str = "photo"
    answers: AnswerKind = AnswerKind.LABEL
    tolerance: float = 0.0
    unit: str = ""

    def to_json(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {
            "modality": self.modality,
            "answers": self.answers.value,
            "tolerance": self.tolerance,
            "unit": self.unit,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Task":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        answers = AnswerKind(given["answers"])
        return cls(str(given["modality"]), answers, float(given["tolerance"]), str(given["unit"]))

    @property
    def allowed(self) -> float:
        """How far off a right number is at most: the tolerance, and a billionth of it for what 64 bits round."""
        return self.tolerance * (1 + 1e-9)

    def right(self, said: str, truth: str) -> bool:
        """Whether an answer is right, both as they are kept: the one definition that evidence and breaker share.

        - A number is right when it is no further off than the tolerance.
        - Several labels are right when they are the same set.
        - A ranking is right when what turned out stands in it.
        """
        match self.answers:
            case AnswerKind.NUMBER:
                return abs(number_in(said) - number_in(truth)) <= self.allowed
            case AnswerKind.LABELS:
                return set(labels_in(said)) == set(labels_in(truth))
            case AnswerKind.RANKING:
                return truth in labels_in(said)
        return said == truth


def labels_in(text: str) -> tuple[str, ...]:
    """The labels in a text that `labels_text` made, sorted; none in `NONE_OF_THESE` or an empty one."""
    if text == NONE_OF_THESE:
        return ()
    return tuple(sorted({label.strip() for label in text.split(BETWEEN_LABELS.strip()) if label.strip()}))


def denies_itself(text: str) -> bool:
    """Whether a text of several labels holds `NONE_OF_THESE` beside others; no model can answer so."""
    labels = labels_in(text)
    return len(labels) > 1 and NONE_OF_THESE in labels


def labels_text(labels: tuple[str, ...]) -> str:
    """Several labels as one text, the same for the same set; `NONE_OF_THESE` where there are none."""
    return BETWEEN_LABELS.join(sorted(set(labels))) or NONE_OF_THESE


def number_in(text: str) -> float:
    """The number in a text; not a number where there is none, which is never right."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def number_text(number: float) -> str:
    """A number as it is kept: fifteen significant digits, which survive in 64 bits whatever they are."""
    whole = float(number).is_integer() and abs(number) < 1e15
    return str(int(number)) if whole else f"{number:.15g}"


def number_shown(number: float) -> str:
    """A number as it is told: a whole one with all digits, another with six or more, and neither as “1e+06”."""
    size = abs(number)
    if not 1e-9 <= size < 1e15:
        return f"{number:g}"
    return f"{Decimal(f'{number:.{max(6, len(str(int(size))))}g}'):f}"
