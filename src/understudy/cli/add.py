"""`understudy add`: add photos to a project."""

from pathlib import Path

import click

from understudy.cli.options import reading_options
from understudy.cli.telling import say_gathered
from understudy.cli.terminal import Teller, opened, say
from understudy.studio.gathering import Reading, gather
from understudy.studio.python import whoami


@click.command("add", short_help="Add photos to a project.")
@click.argument("project")
@click.argument("photos", type=click.Path(path_type=Path))
@reading_options
@click.pass_context
def command(context: click.Context, project: str, photos: Path, reading: Reading) -> None:
    """Add photos to a project; what it has already adds nothing.

    PHOTOS is a folder with a folder for each answer, a zip archive of one, or a CSV that names photos and labels.
    """
    with opened(context) as workspace:
        known = workspace.ledger.project(project)
        with Teller().showing() as teller:
            told = teller.counting("Reading photos")
            gathered = gather(workspace, known, photos, reading=reading, by=whoami(), progress=told)
        say_gathered(known, gathered)
        say(f"Next: understudy train {project}")
