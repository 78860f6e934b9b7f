"""Measuring a learning curve as a job of its own process."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from understudy.engine.executor import Report, StopRequested
from understudy.modalities.protocol import Input
from understudy.modalities.registry import modality_named
from understudy.search.assignment import read_lesson
from understudy.search.folds import Folds
from understudy.search.heads import USUAL, Taught, candidate_of
from understudy.search.learning_points import measure, some_of
from understudy.search.learning_task import LearningTask, write_scores
from understudy.search.plan import Clock, TimeToFinish
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices
from understudy.stats.scores import Scores
from understudy.store.blobs import BlobStore


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Measures a learning curve. The entry point in the child's process.

    Args:
        payload: What `LearningTask.job` wrote.
        report: Receives progress.
        stop_requested: Asked often; once true, nothing is left behind but features.

    Returns:
        `stopped`; unless it was, the scores are in the task's file.
    """
    task = LearningTask.told(payload)
    clock = Clock(None, stop_requested, report)
    subject = _subject(task)
    try:
        # One thread of the library for each fit, as in the search: fits run side by side.
        with threadpool_limits(1, "blas"):
            scores = _measured(task, subject, clock)
    except TimeToFinish:
        return {"stopped": True}
    write_scores(task.scores, scores, subject.names)
    return {"stopped": False}


@dataclass(frozen=True)
class _Subject:
    """The examples that are learned from: all, or some where there are very many."""

    inputs: tuple[Input, ...]
    labels: Indices
    groups: Indices
    names: tuple[str, ...]


def _subject(task: LearningTask) -> _Subject:
    blobs = BlobStore(task.blobs)
    digests, named, grouped = zip(*read_lesson(task.folder), strict=True)
    names, labels = _numbered(named)
    _, groups = _numbered(grouped)
    some = some_of(labels, groups, seed=task.seed)
    inputs = tuple(Input(digests[place], partial(blobs.get, digests[place])) for place in some)
    return _Subject(inputs, labels[some], np.unique(groups[some], return_inverse=True)[1].astype(np.int64), names)


def _measured(task: LearningTask, subject: _Subject, clock: Clock) -> Scores | None:
    encoder = modality_named(task.modality).encoder(task.extractor)
    views = encoder.views(len(subject.labels), thorough=True)
    head, view = (candidate_of(task.candidate, views) if task.candidate else None) or (USUAL, views[0])
    preparation = Preparation(
        subject.inputs,
        subject.labels,
        len(subject.names),
        Folds(()),
        encoder,
        (view,),
        task.cache,
        task.folder,
        task.seed,
        clock,
    )
    try:
        rows = preparation.material(view).rows
        taught = Taught(rows, subject.labels, len(subject.names), clock.pulse)
        return measure(taught, subject.groups, head, seed=task.seed, report=clock.report)
    finally:
        preparation.clear()


def _numbered(texts: Sequence[str]) -> tuple[tuple[str, ...], Indices]:
    """The different texts in order, and the number of each."""
    names = tuple(sorted(set(texts)))
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([places[text] for text in texts], np.int64)
