"""What `understudy status` does: where every project stands, or everything about one."""

import click

from understudy.cli.steps import review_command
from understudy.cli.telling import (
    CANDIDATES,
    from_day_one,
    held,
    say_harvested,
    say_verdict,
    step_in_service,
    unjudged,
    words_of_review,
)
from understudy.cli.terminal import command_line, opened, say, say_findings
from understudy.domain.errors import UnderstudyError
from understudy.domain.evidence import Judgement
from understudy.domain.model import ModelRecord
from understudy.domain.review import Review, Verdict
from understudy.domain.stage import Cause, Stage
from understudy.studio.audits.words import audit_words
from understudy.studio.examples.harvest import harvest
from understudy.studio.judgement.looking import price_of, price_words
from understudy.studio.judgement.verdict import words_on
from understudy.studio.launch.gate import Allowance, shadow_caution
from understudy.studio.launch.service_words import breaker_words, breakers, next_stage, waiting_words
from understudy.studio.launch.shadow_evidence import shadow_evidence, shadow_words
from understudy.studio.launch.staging import propose
from understudy.studio.launch.words import answers_words, cause_words, loss_words, rests_words, sure_words
from understudy.studio.review.changes import change_words
from understudy.studio.review.reviewing import changes_of, present_review
from understudy.studio.words.phrases import things_of
from understudy.studio.workspace import NoWorkspace, Workspace, workspace_folder

AT_ONCE = 500
"""Answers that are taken in before the rest is told; more wait for the next training."""


def tell_all(context: click.Context) -> None:
    """Says where every project stands."""
    try:
        with opened(context) as workspace:
            standings = [f"{known.name}: {_standing(workspace, known.name)}" for known in workspace.ledger.projects()]
    except NoWorkspace:
        standings = []
    for standing in standings:
        say(standing)
    if not standings:
        say(f"No project yet in {workspace_folder(context.obj)}.")
        say(f"Begin with your own files, a folder for each answer: {command_line('train photos/')}")
        say(f"Or with a table: {command_line('train table.csv --target COLUMN')}")


def tell_one(context: click.Context, project: str) -> None:
    """Says everything about one project."""
    with opened(context) as workspace:
        _one(workspace, project)


def _standing(workspace: Workspace, project: str) -> str:
    """The verdict, and who answers once anybody asked for a stage."""
    change = workspace.ledger.stage(project)
    verdict = _verdict(workspace, project)
    if change is None:
        return verdict
    tripped = f" {cause_words(change)}" if change.cause is Cause.TRIPPED else ""
    return f"{answers_words(change)}{tripped} {verdict}"


def _verdict(workspace: Workspace, project: str) -> str:
    ledger = workspace.ledger
    record, judgement, counts = ledger.latest_model(project), ledger.latest_judgement(project), ledger.counts(project)
    if record is None:
        return f"not trained yet. {held(counts, ledger.project(project).task)}"
    if judgement is None or not _is_on(judgement, record):
        return unjudged(workspace, project)
    said = present_review(workspace, project)
    if said is not None:
        return _reviewed(workspace, said)
    words = words_on(judgement, ledger.project(project), ledger)
    return f"{words.headline} {words.bound}"


def _reviewed(workspace: Workspace, said: Review) -> str:
    """What the latest review says; where something has changed since, that, and what another one costs."""
    things = things_of(workspace.ledger.project(said.project))
    told = words_of_review(workspace, said)
    changed = change_words(changes_of(workspace, said), things, "the last review")
    if not changed:
        return f"{told.headline} {told.says} Next: {_next_of(workspace, said, told.next_step)}"
    price = price_words(price_of(workspace, said.project))
    again = f"Review again: {command_line(f'review {said.project}')}"
    return f"{changed} Then it said: “{told.headline}” {again}. {price}"


def _next_of(workspace: Workspace, said: Review, step: str) -> str:
    """A review's next step with its command; in service or warned by the shadow, what is to be done before."""
    serving, change = step_in_service(workspace, said), workspace.ledger.stage(said.project)
    if said.verdict is Verdict.LAUNCH and not (serving and change is not None and change.answers_alone):
        caution = shadow_caution(shadow_evidence(workspace, said.project, said.model))
        if caution:
            return caution
    if serving:
        return serving
    command = review_command(said)
    return f"{step}{f' {command_line(command)}' if command else ''}"


