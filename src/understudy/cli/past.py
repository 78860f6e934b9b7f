"""What the commands about what was do: tell the history, and say why a decision went as it did."""

import json

import click

from understudy.cli.terminal import opened, say
from understudy.studio.launch.history import event_words, history, history_record, period_words
from understudy.studio.launch.why import why, why_record, why_words
from understudy.studio.launch.words import short


def tell_history(context: click.Context, project: str, *, plain: bool) -> None:
    """Says what was live when."""
    with opened(context) as workspace:
        found, models = history(workspace, project), workspace.ledger.models(project)
    if plain:
        say(json.dumps(history_record(found), ensure_ascii=False, indent=2))
        return
    for period in found.periods:
        say(period_words(period))
    if found.events:
        say()
        for event in found.events:
            say(event_words(event))
    if models:
        say()
        trained = ", ".join(f"{short(each.version)} ({each.at:%Y-%m-%d %H:%M})" for each in models)
        say(f"Models, by when they were trained: {trained}.")


def tell_why(context: click.Context, decision: str, *, plain: bool) -> None:
    """Says why a decision went as it did."""
    with opened(context) as workspace:
        found = why(workspace, decision.strip())
        left = workspace.ledger.open_kinds([found.decision.id], workspace.now())
    if plain:
        say(json.dumps(why_record(found), ensure_ascii=False, indent=2))
        return
    for line in why_words(found, blind=bool(left.get(found.decision.id))):
        say(line)
