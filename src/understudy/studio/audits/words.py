"""What is said about an audit: on its page and on the terminal."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from understudy.domain.finding import Acceptance, DataAudit, Finding, Severity
from understudy.studio.audits.standing import grave_ones
from understudy.studio.words.phrases import name, number

WORTH = {Severity.HIGH: "serious", Severity.MEDIUM: "to look into", Severity.LOW: "worth knowing"}
SHORT = 8
"""Signs of an identity that are shown."""
_COMMAND: Final = re.compile(r"(\bunderstudy [a-z]+) PROJECT\b")


@dataclass(frozen=True)
class Told:
    """One finding, and who answers for it.

    Attributes:
        finding: What was seen.
        id: The first signs of its identity, by which it is accepted.
        acceptance: Who took responsibility, or None while it stands.
    """

    finding: Finding
    id: str
    acceptance: Acceptance | None


@dataclass(frozen=True)
class AuditWords:
    """An audit in words.

    Attributes:
        headline: How the data stand, in one sentence.
        says: What that means, in one sentence.
        counts: How many findings stand, by severity.
        standing: Findings that nobody answers for, the gravest first.
        accepted: Findings that somebody answers for.
    """

    headline: str
    says: str
    counts: str
    standing: tuple[Told, ...]
    accepted: tuple[Told, ...]


def naming(finding: Finding, project: str) -> Finding:
    """A finding whose remedy names the project in its commands; it keeps its identity."""
    return replace(finding, remedy=_COMMAND.sub(lambda found: f"{found[1]} {project}", finding.remedy))


def audit_words(
    audit: DataAudit | None,
    acceptances: Sequence[Acceptance],
    project: str = "PROJECT",
    *,
    coming_in: Sequence[Finding] = (),
) -> AuditWords:
    """Puts an audit into words.

    Args:
        audit: The latest, or None.
        acceptances: What people took responsibility for; of one finding the latest word stands.
        project: Its name, which commands in remedies then have.
        coming_in: What was seen as examples came in, so that nothing is called well that was found grave then. What the
            audit saw of it already is told once.
    """
    if audit is None:
        return AuditWords(
            "Not audited yet.",
            "An audit looks for copies, leaks, shortcuts, wrong labels and gaps. It opens no sealed label.",
            "",
            (),
            (),
        )
    by_identity = {each.identity: each for each in acceptances}
    told = [
        Told(naming(each, project), each.identity[:SHORT], by_identity.get(each.identity)) for each in audit.findings
    ]
    standing = tuple(each for each in told if each.acceptance is None)
    accepted = tuple(each for each in told if each.acceptance is not None)
    tally = Counter(each.finding.severity for each in standing)
    counts = ", ".join(f"{number(tally[severity])} {WORTH[severity]}" for severity in Severity if tally[severity])
    known = {each.identity for each in audit.findings}
    grave = [each for each in grave_ones(coming_in) if each.identity not in known]
    return AuditWords(_headline(tally, len(grave)), _says(tally, grave, project), counts, standing, accepted)


def _headline(tally: Counter[Severity], grave: int) -> str:
    high, rest = tally[Severity.HIGH], tally.total() - tally[Severity.HIGH]
    if high:
        return "1 finding stands against a launch." if high == 1 else f"{number(high)} findings stand against a launch."
    if grave:
        found = "1 serious finding was" if grave == 1 else f"{number(grave)} serious findings were"
        return f"{found} made as examples came in; the audit adds {number(rest) if rest else 'none'} to look into."
    if rest:
        noted = "1 finding is" if rest == 1 else f"{number(rest)} findings are"
        return f"Nothing in the data stands against a launch; {noted} noted."
    return "Nothing found amiss in the data."


def _says(tally: Counter[Severity], grave: Sequence[Finding], project: str) -> str:
    if tally[Severity.HIGH]:
        return "Change the data and audit again, or answer for a finding by saying why it does no harm."
    if grave:
        more = "" if len(grave) == 1 else f", and {number(len(grave) - 1)} more"
        return f"{name(grave[0].fact, length=200)} That{more} stands in full here: understudy status {project}"
    if tally.total():
        return "Each says what to do about it, if anything."
    return "That proves nothing about the model; it only means that none of the known traps was found."
