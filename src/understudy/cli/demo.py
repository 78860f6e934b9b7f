"""`understudy demo`: the whole way on drawn photos of turbine blades."""

import io
import shutil
from pathlib import Path

import click
import numpy as np

from understudy.cli.serve import DEFAULT_PORT, serve
from understudy.cli.telling import say_gathered, say_verdict
from understudy.cli.terminal import Teller, opened, say
from understudy.cli.train import train_and_judge
from understudy.domain.project import Project
from understudy.modalities.image.blades import Condition, draw_blade, draw_blades
from understudy.studio.gathering import Reading, gather
from understudy.studio.shelf import load_recorded
from understudy.studio.training import Order
from understudy.studio.workspace import Workspace

NAME = "turbine-blades"
PER_CLASS = 60
SEED = 7


@click.command("demo", short_help="Draw photos of turbine blades, train, judge, and show the pages.")
@click.option(
    "--serve/--no-serve", "serving", default=True, help="Open the pages afterwards, or end after the verdict."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True)
@click.pass_context
def command(context: click.Context, host: str, port: int, *, serving: bool) -> None:
    """Draw photos of turbine blades, train on them, judge the model, and show the pages.

    The photos are drawn, so the verdict shows how Understudy works and nothing about real blades.
    """
    with opened(context) as workspace:
        project = _project(workspace)
        _gather(workspace, project)
        _train(workspace, project)
        photo = _ask(workspace)
        folder = str(workspace.folder)
    say(f"Ask it from the command line: understudy predict {NAME} {photo}")
    if serving:
        address = f"http://{host}:{port}"
        say(f"Ask it from a program:        curl -F photo=@{photo} {address}/api/v1/projects/{NAME}/decisions")
        say(f"Its page:                     {address}/projects/{NAME}")
        say()
        serve(folder, host, port)


def _project(workspace: Workspace) -> Project:
    for project in workspace.ledger.projects():
        if project.name == NAME:
            return project
    project = Project(NAME, workspace.now(), drawn=True)
    workspace.ledger.create_project(project)
    return project


def _gather(workspace: Workspace, project: Project) -> None:
    if workspace.ledger.counts(NAME).total:
        return
    say(f"Drawing {PER_CLASS * 3} photos of turbine blades: healthy, cracked and eroded.")
    folder = workspace.folder / "drawn-blades"
    shutil.rmtree(folder, ignore_errors=True)
    draw_blades(folder, per_class=PER_CLASS, seed=SEED)
    with Teller().showing() as teller:
        told = teller.counting("Reading photos")
        gathered = gather(workspace, project, folder, reading=Reading(), by="demo", progress=told)
    say_gathered(project, gathered)


def _train(workspace: Workspace, project: Project) -> None:
    record, judgement = workspace.ledger.latest_model(NAME), workspace.ledger.latest_judgement(NAME)
    if record is not None and judgement is not None and judgement.model == record.version:
        say("The demonstration was trained before; this is what it showed then.")
        say_verdict(workspace, project, judgement)
    else:
        train_and_judge(workspace, project, Order())


def _ask(workspace: Workspace) -> Path:
    """Draws one more photo, asks the model about it, and leaves it for the person to ask again."""
    record = workspace.ledger.latest_model(NAME)
    if record is None:
        raise AssertionError("the demonstration has just been trained")
    file = io.BytesIO()
    draw_blade(np.random.default_rng(SEED + 1), Condition.CRACK).save(file, "JPEG", quality=90)
    photo = workspace.folder / "new-blade.jpg"
    photo.write_bytes(file.getvalue())
    say()
    say(f"A new photo of a cracked blade, {photo.name}: {load_recorded(workspace, record.blob).predict(photo)}")
    say()
    return photo
