"""The assignment of a search job: what it is told, where it leaves what, and what it tells in the end."""

import json
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from understudy.domain.example import Example, Provenance
from understudy.domain.task import Task
from understudy.domain.trial import Budget, Trial
from understudy.engine.executor import Job
from understudy.modalities.protocol import HEADS

LESSON, MADE = "lesson.jsonl", "made.jsonl"
"""What is learned and what a model is judged by while it is made, and what is only learned."""
MODEL = "model.onnx"
JOURNAL = "journal"
OWN: Final = ("understudy.search.tables.job:run", "understudy.search.recommend.job:run")
"""Searches in which nothing of other packages' modalities takes part."""
FEWEST_ANSWERS: Final = 2
"""Different answers of real examples, below which nothing can be judged by those alone."""
UNUSED: Final = ("pandas", "rich")
"""What scikit-learn and LightGBM load where they find it: a quarter of the time until the first trial."""


@dataclass(frozen=True)
class Assignment:
    """What a search job is told.

    Attributes:
        folder: The run's own; holds `LESSON` and perhaps `MADE`, receives `JOURNAL` and `MODEL`.
        blobs: Where inputs are, as the blob store's URL.
        cache: Where features are kept.
        extractor: Name of the feature extractor, or None for the built-in one.
        seed: Same seed, same trials, same model.
        budget: When to end.
        task: What the model is to answer, about what.
        about: What the modality needs to know besides, as JSON (the schema of a table).
        entry: Which search, as "module:function".
        begun: When its time began, in seconds since the epoch; what passes until the job starts counts.
    """

    folder: Path
    blobs: str
    cache: Path
    extractor: str | None
    seed: int
    budget: Budget
    begun: float
    task: Task = field(default_factory=Task)
    about: dict[str, Any] = field(default_factory=dict)
    entry: str = HEADS

    def job(self) -> Job:
        """The job for an executor."""
        told = asdict(self)
        unused = UNUSED if self.entry in OWN else ()
        return Job(self.entry, {**told, "folder": str(self.folder), "cache": str(self.cache)}, unused)

    @classmethod
    def told(cls, payload: dict[str, Any]) -> "Assignment":
        """Reads what `job` wrote."""
        given = {**payload, "folder": Path(payload["folder"]), "cache": Path(payload["cache"])}
        return cls(**{**given, "budget": Budget(**payload["budget"]), "task": Task.from_json(payload["task"])})

    def budget_left(self) -> Budget:
        """The budget, less the time that has passed since it began."""
        seconds = self.budget.seconds
        return self.budget if seconds is None else replace(self.budget, seconds=seconds - (time.time() - self.begun))


def write_lesson(folder: Path, examples: Iterable[Example], *, besides: bool = True) -> int:
    """Writes what is to be learned: labelled training examples, a line each.

    Those that somebody made up are written apart, for nothing is judged by them; unless the real ones have no two
    answers to tell apart.

    Args:
        folder: Where.
        examples: All that there are.
        besides: Whether to write those that nothing is judged by.

    Returns:
        How many were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count, told, answers = 0, 0, set[str]()
    with (folder / LESSON).open("w", encoding="utf-8") as lesson, (folder / MADE).open("w", encoding="utf-8") as made:
        for example in examples:
            if example.label is None:
                continue
            real = example.provenance is not Provenance.SYNTHETIC
            line = json.dumps([example.digest, example.label, example.group], ensure_ascii=False)
            (lesson if real else made).write(line + "\n")
            count, told = count + 1, told + real
            if real and len(answers) < FEWEST_ANSWERS:
                answers.add(example.label)
    if len(answers) < FEWEST_ANSWERS:
        with (folder / LESSON).open("a", encoding="utf-8") as lesson, (folder / MADE).open(encoding="utf-8") as made:
            shutil.copyfileobj(made, lesson)
    elif besides:
        return count
    (folder / MADE).unlink()
    return count if len(answers) < FEWEST_ANSWERS else told


def read_lesson(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Reads what `write_lesson` wrote: digest, label and group of each example, those that were made up last."""
    for name in (LESSON, MADE):
        if (folder / name).is_file():
            with (folder / name).open(encoding="utf-8") as file:
                for line in file:
                    digest, label, group = json.loads(line)
                    yield digest, label, group


def number_groups(folder: Path) -> None:
    """Puts a number in place of each group's name, in the same order, so that a run that is over names nobody.

    Whatever goes by groups and their order finds the same as before; a run that goes on is told the names anew.

    Args:
        folder: Where a lesson is, or nothing.
    """
    if all(group == digest for digest, _, group in read_lesson(folder)):
        return
    groups = sorted({group for _, _, group in read_lesson(folder)})
    numbers = {group: f"{place:0{len(str(len(groups)))}}" for place, group in enumerate(groups)}
    for path in (folder / LESSON, folder / MADE):
        if path.is_file():
            beside = path.with_suffix(".part")
            with path.open(encoding="utf-8") as named, beside.open("w", encoding="utf-8") as numbered:
                for digest, label, group in map(json.loads, named):
                    numbered.write(json.dumps([digest, label, numbers[group]], ensure_ascii=False) + "\n")
            beside.replace(path)


def count_made(folder: Path) -> int:
    """How many of a lesson's examples were made up, and only to be learned from: the last ones."""
    if not (folder / MADE).is_file():
        return 0
    with (folder / MADE).open(encoding="utf-8") as file:
        return sum(1 for _ in file)


def trials_from(result: dict[str, Any]) -> tuple[Trial, ...]:
    """The trials that a job's result tells of."""
    return tuple(Trial(**trial) for trial in result["trials"])
