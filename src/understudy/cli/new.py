"""`understudy new`: begin a project without photos."""

import click

from understudy.cli.options import sealed_share_option
from understudy.cli.telling import from_day_one
from understudy.cli.terminal import command_line, opened, say
from understudy.domain.project import Project, checked_name


@click.command("new", short_help="Begin a project without photos.")
@click.argument("name")
@sealed_share_option
@click.pass_context
def command(context: click.Context, name: str, sealed_share: float | None) -> None:
    """Begin a project without photos."""
    checked = checked_name(name)
    with opened(context, create=True) as workspace:
        now = workspace.now()
        project = Project(checked, now) if sealed_share is None else Project(checked, now, sealed_share)
        workspace.ledger.create_project(project)
    say(f"{name} begins. {from_day_one(checked)}")
    say(f"Next, give it photos: {command_line(f'add {name} photos/')}")
