"""A second opinion: what a model says of training examples while it has not learned from them.

Where the project's latest training run can be found, its own held-out answers are read; else a small model is
cross-validated: on features, which the next training finds in its cache, or on the cells of a table. Sealed examples
play no part.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from understudy.audit.columns import ColumnKind, columns_of
from understudy.audit.material import OutOfFold
from understudy.domain.example import Example
from understudy.domain.task import AnswerKind
from understudy.domain.trial import Trial
from understudy.modalities.protocol import HEADS, Input, Modality
from understudy.modalities.registry import modality_named
from understudy.search.assignment import JOURNAL, LESSON, read_lesson
from understudy.search.calibration import fit_sharpness, probabilities
from understudy.search.folds import Folds, make_folds
from understudy.search.journal import Journal
from understudy.search.loading import described
from understudy.search.moments import Moments, ridge
from understudy.search.rows import learn_turning
from understudy.studio.facts import facts_for, unseen_columns
from understudy.studio.workspace import Workspace

MOST: Final = 20_000
"""Examples beyond which no model is made for an audit alone: half a minute of looking at photos is enough."""
FEWEST: Final = 40
STRENGTH: Final = 0.3
ROUNDS: Final = 60
_SEEN_KINDS: Final = (ColumnKind.NUMBER, ColumnKind.CATEGORY, ColumnKind.TIME)
CHUNK: Final = 2048
IDENTITY: Final = "identity.json"

Probabilities = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class _Answers:
    """Held-out probabilities of some examples.

    Attributes:
        labels: In the order of the columns.
        digests: Of the examples.
        given: (n, k); NaN where nothing was held out.
    """

    labels: tuple[str, ...]
    digests: tuple[str, ...]
    given: Probabilities


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
        Probabilities in the order of `examples`, NaN for those that no model was asked about; None where there are too
        few or too many examples, or one label only, or answers are no single labels.
    """
    task = workspace.ledger.project(project).task
    modality = modality_named(task.modality)
    if task.answers is not AnswerKind.LABEL:
        return None
    if modality.search == HEADS:
        answers = _of_run(workspace, project) or _of_features(workspace, modality, examples, progress)
    else:
        answers = _of_cells(workspace, project, examples)
    if answers is None:
        return None
    place = {digest: row for row, digest in enumerate(answers.digests)}
    given = np.full((len(examples), len(answers.labels)), np.nan)
    for row, example in enumerate(examples):
        if example.digest in place:
            given[row] = answers.given[place[example.digest]]
    return OutOfFold(answers.labels, given)


def _of_run(workspace: Workspace, project: str) -> _Answers | None:
    """The latest model's own held-out answers, if the run that made it is still in its folder."""
    folder = workspace.run_folder(project)
    record = workspace.ledger.latest_model(project)
    identity = _identity(folder / JOURNAL / IDENTITY)
    if record is None or identity.get("data") != record.data_version or not (folder / LESSON).exists():
        return None
    weights = {trial.name: weight for trial, weight in _members(workspace, record.blob)}
    entries = [entry for entry in Journal(folder / JOURNAL, identity).entries if entry.trial.name in weights]
    lesson = list(read_lesson(folder))
    names = tuple(sorted({label for _, label, _ in lesson}))
    labels, folds = _folds([label for _, label, _ in lesson], [group for _, _, group in lesson], _seed(identity))
    if not folds.apart or not entries or any(len(entry.scores) != len(folds.rows) for entry in entries):
        return None
    mixture = sum(weights[entry.trial.name] * probabilities(entry.scores, entry.sharpness) for entry in entries)
    given = _by_example(np.asarray(mixture), folds, len(labels))
    return _Answers(names, tuple(digest for digest, _, _ in lesson), given)


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


def _folds(labels: Sequence[str], groups: Sequence[str], seed: int) -> tuple[Indices, Folds]:
    """Labels as numbers, and the folds that a training with this seed draws."""
    truth = np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
    group = np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int64)
    return truth, make_folds(truth, group, seed=seed)


