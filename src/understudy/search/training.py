"""Training: from labelled inputs to a model, as work that can be stopped, limited and resumed."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress, Trial
from understudy.engine.inference import best_precision, cores
from understudy.modalities.abilities import Altering, Naming, altered_digest
from understudy.modalities.protocol import Encoder, Input, Modality, View
from understudy.search import fine_tuning
from understudy.search.candidates import MOST_THREADS, Family, held_out_scores
from understudy.search.fine_tuning import FineTuning
from understudy.search.finishing import Finishing
from understudy.search.folds import Folds, make_folds
from understudy.search.journal import Entry, Journal
from understudy.search.kinds.choosing import kind_of
from understudy.search.pilot import WORTHWHILE, Pilot
from understudy.search.plan import Clock
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices
from understudy.search.scorers import Matrix
from understudy.search.target import Target, target_of
from understudy.search.trained import Trained, carry_out

ENOUGH = 0.98
"""Share right, out of fold, from which views that cost more have little left to gain."""


REFITTED = 3
"""Families that the chosen candidates are of, on views of their own; of texts and photos seldom more are slow ones."""


FEW_A_LABEL = 16
"""Examples of a label, on average, up to which its name is learned from too, where it is like an input. Measured on
texts with eight of a label: 1.2 points on tweets, 0.7 and 0.6 on questions of 77 and 150 labels, -0.5 on chats."""


MOST_ALTERED = 1_000
"""Examples up to which a copy of each is learned from too, altered as other microphones would, where the modality can.
Measured with support vectors, without and with copies: ESC-10 .919 and .938 right, with noise of 10 dB below .669 and
.869; digits of speakers who were held out .924 and .951, with such noise .877 and .899."""


class NothingFinished(UnderstudyError):
    """The budget ended before a single candidate was fitted."""


@dataclass(frozen=True)
class Lesson:
    """What a run learns from.

    Attributes:
        inputs: The training inputs, by rising digest; last those that were made up.
        labels: Answer of each, as it is kept.
        groups: Group of each; a group is never split between folds.
        made: How many of them were made up: they are learned from, and nothing is judged by them.
    """

    inputs: Sequence[Input]
    labels: Sequence[str]
    groups: Sequence[str]
    made: int = 0

    @property
    def version(self) -> str:
        """Digest of inputs, labels and groups: the same data, the same version."""
        digest = hashlib.sha256(f"{self.made} made up\n".encode() if self.made else b"")
        for one, label, group in zip(self.inputs, self.labels, self.groups, strict=True):
            digest.update(json.dumps([one.digest, label, group]).encode() + b"\n")
        return digest.hexdigest()

    @property
    def real(self) -> int:
        """How many there are that nobody made up; they come first."""
        return len(self.labels) - self.made

    def some(self, places: Sequence[int] | Indices) -> "Lesson":
        """A part of it, by places in any order."""
        kept = sorted(int(place) for place in places)
        labels, groups = ([part[at] for at in kept] for part in (self.labels, self.groups))
        made = sum(at >= self.real for at in kept)
        return Lesson([self.inputs[at] for at in kept], labels, groups, made)


@dataclass(frozen=True)
class Settings:
    """How to search.

    Attributes:
        modality: What the inputs are.
        encoder: What turns them into features.
        seed: Same seed, same trials, same model.
        budget: When to end.
        answers: What is to be answered; None for one of several labels.
    """

    modality: Modality
    encoder: Encoder
    seed: int
    budget: Budget
    answers: Task | None = None

    @property
    def task(self) -> Task:
        """What is to be answered."""
        return self.answers or Task(self.modality.name)


@dataclass(frozen=True)
class _Taught:
    """All that heads are fitted on: the lesson, copies of it and labels' names.

    Attributes:
        inputs: Real ones first.
        labels: Stratum of each, 0..k-1.
        wanted: As in `Target`; None for one label.
        folds: Over all of them; nothing is held out but real ones.
    """

    inputs: tuple[Input, ...]
    labels: Indices
    wanted: Matrix | None
    folds: Folds

    @classmethod
    def of(cls, lesson: Lesson, target: Target, groups: Indices, settings: Settings) -> "_Taught":
        """Draws the folds, and makes copies where the modality can."""
        count, real = len(lesson.labels), slice(lesson.real)
        alone = np.unique(groups[real], return_inverse=True)[1].astype(np.int64)
        folds = make_folds(target.strata[real], alone, seed=settings.seed)
        copies, named = _altered(settings.modality, lesson.inputs), _named(settings.modality, target)
        labels, wanted = target.strata, target.wanted
        if lesson.made:
            folds = folds.taught_besides(np.arange(lesson.real, count), groups)
        if copies:
            labels, wanted, folds = np.tile(labels, 2), np.tile(wanted, (2, 1)), folds.taught_alike(count)
        if named:
            labels = np.concatenate([labels, [place for place, _ in named]])
            folds = folds.taught_besides(np.arange(len(labels) - len(named), len(labels)))
        inputs = *lesson.inputs, *copies, *(given for _, given in named)
        return cls(inputs, labels, wanted if wanted.shape[1] else None, folds)


class Training:
    """One run.

    Args:
        lesson: What to learn from.
        settings: How.
        folder: The run's own, for its journal; the same folder again goes on where it ended.
        cache: Where features are kept.
        report: Receives progress.
        stop_requested: Asked often; once true, what was tried so far is finished into a model.

    Raises:
        TooLittleToLearn: All answers are the same, or no numbers where numbers are asked for.
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(
        self,
        lesson: Lesson,
        settings: Settings,
        folder: Path,
        cache: Path,
        *,
        report: Callable[[Progress], None],
        stop_requested: Callable[[], bool],
    ) -> None:
        self._settings, self._lesson = settings, lesson
        groups = np.unique(np.asarray(lesson.groups), return_inverse=True)[1].astype(np.int64)
        self._target = target_of(lesson.labels, groups, settings.task, settings.modality)
        taught = _Taught.of(lesson, self._target, groups, settings)
        labels, folds = taught.labels, taught.folds
        self._kind = kind_of(self._target, folds)
        self._thorough = settings.budget.trials is not None or settings.budget.seconds is not None
        self._views = settings.encoder.views(len(lesson.labels), thorough=self._thorough)
        self._families = [family for family in self._kind.families if family.fits(len(labels))]
        self._trials, self._data_version = settings.budget.trials, lesson.version
        self._tunable = fine_tuning.admits(settings.encoder, settings.task, lesson.real, folds)
        identity: dict[str, Any] = {"data": self._data_version, "seed": settings.seed, "encoder": settings.encoder.key}
        self._journal = Journal(folder, {**identity, "precision": best_precision(), "task": settings.task.to_json()})
        self._clock = Clock(
            settings.budget.seconds, stop_requested, report, self._planned(), refitted=REFITTED, refit=_refit(folds)
        )
        self._preparation = Preparation(
            taught.inputs,
            labels,
            int(labels.max()) + 1,
            folds,
            settings.encoder,
            self._views,
            cache,
            folder,
            settings.seed,
            self._clock,
            made=len(taught.inputs) - lesson.real,
            wanted=taught.wanted,
            groups=groups[: lesson.real],
        )
        self._report = report
        self._groups, self._places = groups, (cache, folder / "pilot")
        self._worth_more: bool | None = None
        self._walked: list[Entry] = []

    def run(self) -> Trained:
        """Tries candidates until all are tried or the budget ends, then builds the model from the best.

        Raises:
            NothingFinished: The budget ended before the first candidate was fitted.
        """
        return carry_out(self, self._report)

    @property
    def data_version(self) -> str:
        """See `Course`."""
        return self._data_version

    @property
    def trials(self) -> tuple[Trial, ...]:
        """See `Course`."""
        return tuple(entry.trial for entry in self._walked)

    def nothing_finished(self, *, stopped: bool) -> UnderstudyError:
        """See `Course`."""
        return _nothing_finished(f"{len(self._target.strata)} {self._settings.modality.plural}", stopped=stopped)

    def _planned(self) -> int:
        planned = sum(len(family.settings) for family in self._families) * len(self._views)
        planned += len(fine_tuning.SETTINGS) if self._tunable else 0
        return planned if self._trials is None else min(planned, self._trials)

    def try_all(self) -> None:
        """See `Course`. What an earlier run tried beyond this plan is left out of it."""
        left = self._planned()
        for view in self._views:
            if self._need_not_see(view):
                return
            for family in self._families:
                wanted = min(len(family.settings), left)
                left -= wanted
                known = self._known(view, family.name, wanted)
                if known < wanted:
                    self._try(view, family, range(known, wanted))
        if self._tunable and left and (self._thorough or self._best < fine_tuning.ENOUGH):
            self._try_fine_tuning(min(len(fine_tuning.SETTINGS), left))

    def _known(self, view: View, family: str, wanted: int) -> int:
        """Takes over what an earlier run tried of a family, up to as many as are wanted; returns how many."""
        known = self._journal.finished(view.name, family)[:wanted]
        self._walked += known
        self._clock.tried(len(known), known=True)
        return len(known)

    @property
    def _best(self) -> float:
        return max(entry.trial.accuracy for entry in self._walked)

    @cached_property
    def _fine_tuning(self) -> FineTuning | None:
        """What fine-tunes; None where it would take too long."""
        return fine_tuning.made_ready(self._preparation)

    def _try_fine_tuning(self, wanted: int) -> None:
        self._clock.pulse()
        tuning = self._fine_tuning
        if tuning is None:
            return
        known = self._known(tuning.tuner.view, fine_tuning.NAME, wanted)
        if known < wanted:
            scored = tuning.held_out_scores()
            self._keep(tuning.tuner.view, fine_tuning.NAME, fine_tuning.SETTINGS, range(known, wanted), scored)

    def _need_not_see(self, view: View) -> bool:
        """Whether costlier views could gain too little; nobody who gives a budget is spared them."""
        if self._thorough or not view.demand:
            return False
        if self._best >= ENOUGH:
            return True
        if self._worth_more is None:
            self._worth_more = len(self._lesson.inputs) < WORTHWHILE or self._pilot().favours_more()
        return not self._worth_more

    def _pilot(self) -> Pilot:
        lesson, settings = self._lesson, self._settings
        about = settings.task, settings.modality, settings.encoder, self._views
        real = slice(lesson.real)
        return Pilot(
            lesson.inputs[real],
            lesson.labels[real],
            self._groups[real],
            *about,
            *self._places,
            settings.seed,
            self._clock,
        )

    def _try(self, view: View, family: Family, settings: range) -> None:
        self._clock.pulse()
        scored = held_out_scores(family, self._preparation.material(view))
        self._keep(view, family.name, family.settings, settings, scored)

    def _keep(self, view: View, family: str, named: Sequence[str], settings: range, scored: Sequence[Matrix]) -> None:
        for setting in settings:
            how = ", ".join(part for part in (family, named[setting]) if part)
            self._walked.append(self._entry(view, family, setting, how, scored[setting]))
            self._journal.add(self._walked[-1])
        self._clock.tried(len(settings))

    def _entry(self, view: View, family: str, setting: int, how: str, scores: Matrix) -> Entry:
        sharpness = self._kind.sharpness(scores)
        given = self._kind.given(scores, self._kind.slopes(scores, sharpness))
        trial = Trial(f"{how}: {view.name}", *self._kind.figures(given))
        return Entry(trial, view.name, family, setting, sharpness, scores)

    def finish(self) -> bytes:
        """See `Course`."""
        self._clock.open_end()
        plain = {view.name for view in self._views}
        tuned = self._fine_tuning if any(entry.view not in plain for entry in self._walked) else None
        about = self._target, self._kind, self._data_version, self._lesson.groups[: self._lesson.real]
        model = Finishing(self._preparation, self._settings.modality, self._views, tuned, *about).model(self._walked)
        self._preparation.clear()
        return model


