"""`understudy add`: add photos to a project."""

from pathlib import Path

import click

from understudy.cli.options import reading_options
from understudy.cli.telling import take_in
from understudy.cli.terminal import command_line, opened, say
from understudy.studio.gathering import Reading, whoami


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
        take_in(workspace, workspace.ledger.project(project), photos, reading, by=whoami())
        say(f"Next: {command_line(f'train {project}')}")
