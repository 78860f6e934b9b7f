"""What kind of answer a column holds: one label, several, or a number; and each cell as it is kept."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from understudy.domain.noun import InputNoun
from understudy.domain.task import AnswerKind, Task, labels_text, number_text
from understudy.domain.texts import json_in
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.modalities.table.cells import Cell, NumberStyle, number_of, style_of, text_of

SEPARATORS: Final = (";", "|")
"""What stands between several labels in one cell."""
COMMA: Final = ","
"""Stands between them, too, where a person says that there are several: it is too often part of a label."""
NAMED: Final = 4
"""Words for no answer that are named, of all that a column has."""
MANY: Final = 20
"""A column of more different numbers than this holds numbers; fewer may be marks or kinds."""
MANY_FRACTIONS: Final = 10
MOSTLY: Final = 0.95
LONGEST_LABEL: Final = 500
MOST_VALUES: Final = 200_000
"""Different values after which no more are counted: what differs that much holds no labels."""
TENTH: Final = 0.1
_LABELS: Final = InputNoun("label", "labels")
_NOTHING: Final = frozenset(("", "nan", "null", "none of", "n/a", "?", "<na>"))


class TargetUnusable(SourceUnreadable):
    """The column to be predicted says nothing that could be learned."""


@dataclass(frozen=True)
class Said:
    """What a column says, counted.

    Attributes:
        column: Its name.
        often: By cell as text, how often.
        unsaid: The same of cells that are taken for no answer; "" where they are empty.
        rows: Rows in all.
    """

    column: str
    often: Counter[str]
    unsaid: Counter[str]
    rows: int

    @property
    def labelled(self) -> int:
        """Rows that say something."""
        return sum(self.often.values())


@dataclass(frozen=True)
class Answers:
    """How a column is read.

    Attributes:
        task: Kind of answer, tolerance and unit.
        read: From a cell to the label as it is kept; None where it says nothing.
        says: What was understood, for people.
        unsaid: Cells that are taken for no answer, and how often; see `Said`.
        separator: What stands between several labels in a cell; None where there is one, or nothing tells.
    """

    task: Task
    read: Callable[[Cell], str | None]
    says: tuple[str, ...] = ()
    unsaid: Mapping[str, int] = field(default_factory=dict)
    separator: str | None = None


def counted(column: str, cells: Iterable[Cell]) -> Said:
    """Counts what a column says."""
    often: Counter[str] = Counter()
    unsaid: Counter[str] = Counter()
    rows = 0
    for cell in cells:
        rows += 1
        text = plain(cell)
        if text is None:
            unsaid[text_of(cell)] += 1
        elif text in often or len(often) < MOST_VALUES:
            often[text] += 1
    return Said(column, often, unsaid, rows)


def plain(cell: Cell) -> str | None:
    """A cell as one label; None where it says nothing."""
    text = text_of(cell)[:LONGEST_LABEL]
    return None if text.lower() in _NOTHING else text


def said_instead(unsaid: Mapping[str, int]) -> str:
    """What cells do that are taken for no answer: they are empty, or say something that means that."""
    words = [f"“{word}” ({often:,})" for word, often in unsaid.items() if word]
    if not words:
        return "is empty"
    told = f"says {' or '.join(words[:NAMED])}, which is taken for no answer"
    return f"is empty, or {told}" if "" in unsaid else told


def answers_of(said: Said, modality: str, meant: Meant) -> Answers:
    """Finds out what kind of answer a column holds, unless a person or the project says it.

    Raises:
        TargetUnusable: It says nothing, always the same, or something else in every row.
    """
    return replace(_answers(said, modality, meant), unsaid=dict(said.unsaid.most_common()))


def _answers(said: Said, modality: str, meant: Meant) -> Answers:
    values = list(said.often)
    kind = meant.answers or kind_of(values)
    if meant.task is not None and not (meant.anew and kind is AnswerKind.NUMBER):
        kind = meant.task.answers
    if kind is AnswerKind.NUMBER:
        return _number(said, values, modality, meant)
    if meant.task is None:
        _check(said, kind)
    if kind is AnswerKind.LABELS:
        asked = (COMMA,) if meant.answers is kind else ()
        separator = separator_of(values, (*SEPARATORS, *asked)) or meant.separator
        told = (_says_several(said.column, separator),)
        return Answers(Task(modality, kind), lambda cell: _several(cell, separator), told, separator=separator)
    return Answers(Task(modality, kind), plain, _says_label(said))


def kind_of(values: Sequence[str]) -> AnswerKind:
    """The kind of answer that different cells seem to be."""
    found = [number for number in _numbers(values) if math.isfinite(number)]
    fractions = any(not number.is_integer() for number in found)
    if len(found) >= MOSTLY * len(values) and len(set(found)) > (MANY_FRACTIONS if fractions else MANY):
        return AnswerKind.NUMBER
    return AnswerKind.LABELS if separator_of(values) else AnswerKind.LABEL


def _numbers(values: Sequence[str]) -> list[float]:
    style = style_of(values)
    return [number_of(value, style) for value in values]


def separator_of(values: Sequence[str], among: Sequence[str] = SEPARATORS) -> str | None:
    """What stands between several labels, or None where cells hold one: the parts come again in other cells.

    Args:
        values: Different cells; that some are lists of JSON is told by "[".
        among: What it may be, the likeliest first.
    """
    if any(value.startswith("[") and isinstance(_list(value), list) for value in values):
        return "["
    for separator in among:
        split = [[part.strip() for part in value.split(separator) if part.strip()] for value in values[:5000]]
        joined = [parts for parts in split if len(parts) > 1]
        holders = Counter(part for parts in split for part in set(parts))
        inside = {part for parts in joined for part in parts}
        again = sum(holders[part] > 1 for part in inside)
        if joined and again * 2 >= len(inside) and max(map(len, inside)) <= LONGEST_LABEL // 5:
            return separator
    return None


def _several(cell: Cell, separator: str | None) -> str | None:
    text = plain(cell)
    if text is None:
        return None
    if separator == "[" or (separator is None and text.startswith("[")):
        given = _list(text)
        if isinstance(given, list):
            return labels_text(tuple(str(each).replace(";", ",").strip() for each in given if str(each).strip()))
    parts = text.split(separator) if separator and separator != "[" else text.split(";")
    return labels_text(tuple(part.strip() for part in parts if part.strip()))


def _list(text: str) -> object:
    try:
        return json_in(text)
    except (ValueError, RecursionError):
        return None


def _number(said: Said, values: Sequence[str], modality: str, meant: Meant) -> Answers:
    style = style_of(values)

    def read(cell: Cell) -> str | None:
        number = number_of(cell, style)
        return number_text(number) if math.isfinite(number) else None

    task = meant.task
    if task is not None and task.answers is AnswerKind.NUMBER:
        return Answers(task, read, ())
    spread = np.fromiter((number_of(value, style) for value in said.often.elements()), np.float64)
    spread = spread[np.isfinite(spread)]
    if not len(spread) or spread.min() == spread.max():
        raise _constant(said.column, values[0] if values else "nothing")
    tolerance = meant.tolerance if meant.tolerance is not None else suggested(spread)
    unit = f" {meant.unit}" if meant.unit else ""
    told = f"“{said.column}” holds numbers, from {spread.min():,g} to {spread.max():,g}{unit}."
    how = "as you said" if meant.tolerance is not None else "a tenth of what the middle half of them spans"
    right = (
        f"A prediction counts as right when it is at most {tolerance:,g}{unit} off ({how}). To change it: --tolerance."
    )
    before = () if task is None else ("Before, they were taken for labels. To keep that: --answers label.",)
    return Answers(Task(modality, AnswerKind.NUMBER, tolerance, meant.unit), read, (told, *before, right))


def suggested(numbers: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """A tolerance for numbers: a tenth of what their middle half spans, to two digits; (n,), not all the same."""
    low, high = np.quantile(numbers, (0.25, 0.75))
    spread = float(high - low) or float(numbers.std())
    return float(f"{TENTH * spread:.2g}")


def _check(said: Said, kind: AnswerKind) -> None:
    """Refuses a column from which nothing can be learned."""
    if not said.often:
        return
    if len(said.often) == 1 and said.labelled > 1 and kind is AnswerKind.LABEL:
        raise _constant(said.column, next(iter(said.often)))
    if kind is AnswerKind.LABEL and said.labelled >= MANY and len(said.often) == said.labelled:
        shown = ", ".join(f"“{value[:40]}”" for value in list(said.often)[:3])
        raise TargetUnusable(
            fact=f"The column “{said.column}” says something else in each of {said.labelled:,} rows.",
            reason=f"A label has to come again before it can be learned; these begin {shown}.",
            remedy="Name the column that is to be predicted with --target.",
        )


def _constant(column: str, value: str) -> TargetUnusable:
    return TargetUnusable(
        fact=f"The column “{column}” says “{value[:60]}” in every row.",
        reason="Where every answer is the same, there is nothing to be learned.",
        remedy="Add rows with other answers, or name the column that is to be predicted with --target.",
    )


def _says_label(said: Said) -> tuple[str, ...]:
    if not said.often:
        return ()
    common = ", ".join(f"“{value[:40]}” ({often:,})" for value, often in said.often.most_common(4))
    rest = f" and {len(said.often) - 4:,} more" if len(said.often) > 4 else ""
    if len(said.often) == 1:
        return (f"“{said.column}” is to be predicted; so far it says one thing only: {common}.",)
    return (f"“{said.column}” is to be predicted, one of {_LABELS.counted(len(said.often))}: {common}{rest}.",)


def _says_several(column: str, separator: str | None) -> str:
    split = ", split at commas" if separator == COMMA else ""
    return f"“{column}” is to be predicted, several labels at once{split}. If each cell is one label: --answers label."


__all__ = [
    "COMMA",
    "Answers",
    "NumberStyle",
    "Said",
    "TargetUnusable",
    "answers_of",
    "counted",
    "kind_of",
    "plain",
    "separator_of",
    "suggested",
]
