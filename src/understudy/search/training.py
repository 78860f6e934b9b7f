"""Training: from labelled photos to a model, as work that can be stopped, limited and resumed."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Budget, Progress, Trial
from understudy.engine.inference import best_precision
from understudy.modalities.image.extractor import Extractor
from understudy.modalities.image.features import FeatureCache, Photo, extract
from understudy.search.assembly import Member, assemble
from understudy.search.calibration import fit_sharpness, log_losses, probabilities
from understudy.search.candidates import FAMILIES, Family, Material, held_out_scores
from understudy.search.description import Description
from understudy.search.ensemble import Ensemble, choose, clearly_better
from understudy.search.folds import Folds, make_folds
from understudy.search.journal import Entry, Journal
from understudy.search.model_file import write_model
from understudy.search.plan import Clock, TimeToFinish
from understudy.search.rows import Indices, Rows, Turning, learn_turning
from understudy.search.threshold import choose_threshold
from understudy.search.views import View, views_of

FEW_ROWS = 2000
"""Rows up to which one thread multiplies matrices faster than several."""


class TooLittleToLearn(UnderstudyError):
    """There are not enough labelled photos to train on."""


class NothingFinished(UnderstudyError):
    """The budget ended before a single candidate was fitted."""


@dataclass(frozen=True)
class Lesson:
    """What a run learns from.

    Attributes:
        photos: The training photos, by rising digest.
        labels: Label of each.
        groups: Group of each; a group is never split between folds.
    """

    photos: Sequence[Photo]
    labels: Sequence[str]
    groups: Sequence[str]

    @property
    def version(self) -> str:
        """Digest of photos, labels and groups: the same data, the same version."""
        told = [[photo.digest, label, group] for photo, label, group in zip(self.photos, self.labels, self.groups, strict=True)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True)
class Settings:
    """How to search.

    Attributes:
        extractor: What turns photos into features.
        sizes: Sides at which photos may be seen, rising.
        seed: Same seed, same trials, same model.
        budget: When to end.
    """

    extractor: Extractor
    sizes: tuple[int, ...]
    seed: int
    budget: Budget


@dataclass(frozen=True)
class Trained:
    """What came of a run.

    Attributes:
        model: The model file's bytes.
        trials: All candidates, in the order they were tried.
        data_version: See `Lesson.version`.
        stopped: Somebody stopped it before all candidates were tried.
        complete: Every planned candidate was tried.
    """

    model: bytes
    trials: tuple[Trial, ...]
    data_version: str
    stopped: bool
    complete: bool


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
        TooLittleToLearn: Fewer than two labels have photos.
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
        self._lesson, self._settings, self._folder, self._cache_folder = lesson, settings, folder, cache
        self._names = _checked_labels(lesson.labels)
        self._labels = np.array([self._names.index(label) for label in lesson.labels], np.int64)
        groups = np.unique(np.asarray(lesson.groups), return_inverse=True)[1].astype(np.int64)
        self._folds = make_folds(self._labels, groups, seed=settings.seed)
        self._held_out = self._labels[self._folds.rows]
        self._views = {view.name: view for view in views_of(settings.extractor, settings.sizes)}
        identity = {"data": lesson.version, "seed": settings.seed, "extractor": settings.extractor.key}
        self._journal = Journal(folder, {**identity, "sizes": list(settings.sizes), "precision": best_precision()})
        self._clock = Clock(settings.budget.seconds, stop_requested, report, self._planned())
        self._report = report

    def run(self) -> Trained:
        """Tries candidates until all are tried or the budget ends, then builds the model from the best.

        Raises:
            NothingFinished: The budget ended before the first candidate was fitted.
        """
        stopped, complete = False, True
        with threadpool_limits(1 if len(self._labels) < FEW_ROWS else None, "blas"):
            try:
                self._try_all()
            except TimeToFinish as end:
                stopped, complete = end.stopped, False
            if not self._journal.entries:
                raise _nothing_finished(len(self._labels), stopped=stopped)
            self._report(Progress("Building the model", 0, 1, None))
            model = self._finish()
        self._report(Progress("Building the model", 1, 1, 0.0))
        trials = tuple(entry.trial for entry in self._journal.entries)
        return Trained(model, trials, self._lesson.version, stopped, complete)

    def _planned(self) -> int:
        per_view = sum(len(family.settings) for family in FAMILIES if family.fits(len(self._labels)))
        planned = per_view * len(self._views)
        return planned if self._settings.budget.trials is None else min(planned, self._settings.budget.trials)

    def _try_all(self) -> None:
        left = self._planned()
        for view in self._views.values():
            families = [family for family in FAMILIES if family.fits(len(self._labels))]
            if left <= 0:
                return
            left = self._try_view(view, families, left)

    def _try_view(self, view: View, families: Sequence[Family], left: int) -> int:
        """Tries the families on a view and returns how many trials are left after that."""
        material: Material | None = None
        for family in families:
            wanted = min(len(family.settings), left)
            known = min(self._journal.finished(view.name, family.name), wanted)
            left -= wanted
            self._clock.tried(known, known=True)
            if known < wanted:
                material = material or self._material(view)[0]
                self._try_family(view, family, material, range(known, wanted))
        return left

    def _try_family(self, view: View, family: Family, material: Material, settings: range) -> None:
        self._clock.pulse()
        scored = held_out_scores(family, material)
        for setting in settings:
            self._journal.add(self._entry(view, family, setting, scored[setting]))
        self._clock.tried(len(settings))

    def _entry(self, view: View, family: Family, setting: int, scores: np.ndarray) -> Entry:
        sharpness = fit_sharpness(scores, self._held_out)
        given = probabilities(scores, sharpness)
        how = ", ".join(part for part in (family.name, family.settings[setting]) if part)
        trial = Trial(
            name=f"{how}: {view.name}",
            log_loss=float(log_losses(given, self._held_out).mean()),
            accuracy=float((given.argmax(axis=1) == self._held_out).mean()),
        )
        return Entry(trial, view.name, family.name, setting, sharpness, scores)

    def _material(self, view: View) -> tuple[Material, Turning]:
        """Sees the photos as the view asks, and makes rows of what it saw."""
        precision = best_precision()
        sizes = {size: self._settings.extractor for size in view.sizes}
        caches = {size: FeatureCache(self._cache_folder, made, size, precision) for size, made in sizes.items()}
        extract(self._lesson.photos, self._settings.extractor, caches, self._clock.extracting(max(caches)))
        digests = [photo.digest for photo in self._lesson.photos]

        def read(rows: Indices) -> np.ndarray:
            self._clock.pulse()
            wanted = [digests[row] for row in rows]
            return np.hstack([caches[part.size].read(wanted, depth=part.depth) for part in view.parts])

        turning = learn_turning(read, len(digests), seed=self._settings.seed)
        rows = Rows.turned(read, len(digests), turning, self._folder / "rows.f32")
        self._clock.begin_trying()
        return Material(rows, self._labels, len(self._names), self._folds, self._clock.pulse), turning

    def _finish(self) -> bytes:
        self._clock.seconds, self._clock.stop_requested = None, lambda: False
        entries = self._journal.entries
        ensemble, chosen = self._choose(entries)
        log_mixture = np.log(np.maximum(ensemble.given, 1e-9))
        sharpness = fit_sharpness(log_mixture, self._held_out)
        given = probabilities(log_mixture, sharpness)
        members = self._fit_members([chosen[place] for place in ensemble.members], ensemble.weights)
        graph = assemble(self._settings.extractor, members, sharpness=sharpness, classes=len(self._names))
        described = Description(
            labels=self._names,
            sizes=tuple(sorted({size for member in members for size in member.view.sizes})),
            threshold=choose_threshold(given, self._held_out),
            data_version=self._lesson.version,
            extractor=self._settings.extractor.key,
            seed=self._settings.seed,
            examples=tuple(int(count) for count in np.bincount(self._labels, minlength=len(self._names))),
            members=tuple((chosen[place].trial, weight) for place, weight in zip(ensemble.members, ensemble.weights, strict=True)),
            held_out_log_loss=float(log_losses(given, self._held_out).mean()),
            held_out_accuracy=float((given.argmax(axis=1) == self._held_out).mean()),
        )
        return write_model(graph, described)

    def _choose(self, entries: Sequence[Entry]) -> tuple[Ensemble, list[Entry]]:
        """Chooses among ever more demanding sets of views; a more demanding one must be clearly better."""
        best: tuple[Ensemble, list[Entry]] | None = None
        for allowed in _rising_demands(list(self._views.values())):
            candidates = [entry for entry in entries if entry.view in allowed]
            if not candidates:
                continue
            given = [probabilities(entry.scores, entry.sharpness) for entry in candidates]
            ensemble = choose(given, self._held_out)
            if best is None or clearly_better(ensemble, best[0], self._folds.rows):
                best = ensemble, candidates
        assert best is not None  # noqa: S101 - there is at least one entry, and the last demand allows all
        return best

    def _fit_members(self, chosen: Sequence[Entry], weights: Sequence[float]) -> list[Member]:
        """Fits the chosen candidates on all training photos."""
        members = []
        families = {family.name: family for family in FAMILIES}
        every = np.arange(len(self._labels))
        for view in self._views.values():
            here = [(entry, weight) for entry, weight in zip(chosen, weights, strict=True) if entry.view == view.name]
            if not here:
                continue
            material, turning = self._material(view)
            fitted = {name: families[name].prepare(material)(every) for name in sorted({entry.family for entry, _ in here})}
            members += [
                Member(view, turning, fitted[entry.family][entry.setting], entry.sharpness, weight)
                for entry, weight in here
            ]
        return members


def _rising_demands(views: Sequence[View]) -> list[set[str]]:
    """Sets of views: the cheapest alone, all of its size, all of the larger size, all."""
    small = views[0].sizes
    return [
        {views[0].name},
        {view.name for view in views if view.sizes == small},
        {view.name for view in views if len(view.sizes) == 1 and view.sizes != small},
        {view.name for view in views},
    ]


def _checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        found = f"all {len(labels)} training photos say “{names[0]}”" if names else "no training photo has a label"
        raise TooLittleToLearn(
            fact="There is nothing to tell apart.",
            reason=f"A model learns from at least two labels, and {found}.",
            remedy="Add photos of another label: a folder for each label, at least two photos in each.",
        )
    return names


def _nothing_finished(count: int, *, stopped: bool) -> NothingFinished:
    return NothingFinished(
        fact="No model was made.",
        reason=f"{'It was stopped' if stopped else 'The time was up'} before the first candidate was fitted on {count} photos.",
        remedy="Go on with --resume, which keeps the photos already looked at, and give it more minutes.",
    )
