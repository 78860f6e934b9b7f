"""`understudy status`: where every project stands."""

import click

from understudy.cli.telling import CANDIDATES, held, say_verdict, unjudged, words_of_review
from understudy.cli.terminal import command_line, opened, say, say_findings
from understudy.domain.evidence import Judgement
from understudy.domain.model import ModelRecord
from understudy.domain.review import Review
from understudy.studio.changes import change_words
from understudy.studio.looking import price_of, price_words
from understudy.studio.reviewing import changes_of, present_review
from understudy.studio.verdict import words_on
from understudy.studio.workspace import NoWorkspace, Workspace, workspace_folder


@click.command("status", short_help="Say where every project stands.")
@click.argument("project", required=False)
@click.pass_context
def command(context: click.Context, project: str | None) -> None:
    """Say where every project stands, or everything about one PROJECT."""
    if project is not None:
        with opened(context) as workspace:
            _one(workspace, project)
        return
    try:
        with opened(context) as workspace:
            standings = [f"{known.name}: {_standing(workspace, known.name)}" for known in workspace.ledger.projects()]
    except NoWorkspace:
        standings = []
    for standing in standings:
        say(standing)
    if not standings:
        say(f"No project yet in {workspace_folder(context.obj)}.")
        say(f"Begin with your own photos, a folder for each answer: {command_line('train photos/')}")


def _standing(workspace: Workspace, project: str) -> str:
    ledger = workspace.ledger
    record, judgement, counts = ledger.latest_model(project), ledger.latest_judgement(project), ledger.counts(project)
    if record is None:
        return f"not trained yet. {held(counts)}"
    if judgement is None or not _is_on(judgement, record):
        return unjudged(workspace, project)
    said = present_review(workspace, project)
    if said is not None:
        return _reviewed(workspace, said)
    words = words_on(judgement, ledger.project(project), ledger)
    return f"{words.headline} {words.bound}"


def _reviewed(workspace: Workspace, said: Review) -> str:
    """What the latest review says; where something has changed since, that, and what another one costs."""
    told, changed = words_of_review(workspace, said), change_words(changes_of(workspace, said), "the last review")
    if not changed:
        return f"{told.headline} {told.says}"
    price = price_words(price_of(workspace, said.project))
    again = f"Review again: {command_line(f'review {said.project}')}"
    return f"{changed} Then it said: “{told.headline}” {again}. {price}"


def _one(workspace: Workspace, name: str) -> None:
    ledger = workspace.ledger
    project, judgement, record = ledger.project(name), ledger.latest_judgement(name), ledger.latest_model(name)
    say(f"{name}: {held(ledger.counts(name))}")
    if record is None:
        say(f"Not trained yet: {command_line(f'train {name}')}")
    else:
        tried = CANDIDATES.counted(len(record.trials))
        say(f"Model {record.version[:12]}, trained {record.at:%Y-%m-%d %H:%M} UTC from {tried}.")
        say(f"Answers given: {ledger.decision_count(name):,}. Looks at the sealed photos: {ledger.look_count(name)}.")
    say_findings(ledger.findings(name))
    if record is not None and (judgement is None or not _is_on(judgement, record)):
        say()
        say(unjudged(workspace, name))
    if judgement is not None and record is not None and not _is_on(judgement, record):
        say("This is what the sealed photos showed about an earlier model:")
    said = present_review(workspace, name)
    if said is not None:
        say()
        say(_reviewed(workspace, said))
    if judgement is not None:
        say_verdict(workspace, project, judgement)


def _is_on(judgement: Judgement, record: ModelRecord) -> bool:
    return judgement.model == record.version
