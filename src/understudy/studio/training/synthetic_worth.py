"""What synthetic examples are worth: two trainings, with and without them, asked about the same real examples."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from understudy.domain.answer import Answer
from understudy.domain.example import Example, Side
from understudy.domain.project import Project
from understudy.domain.synthetic import SyntheticWorth
from understudy.domain.trial import Budget
from understudy.engine.executor import Executor, Failed, Finished, Report
from understudy.modalities.registry import modality_named
from understudy.search.assignment import MODEL, Assignment, write_lesson
from understudy.search.loading import load_bytes
from understudy.search.ready import ReadyModel
from understudy.stats.betting import mean_measured
from understudy.studio.examples.answering import chunks
from understudy.studio.examples.real_examples import is_made_up, real_examples
from understudy.studio.examples.synthesising import NothingToMake, is_remade
from understudy.studio.training.stakes import Stakes
from understudy.studio.training.training import TrainingFailed, about_of
from understudy.studio.workspace import Workspace

ASKED: Final = 0.3
"""Share of the groups that both models are asked about, and neither learns from."""
FEWEST: Final = 20
"""Real examples to ask about."""
EACH: Final = 0.975
"""Coverage of each bound, so that the interval holds with 95%."""


def measure_worth(
    workspace: Workspace, name: str, *, seed: int, budget: Budget, executor: Executor, on_progress: Report
) -> SyntheticWorth:
    """Trains with and without a project's synthetic examples, and asks both about the same real ones.

    Real training examples are parted by a hash of their group; sealed ones have no part in it. Rows that were made up
    from real ones are made up anew from those that are learned from, as in every training, so that they tell nothing of
    the others; what else was made up and belongs with one that is asked about is left out. The interval is over groups
    and needs no assumption but that they are independent.

    Args:
        workspace: Where the project is.
        name: The project.
        seed: Of both trainings, and of the parting.
        budget: Of each training.
        executor: Runs them.
        on_progress: Receives progress.

    Raises:
        UnknownProject: No such project.
        NothingToMake: It holds no synthetic examples, or too few real ones, or all synthetic ones belong with real ones
            that are asked about.
        UnderstudyError: A training could not be done.
    """
    project = workspace.ledger.project(name)
    real = list(real_examples(workspace.ledger, name))
    every = workspace.ledger.examples(name, side=Side.TRAIN)
    made = [each for each in every if each.label is not None and is_made_up(each)]
    asked = [each for each in real if _is_asked(each.group, seed)]
    learned = [each for each in real if not _is_asked(each.group, seed)]
    _check(name, made, asked)
    remade = sum(is_remade(each, project) for each in made)
    # What belongs with an example that is asked about would tell of it.
    told = {each.group for each in asked}
    kept = [each for each in made if not is_remade(each, project) and each.group not in told]
    if not kept and not remade:
        raise _none_left(name, len(made))
    with tempfile.TemporaryDirectory() as folder:
        models = []
        for place, (examples, anew) in enumerate(((learned, 0), ([*learned, *kept], remade))):
            assigned = _assignment(workspace, project, Path(folder) / str(place), seed, budget, anew)
            models.append(_trained(assigned, examples, executor, on_progress))
        right = [_right(model, workspace, project, asked) for model in models]
    worth = _worth(right[0], right[1], asked, len(learned), len(kept) + remade)
    _kept(workspace, name).parent.mkdir(parents=True, exist_ok=True)
    _kept(workspace, name).write_text(json.dumps(asdict(worth)), encoding="utf-8")
    return worth


def known_worth(workspace: Workspace, name: str) -> SyntheticWorth | None:
    """What was measured last for a project, or None."""
    try:
        return SyntheticWorth(**json.loads(_kept(workspace, name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _kept(workspace: Workspace, name: str) -> Path:
    return workspace.folder / "synthetic" / f"{name}.json"


def _is_asked(group: str, seed: int) -> bool:
    drawn = int.from_bytes(sha256(f"{seed}:{group}".encode("utf-8", "replace")).digest()[:8], "big")
    return drawn < ASKED * 2**64


def _check(name: str, made: Sequence[Example], asked: Sequence[Example]) -> None:
    if not made or len(asked) < FEWEST:
        reason = (
            f"There are {len(asked)} real examples to ask about, and it takes {FEWEST}."
            if made
            else "It holds no synthetic examples that a model learns from."
        )
        raise NothingToMake(
            fact=f"What synthetic examples bring to “{name}” cannot be measured.",
            reason=reason,
            remedy="Add real examples." if made else f"Make some up with “understudy synthesise {name}” first.",
        )


def _none_left(name: str, made: int) -> NothingToMake:
    belong, they = ("The only one belongs", "it") if made == 1 else (f"All {made:,} of them belong", "they")
    return NothingToMake(
        fact=f"What synthetic examples bring to “{name}” cannot be measured.",
        reason=f"{belong} with real examples that are asked about, of which {they} would tell.",
        remedy="Give another --seed, which asks about others, or add real examples of other groups.",
    )


def _assignment(
    workspace: Workspace, project: Project, folder: Path, seed: int, budget: Budget, remade: int
) -> Assignment:
    return Assignment(
        folder=folder,
        blobs=workspace.blobs_url,
        cache=workspace.cache / "features",
        extractor=None,
        seed=seed,
        budget=budget,
        begun=time.time(),
        task=project.task,
        about=about_of(workspace, project, remade, Stakes()),
        entry=modality_named(project.task.modality).search,
    )


def _trained(told: Assignment, examples: Iterable[Example], executor: Executor, on_progress: Report) -> ReadyModel:
    shutil.rmtree(told.folder, ignore_errors=True)
    write_lesson(told.folder, sorted(examples, key=lambda each: each.digest))
    outcome = executor.run(told.job(), on_progress=on_progress)
    if isinstance(outcome, Failed):
        raise TrainingFailed(
            fact=outcome.error.fact, reason=outcome.error.reason, remedy=outcome.error.remedy
        ) from outcome.error
    if not isinstance(outcome, Finished):
        raise NothingToMake(
            fact="What synthetic examples bring was not measured.",
            reason=f"A training ended as {type(outcome).__name__}.",
            remedy="Give it more time with --minutes, and let it run to its end.",
        )
    return load_bytes((told.folder / MODEL).read_bytes(), many=True)


def _right(model: ReadyModel, workspace: Workspace, project: Project, asked: Sequence[Example]) -> list[bool]:
    """Which of the examples a model answers rightly; one that cannot be read is answered wrongly."""
    found: list[bool] = []
    for chunk in chunks((each.digest, workspace.blobs.get(each.digest)) for each in asked):
        some = asked[len(found) : len(found) + len(chunk)]
        answers = model.predict_all([data for _, data in chunk])
        found += [
            isinstance(answer, Answer) and project.task.right(answer.label, each.label or "")
            for answer, each in zip(answers, some, strict=True)
        ]
    return found


def _worth(
    without: Sequence[bool], within: Sequence[bool], asked: Sequence[Example], real: int, synthetic: int
) -> SyntheticWorth:
    gaps = np.array(within, np.float64) - np.array(without, np.float64)
    # By digest the order says nothing of the answers, which the bets behind the interval need.
    found = mean_measured(
        gaps, low=-1.0, high=1.0, groups=[each.group for each in asked], confidence=EACH, unit="share"
    )
    gained, lower, upper = (round(each, 6) for each in (found.estimate, found.lower, found.upper))
    return SyntheticWorth(gained, lower, upper, round(float(np.mean(without)), 6), len(asked), real, synthetic)
