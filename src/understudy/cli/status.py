"""`understudy status`: where every project stands."""

import click

from understudy.cli.later import later


@click.command("status", short_help="Say where every project stands.")
@click.argument("project", required=False)
@click.pass_context
def command(context: click.Context, project: str | None) -> None:
    """Say where every project stands, or everything about one PROJECT."""
    if project is None:
        later("standing").tell_all(context)
    else:
        later("standing").tell_one(context, project)
