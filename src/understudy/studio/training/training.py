"""Training as a use case: a run in a process of its own, and the model that came of it in the ledger."""

import math
import shutil
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Side
from understudy.domain.model import ModelRecord
from understudy.domain.project import PHOTO_LABELS, Project
from understudy.domain.task import AnswerKind
from understudy.domain.trial import Budget
from understudy.engine.executor import (
    Cancelled,
    Executor,
    Failed,
    Finished,
    Limits,
    Outcome,
    OutOfMemory,
    OutOfTime,
    Report,
)
from understudy.modalities.abilities import altered_digest
from understudy.modalities.cache import forget_features
from understudy.modalities.nouns import noun_of
from understudy.modalities.reading import InputFailed
from understudy.modalities.registry import modality_named
from understudy.search.assignment import (
    LESSON,
    MODEL,
    Assignment,
    number_groups,
    read_lesson,
    trials_from,
    write_lesson,
)
from understudy.search.tables.lesson import REMADE
from understudy.store.blobs import BlobMissing
from understudy.studio.alone import alone
from understudy.studio.examples.facts import measured_meanwhile, try_measuring
from understudy.studio.examples.failing import by_name
from understudy.studio.examples.harvest import Harvest, harvest
from understudy.studio.examples.synthesising import is_remade
from understudy.studio.training.extractors import check_extractor
from understudy.studio.training.stakes import Stakes
from understudy.studio.words.phrases import name
from understudy.studio.workspace import Workspace

OVERRUN, LATE_SECONDS = 1.03, 15.0
"""The child plans to end within its time; if it does not, it is ended at this multiple of it and so many seconds more:
on a busy machine a model that comes a little late is better than none."""
LARGEST_SEED = 2**31 - 1
_GO_ON = "give the same command with --resume"


class TrainingEnded(UnderstudyError):
    """The budget ended a run before there was a model; what it finished is kept."""


class TrainingStopped(UnderstudyError):
    """A person ended a run before there was a model; what it finished is kept."""


class TrainingFailed(UnderstudyError):
    """A run could not be done."""


class BadOrder(UnderstudyError):
    """An order asks for what cannot be."""


class TrainingBusy(UnderstudyError):
    """The project is being trained already."""


