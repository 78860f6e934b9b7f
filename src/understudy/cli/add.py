"""`understudy add`: add photos, texts, sounds, videos, rows or interactions to a project."""

import click

from understudy.cli.options import reading_options
from understudy.cli.telling import take_in
from understudy.cli.terminal import command_line, opened, say
from understudy.studio.gathering import Reading, whoami


@click.command("add", short_help="Add photos, texts, sounds, videos or tables to a project.")
@click.argument("project")
@click.argument("source")
@reading_options
@click.pass_context
def command(context: click.Context, project: str, source: str, reading: Reading) -> None:
    """Add examples to a project; what it has already adds nothing.

    SOURCE is a folder with a folder for each answer, a zip archive of one, a table (CSV, TSV, JSON lines, Parquet,
    Excel, an export of Label Studio), or the address of a database such as 'sqlite:///shop.db' with --query. The rows
    of a table name files, or hold texts, or are the data themselves, or say who took what; which one is told from its
    columns, and said.
    """
    with opened(context) as workspace:
        take_in(workspace, workspace.ledger.project(project), source, reading, by=whoami())
        say(f"Next: {command_line(f'train {project}')}")
