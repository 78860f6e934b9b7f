"""Training on rows of a table: from cells and answers to a model file, as work that can be stopped and resumed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import Task
from understudy.domain.trial import Budget, Progress, Trial
from understudy.engine.linear_algebra import one_thread
from understudy.search.plan import Clock
from understudy.search.tables.effort import Effort
from understudy.search.tables.encoding import fit_encoding
from understudy.search.tables.ensemble import member_of
from understudy.search.tables.familiar import spans_of
from understudy.search.tables.finishing import Ties, figures, judged, mixture_of
from understudy.search.tables.folds import Drawn, Fold, make_folds
from understudy.search.tables.journal import Journal
from understudy.search.tables.lesson import Lesson, heeded, truth_of
from understudy.search.tables.model_file import Content, write_file
from understudy.search.tables.portfolio import Candidate, Size, planned
from understudy.search.tables.remaking import Remaking
from understudy.search.tables.target import Target
from understudy.search.tables.trying import Material, try_candidate
from understudy.search.tables.usual import usual_of
from understudy.search.trained import Trained, carry_out

FINISHING = 1.0
"""Seconds that finishing takes at least."""
WRITTEN = 20e6
"""Bytes of fitted candidates that are read, checked and packed into a model file in a second."""
MARGIN = 0.03
"""Share of the time that is kept back, since no estimate is exact."""


class NothingFinished(UnderstudyError):
    """The budget ended before a single candidate was fitted."""


@dataclass(frozen=True)
class Settings:
    """How to search.

    Attributes:
        seed: Same seed, same trials, same model.
        budget: When to end.
        cores: Fits that may run at once.
    """

    seed: int
    budget: Budget
    cores: int


class Training:
    """One run.

    Args:
        lesson: What to learn from.
        task: What to answer.
        settings: How.
        folder: The run's own, for its journal; the same folder again goes on where it ended.
        report: Receives progress.
        stop_requested: Asked often; once true, what was tried so far is finished into a model.
        read: Gives the bytes of a row by its place; for lessons whose rows are made up anew.

    Raises:
        TooLittleToLearn: The answers are all the same, or all different.
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(
        self,
        lesson: Lesson,
        task: Task,
        settings: Settings,
        folder: Path,
        *,
        report: Callable[[Progress], None],
        stop_requested: Callable[[], bool],
        read: Callable[[int], bytes] | None = None,
    ) -> None:
        self._truth = truth_of(lesson, task)
        self._lesson = lesson = heeded(lesson, self._truth)
        self._settings, self._report = settings, report
        self._effort = Effort()
        self._clock = Clock(settings.budget.seconds, stop_requested, report)
        self._clock.finishing = FINISHING + MARGIN * (settings.budget.seconds or 0.0)
        with one_thread():
            self._encoding = fit_encoding(lesson.cells, lesson.columns, seed=settings.seed)
            self._rows = self._encoding.encoded(lesson.cells)
        self._remaking = (
            Remaking(lesson, self._truth, self._encoding, read, settings.seed) if read and lesson.remade else None
        )
        self._folds: dict[int, Drawn] = {}
        self._taught: dict[int, tuple[Material, tuple[Fold, ...]]] = {}
        self._ahead = self._drawn(0).ahead
        thorough = settings.budget.seconds is not None or settings.budget.trials is not None
        width = self._rows.numbers.shape[1] + self._rows.codes.shape[1]
        classes = self._truth.targets[0].classes
        directed = any(feature.monotone for feature in self._encoding.numbers)
        size = Size(lesson.cells.count, width, classes, thorough, len(self._truth.targets), self._ahead, directed)
        self._plan = planned(size)[: settings.budget.trials]
        identity = {"data": lesson.version, "seed": settings.seed, "task": task.to_json(), **lesson.schema.to_json()}
        self._journal = Journal(folder, identity)

    def run(self) -> Trained:
        """Tries candidates until all are tried or the budget ends, then builds the model from the best.

        Raises:
            NothingFinished: The budget ended before the first candidate was fitted.
        """
        return carry_out(self, self._report)

    @property
    def data_version(self) -> str:
        """See `Course`."""
        return self._lesson.version

    @property
    def trials(self) -> tuple[Trial, ...]:
        """See `Course`."""
        return tuple(self._journal.entries[number].trial for _, number in self._tried())

    def nothing_finished(self, *, stopped: bool) -> UnderstudyError:
        """See `Course`."""
        return _nothing_finished(self._lesson.cells.count, stopped=stopped)

    def try_all(self) -> None:
        """See `Course`."""
        begun, new = time.monotonic(), 0
        known = {candidate.key for candidate, _ in self._tried()}
        done = len(known)
        for candidate in self._plan:
            left = (time.monotonic() - begun) / new * (len(self._plan) - done) if new else None
            self._report(Progress("Trying candidates", done, len(self._plan), self._clock.capped(left)))
            if candidate.key not in known:
                self._clock.pulse()
                self._try(candidate)
                done, new = done + 1, new + 1

    def _tried(self) -> list[tuple[Candidate, int]]:
        """Candidates of the plan that were tried, in its order, with the numbers of their entries.

        What an earlier run tried beyond this plan stays in the journal and is left out, so that a run that goes on ends
        in the bytes of one that never stopped.
        """
        numbers = {entry.candidate: number for number, entry in enumerate(self._journal.entries)}
        return [(candidate, numbers[candidate.key]) for candidate in self._plan if candidate.key in numbers]

    def _try(self, candidate: Candidate) -> None:
        tried = try_candidate(candidate, *self._learned_from(candidate.repeat))
        given = tried.given[: len(self._rows)]
        loss, accuracy = figures(given, self._truth, self._lesson.schema, apart=self._drawn(0).apart)
        again = f", drawn anew {candidate.repeat}" if candidate.repeat else ""
        self._journal.add(Trial(candidate.name + again, loss, accuracy), candidate.key, given, tried.fits)
        sizes = sorted((entry.bytes for entry in self._journal.entries), reverse=True)
        written = sum(sizes[:8]) / WRITTEN
        margin = MARGIN * (self._settings.budget.seconds or 0)
        self._clock.finishing = (FINISHING + written) * self._effort.slowness + margin

    def _material(self) -> Material:
        return Material(
            self._rows,
            self._truth.targets,
            self._truth.several,
            np.arange(len(self._rows)),
            self._encoding.sizes,
            self._encoding.numbers,
            self._ahead,
            self._settings.seed,
            self._settings.cores,
            self._clock.pulse,
            self._effort,
        )

    def _learned_from(self, repeat: int) -> tuple[Material, tuple[Fold, ...]]:
        """What the candidates of a repeat are fitted on."""
        drawn = self._drawn(repeat)
        if self._remaking is None:
            return self._material(), drawn.folds
        if repeat not in self._taught:
            self._taught[repeat] = self._remaking.beside(self._material(), drawn)
        return self._taught[repeat]

    def _drawn(self, repeat: int) -> Drawn:
        """The folds of a repeat."""
        if repeat not in self._folds:
            seed = self._settings.seed * 31 + repeat
            self._folds[repeat] = _drawn(self._lesson, self._truth.targets[0], seed)
        return self._folds[repeat]

    def finish(self) -> bytes:
        """See `Course`."""
        self._clock.open_end()
        by_name: dict[str, list[int]] = {}
        families: dict[str, str] = {}
        for candidate, number in self._tried():
            by_name.setdefault(candidate.name, []).append(number)
            families[candidate.name] = candidate.family
        names = list(by_name)
        entries = self._journal.entries
        given = [np.mean([entries[number].given for number in by_name[name]], axis=0) for name in names]
        mixture = mixture_of(given, self._truth)
        schema, seed = self._lesson.schema, self._settings.seed
        drawn, times, apart = self._drawn(0), self._lesson.times, self._drawn(0).apart
        stretches = drawn.stretches(None if times is None else times[: self._lesson.real])
        about = self._truth, self._rows, self._encoding, Ties(self._lesson.groups, stretches)
        worth = judged(mixture.given, *about, schema=schema, seed=seed)
        if not apart:
            worth = worth.unproven(mixture.given, self._truth, schema)
        members, kept, trials = [], [], []
        real = np.arange(self._lesson.real)
        cells, columns = self._lesson.cells.some(real), self._lesson.columns
        labels = len(self._truth.targets) if self._truth.several else 0
        for place, weight in zip(mixture.members, mixture.weights, strict=True):
            numbers = by_name[names[place]]
            arrays = [fit for number in numbers for fit in self._journal.fitted(number)]
            members.append(member_of(families[names[place]], weight, arrays, labels))
            kept.append(arrays)
            loss, accuracy = figures(given[place], self._truth, schema, apart=apart)
            trials.append((Trial(names[place], loss, accuracy), weight))
        content = Content(
            schema,
            self._encoding,
            tuple(members),
            tuple(trials),
            worth,
            self._truth,
            self._lesson.version,
            seed,
            spans_of(cells, columns),
            usual_of(cells, columns, self._lesson.groups[real], seed=seed),
        )
        return write_file(content, kept)


def _drawn(lesson: Lesson, target: Target, seed: int) -> Drawn:
    """Folds of the rows that nobody made up; the others are learned from beside each."""
    real, times = np.arange(lesson.real), lesson.times
    groups = np.unique(lesson.groups[real], return_inverse=True)[1].astype(np.int64)
    drawn = make_folds(target.some(real), groups, None if times is None else times[real], seed=seed)
    return drawn.taught_besides(np.arange(lesson.real, len(target)), lesson.groups, times)


def _nothing_finished(count: int, *, stopped: bool) -> NothingFinished:
    end = "It was stopped" if stopped else "The time was up"
    return NothingFinished(
        fact="No model was made.",
        reason=f"{end} before the first candidate was fitted on {count:,} rows.",
        remedy="Give it more time.",
    )


__all__ = ["Candidate", "NothingFinished", "Settings", "Trained", "Training"]
