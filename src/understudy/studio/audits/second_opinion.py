"""A second opinion: what a model says of training examples while it has not learned from them.

Where the project's latest training run can be found, its own held-out answers are read; else a small model is
cross-validated: on features, which the next training finds in its cache, or on the cells of a table and on what is
written in them. Sealed examples play no part.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from understudy.audit.columns import Column, ColumnKind, columns_of
from understudy.audit.material import OutOfFold
from understudy.domain.example import Example
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Trial
from understudy.modalities.protocol import HEADS, Modality
from understudy.modalities.registry import modality_named
from understudy.search.assignment import JOURNAL, LESSON, count_made, read_lesson
from understudy.search.calibration import LEAST
from understudy.search.folds import Folds, make_folds
from understudy.search.journal import Journal
from understudy.search.kinds.choosing import kind_of
from understudy.search.kinds.kind import Kind
from understudy.search.least_squares import Sums, ridge
from understudy.search.loading import described
from understudy.search.portion import learned_places
from understudy.search.rows import learn_turning
from understudy.search.scorers import Matrix
from understudy.search.tables.encoding import DIRTY_LENGTH, DIRTY_LEVELS
from understudy.search.tables.ngrams import fit_ngrams
from understudy.search.target import Target, TooLittleToLearn, target_of
from understudy.studio.examples.facts import facts_for, unseen_columns
from understudy.studio.examples.features import cheapest_features
from understudy.studio.workspace import Workspace

MOST: Final = 20_000
"""Examples beyond which no model is made for an audit alone: half a minute of looking at photos is enough."""
FEWEST: Final = 40
MOST_GROWN: Final = 30
"""Labels that may stand at once up to which trees are grown for each."""
STRENGTH: Final = 0.3
ROUNDS: Final = 60
DIRECTIONS: Final = 96
"""Numbers that a column's writing is brought to, beside its commonest words."""
SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of what trees say beside what words do: the best by held-out examples is taken."""
_SEEN_KINDS: Final = (ColumnKind.NUMBER, ColumnKind.CATEGORY, ColumnKind.TIME)
CHUNK: Final = 2048
IDENTITY: Final = "identity.json"

Probabilities = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class _Lesson:
    """Labelled examples, and how they are held out.

    Attributes:
        digests: Of the examples.
        target: What is answered.
        folds: As a training with this seed draws them.
    """

    digests: tuple[str, ...]
    target: Target
    folds: Folds

    @property
    def kind(self) -> Kind:
        """What is done for its kind of answer."""
        return kind_of(self.target, self.folds)

    def by_example(self, given: Probabilities) -> Probabilities:
        """What held-out examples were given, (m, k), as means over the folds that each was held out in, (n, k)."""
        sums, often = np.zeros((len(self.digests), given.shape[1])), np.zeros(len(self.digests))
        np.add.at(sums, self.folds.rows, given)
        np.add.at(often, self.folds.rows, 1)
        return np.where(often[:, None] > 0, sums / np.maximum(often, 1)[:, None], np.nan)

    def calibrated(self, scores: Matrix) -> Probabilities:
        """Scores of held-out examples, (m, k), as probabilities of every example, (n, k)."""
        slopes = self.kind.slopes(scores, self.kind.sharpness(scores))
        return self.by_example(np.asarray(self.kind.given(scores, slopes), np.float64))

    @property
    def wanted(self) -> Matrix:
        """1 where a label stands, (n, k)."""
        if self.target.task.answers is AnswerKind.LABELS:
            return self.target.wanted
        return np.eye(len(self.target.labels), dtype=np.float32)[self.target.strata]


def second_opinion(
    workspace: Workspace, project: str, examples: Sequence[Example], *, progress: Told
) -> OutOfFold | None:
    """What a model says of labelled training examples that it has not learned from.

    Args:
        workspace: Where the project is.
        project: Its name.
        examples: All examples that are asked about, in the order of the answer.
        progress: Told inputs looked at and inputs in all, where inputs have to be looked at.

    Returns:
        Probabilities in the order of `examples`, of each label by itself where several may stand at once, NaN for those
        that no model was asked about; None where there are too few or too many examples, or nothing to tell apart, or
        answers are no labels.
    """
    task = workspace.ledger.project(project).task
    modality = modality_named(task.modality)
    if task.answers not in {AnswerKind.LABEL, AnswerKind.LABELS}:
        return None
    asked = (
        _of_run(workspace, project, task, modality) or _of_features(workspace, project, task, examples, progress)
        if modality.search == HEADS
        else _of_cells(workspace, project, task, modality, examples)
    )
    if asked is None:
        return None
    lesson, answers = asked
    place = {digest: row for row, digest in enumerate(lesson.digests)}
    given = np.full((len(examples), len(lesson.target.labels)), np.nan)
    for row, example in enumerate(examples):
        if example.digest in place:
            given[row] = answers[place[example.digest]]
    return OutOfFold(lesson.target.labels, given)


_Asked = tuple[_Lesson, Probabilities] | None
"""A lesson with what a model says of each of its examples, NaN where it was never held out."""


def _of_run(workspace: Workspace, project: str, task: Task, modality: Modality) -> _Asked:
    """The latest model's own held-out answers, if the run that made it is still in its folder."""
    folder = workspace.run_folder(project)
    record = workspace.ledger.latest_model(project)
    identity = _identity(folder / JOURNAL / IDENTITY)
    if record is None or identity.get("data") != record.data_version or not (folder / LESSON).exists():
        return None
    weights = {trial.name: weight for trial, weight in _members(workspace, record.blob)}
    entries = [entry for entry in Journal(folder / JOURNAL, identity).entries if entry.trial.name in weights]
    taught, made = _learned(folder, task)
    lesson = _lesson(taught, task, modality, _seed(identity), made=made)
    if lesson is None or not entries or any(len(entry.scores) != len(lesson.folds.rows) for entry in entries):
        return None
    kind = lesson.kind
    mixture = sum(
        weights[entry.trial.name] * kind.given(entry.scores, kind.slopes(entry.scores, entry.sharpness))
        for entry in entries
    )
    whole = sum(weights[entry.trial.name] for entry in entries)
    return lesson, lesson.by_example(np.asarray(mixture, np.float64) / whole)


