"""`understudy train`: examples in, a judged model out."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from understudy.cli.options import order_options, reading_options, sealed_share_option
from understudy.cli.telling import look_watched, say_next_look, say_trained, say_unsealed, say_verdict, take_in
from understudy.cli.terminal import Stopped, Teller, command_line, opened, say, say_findings, stoppable
from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import FindingKind
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project
from understudy.engine.local import LocalExecutor
from understudy.studio.collection.gathering import known_project, project_for
from understudy.studio.collection.reading import Reading, is_address
from understudy.studio.judgement.judging import look
from understudy.studio.training.extractors import check_extractor
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.training import Order, TrainingStopped, train
from understudy.studio.user import whoami
from understudy.studio.workspace import NoWorkspace, Workspace

MOST_NAMES = 10


class NothingToTrainOn(UnderstudyError):
    """What was named is neither a source nor a project, or options do not go with it."""


@click.command("train", short_help="Train a model and say what it is worth.")
@click.argument("source", metavar="SOURCE|PROJECT")
@click.option("--project", metavar="NAME", help="Name of the project. [default: made of the source's name]")
@reading_options
@sealed_share_option
@order_options
@click.option(
    "--look/--no-look",
    "looking",
    default=True,
    help="Judge the model by the sealed examples, which spends a look; or train without opening them. [default: look]",
)
@click.pass_context
def command(
    context: click.Context,
    source: str,
    *,
    project: str | None,
    reading: Reading,
    sealed_share: float | None,
    order: Order,
    looking: bool,
) -> None:
    """Train a model on examples and say what it is worth.

    SOURCE is a folder with a folder for each answer, a zip archive of one, a table, or the address of a database; see
    the command add.
    With the name of a PROJECT instead, train again on what it holds.

    Ctrl-C ends the search and builds the model from what was tried; a second Ctrl-C ends at once. Either way
    --resume goes on from there.

    Each look at the sealed examples spends a part of the project's error budget, and later looks may spend less. With
    --no-look you can train as often as you like on cross-validation alone, and look once, with the command review.
    """
    there = is_address(source) or Path(source).exists()
    if not there and (project is not None or sealed_share is not None or reading != Reading()):
        raise NothingToTrainOn(
            fact=f"There is no file or folder “{source}” to read.",
            reason="Some of the options say how examples are to be read, and what a project holds was read already.",
            remedy="Correct the path; or, if that is a project, leave them out. To have examples read otherwise, begin "
            f"another project: {command_line('train SOURCE --project NAME')} with these options.",
        )
    try:
        with opened(context, create=there) as workspace:
            if there:
                made = project_for(workspace, source, project, sealed_share=sealed_share)
                check_extractor(order.extractor, reading.modality or made.task.modality)
                made = take_in(workspace, made, source, reading, by=whoami())
            else:
                made = known_project(workspace, source) or _refuse(source, workspace.ledger.projects())
            record = train_model(workspace, made, order)
            if not workspace.ledger.counts(made.name).sealed:
                say_unsealed(made)
            else:
                if looking:
                    judge_model(workspace, made, record)
                say_next_look(workspace, made, judged=looking)
    except NoWorkspace:
        _refuse(source, [])
    say(f"Ask it:    {command_line(f'predict {made.name} {made.task.modality.upper()}')}")
    say(f"See it:    {command_line('serve')}")


def train_model(workspace: Workspace, project: Project, order: Order) -> ModelRecord:
    """Trains and says so.

    Raises:
        Stopped: Somebody pressed Ctrl-C before there was anything to build a model from, or twice.
    """
    unfinished = [each for each in workspace.ledger.findings(project.name) if each.kind is FindingKind.UNFINISHED]
    say_findings(unfinished, named=project.name, coming_in=True)
    # Around the run itself, where Ctrl-C is a request to its process.
    stopped = stoppable(
        "The run was not under way, and what was finished is kept.",
        "To go on, give the same command with --resume.",
    )
    try:
        with stopped, Teller().showing() as teller:
            executor = LocalExecutor(on_stop=teller.stopping)
            fitted = train(workspace, project.name, order, executor, on_progress=teller)
    except TrainingStopped as error:
        raise Stopped(fact=error.fact, reason=error.reason, remedy=error.remedy) from error
    say_trained(fitted, project)
    return fitted.record


def judge_model(workspace: Workspace, project: Project, record: ModelRecord) -> None:
    """Looks at the sealed examples, and says the verdict.

    Raises:
        Stopped: Somebody pressed Ctrl-C.
    """
    to_judge = f"To judge it: {command_line(f'review {project.name}')}"
    stopped = look_watched(workspace, project.name, "The model is kept, but it was not judged yet.", to_judge)
    with stopped, Teller().showing() as teller:
        told = teller.counting("Answering for sealed examples")
        judgement = look(workspace, project.name, load_recorded(workspace, record.blob, many=True), progress=told)
    say_verdict(workspace, project, judgement)


def _refuse(source: str, projects: Sequence[Project]) -> NoReturn:
    """Says that a name stands for nothing here."""
    names = [project.name for project in projects[:MOST_NAMES]]
    more = ["and others"] if len(projects) > MOST_NAMES else []
    there = f"the projects are {', '.join([*names, *more])}" if names else "there is no project yet"
    raise NothingToTrainOn(
        fact=f"“{source}” is neither a file or folder nor a project.",
        reason=f"Nothing here has this name, and {there}.",
        remedy="Correct the path: a table such as mails.csv, or a folder such as photos/ with one for each answer.",
    )
