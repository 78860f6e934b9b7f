"""`understudy new`: begin a project without examples."""

import shlex
from dataclasses import replace

import click

from understudy.cli.options import sealed_share_option
from understudy.cli.telling import from_day_one
from understudy.cli.terminal import command_line, opened, say
from understudy.domain.project import Project, checked_name
from understudy.domain.task import Task
from understudy.intake.endings import endings_of
from understudy.modalities.nouns import noun_of
from understudy.modalities.registry import modality_names


@click.command("new", short_help="Begin a project without examples.")
@click.argument("name")
@click.option(
    "--as",
    "modality",
    type=click.Choice(modality_names()),
    help="What comes in, if people are to answer before there are examples. [default: photo]",
)
@sealed_share_option
@click.pass_context
def command(context: click.Context, name: str, *, modality: str | None, sealed_share: float | None) -> None:
    """Begin a project without examples.

    What it decides about is told from the first examples that are added; say it with --as where questions are to be
    answered by people from day one.
    """
    checked, in_files = checked_name(name), modality is None or bool(endings_of(modality))
    with opened(context, create=True) as workspace:
        now = workspace.now()
        project = Project(checked, now, task=Task(modality) if modality else Task())
        if sealed_share is not None:
            project = replace(project, sealed_share=sealed_share)
        workspace.ledger.create_project(project)
    say(f"{name} begins. {from_day_one(checked)}")
    many = noun_of(modality).many if modality else "examples"
    source = shlex.quote(f"{many}/" if in_files else f"{many}.csv")
    say(f"Next, give it {many}: {command_line(f'add {name} {source}')}")
