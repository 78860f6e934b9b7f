"""`understudy history`: what was live when."""

import click

from understudy.cli.later import later


@click.command("history", short_help="Say what was live when, without a gap.")
@click.argument("project")
@click.option("--json", "plain", is_flag=True, help="All of it as JSON instead of words.")
@click.pass_context
def command(context: click.Context, project: str, *, plain: bool) -> None:
    """Say who answered PROJECT's requests when, from its beginning to now: stages, causes, names and reasons."""
    later("past").tell_history(context, project, plain=plain)
