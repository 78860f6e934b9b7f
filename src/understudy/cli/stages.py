"""What the commands about stages do: promote and roll back."""

import json
from dataclasses import asdict

import click

from understudy.cli.promote import REFUSED, Wish
from understudy.cli.terminal import asked_reason, command_line, opened, say
from understudy.domain.stage import Cause, Stage, StageChange
from understudy.launch.rules import Rules
from understudy.store.codec import as_json
from understudy.studio.launch.gate import LaunchRefused
from understudy.studio.launch.staging import Proposal, promote, propose, roll_back
from understudy.studio.launch.words import (
    answers_words,
    error_words,
    limit_words,
    loss_words,
    rollback_words,
    short,
    sure_words,
)
from understudy.studio.user import whoami


def promote_model(context: click.Context, project: str, to: Stage, wish: Wish, *, plain: bool) -> int:
    """Promotes, and says what it rests on before and what holds afterwards; returns the exit status."""
    by = whoami() if wish.by is None else wish.by
    with opened(context) as workspace:
        proposal = propose(workspace, project, to, share=wish.share, model=wish.model)
        if not plain:
            limit = int(workspace.ledger.settings(project).most_audits_waiting)
            _say_proposal(proposal, override=wish.override, most_waiting=limit)
        allowed = proposal.allowance.allowed or wish.override
        reason = wish.reason or (asked_reason("Why") if allowed and not plain else "")
        try:
            done = promote(workspace, project, to, **{**asdict(wish), "by": by, "reason": reason})
        except LaunchRefused as error:
            return _refused(error, plain=plain)
    if plain:
        say(json.dumps(as_json(StageChange, done), ensure_ascii=False, indent=2))
    else:
        _say_done(project, done)
    return 0


def take_back(context: click.Context, project: str, reason: str | None, by: str | None, *, to_people: bool) -> None:
    """Rolls back, and says who answers from now on."""
    with opened(context) as workspace:
        said = reason or asked_reason("Why")
        done = roll_back(workspace, project, by=whoami() if by is None else by, reason=said, to_people=to_people)
    say(f"{project} is in stage {done.stage.value} now. {answers_words(done)}")
    say(f"What was live when: {command_line(f'history {project}')}")


def _say_proposal(proposal: Proposal, *, override: bool, most_waiting: int) -> None:
    """What it rests on, what it may cost and who takes over, before anything changes."""
    allowance = proposal.allowance
    if not allowance.allowed and not override:
        return
    say(f"Model {short(proposal.model.version)} to {proposal.stage.value}.")
    if allowance.allowed:
        say(f"{allowance.fact} {allowance.caution}".strip())
    else:
        say(f"Against it stands: {allowance.fact} {allowance.reason}")
    if proposal.stage is Stage.SHADOW:
        return
    say(loss_words(proposal.terms))
    say(error_words(proposal.terms))
    say(limit_words(Rules.of(proposal.terms, most_waiting=most_waiting).most_waiting))
    say(f"Then {rollback_words(proposal.fallback)}.")


def _refused(error: LaunchRefused, *, plain: bool) -> int:
    if plain:
        say(json.dumps({"refused": error.evidence}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{error.fact}\n{error.reason}\n{error.remedy}\nNothing changed.", err=True)
    return REFUSED


def _say_done(project: str, done: StageChange) -> None:
    say()
    say(f"{project} is in stage {done.stage.value} now. {answers_words(done)} {sure_words(done)}".rstrip())
    if done.cause is Cause.OVERRIDDEN:
        say(f"This was overridden by {done.by}, and is shown as that for ever.")
    say(f"Take it back at any time: {command_line(f'rollback {project}')}")
