"""`understudy audit`: look for what is wrong with the data, and answer for a finding."""

import json
from typing import Any

import click

from understudy.cli.terminal import Teller, command_line, opened, say, stoppable
from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import DataAudit, Severity
from understudy.studio.audits.auditing import accept, audit_project
from understudy.studio.audits.words import Told, audit_words
from understudy.studio.examples.harvest import harvest
from understudy.studio.user import whoami
from understudy.studio.words.phrases import name
from understudy.studio.workspace import Workspace

NAMED = 5
FOUND = 3
"""Exit status where findings of high severity stand, so that a script can tell."""


class HalfAcceptance(UnderstudyError):
    """A finding was named without a reason, or a reason without a finding."""

    exit_status = 2


@click.command("audit", short_help="Look for what is wrong with a project's data.")
@click.argument("project")
@click.option(
    "--accept", "accepted", metavar="ID", help="Answer for the finding of this id, so that it no longer stands."
)
@click.option("--reason", metavar="TEXT", help="With --accept: why it does no harm, in your own words.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON instead of words.")
@click.pass_context
def command(context: click.Context, project: str, *, accepted: str | None, reason: str | None, as_json: bool) -> int:
    """Look for what is wrong with PROJECT's data: copies, leaks, shortcuts, wrong labels, gaps and more.

    Sealed examples take part without their labels, so an audit spends no look. It changes nothing by itself.

    Ends with 3 while a finding of high severity stands, with 1 where there is nothing to audit yet, else with 0.
    """
    if (accepted is None) != (reason is None):
        raise HalfAcceptance(
            fact="The finding still stands.",
            reason="Whoever answers for a finding names it and says why.",
            remedy="Give both --accept ID and --reason “…”.",
        )
    with opened(context) as workspace:
        if accepted is not None and reason is not None:
            finding = accept(workspace, project, accepted, by=whoami(), reason=reason)
            say(f"Accepted: {finding.fact}")
            say("It is shown with your name and reason for as long as the project is kept.")
            return 0
        return _audit(workspace, project, as_json=as_json)


def _audit(workspace: Workspace, project: str, *, as_json: bool) -> int:
    harvest(workspace, project)
    stopped = stoppable("Nothing was recorded; what was measured is kept.", "To go on, give the same command again.")
    with stopped, Teller().showing() as teller:
        audited = audit_project(workspace, project, progress=teller.steps)
    ledger = workspace.ledger
    words = audit_words(audited, ledger.acceptances(project), project, coming_in=ledger.findings(project))
    if as_json:
        say(json.dumps(_record(project, audited, (*words.standing, *words.accepted)), ensure_ascii=False, indent=2))
    else:
        say(words.headline)
        say(words.says)
        for told in words.standing:
            _say_finding(told)
        _say_accepted(words.accepted)
        if words.standing:
            say()
            say(f"To answer for one: {command_line(f'audit {project} --accept {words.standing[0].id} --reason “…”')}")
    return FOUND if any(each.finding.severity is Severity.HIGH for each in words.standing) else 0


def _say_finding(told: Told) -> None:
    finding = told.finding
    say()
    say(f"[{finding.severity.value}] {told.id}  {finding.fact}")
    say(f"    Why: {finding.reason}")
    say(f"    Do:  {finding.remedy}")
    if finding.evidence:
        shown = ", ".join(name(each, length=60) for each in finding.evidence[:NAMED])
        more = len(finding.evidence) - NAMED
        say(f"    See: {shown}{f' and {more} more' if more > 0 else ''}")
    say(f"    More: {finding.page}")


def _say_accepted(accepted: tuple[Told, ...]) -> None:
    for told in accepted:
        if told.acceptance is not None:
            say()
            say(f"[accepted] {told.id}  {told.finding.fact}")
            say(f"    {name(told.acceptance.by)}, {told.acceptance.at:%Y-%m-%d}: {told.acceptance.reason}")


def _record(project: str, audited: DataAudit, told: tuple[Told, ...]) -> dict[str, Any]:
    return {
        "project": project,
        "data_version": audited.data_version,
        "at": audited.at.isoformat(),
        "findings": [_finding_record(each) for each in told],
    }


def _finding_record(told: Told) -> dict[str, Any]:
    finding, accepted = told.finding, told.acceptance
    return {
        "id": finding.identity,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "fact": finding.fact,
        "reason": finding.reason,
        "remedy": finding.remedy,
        "evidence": list(finding.evidence),
        "page": finding.page,
        "accepted": None
        if accepted is None
        else {"by": accepted.by, "reason": accepted.reason, "at": accepted.at.isoformat()},
    }
