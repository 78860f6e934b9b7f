"""The library's front door: train from Python in one line."""

import os
from typing import TypedDict, Unpack

from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.search.ready import ReadyModel
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.judgement.judging import looked
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.training import Order
from understudy.studio.training.training import train as train_project
from understudy.studio.user import whoami
from understudy.studio.workspace import Workspace, workspace_folder


class Ways(TypedDict, total=False):
    """How a source is to be read; each as the option of the command `add` that bears its name."""

    modality: str
    target: str
    text: str
    time: str
    answers: str
    tolerance: float
    unit: str
    query: str


def train(  # noqa: PLR0913 - the options of the command, each named by the caller
    source: str | os.PathLike[str],
    *,
    project: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    group: str | None = None,
    sealed_share: float | None = None,
    minutes: float | None = None,
    trials: int | None = None,
    memory: float | None = None,
    seed: int = 0,
    extractor: str | None = None,
    resume: bool = False,
    look: bool = True,
    **reading: Unpack[Ways],
) -> ReadyModel:
    """Takes examples in, trains a model, judges it by the sealed ones and returns it.

    The same as the command `understudy train`, without its words; the verdict is in the ledger, for
    `understudy review` and the pages.

    Args:
        source: A folder with a folder a class, a zip archive of one, a table, or the address of a database.
        project: The project's name; by default made of the source's.
        workspace: Where everything is kept; by default as `UNDERSTUDY_WORKSPACE` says, else `understudy-workspace`
            in the current folder.
        group: What belongs together and must not be split: "folder", "column:NAME" or "name:PATTERN".
        sealed_share: Share of the examples that a new project keeps for judging, 0..0.9; by default 0.25.
        minutes: Time for the whole training, or None.
        trials: Candidates to try, or None for all.
        memory: Memory that the training may use, in GB (10^9 bytes), or None.
        seed: Same seed and trials, same model; 0 or more.
        extractor: Another ONNX feature extractor, by file or hub id, or None.
        resume: Go on where the last run of the project ended.
        look: Judge the model by the sealed examples, which spends a look; else they stay closed.
        reading: How a source is to be read where it does not show: `modality`, `target`, `text`, `time`, `answers`,
            `tolerance`, `unit`, `query`; see the command `add`.

    Returns:
        The model, ready for `predict`.

    Raises:
        UnderstudyError: Something is in the way; the error says what, why and what to do.
    """
    budget = Budget(
        seconds=None if minutes is None else minutes * 60,
        trials=trials,
        memory_bytes=None if memory is None else int(memory * 1e9),
    )
    order = Order(budget, seed, extractor, resume)
    with Workspace.open(workspace_folder(workspace)) as opened:
        named = os.fspath(source)
        made = project_for(opened, named, project, sealed_share=sealed_share)
        gather(opened, made, named, reading=_reading(group, reading), by=whoami(), progress=_unheard)
        fitted = train_project(opened, made.name, order, LocalExecutor(), on_progress=lambda _progress: None)
        model = load_recorded(opened, fitted.record.blob)
        if look and opened.ledger.counts(made.name).sealed:
            looked(opened, made.name, model, progress=_unheard)
        return model


def _reading(group: str | None, ways: Ways) -> Reading:
    """The ways that were named, in the words of gathering."""
    return Reading(
        group=group,
        label_column=ways.get("target"),
        text_column=ways.get("text"),
        time_column=ways.get("time"),
        modality=ways.get("modality"),
        answers=ways.get("answers"),
        tolerance=ways.get("tolerance"),
        unit=ways.get("unit", ""),
        query=ways.get("query"),
    )


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""