@dataclass(frozen=True)
class Order:
    """How to train.

    Attributes:
        budget: When to end.
        seed: Same seed and trials, same model; 0 or more.
        extractor: Name of another feature extractor, or None.
        resume: Go on where the last run ended, instead of starting anew.
        stakes: How much labels and mistakes count, in a table.

    Raises:
        BadOrder: The budget allows nothing, or the seed is below 0 or beyond 31 bits.
    """

    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    extractor: str | None = None
    resume: bool = False
    stakes: Stakes = field(default_factory=Stakes)

    def __post_init__(self) -> None:
        budget = self.budget
        limits = [limit for limit in (budget.seconds, budget.trials, budget.memory_bytes) if limit is not None]
        if not all(limit > 0 and math.isfinite(limit) for limit in limits):
            raise BadOrder(
                fact="This training could not try anything.",
                reason="Time, trials and memory are each more than nothing, or not limited at all.",
                remedy="Allow more, or leave the limit out.",
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise BadOrder(
                fact=f"{self.seed} cannot be a seed.",
                reason=f"A seed is a whole number from 0 to {LARGEST_SEED:,}.",
                remedy="Choose another; which one does not matter.",
            )


@dataclass(frozen=True)
class Fitted:
    """A model that was trained.

    Attributes:
        record: As the ledger knows it.
        learned_from: Examples it learned from.
        there_are: Examples to learn from; it looked at fewer where its time was up.
        seconds: How long the run took.
        peak_bytes: Largest resident memory of the run.
        complete: Every planned candidate was tried.
        stopped: Somebody stopped it, so it was built from the candidates that were tried.
        harvest: What people answered or what turned out meanwhile, and was taken in first.
        forgotten: Examples that it learned from and that were forgotten while it did.
    """

    record: ModelRecord
    learned_from: int
    there_are: int
    seconds: float
    peak_bytes: int
    complete: bool
    stopped: bool
    harvest: Harvest = field(default_factory=Harvest)
    forgotten: int = 0


def train(workspace: Workspace, project: str, order: Order, executor: Executor, *, on_progress: Report) -> Fitted:
    """Trains a model for a project and records it. The sealed set is not touched.

    What people answered and what turned out meanwhile is taken in first, unless an earlier run is to go on.

    Raises:
        UnknownProject: No such project.
        TrainingBusy: Another process trains it now.
        TrainingEnded: The budget ended the run before there was a model.
        TrainingStopped: A person did.
        TrainingFailed: The run could not be done, for the reason it gives.
        MeasureUnfit: The project's modality measures what cannot be kept.
        ExtractorUnused: An extractor is named where none has a part in the model.
        BadStakes: What is to count cannot, for this project.
    """
    known = workspace.ledger.project(project)
    check_extractor(order.extractor, known.task.modality)
    folder = workspace.run_folder(known.name)
    with alone(folder, lambda: _busy(project)):
        taken = Harvest() if order.resume else harvest(workspace, project)
        check_learnable(workspace, known)
        try_measuring(workspace, known.name)
        # Time that somebody gave is the search's alone.
        with nullcontext() if order.budget.seconds else measured_meanwhile(workspace, known.name):
            run = _carried_out(workspace, known, folder, order, executor, on_progress)
        result = _result(workspace, project, run.outcome)
        version = workspace.blobs.put((folder / MODEL).read_bytes())
    learned_from = int(result.get("learned_from", run.there_are))
    made_up = run.made_up if learned_from == run.there_are else int(result["made_up"])
    trials, data_version = trials_from(result), str(result["data_version"])
    record = ModelRecord(version, version, trials, data_version, workspace.now(), made_up)
    _record(workspace, project, record)
    usage = run.outcome.usage
    return Fitted(
        record=record,
        learned_from=learned_from,
        there_are=run.there_are,
        seconds=usage.seconds,
        peak_bytes=usage.peak_bytes,
        complete=bool(result["complete"]),
        stopped=bool(result["stopped"]),
        harvest=taken,
        forgotten=run.forgotten,
    )


@dataclass(frozen=True)
class _Run:
    """A run that ended, well or not.

    Attributes:
        outcome: How.
        there_are: Examples that there were to learn from.
        made_up: How many of them were made up.
        forgotten: How many of them were forgotten meanwhile.
    """

    outcome: Outcome
    there_are: int
    made_up: int
    forgotten: int


def _carried_out(
    workspace: Workspace, project: Project, folder: Path, order: Order, executor: Executor, on_progress: Report
) -> _Run:
    begun = workspace.now()
    try:
        written, remade = _prepare(workspace, project, order)
        made_up = workspace.ledger.counts(project.name).synthetic
        outcome = _run(workspace, project, folder, order, remade, executor, on_progress)
    finally:
        forgotten = _forgotten_since(workspace, project.name, folder, begun)
        number_groups(folder)
    if forgotten and isinstance(outcome, Failed) and outcome.kind == BlobMissing.__name__:
        raise _forgotten_too_soon(project, forgotten)
    return _Run(outcome, written + remade, made_up, forgotten)


def _record(workspace: Workspace, project: str, record: ModelRecord) -> None:
    workspace.ledger.record_model(
        project,
        version=record.version,
        blob=record.blob,
        trials=record.trials,
        data_version=record.data_version,
        at=record.at,
        synthetic=record.synthetic,
    )


def check_learnable(workspace: Workspace, project: Project) -> None:
    """Refuses to train where nothing has a label, or where all that bear a label are sealed.

    Raises:
        TrainingFailed: Nothing can be learned from; or fewer than two labels can, and others lie in the sealed set.
    """
    counts = workspace.ledger.counts(project.name)
    if not counts.train and not counts.sealed:
        begun = project.task == PHOTO_LABELS and not counts.total
        raise _nothing_there(project) if begun else _nothing_labelled(project, counts.train_unlabelled)
    if project.task.answers is not AnswerKind.LABEL or not counts.sealed or len(counts.train) > 1:
        return
    arrivals, things = list(workspace.ledger.arrivals(project.name)), noun_of(project.task.modality)
    learned = {each.label for each in arrivals if each.side is Side.TRAIN and each.label}
    sealed = [each for each in arrivals if each.side is Side.SEALED and each.label and each.label not in learned]
    if not sealed:
        return
    label = min(str(each.label) for each in sealed)
    lone = [each for each in sealed if each.label == label]
    groups = len({each.group for each in lone})
    raise TrainingFailed(
        fact=f"There is nothing to learn “{name(label)}” from: all that bear it are sealed.",
        reason=f"{things.counted(len(lone))}, alike or said to belong together, make {groups} "
        f"group{'s' if groups > 1 else ''}; a group stays on the side on which it fell, and no training sees what is "
        "sealed.",
        remedy=f"Add {things.many} of “{name(label)}” that are not like these, or take them all into a new project.",
    )


def _nothing_there(project: Project) -> TrainingFailed:
    """Without a word of photos: a project is taken for one of them until its first examples say what it is."""
    return TrainingFailed(
        fact=f"“{project.name}” has nothing to learn from yet.",
        reason="It holds no examples, and the first ones say what it decides about.",
        remedy=f"Add examples with their answers (understudy add {project.name} FILE), or answer what is asked "
        f"(understudy answer {project.name}).",
    )


def _nothing_labelled(project: Project, unlabelled: int) -> TrainingFailed:
    things, ranked = noun_of(project.task.modality), project.task.answers is AnswerKind.RANKING
    label = "what came next" if ranked else "a number" if project.task.answers is AnswerKind.NUMBER else "a label"
    none = f"None of its {things.counted(unlabelled)} has" if unlabelled > 1 else f"It has no {things.one} with"
    return TrainingFailed(
        fact=f"“{project.name}” has nothing to learn from yet.",
        reason=f"{none} {label}.",
        remedy=f"Add {things.many} with their answers (understudy add {project.name} FILE), or answer what is asked "
        f"(understudy answer {project.name}).",
    )


def _busy(project: str) -> TrainingBusy:
    return TrainingBusy(
        fact=f"“{project}” is being trained already.",
        reason="Another command works on it, and two would undo each other's work.",
        remedy="Wait until it is done, or stop it with Ctrl-C where it runs.",
    )


def _prepare(workspace: Workspace, project: Project, order: Order) -> tuple[int, int]:
    """Makes the run's folder ready.

    Returns:
        How many examples there are to learn from, and how many more it makes up anew.
    """
    folder = workspace.run_folder(project.name)
    if not order.resume:
        shutil.rmtree(folder, ignore_errors=True)
    ledger, remade = workspace.ledger, 0
    if ledger.counts(project.name).synthetic:
        remade = sum(is_remade(each, project) for each in ledger.examples(project.name, side=Side.TRAIN))
    every = ledger.examples(project.name, side=Side.TRAIN)
    return write_lesson(folder, (each for each in every if not is_remade(each, project))), remade


def _run(
    workspace: Workspace,
    project: Project,
    folder: Path,
    order: Order,
    remade: int,
    executor: Executor,
    on_progress: Report,
) -> Outcome:
    told = Assignment(
        folder=folder,
        blobs=workspace.blobs_url,
        cache=workspace.cache / "features",
        extractor=order.extractor,
        seed=order.seed,
        budget=order.budget,
        begun=time.time(),
        task=project.task,
        about=about_of(workspace, project, remade, order.stakes),
        entry=modality_named(project.task.modality).search,
    )
    seconds = order.budget.seconds
    limits = Limits(
        seconds=None if seconds is None else seconds * OVERRUN + LATE_SECONDS,
        memory_bytes=order.budget.memory_bytes,
        grace_seconds=math.inf,  # whoever cannot wait for the model presses Ctrl-C again
    )
    return executor.run(told.job(), limits=limits, on_progress=on_progress)


def about_of(workspace: Workspace, project: Project, remade: int, stakes: Stakes) -> dict[str, Any]:
    """What a search of a project needs to know besides: its schema, the stakes, and how many rows it makes anew."""
    schema, said = workspace.ledger.schema(project.name), stakes.said(workspace, project)
    about = {} if schema is None else {"schema": {**schema, **said}}
    return {**about, REMADE: remade} if remade else about


def _forgotten_since(workspace: Workspace, project: str, folder: Path, begun: datetime) -> int:
    """How many of the examples that a run was told of were forgotten since it began; it may have seen them after."""
    gone = workspace.ledger.erased_since(project, begun)
    if not gone or not (folder / LESSON).is_file():
        return 0
    told = [digest for digest, _, _ in read_lesson(folder) if digest in gone]
    forget_features(workspace.cache / "features", [*told, *map(altered_digest, told)])
    return len(told)


def _forgotten_too_soon(project: Project, count: int) -> TrainingFailed:
    things, one = noun_of(project.task.modality), count == 1
    return TrainingFailed(
        fact=f"No model came: {things.counted(count)} to learn from {'was' if one else 'were'} forgotten meanwhile.",
        reason="The training was told to learn from what is there no more.",
        remedy=f"Train again, and it does without {'it' if one else 'them'}.",
    )


def _result(workspace: Workspace, project: str, outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Finished(result=result):
            return result
        case Cancelled(result=result) if result is not None:
            return result
        case Failed(error=error, kind=kind):
            error = by_name(workspace, project, error) if kind == InputFailed.__name__ else error
            raise TrainingFailed(fact=error.fact, reason=error.reason, remedy=error.remedy) from error
        case OutOfMemory(usage=usage):
            raise TrainingEnded(
                fact="No model was made; what was finished is kept.",
                reason=f"Training needed more memory than it may use; it was ended at {usage.peak_bytes / 1e9:.2f} GB.",
                remedy=f"To go on, {_GO_ON} and allow more with --memory.",
            )
        case OutOfTime():
            raise TrainingEnded(
                fact="No model was made; what was finished is kept.",
                reason="The time was up before a model could be built.",
                remedy=f"To go on, {_GO_ON} and allow more --minutes.",
            )
    raise TrainingStopped(
        fact="Stopped; no model was made.",
        reason="It was stopped before a model could be built, and what was finished is kept.",
        remedy=f"To go on, {_GO_ON}.",
    )
