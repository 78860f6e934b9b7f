"""A portion of a lesson: as much of it as can be looked at in the time that somebody gives."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Progress
from understudy.engine.linear_algebra import one_thread
from understudy.modalities.abilities import Altering
from understudy.search.rows import Indices
from understudy.search.training import MOST_ALTERED, Lesson, Settings
from understudy.search.trial_lines import anything_tried

LOOKING: Final = 0.5
"""Share of the time that is left after which no more is looked at; what remains is for trying and finishing many."""
FEW, ENOUGH_SECONDS = 1_000, 12.0
"""Inputs up to which trying and finishing take no more than so many seconds, so that all else is for looking."""
FIRST: Final = 20
"""Examples of each label that come before all others; of an easy task so many are enough."""
FEWEST: Final = 2
"""Examples of each label, on average, below which a portion teaches nothing."""
PORTION: Final = "portion.json"


class LookedEnough(Exception):
    """Time for looking is up, or somebody asked to stop. It ends the looking, and is no error."""


def portion_of(
    lesson: Lesson,
    settings: Settings,
    folder: Path,
    cache: Path,
    *,
    report: Callable[[Progress], None],
    stop_requested: Callable[[], bool],
    now: Callable[[], float] = time.monotonic,
) -> Lesson:
    """What a run learns from: all of the lesson, unless looking at all of it would take more than the time allows.

    A portion is the same for the same lesson and count: labels keep their shares, save that the rarest come whole. What
    was looked at stays in the cache, so that a later run with more time begins where this one ended.

    Args:
        lesson: All there is.
        settings: Of the run; its time, from now.
        folder: The run's own. It keeps the portion's size, so that a run which goes on with what it tried learns from
            the same one.
        cache: Where features are kept.
        report: Receives progress.
        stop_requested: Asked often; once true, no more is looked at.
        now: Seconds on a clock that only runs forward.
    """
    kept = folder / PORTION
    if not anything_tried(folder):
        kept.unlink(missing_ok=True)
    places = learned_places(folder, lesson.labels, settings.task)
    if places is not None:
        return lesson.some(places)
    if settings.budget.seconds is None:
        return lesson
    copied = MOST_ALTERED if isinstance(settings.modality, Altering) else 0
    watch = _Watch(settings.budget.seconds, copied, len(lesson.labels), report, stop_requested, now)
    seen = _seen(lesson, settings, cache, watch)
    if seen < FEWEST * len(set(lesson.labels)) and settings.task.answers is AnswerKind.LABEL:
        seen = len(lesson.labels)  # the run will say that its time was up
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(seen), encoding="utf-8")
    return lesson.some(_drawn(lesson.labels, settings.task)[:seen])


def learned_places(folder: Path, labels: Sequence[str], task: Task) -> Indices | None:
    """Which examples of a lesson the run in a folder learns from, rising; None for all of them.

    Args:
        folder: The run's own.
        labels: Answer of each example of the whole lesson, as it is kept.
        task: What is to be answered.
    """
    kept = folder / PORTION
    if not kept.is_file():
        return None
    return np.sort(_drawn(labels, task)[: int(json.loads(kept.read_text(encoding="utf-8")))])


@dataclass
class _Watch:
    """Ends the looking in time.

    Attributes:
        seconds: Of the run.
        copied: Inputs up to which a copy of each will be looked at too, so that half of the time is for those.
        count: Inputs in all.
        report: Receives progress.
        stop_requested: Whether somebody asked to stop.
        now: Seconds on a clock that only runs forward.
        seen: How many inputs are known now.
    """

    seconds: float
    copied: int
    count: int
    report: Callable[[Progress], None]
    stop_requested: Callable[[], bool]
    now: Callable[[], float]
    seen: int = 0
    _start: float = field(init=False)

    def __post_init__(self) -> None:
        self._start = self.now()

    def looking_at(self, what: str) -> Callable[[int, int], None]:
        """A reporter of inputs done.

        Args:
            what: What is looked at, for people ("photos at 224 px").
        """

        def told(done: int, total: int) -> None:
            # What was known before came first in the same order.
            self.seen = self.count - total + done
            limit = self._limit()
            spent = self.now() - self._start
            left = spent / done * (total - done) if done else limit
            self.report(Progress(f"Looking at {what}", done, total, max(min(left, limit - spent), 0.0)))
            if done < total and (spent > limit or self.stop_requested()):
                raise LookedEnough

        return told

    def _limit(self) -> float:
        """Seconds that looking may take."""
        limit = self.seconds * LOOKING
        if self.seen <= FEW:
            limit = max(limit, self.seconds - ENOUGH_SECONDS)
        return limit / 2 if self.seen <= self.copied else limit


def _seen(lesson: Lesson, settings: Settings, cache: Path, watch: _Watch) -> int:
    """Looks at inputs in the order of `_drawn` while there is time; how many of them are known then."""
    views = settings.encoder.views(len(lesson.labels), thorough=True)
    inputs = [lesson.inputs[place] for place in _drawn(lesson.labels, settings.task)]
    try:
        # As in the run: what is kept here is what it learns from.
        with one_thread():
            settings.encoder.features(inputs, views[0], views, cache, watch.looking_at(views[0].name))
    except LookedEnough:
        return watch.seen
    return len(inputs)


def _drawn(answers: Sequence[str], task: Task) -> Indices:
    """All examples, in an order whose beginnings are portions: by their digests, which are as good as drawn."""
    count = len(answers)
    if task.answers is not AnswerKind.LABEL:
        return np.arange(count)
    labels, sizes = np.unique(np.asarray(answers), return_inverse=True, return_counts=True)[1:]
    by_label = np.argsort(labels, kind="stable")
    ranks = np.empty(count, np.int64)
    ranks[by_label] = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    later = ranks >= FIRST
    return np.lexsort((np.where(later, (ranks + 0.5) / sizes[labels], ranks), later))
