"""`understudy status`: where every project stands."""

import click

from understudy.cli.telling import held, say_verdict
from understudy.cli.terminal import opened, say, say_findings
from understudy.studio.verdict import words_on
from understudy.studio.workspace import Workspace


@click.command("status", short_help="Say where every project stands.")
@click.argument("project", required=False)
@click.pass_context
def command(context: click.Context, project: str | None) -> None:
    """Say where every project stands, or everything about one PROJECT."""
    with opened(context) as workspace:
        if project is not None:
            _one(workspace, project)
            return
        projects = workspace.ledger.projects()
        if not projects:
            say(f"No project yet in {workspace.folder}.")
            say("Begin with your own photos, a folder for each answer: understudy train photos/")
        for known in projects:
            say(f"{known.name}: {_standing(workspace, known.name)}")


def _standing(workspace: Workspace, project: str) -> str:
    ledger = workspace.ledger
    judgement, counts = ledger.latest_judgement(project), ledger.counts(project)
    if judgement is not None:
        return words_on(judgement, ledger.project(project), counts, ledger.findings(project)).headline
    if ledger.latest_model(project) is not None:
        return "trained, but not judged yet."
    return f"not trained yet. {held(counts)}"


def _one(workspace: Workspace, name: str) -> None:
    ledger = workspace.ledger
    project, judgement = ledger.project(name), ledger.latest_judgement(name)
    say(f"{name}: {held(ledger.counts(name))}")
    record = ledger.latest_model(name)
    if record is not None:
        say(
            f"Model {record.version[:12]}, trained {record.at:%Y-%m-%d %H:%M} UTC from {len(record.trials)} candidates."
        )
        say(f"Answers given: {ledger.decision_count(name):,}. Looks at the sealed photos: {ledger.look_count(name)}.")
    say_findings(ledger.findings(name), everything=True)
    if judgement is not None:
        say_verdict(workspace, project, judgement)
