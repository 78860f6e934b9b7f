"""What `understudy demo` does: the whole way on drawn photos of turbine blades."""

import io
import os
import shlex
import shutil
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click
import numpy as np

from understudy.cli.serve import address, listen, serve
from understudy.cli.telling import say_verdict, take_in
from understudy.cli.terminal import command_line, opened, say, stoppable
from understudy.cli.train import judge_model, train_model
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.stage import Stage
from understudy.modalities.image.blades import Condition, draw_blade, draw_blades
from understudy.serving.hosts import VARIABLE as HOSTS
from understudy.serving.hosts import hosts_in, hosts_of
from understudy.studio.collection.gathering import known_project
from understudy.studio.collection.reading import Reading
from understudy.studio.launch.staging import promote
from understudy.studio.launch.words import answers_words
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.training import Order
from understudy.studio.workspace import BLOBS_VARIABLE, LEDGER_VARIABLE, Workspace

NAME = "turbine-blades"
PER_CLASS = 60
SEED = 7
REASON = "Drawn photos prove nothing about real ones; this only shows how a model answers."


class NameTaken(UnderstudyError):
    """A project of real photos has the demonstration's name."""


def show(context: click.Context, host: str, port: int, *, serving: bool) -> None:
    """Shows the demonstration; see the command."""
    with ExitStack() as stack:
        listening = stack.enter_context(listen(host, port, or_next=True)) if serving else None
        with opened(context, create=True) as workspace:
            project = _gathered(workspace)
            _judged(workspace, project)
            photo = _ask(workspace)
            _launched(workspace)
            folder = str(workspace.folder)
        say(f"Ask it from the command line: {command_line(f'predict {NAME} {shlex.quote(str(photo))}')}")
        if listening is not None:
            told = context.find_root().params
            places = {LEDGER_VARIABLE: told.get("ledger"), BLOBS_VARIABLE: told.get("blobs")}
            os.environ.update({name: place for name, place in places.items() if place})
            os.environ[HOSTS] = ",".join(sorted(hosts_of([host, listening.getsockname()[0]], hosts_in(os.environ))))
            serve(folder, listening, partial(_say_ready, address(host, listening), photo))


def _say_ready(pages: str, photo: Path) -> None:
    sent = shlex.quote(f"photo=@{photo}")
    say(f"Ask it from a program:        curl -F {sent} {pages}/api/v1/projects/{NAME}/decisions")
    say(f"Its page (Ctrl-C ends):       {pages}/projects/{NAME}")


def _gathered(workspace: Workspace) -> Project:
    """The project of the demonstration, with its photos drawn and taken in."""
    known = known_project(workspace, NAME)
    project = known or Project(NAME, workspace.now(), drawn=True)
    if not project.drawn:
        raise NameTaken(
            fact=f"There is a project “{NAME}” that is not the demonstration.",
            reason="Its photos were not drawn, so it is left alone.",
            remedy="Show the demonstration in another workspace: understudy --workspace demo-workspace demo",
        )
    if known is None or not workspace.ledger.counts(NAME).total:
        folder = workspace.folder / "drawn-blades"
        with stoppable("Photos were still being drawn.", "To go on, give the same command again."):
            say(f"Drawing {PER_CLASS * len(Condition)} photos of turbine blades: healthy, cracked and eroded.")
            shutil.rmtree(folder, ignore_errors=True)
            draw_blades(folder, per_class=PER_CLASS, seed=SEED)
        take_in(workspace, project, folder, Reading(), by="demo")
    return project


def _judged(workspace: Workspace, project: Project) -> None:
    """Sees that the demonstration is trained and judged, once."""
    record, judgement = workspace.ledger.latest_model(NAME), workspace.ledger.latest_judgement(NAME)
    if record is None:
        judge_model(workspace, project, train_model(workspace, project, Order()))
    elif judgement is None or judgement.model != record.version:
        judge_model(workspace, project, record)
    else:
        say("The demonstration was trained before; this is what it showed then.")
        say_verdict(workspace, project, judgement)


def _launched(workspace: Workspace) -> None:
    """Lets the model answer, by an override that says what it is worth; whoever changed the stage since is heeded."""
    present = workspace.ledger.stage(NAME)
    if present is None:
        present = promote(workspace, NAME, Stage.LIVE, by="demo", reason=REASON, override=True)
        say(f"Launched by an override, for nothing is proven: {REASON}")
    say(answers_words(present))
    say()


def _ask(workspace: Workspace) -> Path:
    """Draws one more photo, asks the model about it, and leaves it for the person to ask again."""
    record = workspace.ledger.latest_model(NAME)
    if record is None:
        raise AssertionError("the demonstration has just been trained")
    file = io.BytesIO()
    draw_blade(np.random.default_rng(SEED + 1), Condition.CRACK).save(file, "JPEG", quality=90)
    photo = workspace.folder / "new-blade.jpg"
    photo.write_bytes(file.getvalue())
    say(f"A new photo of a cracked blade, {photo.name}: {load_recorded(workspace, record.blob).predict(photo)}")
    say()
    return photo
