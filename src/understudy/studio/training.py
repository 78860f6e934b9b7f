"""Training as a use case: a run in a process of its own, and the model that came of it in the ledger."""

import shutil
from dataclasses import dataclass, field

from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Side
from understudy.domain.model import ModelRecord
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
from understudy.search.job import MODEL, Assignment, trials_from, write_lesson
from understudy.studio.workspace import Workspace

OVERRUN = 1.03
"""The child plans to end within its time; if it does not, it is ended at this multiple of it."""


class TrainingEnded(UnderstudyError):
    """A run ended without a model; what it finished is kept."""


class TrainingFailed(UnderstudyError):
    """A run could not be done."""


@dataclass(frozen=True)
class Order:
    """How to train.

    Attributes:
        budget: When to end.
        seed: Same seed and trials, same model.
        extractor: Name of another feature extractor, or None.
        resume: Go on where the last run ended, instead of starting anew.
    """

    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    extractor: str | None = None
    resume: bool = False


@dataclass(frozen=True)
class Fitted:
    """A model that was trained.

    Attributes:
        record: As the ledger knows it.
        learned_from: Photos it learned from.
        seconds: How long the run took.
        peak_bytes: Largest resident memory of the run.
        complete: Every planned candidate was tried.
        stopped: Somebody stopped it, so it was built from the candidates that were tried.
    """

    record: ModelRecord
    learned_from: int
    seconds: float
    peak_bytes: int
    complete: bool
    stopped: bool


def train(workspace: Workspace, project: str, order: Order, executor: Executor, *, on_progress: Report) -> Fitted:
    """Trains a model for a project and records it. The sealed set is not touched.

    Raises:
        UnknownProject: No such project.
        TrainingEnded: The budget or a person ended the run before there was a model.
        TrainingFailed: The run could not be done, for the reason it gives.
    """
    folder, started = workspace.run_folder(project), workspace.now().timestamp()
    learned_from = _prepare(workspace, project, order)
    told = Assignment(
        folder=folder,
        blobs=workspace.blobs_url,
        cache=workspace.cache / "features",
        extractor=order.extractor,
        seed=order.seed,
        budget=order.budget,
        started=started,
    )
    seconds = order.budget.seconds
    limits = Limits(
        seconds=None if seconds is None else seconds * OVERRUN,
        memory_bytes=order.budget.memory_bytes,
        grace_seconds=60.0,
    )
    outcome = executor.run(told.job(), limits=limits, on_progress=on_progress)
    result = _result(outcome, project)
    version = workspace.blobs.put((folder / MODEL).read_bytes())
    given = {"version": version, "blob": version, "data_version": str(result["data_version"])}
    workspace.ledger.record_model(project, **given, trials=trials_from(result), at=workspace.now())
    record = workspace.ledger.latest_model(project)
    if record is None:
        raise AssertionError("a model that was recorded is there")
    usage = outcome.usage
    return Fitted(
        record, learned_from, usage.seconds, usage.peak_bytes, bool(result["complete"]), bool(result["stopped"])
    )


def _prepare(workspace: Workspace, project: str, order: Order) -> int:
    """Makes the run's folder ready and returns how many photos there are to learn from."""
    examples = workspace.ledger.examples(workspace.ledger.project(project).name, side=Side.TRAIN)
    folder = workspace.run_folder(project)
    if not order.resume:
        shutil.rmtree(folder, ignore_errors=True)
    return write_lesson(folder, examples)


def _result(outcome: Outcome, project: str) -> dict[str, object]:
    match outcome:
        case Finished(result=result):
            return result
        case Cancelled(result=result) if result is not None:
            return result
        case Failed(error=error):
            raise TrainingFailed(fact=error.fact, reason=error.reason, remedy=error.remedy) from error
    raise _ended(outcome, project)


def _ended(outcome: Outcome, project: str) -> TrainingEnded:
    again = f"“understudy train {project} --resume”"
    match outcome:
        case OutOfMemory():
            used = f"{outcome.usage.peak_bytes / 1e9:.1f} GB"
            reason, remedy = (
                f"It needed more memory than it was allowed ({used}).",
                f"Allow more with --memory: {again}.",
            )
        case OutOfTime():
            reason, remedy = "Its time was up before a model could be built.", f"Give it more minutes: {again}."
        case _:
            reason, remedy = "It was stopped.", f"Go on with {again}."
    return TrainingEnded(fact="No model was made; what was finished is kept.", reason=reason, remedy=remedy)
