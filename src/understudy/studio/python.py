"""The library's front door: train from Python in one line."""

import getpass
import os
from pathlib import Path

from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.search.model import Model
from understudy.studio.gathering import Reading, gather, project_for
from understudy.studio.judging import look
from understudy.studio.shelf import load_recorded
from understudy.studio.training import Order
from understudy.studio.training import train as train_project
from understudy.studio.workspace import Workspace, workspace_folder


def whoami() -> str:
    """Who works here: the name under which labels are recorded."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"


def train(
    source: str | os.PathLike[str],
    *,
    project: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    group: str | None = None,
    minutes: float | None = None,
    trials: int | None = None,
    seed: int = 0,
) -> Model:
    """Takes photos in, trains a model, judges it by the sealed photos and returns it.

    The same as the command `understudy train`, without its words; the verdict is in the ledger, for
    `understudy review` and the pages.

    Args:
        source: A folder with a folder a class, a zip archive of one, or a table that names photos.
        project: The project's name; by default made of the source's.
        workspace: Where everything is kept; by default as `UNDERSTUDY_WORKSPACE` says, else `understudy-workspace`
            in the current folder.
        group: What belongs together and must not be split: "folder", "column:NAME" or "name:PATTERN".
        minutes: Time for the whole training, or None.
        trials: Candidates to try, or None for all.
        seed: Same seed and trials, same model.

    Returns:
        The model, ready for `predict`.

    Raises:
        UnderstudyError: Something is in the way; the error says what, why and what to do.
    """
    with Workspace.open(workspace_folder(workspace)) as opened:
        made = project_for(opened, Path(source), project, sealed_share=None)
        reading = Reading(group=group)
        gather(opened, made, Path(source), reading=reading, by=whoami(), progress=lambda _done, _total: None)
        budget = Budget(seconds=None if minutes is None else minutes * 60, trials=trials)
        order = Order(budget=budget, seed=seed)
        fitted = train_project(opened, made.name, order, LocalExecutor(), on_progress=lambda _progress: None)
        model = load_recorded(opened, fitted.record.blob)
        look(opened, made.name, model, progress=lambda _done, _total: None)
        return model
