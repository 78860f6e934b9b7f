"""`understudy rollback`: take the requests away from the model that answers, at once."""

import click

from understudy.cli.later import later


@click.command("rollback", short_help="Give the requests back to the model before, or to people.")
@click.argument("project")
@click.option("--reason", metavar="TEXT", help="Why; asked for if it is not given.")
@click.option("--by", metavar="NAME", help="Who asks for it. [default: your name on this machine]")
@click.option("--to-people", is_flag=True, help="People answer everything, even where an earlier model could.")
@click.pass_context
def command(context: click.Context, project: str, *, reason: str | None, by: str | None, to_people: bool) -> None:
    """Take PROJECT's requests away from the model that answers them: the model before it takes over, or people.

    It is always allowed, needs no evidence, and holds in all servers at once.
    """
    later("stages").take_back(context, project, reason, by, to_people=to_people)
