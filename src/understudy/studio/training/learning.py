"""How much more data: a project's learning curve, measured in a process of its own and kept while nothing changes."""

import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from understudy.domain.brief import Brief, BriefVersion
from understudy.domain.economics import economics_of
from understudy.domain.errors import UnderstudyError
from understudy.domain.evidence import Judgement
from understudy.domain.example import Side
from understudy.domain.learning import Behaviour, LearningCurve
from understudy.domain.means import Means, means_of_task, real_counts
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.engine.executor import Executor, Failed, Finished, Limits, Outcome, Report
from understudy.modalities.abilities import Curving
from understudy.modalities.interactions.content import Content
from understudy.modalities.protocol import HEADS
from understudy.modalities.reading import InputFailed
from understudy.modalities.registry import modality_named
from understudy.search.assignment import read_lesson, write_lesson
from understudy.search.learning_task import ENTRY, LearningTask, read_scores, scores_name, version_of
from understudy.search.loading import described
from understudy.stats.curves import fit_curve
from understudy.studio.alone import alone
from understudy.studio.examples.failing import by_name
from understudy.studio.training.extractors import check_extractor
from understudy.studio.training.learning_words import Situation
from understudy.studio.words.phrases import Noun, real_things, things_of, things_so_far
from understudy.studio.workspace import Workspace

SEED = 0
TOO_SHORT = LearningCurve((), Behaviour.TOO_SHORT, (), None, ())


class BadTarget(UnderstudyError):
    """A target cannot be aimed at."""


class CurveBusy(UnderstudyError):
    """The project's curve is being measured already."""


class CurveStopped(UnderstudyError):
    """A person stopped the measuring; nothing came of it."""


class CurveFailed(UnderstudyError):
    """The curve could not be measured."""


