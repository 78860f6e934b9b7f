"""Measuring a learning curve as a job of its own process."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from understudy.domain.task import AnswerKind
from understudy.engine.executor import Report, StopRequested
from understudy.engine.linear_algebra import one_thread
from understudy.modalities.protocol import Encoder, Input, View
from understudy.modalities.reading import Reading
from understudy.modalities.registry import modality_named
from understudy.search.assignment import read_lesson
from understudy.search.folds import Folds
from understudy.search.heads import USUAL, Taught, candidate_of
from understudy.search.learning_points import measure, some_of
from understudy.search.learning_targets import measure_towards, sets_apart
from understudy.search.learning_task import LearningTask, write_scores
from understudy.search.plan import Clock, TimeToFinish
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices
from understudy.search.target import Target, target_of
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
    reading = Reading()
    subject = _subject(task, reading)
    modality = modality_named(task.modality)
    encoder = modality.encoder(task.extractor)
    try:
        # One thread of the library for each fit, as in the search: fits run side by side.
        with one_thread(), reading.named(modality, encoder):
            scores = _measured(task, encoder, subject, clock)
    except TimeToFinish:
        return {"stopped": True}
    write_scores(task.scores, scores, subject.names)
    return {"stopped": False}


@dataclass(frozen=True)
class _Subject:
    """The examples that are learned from: all, or some where there are very many.

    Attributes:
        inputs: What they are.
        labels: Label of each, (n,), 0..k-1: of several labels at once the set, of a number its band.
        groups: Group of each, (n,).
        names: Of the labels; bands of numbers and rare sets have none.
        target: What heads are fitted towards, where that is not one label; else None.
    """

    inputs: tuple[Input, ...]
    labels: Indices
    groups: Indices
    names: tuple[str, ...]
    target: Target | None


def _subject(task: LearningTask, reading: Reading) -> _Subject:
    blobs = BlobStore(task.blobs)
    digests, answers, grouped = zip(*read_lesson(task.folder), strict=True)
    _, groups = _numbered(grouped)
    names, labels = _labels(answers, groups, task)
    some = some_of(labels, groups, seed=task.seed)
    inputs = tuple(reading.input(digests[place], partial(blobs.get, digests[place])) for place in some)
    groups = np.unique(groups[some], return_inverse=True)[1].astype(np.int64)
    told = [answers[place] for place in some]
    target = None if task.task.answers is AnswerKind.LABEL else _target(told, groups, task)
    return _Subject(inputs, labels[some], groups, names, target)


def _labels(answers: Sequence[str], groups: Indices, task: LearningTask) -> tuple[tuple[str, ...], Indices]:
    """The names of labels, and the label of each example; see `_Subject`."""
    if task.task.answers is AnswerKind.LABEL:
        return _numbered(answers)
    if task.task.answers is AnswerKind.LABELS:
        labels, names = sets_apart(answers)
        return names, labels
    return (), _target(answers, groups, task).strata


def _target(answers: Sequence[str], groups: Indices, task: LearningTask) -> Target:
    return target_of(answers, groups, task.task, modality_named(task.modality))


def _measured(task: LearningTask, encoder: Encoder, subject: _Subject, clock: Clock) -> Scores | None:
    views = encoder.views(len(subject.labels), thorough=True)
    head, view = (candidate_of(task.candidate, views) if task.candidate else None) or (USUAL, _view(task, views))
    classes = int(subject.labels.max()) + 1
    preparation = Preparation(
        subject.inputs,
        subject.labels,
        classes,
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
        if subject.target is not None:
            told = subject.labels, subject.groups
            return measure_towards(rows, subject.target, *told, seed=task.seed, pulse=clock.pulse, report=clock.report)
        taught = Taught(rows, subject.labels, classes, clock.pulse)
        return measure(taught, subject.groups, head, seed=task.seed, report=clock.report)
    finally:
        preparation.clear()


def _view(task: LearningTask, views: Sequence[View]) -> View:
    """The view that the candidate sees, whichever head it has; else the first."""
    seen = (task.candidate or "").partition(": ")[2]
    return next((view for view in views if view.name == seen), views[0])


def _numbered(texts: Sequence[str]) -> tuple[tuple[str, ...], Indices]:
    """The different texts in order, and the number of each."""
    names = tuple(sorted(set(texts)))
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([places[text] for text in texts], np.int64)
