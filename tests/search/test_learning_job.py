"""Measuring a learning curve in a process of its own."""

import io
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from onnx_files import conv_pool
from search.lessons import draw
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.task import AnswerKind, Task, labels_text
from understudy.domain.trial import Progress
from understudy.engine.executor import Cancelled, Failed, Finished, Limits
from understudy.engine.local import LocalExecutor
from understudy.search.assignment import write_lesson
from understudy.search.learning_task import LearningTask, read_scores, scores_name, write_scores
from understudy.stats.scores import Scores
from understudy.store.blobs import BlobStore


@pytest.fixture
def task(tmp_path: Path) -> LearningTask:
    """Forty drawn photos of two colours, for an extractor that takes no time."""
    blobs = BlobStore(str(tmp_path / "blobs"))
    examples = []
    for label in ("red", "blue"):
        for number in range(20):
            digest = blobs.put(draw(label, number))
            examples.append(
                Example(digest, f"{number}.jpg", Provenance.UPLOAD, digest, Side.TRAIN, label, 80, 60, "0" * 64)
            )
    write_lesson(tmp_path / "run", examples)
    extractor = str(conv_pool(tmp_path / "small.onnx", side=32))
    scores = tmp_path / "scores" / "a.npz"
    return LearningTask(
        tmp_path / "run", scores, str(tmp_path / "blobs"), tmp_path / "cache", "photo", extractor, None, 0
    )


def test_a_job_leaves_scores(task: LearningTask) -> None:
    """The job measures what it was told of, tells how far it is, and leaves the scores with the labels' names."""
    told: list[Progress] = []
    outcome = LocalExecutor().run(task.job(), on_progress=told.append)
    assert isinstance(outcome, Finished), outcome
    scores, names = read_scores(task.scores)
    assert names == ("blue", "red")
    assert scores is not None
    assert scores.right.shape == (len(scores.sizes), 40)
    assert any(progress.stage == "Learning from parts of the examples" for progress in told)
    assert LearningTask.told(task.job().payload) == task


def washed(blobs: BlobStore, number: int, answers: AnswerKind) -> Example:
    """A photo that is as bright as its number says, and red, blue or both as its labels say."""
    rng = np.random.default_rng(number)
    light, colours = int(rng.integers(40, 250)), [name for name in ("blue", "red") if rng.random() < 0.5]
    picture = np.full((32, 32, 3), light, np.float64) + rng.normal(0, 5, (32, 32, 3))
    for name in colours:
        rows = slice(0, 14) if name == "red" else slice(18, 32)
        picture[rows] *= (1, 0.2, 0.2) if name == "red" else (0.2, 0.2, 1)
    data = io.BytesIO()
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(data, "PNG")
    label = f"{light}" if answers is AnswerKind.NUMBER else labels_text(tuple(colours))
    digest = blobs.put(data.getvalue())
    return Example(digest, f"{number}.png", Provenance.UPLOAD, digest, Side.TRAIN, label, 32, 32, "0" * 64)


@pytest.mark.parametrize("answers", [AnswerKind.NUMBER, AnswerKind.LABELS])
def test_photos_have_curves_of_numbers_and_of_several_labels(task: LearningTask, answers: AnswerKind) -> None:
    """Right is a number within the tolerance, or the same set of labels; only sets that are common have a name."""
    blobs = BlobStore(task.blobs)
    write_lesson(task.folder, [washed(blobs, number, answers) for number in range(60)])
    asked = replace(task, task=Task("photo", answers, 12.0 if answers is AnswerKind.NUMBER else 0.0))
    outcome = LocalExecutor().run(asked.job())
    assert isinstance(outcome, Finished), outcome
    scores, names = read_scores(asked.scores)
    assert scores is not None
    assert scores.right.shape == (len(scores.sizes), 60)
    assert scores.errors[-1] < scores.errors[0] - 0.05
    assert scores.errors[-1] < 0.6
    assert bool(names) is (answers is AnswerKind.LABELS)
    assert set(names) <= {"none of these", "blue", "red", "blue; red"}


def test_a_job_that_is_stopped_leaves_none(task: LearningTask) -> None:
    """A stop is heard, and no scores are left by halves."""
    stop = threading.Event()
    stop.set()
    outcome = LocalExecutor().run(task.job(), limits=Limits(grace_seconds=60), stop=stop)
    assert isinstance(outcome, Cancelled), outcome
    assert not task.scores.exists()


def test_a_photo_that_is_gone_is_told(task: LearningTask) -> None:
    """A photo that is no longer there fails the job in words."""
    for blob in (Path(task.blobs)).rglob("*"):
        if blob.is_file():
            blob.unlink()
    outcome = LocalExecutor().run(task.job())
    assert isinstance(outcome, Failed)
    assert outcome.error.remedy


def test_scores_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Arrays and names survive the file, and so does that there are none."""
    right = np.array([[1.0, np.nan], [0.5, 1.0]])
    scores = Scores(np.array([8.0, 11.5]), right, np.array([0.1, 0.2]), 7, np.array([0, 1]), np.array([1, 0]))
    write_scores(tmp_path / "a" / "one.npz", scores, ("crack", "sound “é”"))
    again, names = read_scores(tmp_path / "a" / "one.npz")
    assert again is not None
    assert names == ("crack", "sound “é”")
    assert np.array_equal(again.right, right, equal_nan=True)
    assert (again.sizes.tolist(), again.spread.tolist(), again.repetitions) == ([8.0, 11.5], [0.1, 0.2], 7)
    write_scores(tmp_path / "none.npz", None, ("a",))
    assert read_scores(tmp_path / "none.npz") == (None, ("a",))


def test_other_examples_have_other_scores() -> None:
    """Scores are found again by examples, head, extractor, seed, task and schema, and by nothing less."""
    usual = ("v", None, None, 0, Task("table"), {})
    changes = ((0, "w"), (1, "ridge"), (2, "x"), (3, 1), (4, Task("table", AnswerKind.NUMBER, 2.0)), (5, {"a": 1}))
    names = {
        scores_name(*[value if place == at else each for place, each in enumerate(usual)]) for at, value in changes
    }  # type: ignore[arg-type]
    assert len(names | {scores_name(*usual)}) == 7
