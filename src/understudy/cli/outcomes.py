"""`understudy outcomes`: report what turned out to be true."""

from pathlib import Path

import click

from understudy.cli.later import later


@click.command("outcomes", short_help="Report what turned out to be true of decisions.")
@click.argument("project")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--decision-column", metavar="NAME", help="The column with the decisions' ids. [default: looked for]")
@click.option("--value-column", metavar="NAME", help="The column with what was true. [default: looked for]")
@click.option("--new-labels", is_flag=True, help="Labels that nobody has used in PROJECT are meant.")
@click.pass_context
def command(
    context: click.Context,
    project: str,
    table: Path,
    *,
    decision_column: str | None,
    value_column: str | None,
    new_labels: bool,
) -> int:
    """Report what turned out to be true of PROJECT's decisions, from TABLE: a CSV file, or JSON lines (.jsonl).

    Any usual encoding and delimiter will do. Every row that cannot be taken is listed with its line, and the others
    are kept. A label that nobody has used in the project is taken for a slip, unless --new-labels says otherwise. A
    breaker counts outcomes of audited answers.

    Ends with 1 if a row was left out.
    """
    columns = (decision_column, value_column)
    status: int = later("records").take_table(context, project, table, columns, new_labels=new_labels)
    return status
