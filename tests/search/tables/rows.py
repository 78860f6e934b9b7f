"""Drawn tables to learn from, and a run on them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.search.parts import read_parts
from understudy.search.tables.lesson import Lesson, read_lesson
from understudy.search.tables.model import TableModel, read
from understudy.search.tables.training import Settings, Training
from understudy.search.trained import Trained

Row = dict[str, Cell]

LABEL = Task("table", AnswerKind.LABEL)
LABELS = Task("table", AnswerKind.LABELS)
NUMBER = Task("table", AnswerKind.NUMBER, tolerance=1.0, unit="€")


def drawn(count: int, *, seed: int = 0) -> list[Row]:
    """Rows whose answers follow from their cells, with gaps, dates, words and noise."""
    chance = np.random.default_rng(seed)
    rows: list[Row] = []
    for _ in range(count):
        size, kind = float(chance.normal(10, 3)), str(chance.choice(["oak", "pine", "ash", "elm"]))
        day = int(chance.integers(1, 29))
        price = 2 * size + {"oak": 9, "pine": 0, "ash": 3, "elm": 5}[kind] + float(chance.normal(0, 0.5))
        rows.append(
            {
                "size": None if chance.random() < 0.1 else f"{size:.3f}",
                "kind": None if chance.random() < 0.05 else kind,
                "day": f"2024-03-{day:02d}",
                "noise": f"{chance.random():.4f}",
                "price": f"{price:.2f}",
                "dear": "yes" if price > 24 else "no",
                "both": "; ".join(["dear"] * (price > 24) + ["late"] * (day > 14)) or "none of these",
            }
        )
    return rows


def schema_of(rows: Sequence[Row], answer: str) -> TableSchema:
    """Its schema, with what also tells the answer held out."""
    schema = infer_schema(rows, target=answer)
    for other in {"price", "dear", "both"} - {answer}:
        schema = schema.corrected(other, role="held-out")
    return schema


def lesson_of(
    rows: Sequence[Row], answer: str, schema: TableSchema | None = None, groups: Sequence[str] | None = None
) -> Lesson:
    """A lesson of rows."""
    schema = schema or schema_of(rows, answer)
    data = [row_bytes(row, schema.seen) for row in rows]
    named = groups or [str(place) for place in range(len(rows))]
    told = zip(
        (hashlib.sha256(each).hexdigest() for each in data),
        data,
        (str(row[answer]) for row in rows),
        named,
        strict=True,
    )
    return read_lesson(told, schema)


def posts(count: int) -> Lesson:
    """Texts that are told apart by one of their words."""
    words = [
        "police",
        *(f"{first}{last}" for first in ("al", "be", "zo") for last in ("pha", "ta", "one", "ish", "um")),
    ]
    chance = np.random.default_rng(0)
    texts = [" ".join(chance.choice(words, 6)) for _ in range(count)]
    schema = TableSchema((Column("post", Kind.TEXT), Column("force", Kind.CATEGORY, Role.TARGET)))
    return lesson_of([{"post": text, "force": "yes" if "police" in text else "no"} for text in texts], "force", schema)


def train(
    lesson: Lesson,
    task: Task,
    folder: Path,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    report: Callable[[Progress], None] = lambda _: None,
    stop_requested: Callable[[], bool] = lambda: False,
) -> Trained:
    """A run of few trials."""
    settings = Settings(seed, budget or Budget(trials=4), 2)
    return Training(lesson, task, settings, folder, report=report, stop_requested=stop_requested).run()


def model_of(trained: Trained) -> TableModel:
    """The model, ready to answer."""
    return read(read_parts(trained.model))


def asked(row: Mapping[str, Cell], schema: TableSchema) -> bytes:
    """A row as it is asked."""
    return row_bytes(row, schema.seen)
