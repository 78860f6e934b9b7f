"""Measuring a learning curve of rows as a job of its own process."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from understudy.domain.task import AnswerKind
from understudy.engine.executor import Report, StopRequested
from understudy.engine.linear_algebra import one_thread
from understudy.modalities.table.schema import TableSchema
from understudy.search.assignment import read_lesson
from understudy.search.learning_points import some_of
from understudy.search.learning_task import LearningTask, write_scores
from understudy.search.plan import Clock, TimeToFinish
from understudy.search.rows import Indices
from understudy.search.tables import lesson as lessons
from understudy.search.tables.learning_points import Ground, measure_rows
from understudy.store.blobs import BlobStore

Told = tuple[str, str, str]
"""Digest, answer and group of a row."""


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Measures a learning curve of rows. The entry point in the child's process.

    Args:
        payload: What `LearningTask.job` wrote; `about` holds the schema.
        report: Receives progress.
        stop_requested: Asked often; once true, nothing is left behind.

    Returns:
        `stopped`; unless it was, the scores are in the task's file.
    """
    task = LearningTask.told(payload)
    clock = Clock(None, stop_requested, report)
    lesson = lessons.read_lesson(_rows(task), TableSchema.from_json(task.about["schema"]))
    ground = Ground.of(lesson, lessons.truth_of(lesson, task.task), seed=task.seed)
    try:
        # One thread of the library for each fit, as in the search: fits run side by side.
        with one_thread():
            scores = measure_rows(ground, seed=task.seed, pulse=clock.pulse, report=report)
    except TimeToFinish:
        return {"stopped": True}
    write_scores(task.scores, scores, ground.names)
    return {"stopped": False}


def _rows(task: LearningTask) -> Iterator[tuple[str, bytes, str, str]]:
    blobs = BlobStore(task.blobs)
    for digest, answer, group in _some(list(read_lesson(task.folder)), task):
        yield digest, blobs.get(digest), answer, group


def _some(told: Sequence[Told], task: LearningTask) -> list[Told]:
    """All rows, or some where there are very many: whole groups, and every label among them."""
    labels = _numbered([answer if task.task.answers is AnswerKind.LABEL else "" for _, answer, _ in told])
    groups = _numbered([hashlib.sha256(group.encode()).hexdigest() for _, _, group in told])
    return [told[place] for place in some_of(labels, groups, seed=task.seed)]


def _numbered(texts: Sequence[str]) -> Indices:
    return np.unique(np.array(texts, np.str_), return_inverse=True)[1].astype(np.int64)