def _learned(folder: Path, task: Task) -> tuple[list[tuple[str, str, str]], int]:
    """What a run learned from, which of very many examples is a portion, and how many of these were made up."""
    made, answers = count_made(folder), [intern(answer) for _, answer, _ in read_lesson(folder)]
    places = learned_places(folder / JOURNAL, answers, task)
    if places is None:
        return list(read_lesson(folder)), made
    wanted = set(places.tolist())
    taught = [each for place, each in enumerate(read_lesson(folder)) if place in wanted]
    return taught, int(np.sum(places >= len(answers) - made))


def _identity(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _seed(identity: dict[str, object]) -> int:
    seed = identity.get("seed")
    return seed if isinstance(seed, int) else 0


def _members(workspace: Workspace, blob: str) -> Sequence[tuple[Trial, float]]:
    return described(workspace.blobs.get(blob)).members


def _lesson(
    taught: Sequence[tuple[str, str, str]], task: Task, modality: Modality, seed: int, *, made: int = 0
) -> _Lesson | None:
    """A lesson of digests, answers and groups; None where nothing is to be told apart or nothing can be held out.

    Args:
        taught: The examples; last those that were made up.
        task: What is to be answered.
        modality: What the inputs are.
        seed: Of the folds.
        made: How many were made up, and are never held out.
    """
    group = np.unique(np.asarray([group for _, _, group in taught]), return_inverse=True)[1].astype(np.int64)
    try:
        target = target_of([answer for _, answer, _ in taught], group, task, modality)
    except TooLittleToLearn:
        return None
    real = slice(len(taught) - made)
    folds = make_folds(target.strata[real], np.unique(group[real], return_inverse=True)[1].astype(np.int64), seed=seed)
    return _Lesson(tuple(digest for digest, _, _ in taught), target, folds) if folds.apart else None


def _lesson_of(examples: Sequence[Example], task: Task, modality: Modality) -> _Lesson | None:
    """Labelled examples, if a model can be cross-validated on so many."""
    taught = [(each.digest, str(each.label), each.group) for each in examples if each.label is not None]
    return _lesson(taught, task, modality, 0) if FEWEST <= len(taught) <= MOST else None


def _of_cells(
    workspace: Workspace, project: str, task: Task, modality: Modality, examples: Sequence[Example]
) -> _Asked:
    """Boosted trees on the cells of rows, cross-validated."""
    lesson = _lesson_of(examples, task, modality)
    several = task.answers is AnswerKind.LABELS
    if lesson is None or (several and len(lesson.target.labels) > MOST_GROWN):
        return None
    unseen = unseen_columns(workspace, project)
    cells = facts_for(workspace, project, [each.digest for each in examples if each.label is not None])
    columns = [column for column in columns_of(cells) if column.name not in unseen]
    said = [
        *_of_plain_cells(lesson, [column for column in columns if column.kind in _SEEN_KINDS and not is_wordy(column)]),
        *_of_words(lesson, [column for column in columns if is_wordy(column)]),
    ]
    return (lesson, _mixed(lesson, said)) if said else None


def is_wordy(column: Column) -> bool:
    """Whether a column is read for how its cells are written, as a training reads texts and dirty categories."""
    if column.kind is ColumnKind.TEXT:
        return len(column.levels) > 1
    length = sum(map(len, column.levels)) / max(1, len(column.levels))
    return column.kind is ColumnKind.CATEGORY and len(column.levels) >= DIRTY_LEVELS and length >= DIRTY_LENGTH


def _of_plain_cells(lesson: _Lesson, columns: Sequence[Column]) -> Iterator[Probabilities]:
    """What boosted trees say by numbers, times and categories, if there are any."""
    if not columns:
        return
    several = lesson.target.task.answers is AnswerKind.LABELS
    rows = np.stack([column.numbers if column.quantity else _codes(column.code) for column in columns], axis=1)
    answers = lesson.wanted.astype(np.int64).T if several else [lesson.target.strata]
    given = np.full((len(rows), len(lesson.target.labels)), np.nan)
    for fold in lesson.folds.folds:
        for place, truth in enumerate(answers):
            said = _grown(rows, truth, fold.train, fold.held_out, 2 if several else len(lesson.target.labels))
            given[fold.held_out, place if several else slice(None)] = said[:, 1] if several else said
    yield given


def _of_words(lesson: _Lesson, columns: Sequence[Column]) -> Iterator[Probabilities]:
    """What a ridge classifier says by pieces of words, if there are any."""
    if columns:
        yield _ridged(lesson, np.concatenate([_written(column) for column in columns], axis=1))


def _written(column: Column) -> Matrix:
    """How each cell of a column is written, and whether it is missing, (n, d + 1)."""
    read = fit_ngrams(column.levels, seed=0, most=DIRECTIONS).numbers(column.levels)
    numbers = np.concatenate([read, np.zeros((1, read.shape[1]), np.float32)])[column.code]
    return np.concatenate([numbers, (column.code < 0).astype(np.float32)[:, None]], axis=1)


def _mixed(lesson: _Lesson, said: Sequence[Probabilities]) -> Probabilities:
    """Of what one or two models say, the mixture that tells most of held-out examples."""
    if len(said) == 1:
        return said[0]
    asked = np.asarray(np.isfinite(said[0] + said[1]).all(axis=1))
    mixtures = [share * said[0] + (1 - share) * said[1] for share in SHARES]
    return min(mixtures, key=lambda mixture: _loss(lesson, mixture, asked))


def _loss(lesson: _Lesson, given: Probabilities, asked: npt.NDArray[np.bool_]) -> float:
    """Mean log loss of examples that were asked about."""
    there = lesson.wanted[asked] > 0
    told = np.log(np.clip(np.where(there, given[asked], 1 - given[asked]), LEAST, 1))
    one = lesson.target.task.answers is AnswerKind.LABEL
    return -float(told[there].sum() if one else told.sum())


def _grown(rows: Probabilities, truth: Indices, train: Indices, held_out: Indices, classes: int) -> Probabilities:
    """What trees that learned from some rows say of others, (m, classes)."""
    given = np.zeros((len(held_out), classes))
    present = np.unique(truth[train])
    if len(present) == 1:
        given[:, present] = 1.0
        return given
    trees = HistGradientBoostingClassifier(max_iter=ROUNDS, early_stopping=False, random_state=0)
    trees.fit(rows[train], truth[train])
    given[:, trees.classes_] = trees.predict_proba(rows[held_out])
    return given


def _codes(code: Indices) -> Probabilities:
    """Places of a column's values, by how common each is; missing ones are not a number."""
    often = np.bincount(code[code >= 0], minlength=int(code.max(initial=0)) + 1)
    rank = np.argsort(np.argsort(-often, kind="stable"), kind="stable").astype(np.float64)
    return np.where(code >= 0, rank[np.maximum(code, 0)], np.nan)


def _of_features(workspace: Workspace, project: str, task: Task, examples: Sequence[Example], progress: Told) -> _Asked:
    """A ridge classifier on the cheapest features, cross-validated."""
    modality = modality_named(task.modality)
    lesson = _lesson_of(examples, task, modality)
    if lesson is None:
        return None
    count = len(lesson.digests)
    read = cheapest_features(workspace, project, task, lesson.digests, progress)
    turning = learn_turning(read, count, seed=0)
    starts = range(0, count, CHUNK)
    rows = np.concatenate([turning(read(np.arange(at, min(at + CHUNK, count)))) for at in starts])
    return lesson, _ridged(lesson, rows)


def _ridged(lesson: _Lesson, rows: Matrix) -> Probabilities:
    """What a ridge classifier that learned from some rows says of others, calibrated, (n, k)."""
    scores = []
    for fold in lesson.folds.folds:
        sums = Sums.of([(fold.train, rows[fold.train])], lesson.wanted, lambda: None)
        scores.append(ridge(sums, [STRENGTH])[0](rows[fold.held_out]))
    return lesson.calibrated(np.concatenate(scores).astype(np.float32))