def learn_curve(
    workspace: Workspace,
    project: str,
    executor: Executor,
    *,
    target: float | None = None,
    extractor: str | None = None,
    on_progress: Report,
) -> LearningCurve:
    """Says what a project's training examples say about more of them. The sealed set is not touched.

    What was measured is kept, so the same examples and model are not measured again, and another target takes no
    time.

    Args:
        workspace: Where the project is.
        project: Its name.
        executor: Where the measuring runs.
        target: Share right that is aimed at, strictly between 0 and 1; None for the brief's bar, if there is one.
        extractor: Name of the extractor that the model was trained with, or None for the built-in one.
        on_progress: Receives progress.

    Raises:
        UnknownProject: No such project.
        BadTarget: The target is out of range.
        CurveBusy: Another process measures it now.
        CurveStopped: A person stopped it.
        CurveFailed: It could not be done, for the reason it gives.
        ExtractorUnused: An extractor is named where none has a part in the model.
    """
    check_extractor(extractor, workspace.ledger.project(project).task.modality)
    aim = bar_to_plan_by(workspace, project) if target is None else _checked(target)
    entry = _entry(workspace.ledger.project(project))
    folder = workspace.curve_folder(workspace.ledger.project(project).name)
    with alone(folder, lambda: _busy(project)):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            examples = write_lesson(folder, workspace.ledger.examples(project, side=Side.TRAIN), besides=False)
            state = _State.of(workspace, project, folder, extractor, entry)
            if state.labels > 1 and not state.scores.exists():
                _measure(workspace, project, state.task, executor, on_progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        curve = _fitted(state, examples, aim)
    if curve != workspace.ledger.latest_curve(project, data_version=state.version):
        workspace.ledger.record_curve(project, curve, data_version=state.version, at=workspace.now())
    return curve


def _entry(project: Project) -> str:
    """Where the measuring starts: by heads on an encoder's features, or as a modality's own search does it."""
    modality = modality_named(project.task.modality)
    many = real_things(project).many
    if modality.search == HEADS:
        return ENTRY
    if isinstance(modality, Curving):
        return modality.curve
    raise CurveFailed(
        fact=f"No curve can be drawn of {many}.",
        reason="Their modality comes from another package, has a search of its own, and names no way to measure one.",
        remedy=f"Add half as many {many} again, train, and see what that brought.",
    )


def bar_to_plan_by(workspace: Workspace, project: str) -> float | None:
    """The share right that the project's brief asks for, if it asks for one that can be aimed at."""
    ledger = workspace.ledger
    standing, task = ledger.latest_brief(project), ledger.project(project).task
    return _bar(None if standing is None else standing.brief, means_of_task(task, ledger.counts(project).train))


def _bar(brief: Brief | None, means: Means) -> float | None:
    bar = None if brief is None else economics_of(brief, means).planning_bar
    return bar if bar is not None and 0.0 < bar < 1.0 else None


class Counted(Protocol):
    """How many training examples there are, and how many in all."""

    @property
    def total(self) -> int:
        """All, on whichever side."""
        ...

    @property
    def train(self) -> Mapping[str, int]:
        """With a label, by label."""
        ...

    @property
    def made_up(self) -> Mapping[str, int]:
        """Of those with a label, the synthetic ones, by label."""
        ...

    @property
    def train_unlabelled(self) -> int:
        """Without one."""
        ...


class Known(Protocol):
    """What is read of the ledger. Blocks."""

    def project(self, name: str) -> Project:
        """The project of a name."""
        ...

    def counts(self, project: str) -> Counted:
        """How many examples there are."""
        ...

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands, or None."""
        ...

    def group_count(self, project: str) -> int:
        """In how many groups of what belongs together the training examples are."""
        ...

    def latest_model(self, project: str) -> ModelRecord | None:
        """The newest model, or None."""
        ...

    def latest_judgement(self, project: str) -> Judgement | None:
        """What the latest look showed, or None."""
        ...


def situation_of(ledger: Known, project: str, *, target: float | None = None) -> Situation:
    """What the words about a project's curve need to know besides it.

    Args:
        ledger: Of its workspace.
        project: Its name.
        target: Share right that is aimed at; None for the brief's bar, if there is one.
    """
    known, counts, standing = ledger.project(project), ledger.counts(project), ledger.latest_brief(project)
    brief = None if standing is None else standing.brief
    judgement = ledger.latest_judgement(project)
    real = means_of_task(known.task, real_counts(counts.train, counts.made_up))
    return Situation(
        examples=sum(counts.train.values()),
        sealed_share=known.sealed_share,
        waiting=counts.train_unlabelled,
        target=_bar(brief, means_of_task(known.task, counts.train)) if target is None else target,
        brief=brief,
        things=things_so_far(known, counts.total),
        task=known.task,
        trained=ledger.latest_model(project) is not None,
        seen=None if judgement is None else judgement.accuracy.estimate,
        groups=ledger.group_count(project),
        few=real.few,
    )


@dataclass(frozen=True)
class _State:
    """What a curve is measured on.

    Attributes:
        version: Of the training examples.
        labels: How many different ones there are.
        task: How it is measured.
    """

    version: str
    labels: int
    task: LearningTask

    @property
    def scores(self) -> Path:
        return self.task.scores

    @classmethod
    def of(cls, workspace: Workspace, project: str, folder: Path, extractor: str | None, entry: str) -> "_State":
        rows = list(read_lesson(folder))
        asked = workspace.ledger.project(project).task
        schema = workspace.ledger.schema(project)
        about = {} if schema is None else {"schema": schema}
        version = version_of(rows, _content(workspace, asked, schema))
        candidate = _candidate(workspace, project) if entry == ENTRY else None
        scores = workspace.cache / "curves" / scores_name(version, candidate, extractor, SEED, asked, about)
        cache = workspace.cache / "features"
        seen = (workspace.blobs_url, cache, asked.modality, extractor, candidate, SEED)
        task = LearningTask(folder, scores, *seen, asked, about, entry)
        return cls(version, len({label for _, label, _ in rows}), task)


def _candidate(workspace: Workspace, project: str) -> str | None:
    """Name of the candidate that has the largest say in the project's model, or None while there is no model."""
    record = workspace.ledger.latest_model(project)
    if record is None:
        return None
    members = described(workspace.blobs.get(record.blob)).members
    return max(members, key=lambda member: member[1])[0].name


def _content(workspace: Workspace, task: Task, schema: Mapping[str, Any] | None) -> bytes | None:
    """What is known of items, as a search of interactions counts it among its data; None for other inputs."""
    if task.answers is not AnswerKind.RANKING:
        return None
    digest = (schema or {}).get("content")
    return workspace.blobs.get(digest) if digest else Content().to_bytes()


def _measure(workspace: Workspace, project: str, task: LearningTask, executor: Executor, on_progress: Report) -> None:
    outcome = executor.run(task.job(), limits=Limits(grace_seconds=math.inf), on_progress=on_progress)
    if isinstance(outcome, Failed) and outcome.kind == InputFailed.__name__:
        outcome = replace(outcome, error=by_name(workspace, project, outcome.error))
    _raise_unless_finished(outcome, things_of(workspace.ledger.project(project)))


def _raise_unless_finished(outcome: Outcome, things: Noun) -> None:
    match outcome:
        case Finished(result=result) if not result["stopped"]:
            return
        case Failed(error=error):
            raise CurveFailed(fact=error.fact, reason=error.reason, remedy=error.remedy) from error
    raise CurveStopped(
        fact="Stopped; no curve was drawn.",
        reason="It was stopped before everything was measured, and a part says too little.",
        remedy=f"To draw it, give the same command again; what was computed of {things.many} is not computed again.",
    )


def _fitted(state: _State, examples: int, target: float | None) -> LearningCurve:
    if state.labels < 2:
        return TOO_SHORT
    scores, names = read_scores(state.scores)
    if scores is None:
        return TOO_SHORT
    rng = np.random.default_rng(SEED)
    return fit_curve(scores, examples=examples, names=names, target=target, rng=rng)


def _checked(target: float) -> float:
    if 0.0 < target < 1.0:
        return target
    raise BadTarget(
        fact=f"A target of {target * 100:g}% cannot be aimed at.",
        reason="No number of examples makes a model right every time, and none is needed for nothing.",
        remedy="Give a share between 0 and 1, such as 0.95.",
    )


def _busy(project: str) -> CurveBusy:
    return CurveBusy(
        fact=f"The curve of “{project}” is being measured already.",
        reason="Another command works on it, and two would undo each other's work.",
        remedy="Wait until it is done, or stop it with Ctrl-C where it runs.",
    )
