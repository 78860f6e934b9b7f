"""The search for a model of interactions as a job of its own process."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.engine.executor import Report, StopRequested
from understudy.modalities.interactions.content import Content
from understudy.search.assignment import JOURNAL, MODEL, Assignment, count_made, read_lesson
from understudy.search.recommend.lesson import About, Taught, lesson_of
from understudy.search.recommend.training import Settings, Training
from understudy.store.blobs import BlobStore


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Searches for a model. The entry point in the child's process.

    Args:
        payload: What `Assignment.job` wrote; `about` holds under "schema" what `Interactions.about` says of the data,
            and under "content" the digest of what is known of items, if anything is.
        report: Receives progress.
        stop_requested: Asked often; once true, what was tried so far is finished into a model.

    Returns:
        `trials`, `data_version`, `stopped` and `complete` as in `Trained`; the model is in the run's folder.
    """
    told = Assignment.told(payload)
    blobs = BlobStore(told.blobs)
    schema = dict(told.about.get("schema") or {})
    content = Content.from_bytes(blobs.get(schema["content"])) if schema.get("content") else Content()
    lesson = lesson_of(_taught(told, blobs), content, about_of(schema))
    training = Training(
        lesson,
        Settings(told.seed, told.budget_left()),
        told.folder / JOURNAL,
        report=report,
        stop_requested=stop_requested,
        task=told.task,
    )
    return training.run().handed_over(told.folder / MODEL)


def about_of(schema: Mapping[str, Any]) -> About:
    """What was seen in the data, out of what is kept of it; what is not said is as usual."""
    usual = About()
    liked_from = schema.get("liked_from")
    return About(
        bool(schema.get("timed", usual.timed)),
        bool(schema.get("repeats", usual.repeats)),
        None if liked_from is None else float(liked_from),
        int(schema.get("length", usual.length)),
        tuple((str(part), str(column)) for part, column in dict(schema.get("columns") or {}).items()),
    )


def _taught(told: Assignment, blobs: BlobStore) -> Iterator[Taught]:
    lines = list(read_lesson(told.folder))
    real = len(lines) - count_made(told.folder)
    for place, (digest, label, group) in enumerate(lines):
        yield Taught(digest, blobs.get(digest), label, group, made=place >= real)
