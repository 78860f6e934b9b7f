"""Measuring a learning curve of histories as a job of its own process."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from understudy.engine.executor import Report, StopRequested
from understudy.engine.linear_algebra import one_thread
from understudy.modalities.interactions.content import Content
from understudy.search.assignment import read_lesson
from understudy.search.learning_points import MOST_EXAMPLES
from understudy.search.learning_task import LearningTask, write_scores
from understudy.search.plan import Clock, TimeToFinish
from understudy.search.recommend.job import about_of
from understudy.search.recommend.learning_points import measure_histories
from understudy.search.recommend.lesson import Taught, lesson_of
from understudy.stats.scores import Scores
from understudy.store.blobs import BlobStore


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Measures a learning curve of histories. The entry point in the child's process.

    Args:
        payload: What `LearningTask.job` wrote; `about` holds the schema, as for the search.
        report: Receives progress.
        stop_requested: Asked often; once true, nothing is left behind.

    Returns:
        `stopped`; unless it was, the scores are in the task's file.
    """
    task = LearningTask.told(payload)
    clock = Clock(None, stop_requested, report)
    schema = dict(task.about.get("schema") or {})
    blobs = BlobStore(task.blobs)
    content = Content.from_bytes(blobs.get(schema["content"])) if schema.get("content") else Content()
    lesson = lesson_of(_taught(task, blobs), content, about_of(schema))
    try:
        # One thread of the library for each fit, as in the search: fits run side by side.
        with one_thread():
            scores = measure_histories(lesson, seed=task.seed, pulse=clock.pulse, report=report)
    except TimeToFinish:
        return {"stopped": True}
    each = lesson.examples / len(lesson.log)
    write_scores(task.scores, None if scores is None else _by_history(scores, each), ())
    return {"stopped": False}


def _by_history(scores: Scores, each: float) -> Scores:
    """The same with sizes that count histories, where people have several of them."""
    return dataclasses.replace(scores, sizes=scores.sizes * each)


def _taught(task: LearningTask, blobs: BlobStore) -> Iterator[Taught]:
    """Everybody's histories, or those of some people where there are very many."""
    told = list(read_lesson(task.folder))
    people = sorted({group for _, _, group in told})
    if len(people) > MOST_EXAMPLES:
        drawn = np.random.default_rng(task.seed).choice(len(people), MOST_EXAMPLES, replace=False)
        chosen = {people[place] for place in drawn}
        told = [each for each in told if each[2] in chosen]
    for digest, label, group in told:
        yield Taught(digest, blobs.get(digest), label, group)
