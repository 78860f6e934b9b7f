"""`understudy set`: what a team sets for a project."""

import click

from understudy.cli.amounts import NumbersBelowZero
from understudy.cli.later import later


@click.command("set", cls=NumbersBelowZero, short_help="Set something for a project, or list what is set.")
@click.argument("project")
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--by", metavar="NAME", help="Who sets it. [default: your name on this machine]")
@click.pass_context
def command(context: click.Context, project: str, name: str | None, value: str | None, *, by: str | None) -> None:
    """Set NAME to VALUE for PROJECT; an empty VALUE sets it back to its default. Without VALUE, say what is set.

    Running servers follow at once.
    """
    later("records").set_or_tell(context, project, name, value, by)
