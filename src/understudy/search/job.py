"""The search as a job of its own process."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import AnswerKind, Task
from understudy.engine.executor import Report, StopRequested
from understudy.modalities.reading import Reading
from understudy.modalities.registry import modality_named
from understudy.search.assignment import JOURNAL, MODEL, Assignment, count_made, read_lesson
from understudy.search.model_file import check_golden
from understudy.search.portion import portion_of
from understudy.search.training import Lesson, Settings, Training
from understudy.store.blobs import BlobStore

ANSWERED: Final = frozenset({AnswerKind.LABEL, AnswerKind.LABELS, AnswerKind.NUMBER})


class CannotAnswer(UnderstudyError):
    """The search finds no models that give answers of this kind."""


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Searches for a model. The entry point in the child's process.

    Args:
        payload: What `Assignment.job` wrote.
        report: Receives progress.
        stop_requested: Asked often; once true, what was tried so far is finished into a model.

    Returns:
        `trials`, `data_version`, `stopped` and `complete` as in `Trained`, and `learned_from`, how many examples there
        was time for, and `made_up`, how many of those nothing was judged by; the model is in the run's folder.
    """
    told = Assignment.told(payload)
    if told.task.answers not in ANSWERED:
        raise _cannot_answer(told.task)
    reading = Reading()
    lesson = _lesson(told, reading)
    modality = modality_named(told.task.modality)
    check_golden(modality.golden(), modality.name)
    settings = Settings(modality, modality.encoder(told.extractor), told.seed, told.budget_left(), told.task)
    places = told.folder / JOURNAL, told.cache
    with reading.named(modality, settings.encoder):
        portion = portion_of(lesson, settings, *places, report=report, stop_requested=stop_requested)
        settings = replace(settings, budget=told.budget_left())
        trained = Training(portion, settings, *places, report=report, stop_requested=stop_requested).run()
    learned = {"learned_from": len(portion.labels), "made_up": portion.made}
    return {**trained.handed_over(told.folder / MODEL), **learned}


def _cannot_answer(task: Task) -> CannotAnswer:
    many = modality_named(task.modality).plural
    return CannotAnswer(
        fact=f"No model was made: models of {many} cannot answer with a {task.answers.value}.",
        reason="A ranking is learned from who chose what, not from what something looks or sounds like.",
        remedy="Make a project of interactions, or let the answer be a label, several of them, or a number.",
    )


def _lesson(told: Assignment, reading: Reading) -> Lesson:
    blobs = BlobStore(told.blobs)
    inputs, labels, groups = [], [], []
    for digest, label, group in read_lesson(told.folder):
        inputs.append(reading.input(digest, partial(blobs.get, digest)))
        labels.append(label)
        groups.append(group)
    return Lesson(inputs, labels, groups, made=count_made(told.folder))
