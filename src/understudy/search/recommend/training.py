"""Training on interactions: from histories to a model file, as work that can be stopped and resumed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress, Trial
from understudy.search.plan import Clock
from understudy.search.recommend.families import Family, Setting
from understudy.search.recommend.finishing import finish
from understudy.search.recommend.journal import Entry, Journal
from understudy.search.recommend.lesson import Lesson
from understudy.search.recommend.model_file import write_file
from understudy.search.recommend.trying import Ground, planned, try_one
from understudy.search.target import TooLittleToLearn
from understudy.search.trained import Trained, carry_out
from understudy.search.training import NothingFinished

MANY: Final = 20_000
"""Events from which a run without a budget takes few steps from each family's start."""
FEW_STEPS: Final = 3
STARTS: Final = 1
FINISHING: Final = 0.1
"""Share of the time that is kept back at least for fitting the members on everything, weighing and writing them."""
FITTING: Final = 2.0
"""Fitting on everything takes so many times what a round takes."""
MIXING: Final = 0.002
"""Seconds that weighing takes for each member and question."""


@dataclass(frozen=True)
class Settings:
    """How to search.

    Attributes:
        seed: Same seed, same trials, same model.
        budget: When to end.
    """

    seed: int
    budget: Budget


class Training:
    """One run.

    Args:
        lesson: What to learn from.
        settings: How.
        folder: The run's own, for its journal; the same folder again goes on where it ended.
        report: Receives progress.
        stop_requested: Asked often; once true, what was tried so far is finished into a model.
        task: What to answer.

    Raises:
        TooLittleToLearn: There is nobody to ask what came next.
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(
        self,
        lesson: Lesson,
        settings: Settings,
        folder: Path,
        *,
        report: Callable[[Progress], None],
        stop_requested: Callable[[], bool],
        task: Task | None = None,
    ) -> None:
        self._lesson, self._settings, self._report = lesson, settings, report
        self._task = task or Task("interactions", AnswerKind.RANKING)
        self._ground = Ground.of(lesson, settings.seed)
        if not self._ground.rounds:
            raise TooLittleToLearn(
                fact="There is too little to learn from.",
                reason="No training person took anything that could be held out while others are learned from.",
                remedy="Add interactions of more people.",
            )
        identity = {"data": lesson.version, "seed": settings.seed, "about": repr(lesson.about)}
        self._journal = Journal(folder, identity)
        self._costs: dict[str, float] = {}
        self._walked: list[Entry] = []
        self._plan = list(self._planned())
        most = len(self._plan) if settings.budget.trials is None else min(len(self._plan), settings.budget.trials)
        self._clock = Clock(settings.budget.seconds, stop_requested, report, most)
        self._clock.finishing += FINISHING * (settings.budget.seconds or 0.0)

    def run(self) -> Trained:
        """Tries candidates until all are tried or the budget ends, then builds the model from the best.

        Raises:
            NothingFinished: The budget ended before the first candidate was tried.
        """
        return carry_out(self, self._report)

    def finish(self) -> bytes:
        """See `Course`."""
        self._clock.open_end()
        finished = finish(self._ground, self._journal, self._walked)
        return write_file(self._lesson, self._task, finished, seed=self._settings.seed)

    @property
    def data_version(self) -> str:
        """See `Course`."""
        return self._lesson.version

    @property
    def trials(self) -> tuple[Trial, ...]:
        """See `Course`."""
        return tuple(entry.trial for entry in self._walked)

    def nothing_finished(self, *, stopped: bool) -> UnderstudyError:
        """See `Course`."""
        return _nothing_finished(len(self._lesson.log), stopped=stopped)

    def _planned(self) -> Iterator[tuple[Family, str | None, float | None]]:
        budget = self._settings.budget
        thorough = budget.seconds is not None or budget.trials is not None
        most = None if thorough or len(self._lesson.log.item) < MANY else STARTS + FEW_STEPS
        taken: dict[str, int] = {}
        for family, name, value in planned(self._ground):
            taken[family.name] = taken.get(family.name, 0) + 1
            if most is None or taken[family.name] <= most:
                yield family, name, value

    def try_all(self) -> None:
        """Takes each step from the best of its family so far; what a journal knows already is not tried again.

        What an earlier run tried beyond this plan is left out, so that a run that goes on ends as one that never
        stopped.
        """
        best: dict[str, Entry] = {}
        known = list(self._journal.entries)
        self._clock.begin_trying()
        for family, name, value in self._plan:
            if self._settings.budget.trials is not None and len(self._walked) >= self._settings.budget.trials:
                return
            base = best[family.name].setting if family.name in best else family.start(self._ground.whole.traits)
            setting = dict(base) if name is None else {**base, name: value}
            if any(each.family == family.name and each.setting == setting for each in self._walked):
                self._clock.tried(1, known=True)
                continue
            found = next((each for each in known if each.family == family.name and each.setting == setting), None)
            if found is None:
                found = self._tried(family, setting)
            self._clock.tried(1, known=found in known)
            self._walked.append(found)
            if family.name not in best or found.trial.log_loss < best[family.name].trial.log_loss:
                best[family.name] = found

    def _tried(self, family: Family, setting: Setting) -> Entry:
        """Tries a setting, and keeps back the time that fitting the best of all families on everything will take."""
        begun = self._clock.now()
        try_one(self._ground, self._journal, family, setting, self._clock.pulse)
        self._costs[family.name] = (self._clock.now() - begun) / len(self._ground.rounds)
        needed = MIXING * len(self._costs) * sum(len(each.truth) for each in self._ground.rounds)
        self._clock.finishing = max(self._clock.finishing, FITTING * sum(self._costs.values()) + needed)
        return self._journal.entries[-1]


def _nothing_finished(people: int, *, stopped: bool) -> NothingFinished:
    end = "It was stopped" if stopped else "The time was up"
    return NothingFinished(
        fact="No model was made.",
        reason=f"{end} before the first candidate was tried on the histories of {people} people.",
        remedy="Go on with --resume, and give it more time.",
    )