def _by_example(given: Probabilities, folds: Folds, count: int) -> Probabilities:
    """Means over the folds that an example was held out in; NaN where there was none."""
    sums, often = np.zeros((count, given.shape[1])), np.zeros(count)
    np.add.at(sums, folds.rows, given)
    np.add.at(often, folds.rows, 1)
    held_out = often > 0
    sums[held_out] /= sums[held_out].sum(axis=1, keepdims=True)
    return np.where(held_out[:, None], sums, np.nan)


def _of_cells(workspace: Workspace, project: str, examples: Sequence[Example]) -> _Answers | None:
    """Boosted trees on the cells of rows, cross-validated."""
    lesson = _lesson(examples)
    if lesson is None:
        return None
    unseen = unseen_columns(workspace, project)
    cells = facts_for(workspace, project, lesson.taught)
    columns = [column for column in columns_of(cells) if column.name not in unseen and column.kind in _SEEN_KINDS]
    if not columns:
        return None
    rows = np.stack([column.numbers if column.quantity else _codes(column.code) for column in columns], axis=1)
    given = np.full((len(lesson.taught), len(lesson.names)), np.nan)
    for fold in lesson.folds.folds:
        trees = HistGradientBoostingClassifier(max_iter=ROUNDS, early_stopping=False, random_state=0)
        trees.fit(rows[fold.train], lesson.labels[fold.train])
        given[fold.held_out] = 0.0
        given[np.ix_(fold.held_out, trees.classes_)] = trees.predict_proba(rows[fold.held_out])
    return _Answers(lesson.names, tuple(example.digest for example in lesson.taught), given)


def _codes(code: Indices) -> Probabilities:
    """Places of a column's values, by how common each is; missing ones are not a number."""
    often = np.bincount(code[code >= 0], minlength=int(code.max(initial=0)) + 1)
    rank = np.argsort(np.argsort(-often, kind="stable"), kind="stable").astype(np.float64)
    return np.where(code >= 0, rank[np.maximum(code, 0)], np.nan)


@dataclass(frozen=True)
class _Lesson:
    """Labelled examples that a model can be cross-validated on."""

    taught: list[Example]
    names: tuple[str, ...]
    labels: Indices
    folds: Folds


def _lesson(examples: Sequence[Example]) -> _Lesson | None:
    taught = [example for example in examples if example.label is not None]
    names = tuple(sorted({str(example.label) for example in taught}))
    if len(names) < 2 or not FEWEST <= len(taught) <= MOST:
        return None
    labels, folds = _folds([str(each.label) for each in taught], [each.group for each in taught], 0)
    return _Lesson(taught, names, labels, folds) if folds.apart else None


def _of_features(
    workspace: Workspace, modality: Modality, examples: Sequence[Example], progress: Told
) -> _Answers | None:
    """A ridge classifier on the cheapest features, cross-validated."""
    lesson = _lesson(examples)
    if lesson is None:
        return None
    taught, names, labels, folds = lesson.taught, lesson.names, lesson.labels, lesson.folds
    encoder = modality.encoder(None)
    view = encoder.views(len(taught), thorough=False)[0]
    inputs = [Input(example.digest, partial(workspace.blobs.get, example.digest)) for example in taught]
    read = encoder.features(inputs, view, (view,), workspace.cache / "features", progress)
    turning = learn_turning(read, len(taught), seed=0)
    starts = range(0, len(taught), CHUNK)
    rows = np.concatenate([turning(read(np.arange(at, min(at + CHUNK, len(taught))))) for at in starts])
    scores = np.empty((len(folds.rows), len(names)), np.float32)
    done = 0
    for fold in folds.folds:
        moments = Moments.of([(fold.train, rows[fold.train])], labels, len(names), lambda: None)
        scores[done : done + len(fold.held_out)] = ridge(moments, [STRENGTH])[0](rows[fold.held_out])
        done += len(fold.held_out)
    sharpness = fit_sharpness(scores, labels[folds.rows], cases=folds.cases(labels))
    given = _by_example(probabilities(scores, sharpness), folds, len(taught))
    return _Answers(names, tuple(example.digest for example in taught), given)
