"""`understudy why`: why a decision went as it did."""

import click

from understudy.cli.later import later


@click.command("why", short_help="Say why a decision went as it did.")
@click.argument("decision")
@click.option("--json", "plain", is_flag=True, help="All of it as JSON instead of words.")
@click.pass_context
def command(context: click.Context, decision: str, *, plain: bool) -> None:
    """Say who answered DECISION and why: the stage, the model, what allowed it, the audit, and what became of it.

    DECISION is the id that came with the answer. While a person is still to answer who must not have seen what was
    said, the words keep it to themselves; --json does not.
    """
    later("past").tell_why(context, decision, plain=plain)