def _one(workspace: Workspace, name: str) -> None:
    ledger = workspace.ledger
    taken = harvest(workspace, ledger.project(name).name, most=AT_ONCE)
    project, judgement, record = ledger.project(name), ledger.latest_judgement(name), ledger.latest_model(name)
    say(f"{name}: {held(ledger.counts(name), project.task)}")
    say_harvested(taken)
    _in_service(workspace, name)
    if record is None:
        say(f"Not trained yet: {command_line(f'train {name}')}")
        say(from_day_one(name))
    else:
        tried = CANDIDATES.counted(len(record.trials))
        say(f"Model {record.version[:12]}, trained {record.at:%Y-%m-%d %H:%M} UTC from {tried}.")
        asked, looks = ledger.decision_count(name), ledger.look_count(name)
        say(f"Requests so far: {asked:,}. Looks at the sealed examples: {looks}.")
    _say_seen(workspace, name)
    if record is not None and (judgement is None or not _is_on(judgement, record)):
        say()
        say(unjudged(workspace, name))
    if judgement is not None and record is not None and not _is_on(judgement, record):
        say("This is what the sealed examples showed about an earlier model:")
    said = present_review(workspace, name)
    if said is not None:
        say()
        say(_reviewed(workspace, said))
    if judgement is not None:
        say_verdict(workspace, project, judgement, reviewed=said is not None)


def _say_seen(workspace: Workspace, name: str) -> None:
    """What was seen as examples came in, and how much the latest audit saw in all of them together."""
    ledger = workspace.ledger
    say_findings(ledger.findings(name), named=name, coming_in=True)
    words = audit_words(ledger.latest_data_audit(name), ledger.acceptances(name), name)
    if words.standing:
        it = "it" if len(words.standing) == 1 else "them"
        say(f"Findings of the latest audit: {words.counts}. See {it}: {command_line(f'audit {name}')}")


def _is_on(judgement: Judgement, record: ModelRecord) -> bool:
    return judgement.model == record.version


def _in_service(workspace: Workspace, name: str) -> None:
    """Who answers and why, the breakers, what waits, what shadow has shown, and what comes next."""
    ledger = workspace.ledger
    change, counts = ledger.stage(name), ledger.queue_counts(name, workspace.now())
    stage = (Stage.WIZARD if change is None else change.stage).value
    say(f"Stage {stage}. {answers_words(change)} {sure_words(change)}".rstrip())
    if change is not None:
        say(f"{cause_words(change)} {rests_words(change.evidence)}".strip())
        if change.stage is Stage.SHADOW and change.model is not None:
            asked = ledger.latest_brief(name) is not None
            shown = shadow_evidence(workspace, name, change.model)
            say("" if shown is None else f"In shadow: {shadow_words(shown, asked=asked)}")
        if change.stage in {Stage.CANARY, Stage.LIVE} and change.terms is not None:
            say(loss_words(change.terms))
    for run, breaker in breakers(workspace, name):
        say(breaker_words(run, breaker))
    if counts.answer + counts.audit + counts.double:
        say(f"{waiting_words(counts)} Answer: {command_line(f'answer {name}')}")
    allowance = _allowance(workspace, name)
    launchable = allowance is not None and allowance.allowed
    following = next_stage(change, launchable=launchable)
    if ledger.latest_model(name) is not None and following is not None:
        what = "The evidence allows the next stage" if launchable else "It may work in shadow, answering nobody"
        if allowance is not None and allowance.caution:
            what = f"{allowance.caution} It may go on all the same"
        say(f"{what}: {command_line(following.format(project=name))}")


def _allowance(workspace: Workspace, name: str) -> Allowance | None:
    """What allows or forbids that the model answers; None where there is none that could."""
    try:
        return propose(workspace, name, Stage.CANARY).allowance
    except UnderstudyError:
        return None
