"""`understudy add`: add photos, texts, sounds, videos, rows or interactions to a project."""

import click

from understudy.cli.options import reading_options
from understudy.cli.telling import take_in
from understudy.cli.terminal import command_line, opened, say
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind
from understudy.studio.collection.reading import Reading
from understudy.studio.user import whoami
from understudy.studio.words.phrases import name
from understudy.studio.workspace import Workspace


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
        known = take_in(workspace, workspace.ledger.project(project), source, reading, by=whoami())
        say(f"Next: {_next(workspace, known)}")


def _next(workspace: Workspace, project: Project) -> str:
    """The command to go on with."""
    taught = [label for label, count in workspace.ledger.counts(project.name).train.items() if count]
    if project.task.answers is AnswerKind.LABEL and len(taught) < 2:
        lacking = f"more than “{name(taught[0])}”" if taught else "an answer"
        return f"add examples that say {lacking}, and then: {command_line(f'train {project.name}')}"
    return command_line(f"train {project.name}")