def _refit(folds: Folds) -> float:
    """What fitting on all examples takes, by one thread, as a share of what cross-validation takes, by several."""
    taught = sum(len(fold.train) for fold in folds.folds)
    every = max(len(fold.train) + len(fold.held_out) for fold in folds.folds)
    return min(cores(), MOST_THREADS, len(folds.folds)) * every / taught


def _altered(modality: Modality, inputs: Sequence[Input]) -> list[Input]:
    """Where there are not too many, a copy of each input as it might have come about elsewhere."""
    if not isinstance(modality, Altering) or len(inputs) > MOST_ALTERED:
        return []
    return [Input(altered_digest(each.digest), _altering(modality, each)) for each in inputs]


def _altering(modality: Altering, one: Input) -> Callable[[], bytes]:
    return lambda: modality.altered(one.read())


def _named(modality: Modality, target: Target) -> list[tuple[int, Input]]:
    """Where there are few examples of one label each, the labels' names as further ones, by the label's place."""
    few = len(target.strata) <= FEW_A_LABEL * len(target.labels)
    if not isinstance(modality, Naming) or not few or target.task.answers is not AnswerKind.LABEL:
        return []
    made = [(place, modality.from_label(name)) for place, name in enumerate(target.labels)]
    return [(place, _input_of(data)) for place, data in made if data]


def _input_of(data: bytes) -> Input:
    return Input(hashlib.sha256(data).hexdigest(), lambda: data)


def _nothing_finished(what: str, *, stopped: bool) -> NothingFinished:
    end = "It was stopped" if stopped else "The time was up"
    plural = what.rsplit(maxsplit=1)[-1]
    return NothingFinished(
        fact="No model was made.",
        reason=f"{end} before the first candidate was fitted on {what}.",
        remedy=f"Go on with --resume, which keeps the {plural} already looked at, and give it more minutes.",
    )
