"""`understudy columns`: show what the columns of a project's table are taken for, and correct it."""

import json
from dataclasses import asdict

import click

from understudy.cli.terminal import command_line, opened, say
from understudy.studio.collection.columns import column_words, correct, rising_label, schema_of, unread
from understudy.studio.examples.harvest import harvest
from understudy.studio.user import whoami


@click.command("columns", short_help="Show what a table's columns are taken for, or correct it.")
@click.argument("project")
@click.option(
    "--set",
    "corrections",
    multiple=True,
    metavar="NAME=WHAT",
    help="Correct a column: a kind (number, category, date, text, id, flag, constant), a role (feature, held-out, "
    "time), or rising, falling or either. May be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON instead of words.")
@click.pass_context
def command(context: click.Context, project: str, *, corrections: tuple[str, ...], as_json: bool) -> None:
    """Show what the columns of PROJECT's table are taken for, or correct it with --set.

    The next training goes by it; what stood before stays on record. Rows that were added keep all of their cells, so
    nothing has to be added again. What people answered meanwhile is taken in first, since rows that they answered about
    say what their columns are.
    """
    with opened(context) as workspace:
        harvest(workspace, project)
        schema = correct(workspace, project, corrections, by=whoami()) if corrections else schema_of(workspace, project)
        rising = rising_label(workspace, project)
        remarks = list(unread(workspace, project, schema)) if corrections else []
    if as_json:
        say(json.dumps([asdict(column) for column in schema.columns], ensure_ascii=False, indent=2))
        return
    told = list(column_words(schema, rising))
    width = min(max(len(name) for name, *_ in told), 40)
    for name, kind, role, why in told:
        say(f"{name:{width}}  {kind:9} {role:9} {why}".rstrip())
    for remark in remarks:
        say(remark)
    if corrections:
        say(f"Next: {command_line(f'train {project}')}")
