"""Harvest: what people answered becomes examples to learn from, and to judge by, like everything else that comes in.

Each settled answer, second answer and audit becomes a label by the person who gave it, so whoever answers twice is
counted in people's own error. An input that is new becomes an example: it passes the same sieve as uploads, so
twins stay together and the sealed border is drawn by a hash of the family, which nobody chooses. What is about one
subject stays on one side of it. Forgotten inputs never come back.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Label, Provenance
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.opinion import Opinion, QuestionKind
from understudy.domain.task import AnswerKind, number_in, number_text
from understudy.intake.incoming import FileUnreadable, Incoming, Source
from understudy.intake.sift import NothingToTakeIn, Sifted, sift
from understudy.studio.inputs import input_of
from understudy.studio.workspace import Workspace

AT_ONCE = 1_000
"""Answers that are taken in together."""
SHORT = 16
PROVENANCE = {QuestionKind.AUDIT: Provenance.AUDIT}
"""Of what was asked for; all else came from people's answers."""

Said = tuple[Decision, Opinion]


@dataclass(frozen=True)
class Harvest:
    """What came of people's answers.

    Attributes:
        answers: Answers that were taken in.
        new: Inputs among them that became examples.
        findings: What was seen on the way.
    """

    answers: int = 0
    new: int = 0
    findings: tuple[Finding, ...] = ()


def harvest(workspace: Workspace, project: str, *, most: int | None = None) -> Harvest:
    """Takes in what people answered since the last harvest; to repeat it adds nothing.

    Args:
        workspace: Where the project is.
        project: Its name.
        most: Answers to take in at most, about, or None for all there are.

    Raises:
        UnknownProject: No such project.
        BlobStoreUnavailable: The inputs cannot be read or kept.
    """
    total = Harvest()
    while most is None or total.answers < most:
        said = workspace.ledger.unharvested(project, workspace.now(), AT_ONCE)
        if not said:
            break
        part = _take_in(workspace, project, said)
        total = Harvest(total.answers + part.answers, total.new + part.new, (*total.findings, *part.findings))
    return total


def _take_in(workspace: Workspace, project: str, said: Sequence[Said]) -> Harvest:
    """One harvest: examples first, then labels, then the note that it was done; broken off, it is done again."""
    ledger, new, findings = workspace.ledger, 0, []
    for provenance, part in _by_provenance(said):
        sifted = _sifted(workspace, project, part, provenance)
        # Who said what comes with the labels; the sieve has seen them to tell what can be sealed.
        nameless = [replace(example, label=None) for example in sifted.examples]
        new += ledger.add_examples(project, nameless, by="", at=workspace.now())
        findings += [each for each in sifted.findings if each.kind is not FindingKind.SMALL_CLASS]
    known = {arrival.digest for arrival in ledger.arrivals(project)}
    taken = [each for each in said if each[0].input_digest in known]
    ledger.add_labels(project, [*(_label(each) for each in taken), *_settled(workspace, project, taken)])
    ledger.record_findings(project, findings, at=workspace.now())
    ledger.record_harvest(project, [opinion.id for _, opinion in said])
    return Harvest(len(said), new, tuple(findings))


def _settled(workspace: Workspace, project: str, said: Sequence[Said]) -> Iterator[Label]:
    """Where several people gave a number for the same request, the median of them stands, beside what each said."""
    if workspace.ledger.project(project).task.answers is not AnswerKind.NUMBER:
        return
    now = workspace.now()
    for decision in {decision.id: decision for decision, _ in said}.values():
        held = [each for each in workspace.ledger.opinions_of(decision.id) if each.value and each.settles_at <= now]
        last = {each.by: each for each in held}
        if len(last) > 1:
            middle = median(number_in(each.value or "") for each in last.values())
            by = f"the median of {len(last)} people"
            yield Label(decision.input_digest, number_text(middle), by, max(each.at for each in last.values()))


def _by_provenance(said: Sequence[Said]) -> Iterator[tuple[Provenance, list[Said]]]:
    """What stands of each input, by where it came from first."""
    standing: dict[str, Said] = {}
    origin: dict[str, Provenance] = {}
    for decision, opinion in said:
        before = standing.get(decision.input_digest)
        if before is None or before[1].at <= opinion.at:
            standing[decision.input_digest] = (decision, opinion)
        origin.setdefault(decision.input_digest, PROVENANCE.get(opinion.kind, Provenance.PERSON))
    for provenance in sorted(set(origin.values())):
        yield provenance, [each for digest, each in standing.items() if origin[digest] is provenance]


def _sifted(workspace: Workspace, project: str, said: Sequence[Said], provenance: Provenance) -> Sifted:
    """What is new, through the sieve; what is known already needs no more than its labels."""
    ledger = workspace.ledger
    arrivals = list(ledger.arrivals(project))
    known = {arrival.digest for arrival in arrivals}.union(
        ledger.erased(project, [decision.input_digest for decision, _ in said])
    )
    items = [_incoming(workspace, *each) for each in said if each[0].input_digest not in known]
    if not items:
        return Sifted((), (), (), 0, 0)
    try:
        return sift(
            _source(workspace, project, items),
            arrivals,
            workspace.blobs.put,
            sealed_share=ledger.project(project).sealed_share,
            provenance=provenance,
        )
    except NothingToTakeIn as error:
        return Sifted((), (), error.findings, 0, 0)


def _source(workspace: Workspace, project: str, items: list[Incoming]) -> Source:
    task = workspace.ledger.project(project).task
    return Source("people’s answers", items, task=task)


def _incoming(workspace: Workspace, decision: Decision, opinion: Opinion) -> Incoming:
    name = f"decision {decision.id}"
    group = None if decision.subject is None else f"subject {_digest(decision)}"
    return Incoming(name, opinion.value, group, partial(_read, workspace, decision, name))


def _read(workspace: Workspace, decision: Decision, name: str) -> bytes:
    try:
        return input_of(workspace, decision.input_digest, decision.id)
    except UnderstudyError as error:
        raise FileUnreadable(
            Finding(FindingKind.MISSING_FILE, Severity.MEDIUM, name, error.fact, error.reason, error.remedy)
        ) from error


def _digest(decision: Decision) -> str:
    """Tells subjects apart without naming them, since groups are kept when a person is forgotten."""
    whole = f"{decision.project}\0{decision.subject}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:SHORT]


def _label(said: Said) -> Label:
    decision, opinion = said
    return Label(decision.input_digest, opinion.value or "", opinion.by, opinion.at)
