"""What a search of tables learns from: rows with their answers and groups, read by a schema."""

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import intern
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.fit import known_cells
from understudy.modalities.table.schema import Column, Kind, TableSchema
from understudy.search.scale import Scale
from understudy.search.tables.columns import Cells, cells_of
from understudy.search.tables.target import Target
from understudy.search.target import TooLittleToLearn, numbers_to_learn, scale_of

MOST_LABELS: Final = 1_000
"""Labels above which a target is taken for a number or an id."""
FEWEST: Final = 3
"""Rows below which none can be held out while others are learned from that differ."""
REMADE: Final = "remade"
"""What an assignment says of how many rows shall be made up from the real ones."""


@dataclass(frozen=True)
class Lesson:
    """What a run learns from.

    Attributes:
        cells: The training rows.
        answers: What each is answered with, as it is kept.
        groups: Group of each, 0..g-1; a group is never split between folds.
        schema: How to read rows.
        version: Digest of rows, answers and groups: the same data, the same version.
        made: How many rows, the last ones, were made up: they are learned from, and nothing is judged by them.
        remade: How many more are made up from real ones, anew for each fold.
    """

    cells: Cells
    answers: tuple[str, ...]
    groups: npt.NDArray[np.int64]
    schema: TableSchema
    version: str
    made: int = 0
    remade: int = 0

    @property
    def real(self) -> int:
        """How many rows there are that nobody made up; they come first."""
        return len(self.answers) - self.made

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that the model sees."""
        return self.schema.seen

    @property
    def times(self) -> npt.NDArray[np.float64] | None:
        """When each row came about, or None where that does not count."""
        column = self.schema.time
        return None if column is None else self.cells.numbers[column.name]


def read_lesson(
    rows: Iterable[tuple[str, bytes, str, str]], schema: TableSchema, *, made: int = 0, remade: int = 0
) -> Lesson:
    """Reads what is to be learned.

    Args:
        rows: Digest, bytes, answer and group of each row.
        schema: Which columns to read, and as what.
        made: How many of them, the last ones, were made up.
        remade: How many more shall be made up from the real ones.

    Raises:
        TooLittleToLearn: There are no columns to learn from.
        RowUnreadable: A row that was readable on arrival no longer is.
    """
    if not schema.seen and all(column.kind is Kind.CONSTANT for column in schema.columns if column != schema.target):
        raise TooLittleToLearn(
            fact="There is nothing to learn from.",
            reason="Every column beside the answer is the same in all rows, so nothing tells the rows apart.",
            remedy="Add a column that differs from row to row, and begin a project with that table.",
        )
    if not schema.seen:
        raise TooLittleToLearn(
            fact="There is nothing to learn from.",
            reason="No column of the table is a feature: all are the answer, ids, constant or held out.",
            remedy="Say of at least one column that it is a feature.",
        )
    digest = hashlib.sha256(f"{made} made up, {remade} anew\n".encode() if made or remade else b"")
    answers: list[str] = []
    groups = array("Q")  # so that millions of rows take little memory

    def read() -> Iterator[Mapping[str, Cell]]:
        for name, data, answer, group in rows:
            digest.update(json.dumps([name, answer, group]).encode() + b"\n")
            answers.append(intern(answer))
            groups.append(int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big"))
            yield known_cells(data, schema)

    cells = cells_of(read(), schema.seen)
    places = np.unique(np.array(groups, np.uint64), return_inverse=True)[1]
    return Lesson(cells, tuple(answers), places.astype(np.int64), schema, digest.hexdigest(), made, remade)


@dataclass(frozen=True)
class Truth:
    """What is to be answered, in words and in numbers.

    Attributes:
        task: What the model is to answer.
        labels: The labels, in order; none for numbers.
        targets: One for labels or numbers; for several labels at once, one for each label: whether it is there.
        examples: Rows of each label, or of all numbers.
        numbers: The numbers themselves, (n,); (0,) for labels.
        scale: Their scale; None for labels.
    """

    task: Task
    labels: tuple[str, ...]
    targets: tuple[Target, ...]
    examples: tuple[int, ...]
    numbers: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    scale: Scale | None = None

    @property
    def several(self) -> bool:
        """Whether there may be several labels at once; so it is where there is but one, which is there or not."""
        return self.task.answers is AnswerKind.LABELS


def truth_of(lesson: Lesson, task: Task) -> Truth:
    """Reads the answers as a task takes them.

    Raises:
        TooLittleToLearn: There are too few, or all answers are the same or all different, or no numbers where numbers
            are asked for.
    """
    if 0 < len(lesson.answers) < FEWEST:
        raise _too_few(len(lesson.answers))
    if task.answers is AnswerKind.NUMBER:
        return _numbers(lesson, task)
    if task.answers is AnswerKind.LABELS:
        return _several(lesson, task)
    if task.answers is AnswerKind.LABEL:
        return _labels(lesson, task)
    raise TooLittleToLearn(
        fact="Rows of a table cannot be answered with a ranking.",
        reason="A ranking is learned from who chose what, not from rows.",
        remedy="Make a project of interactions, or let the answer be a label.",
    )


def heeded(lesson: Lesson, truth: Truth) -> Lesson:
    """The lesson with directions of columns only where it is clear what rises: a number, or the second of two labels.

    A third label may come long after a direction was given.
    """
    if truth.scale is not None or (len(truth.labels) == 2 and not truth.several):
        return lesson
    columns = tuple(replace(column, monotone=0) for column in lesson.schema.columns)
    return replace(lesson, schema=replace(lesson.schema, columns=columns))


def targets_of(truth: Truth, answers: Sequence[str], schema: TableSchema) -> tuple[Target, ...]:
    """Answers as candidates learn them, in the places and units of a truth, which knows all their labels."""
    if truth.scale is not None:
        values = (np.array([float(answer) for answer in answers]) - truth.scale.level) / truth.scale.unit
        return (Target(values, 0, np.ones(len(values))),)
    if truth.task.answers is AnswerKind.LABELS:
        held = [set(labels_in(answer)) for answer in answers]
        columns = (np.array([name in each for each in held], np.int64) for name in truth.labels)
        return tuple(Target(column, 2, np.ones(len(held))) for column in columns)
    places = {name: place for place, name in enumerate(truth.labels)}
    values = np.array([places[answer] for answer in answers], np.int64)
    return (Target(values, len(places), _weights(truth.labels, schema)[values]),)


def _too_few(count: int) -> TooLittleToLearn:
    return TooLittleToLearn(
        fact="There is one row to learn from." if count == 1 else f"There are {count} rows to learn from.",
        reason=f"A model learns from at least {FEWEST}, since some are held out to see what it has learned.",
        remedy="Add more rows; a few dozen are the least from which anything can be said.",
    )


def _labels(lesson: Lesson, task: Task) -> Truth:
    names = tuple(sorted(set(lesson.answers)))
    count = len(lesson.answers)
    if len(names) < 2:
        found = f"all {count:,} rows say “{names[0]}”" if names else "no row has an answer"
        raise TooLittleToLearn(
            fact="There is nothing to tell apart.",
            reason=f"A model learns from at least two labels, and {found}.",
            remedy="Add rows of another label.",
        )
    if len(names) > MOST_LABELS or (len(names) == count and count > 2):
        raise TooLittleToLearn(
            fact=f"The answers are {len(names):,} different labels in {count:,} rows.",
            reason="A label that hardly comes again cannot be learned.",
            remedy="Choose another column as the answer, or let it be a number.",
        )
    counts = Counter(lesson.answers)
    return _with_targets(Truth(task, names, (), tuple(counts[name] for name in names)), lesson)


def _weights(names: Sequence[str], schema: TableSchema) -> npt.NDArray[np.float64]:
    given = dict(schema.class_weights)
    return np.array([given.get(name, 1.0) for name in names])


def _several(lesson: Lesson, task: Task) -> Truth:
    sets = [labels_in(answer) for answer in lesson.answers]
    names = tuple(sorted({label for each in sets for label in each}))
    held = np.array([[name in each for name in names] for each in sets], bool).reshape(len(sets), len(names))
    if not names or not any(0 < column.sum() < len(sets) for column in held.T):
        raise TooLittleToLearn(
            fact="There is nothing to tell apart.",
            reason="No label is there in some rows and missing in others.",
            remedy="Add rows with other labels.",
        )
    return _with_targets(Truth(task, names, (), tuple(int(each) for each in held.sum(axis=0))), lesson)


def _numbers(lesson: Lesson, task: Task) -> Truth:
    values = numbers_to_learn(lesson.answers, "rows")
    return _with_targets(Truth(task, (), (), (len(values),), values, scale_of(values, task)), lesson)


def _with_targets(truth: Truth, lesson: Lesson) -> Truth:
    return replace(truth, targets=targets_of(truth, lesson.answers, lesson.schema))
