"""`understudy train`: photos in, a judged model out."""

from pathlib import Path

import click

from understudy.cli.options import order_options, reading_options, sealed_share_option
from understudy.cli.telling import say_gathered, say_trained, say_verdict
from understudy.cli.terminal import Teller, opened, say
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.engine.local import LocalExecutor
from understudy.studio.gathering import Reading, gather, project_for
from understudy.studio.judging import look
from understudy.studio.python import whoami
from understudy.studio.shelf import load_recorded
from understudy.studio.training import Order, train
from understudy.studio.workspace import Workspace


@click.command("train", short_help="Train a model on photos and say what it is worth.")
@click.argument("source", metavar="PHOTOS|PROJECT")
@click.option("--project", metavar="NAME", help="Name the project; by default it is named after the photos.")
@reading_options
@sealed_share_option
@order_options
@click.pass_context
def command(
    context: click.Context,
    source: str,
    *,
    project: str | None,
    reading: Reading,
    sealed_share: float | None,
    order: Order,
) -> None:
    """Train a model on photos and say what it is worth.

    PHOTOS is a folder with a folder for each answer, a zip archive of one, or a CSV that names photos and labels.
    With the name of a PROJECT instead, train again on what it holds.
    """
    with opened(context) as workspace:
        made = _project(workspace, source, project, reading, sealed_share)
        train_and_judge(workspace, made, order)
        say()
        say(f"Ask it:    understudy predict {made.name} PHOTO")
        say("See it:    understudy serve")


def train_and_judge(workspace: Workspace, project: Project, order: Order) -> None:
    """Trains, looks at the sealed photos, and says the verdict."""
    with Teller().showing() as teller:
        fitted = train(workspace, project.name, order, LocalExecutor(), on_progress=teller)
    say_trained(fitted)
    model = load_recorded(workspace, fitted.record.blob)
    with Teller().showing() as teller:
        judgement = look(workspace, project.name, model, progress=teller.counting("Answering for sealed photos"))
    say_verdict(workspace, project, judgement)


def _project(
    workspace: Workspace, source: str, name: str | None, reading: Reading, sealed_share: float | None
) -> Project:
    """The project to train, after taking in photos if a path was named."""
    path = Path(source)
    if not path.exists():
        return _known(workspace, source)
    made = project_for(workspace, path, name, sealed_share=sealed_share)
    with Teller().showing() as teller:
        gathered = gather(
            workspace, made, path, reading=reading, by=whoami(), progress=teller.counting("Reading photos")
        )
    say_gathered(made, gathered)
    return made


def _known(workspace: Workspace, source: str) -> Project:
    for project in workspace.ledger.projects():
        if project.name == source:
            return project
    names = ", ".join(project.name for project in workspace.ledger.projects()) or "none yet"
    raise UnderstudyError(
        fact=f"“{source}” is neither photos nor a project.",
        reason=f"No file or folder has this name here, and the projects are: {names}.",
        remedy="Name a folder with a folder for each answer in it, such as photos/.",
    )
