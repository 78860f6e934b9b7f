"""`understudy forget`: delete inputs and what was made of them; the statistics stay."""

from pathlib import Path
from typing import Any

import click

from understudy.cli.amounts import Amount
from understudy.cli.later import later
from understudy.domain.errors import UnderstudyError

LONGEST = 36_500
"""Days."""


class NothingNamed(UnderstudyError):
    """It was not said what is to be forgotten, or in two ways at once."""

    exit_status = 2


@click.command("forget", short_help="Delete inputs for good, by name, subject, origin or age.")
@click.argument("project")
@click.option("--decision", "decisions", multiple=True, metavar="ID", help="The input of this decision. Repeatable.")
@click.option("--digest", "digests", multiple=True, metavar="SHA-256", help="The input of this digest. Repeatable.")
@click.option(
    "--example",
    "examples",
    multiple=True,
    metavar="NAME",
    type=click.Path(path_type=Path),
    help='The example that was added as this file, or under this name ("mails.csv, row 12"). Repeatable.',
)
@click.option(
    "--subject",
    metavar="NAME",
    help="Every input about this person or thing, as the client called it, and every example that is theirs, as the "
    "data called them.",
)
@click.option(
    "--made-up",
    is_flag=True,
    help="Every example that was made up, unless somebody asked about the same; told first are their labels.",
)
@click.option(
    "--older-than",
    type=Amount(0, LONGEST),
    metavar="DAYS",
    help="Inputs of answered requests of at least this age that are no examples.",
)
@click.option("--reason", metavar="TEXT", help="Why; kept. Asked for if it is not given.")
@click.pass_context
def command(
    context: click.Context, /, project: str, *, older_than: float | None, reason: str | None, **named: Any
) -> None:
    """Delete inputs of PROJECT for good: their bytes, their names, whose they were, and what was made of them.

    Labels, decisions, audits and their figures stay, which know an input by its digest alone. This cannot be undone.
    """
    if any(named.values()) == (older_than is not None):
        raise NothingNamed(
            fact="It was not said what is to be forgotten." if older_than is None else "Age goes with nothing else.",
            reason="Inputs are named by decision, digest, example or subject, as made up, or else by their age.",
            remedy="Give --decision, --digest, --example, --subject or --made-up; or --older-than alone.",
        )
    if older_than is not None:
        later("records").forget_old(context, project, older_than)
    else:
        later("records").forget_inputs(context, project, reason, **named)
