"""The search of tables as a job of its own process."""

from collections.abc import Callable, Iterator
from typing import Any

from understudy.engine.executor import Report, StopRequested
from understudy.engine.inference import cores
from understudy.modalities.table.schema import TableSchema
from understudy.search.assignment import JOURNAL, MODEL, Assignment, count_made, read_lesson
from understudy.search.tables import lesson as lessons
from understudy.search.tables.training import Settings, Training
from understudy.store.blobs import BlobStore


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Searches for a model. The entry point in the child's process.

    Args:
        payload: What `Assignment.job` wrote; `about` holds the schema.
        report: Receives progress.
        stop_requested: Asked often; once true, what was tried so far is finished into a model.

    Returns:
        `trials`, `data_version`, `stopped` and `complete` as in `Trained`; the model is in the run's folder.
    """
    told = Assignment.told(payload)
    schema, made = TableSchema.from_json(told.about["schema"]), count_made(told.folder)
    lesson = lessons.read_lesson(_rows(told), schema, made=made, remade=int(told.about.get(lessons.REMADE, 0)))
    settings = Settings(told.seed, told.budget_left(), cores())
    training = Training(
        lesson,
        told.task,
        settings,
        told.folder / JOURNAL,
        report=report,
        stop_requested=stop_requested,
        read=_reader(told) if lesson.remade else None,
    )
    return training.run().handed_over(told.folder / MODEL)


def _reader(told: Assignment) -> Callable[[int], bytes]:
    blobs, digests = BlobStore(told.blobs), [digest for digest, _, _ in read_lesson(told.folder)]
    return lambda place: blobs.get(digests[place])


def _rows(told: Assignment) -> Iterator[tuple[str, bytes, str, str]]:
    blobs = BlobStore(told.blobs)
    for digest, label, group in read_lesson(told.folder):
        yield digest, blobs.get(digest), label, group
