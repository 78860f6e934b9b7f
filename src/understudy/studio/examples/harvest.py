"""Harvest: what people answered and what turned out to be true becomes examples, like everything else that comes in.

Each settled answer, second answer and audit becomes a label by the person who gave it, so whoever answers twice is
counted in people's own error. Each outcome becomes a label that says so, and stands over what people answered to the
same request; where it says otherwise than what stood, that is a finding. An input that is new becomes an example: it
passes the same sieve as uploads, so twins stay together and the sealed border is drawn by a hash of the family, which
nobody chooses. One that is known keeps its side. What is about one subject stays on one side of it; a row that says
what it belongs with, in the column that the project's table has for that, goes by it alone, as rows of tables do.
Forgotten inputs never come back.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from statistics import median

from understudy.domain.arrival import Arrival
from understudy.domain.decision import Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import SETTLED, TURNED_OUT, Label, Provenance
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.opinion import Opinion, Outcome, QuestionKind
from understudy.domain.task import AnswerKind, number_in, number_text
from understudy.intake.groups import group_in
from understudy.intake.incoming import FileUnreadable, Incoming, Item, Source
from understudy.intake.sift import NothingToTakeIn, Sifted, sift
from understudy.modalities.table.fit import known_cells
from understudy.modalities.table.schema import TableSchema
from understudy.modalities.table.unreadable import RowUnreadable
from understudy.studio.examples.class_findings import renew_class_findings
from understudy.studio.examples.facts import table_schema
from understudy.studio.examples.understanding import look_anew
from understudy.studio.people.inputs import input_of
from understudy.studio.people.turned_out import contradictions
from understudy.studio.workspace import Workspace

AT_ONCE = 1_000
"""Answers that are taken in together."""
SHORT = 16
TAKEN_IN = "understudy"
"""Who says what the columns of rows are that came with people's answers, until a person corrects it."""
JUST_AFTER = timedelta(microseconds=1)
_DIGEST_FIRST = itemgetter(0)


@dataclass(frozen=True)
class Harvest:
    """What came of people's answers and of outcomes.

    Attributes:
        answers: Answers that were taken in.
        new: Inputs among them that became examples.
        findings: What was seen on the way.
        outcomes: Outcomes that were taken in.
        says: What was understood anew of the columns of rows, in sentences.
    """

    answers: int = 0
    new: int = 0
    findings: tuple[Finding, ...] = ()
    outcomes: int = 0
    says: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        """Answers and outcomes."""
        return self.answers + self.outcomes

    def __add__(self, other: "Harvest") -> "Harvest":
        return Harvest(
            self.answers + other.answers,
            self.new + other.new,
            (*self.findings, *other.findings),
            self.outcomes + other.outcomes,
            (*self.says, *other.says),
        )


@dataclass(frozen=True)
class Said:
    """A label for the input of a decision.

    Attributes:
        decision: About what.
        value: The label.
        by: Who said so, or that it turned out.
        at: When, UTC.
        provenance: Where its input comes from, if it is new.
    """

    decision: Decision
    value: str
    by: str
    at: datetime
    provenance: Provenance

    @property
    def label(self) -> Label:
        """As a label of the example."""
        return Label(self.decision.input_digest, self.value, self.by, self.at)


def harvest(workspace: Workspace, project: str, *, most: int | None = None) -> Harvest:
    """Takes in what people answered and what turned out since the last harvest; to repeat it adds nothing.

    Rows that are new may say more of their columns, which are then looked at anew.

    Args:
        workspace: Where the project is.
        project: Its name.
        most: Answers to take in at most, about, or None for all there are.

    Raises:
        UnknownProject: No such project.
        BlobStoreUnavailable: The inputs cannot be read or kept.
    """
    total, held = Harvest(), _Held(workspace, project)
    for next_part in (_answers, _outcomes):
        while most is None or total.taken < most:
            part = next_part(workspace, project, held)
            if not part.taken:
                break
            total += part
    if total.taken:
        renew_class_findings(workspace, project)
    if not total.new and workspace.ledger.schema(project) is not None:
        return total
    return total + Harvest(says=look_anew(workspace, project, by=TAKEN_IN))


class _Held:
    """What a project holds: read once, and afterwards only where a harvest touches it.

    Args:
        workspace: Where the project is.
        project: Its name.
    """

    def __init__(self, workspace: Workspace, project: str) -> None:
        self._workspace = workspace
        self._project = project
        self._read_at: datetime | None = None
        self._arrivals: dict[str, Arrival] = {}

    def arrivals(self) -> Mapping[str, Arrival]:
        """By digest, in order; read anew where inputs were forgotten meanwhile, whose groups have lost their names."""
        ledger, project = self._workspace.ledger, self._project
        if self._read_at is None or ledger.erased_since(project, self._read_at):
            self._read_at = self._workspace.now()
            self._arrivals = {each.digest: each for each in ledger.arrivals(project)}
        return self._arrivals

    def renew(self, said: Iterable["Said"]) -> None:
        """Reads again what was said something of."""
        digests = {each.decision.input_digest for each in said}
        fresh = {each.digest: each for each in self._workspace.ledger.arrivals(self._project, among=digests)}
        new = fresh.keys() - self._arrivals.keys()
        self._arrivals.update(fresh)
        if new:
            self._arrivals = dict(sorted(self._arrivals.items(), key=_DIGEST_FIRST))


def _answers(workspace: Workspace, project: str, held: _Held) -> Harvest:
    """Takes in some answers of people. Broken off, it is done again."""
    ledger = workspace.ledger
    given = ledger.unharvested(project, workspace.now(), AT_ONCE)
    if not given:
        return Harvest()
    said = [_answer(*each) for each in given]
    new, findings, taken = _take_in(workspace, project, said, held)
    learned = ledger.learned_outcomes([each.decision.id for each in taken])
    ledger.add_labels(project, [*_settled(workspace, project, taken), *_truths(workspace, taken, learned)])
    held.renew(said)
    ledger.record_harvest(project, [opinion.id for _, opinion in given])
    return Harvest(len(given), new, findings)


def _outcomes(workspace: Workspace, project: str, held: _Held) -> Harvest:
    """Takes in some outcomes. Broken off, it is done again."""
    ledger = workspace.ledger
    given = ledger.unharvested_outcomes(project, AT_ONCE)
    if not given:
        return Harvest()
    said = [_turned_out(decision, outcome, outcome.at) for decision, outcome in given]
    stood = {digest: None if each.made_up else each.label for digest, each in held.arrivals().items()}
    contradicted = contradictions(ledger.project(project), [(each.decision, each.value) for each in said], stood)
    new, findings, taken = _take_in(workspace, project, said, held)
    ledger.record_findings(project, contradicted, at=workspace.now())
    ledger.add_labels(project, list(_truths(workspace, taken, {decision.id: each for decision, each in given})))
    held.renew(said)
    ledger.record_outcome_harvest(project, [decision.id for decision, _ in given])
    return Harvest(0, new, (*findings, *contradicted), len(given))


def _answer(decision: Decision, opinion: Opinion) -> Said:
    provenance = Provenance.AUDIT if opinion.kind is QuestionKind.AUDIT else Provenance.PERSON
    return Said(decision, opinion.value or "", opinion.by, opinion.at, provenance)


def _turned_out(decision: Decision, outcome: Outcome, at: datetime) -> Said:
    return Said(decision, outcome.value, f"{TURNED_OUT}{outcome.by}", at, Provenance.OUTCOME)


def _take_in(
    workspace: Workspace, project: str, said: Sequence[Said], held: _Held
) -> tuple[int, tuple[Finding, ...], Sequence[Said]]:
    """Makes examples first, then labels: how many are new, what was seen, and what was taken in."""
    ledger, new, findings = workspace.ledger, 0, []
    for provenance, part in _by_provenance(said):
        sifted = _sifted(workspace, project, part, provenance, held.arrivals())
        # Who said what comes with the labels; the sieve has seen them to tell what can be sealed.
        nameless = [replace(example, label=None) for example in sifted.examples]
        ledger.add_groups(project, sifted.groups)
        ledger.add_own_groups(project, sifted.owners)
        new += ledger.add_examples(project, nameless, by="", at=workspace.now())
        held.renew(part)
        findings += [each for each in sifted.findings if each.kind is not FindingKind.SMALL_CLASS]
    known = held.arrivals()
    taken = [each for each in said if each.decision.input_digest in known]
    ledger.add_labels(project, [each.label for each in taken])
    for each in taken:
        if known[each.decision.input_digest].made_up:
            ledger.make_real(project, [(each.decision.input_digest, _name(each.decision))], each.provenance)
    ledger.record_findings(project, findings, at=workspace.now())
    return new, tuple(findings), taken


def _settled(workspace: Workspace, project: str, said: Sequence[Said]) -> Iterator[Label]:
    """Where several people gave a number for the same request, the median of them stands, beside what each said."""
    if workspace.ledger.project(project).task.answers is not AnswerKind.NUMBER:
        return
    now = workspace.now()
    for decision in {each.decision.id: each.decision for each in said}.values():
        held = [each for each in workspace.ledger.opinions_of(decision.id) if each.value and each.settles_at <= now]
        last = {each.by: each for each in held}
        if len(last) > 1:
            middle = median(number_in(each.value or "") for each in last.values())
            by = f"{SETTLED}{len(last)} people"
            yield Label(decision.input_digest, number_text(middle), by, max(each.at for each in last.values()))


def _truths(workspace: Workspace, said: Sequence[Said], known: Mapping[str, Outcome]) -> Iterator[Label]:
    """Where a request's outcome is known, it stands over what people answered to it, also where they answered later."""
    for decision in {each.decision.id: each.decision for each in said if each.decision.id in known}.values():
        opinions = [each.at for each in workspace.ledger.opinions_of(decision.id) if each.value is not None]
        outcome = known[decision.id]
        yield _turned_out(decision, outcome, max([outcome.at, *(at + JUST_AFTER for at in opinions)])).label


def _by_provenance(said: Sequence[Said]) -> Iterator[tuple[Provenance, list[Said]]]:
    """What stands of each input, by where it came from first."""
    standing: dict[str, Said] = {}
    origin: dict[str, Provenance] = {}
    for each in said:
        digest = each.decision.input_digest
        if digest not in standing or standing[digest].at <= each.at:
            standing[digest] = each
        origin.setdefault(digest, each.provenance)
    for provenance in sorted(set(origin.values())):
        yield provenance, [each for digest, each in standing.items() if origin[digest] is provenance]


def _sifted(
    workspace: Workspace, project: str, said: Sequence[Said], provenance: Provenance, held: Mapping[str, Arrival]
) -> Sifted:
    """What is new, through the sieve; what is known already needs no more than its labels."""
    ledger = workspace.ledger
    new = [each for each in said if each.decision.input_digest not in held]
    gone = ledger.erased(project, [each.decision.input_digest for each in new])
    table = table_schema(workspace, project)
    items = [_item(workspace, each, table) for each in new if each.decision.input_digest not in gone]
    if not items:
        return Sifted((), (), (), 0, 0)
    try:
        return sift(
            _source(workspace, project, items),
            held.values(),
            workspace.blobs.put,
            sealed_share=ledger.project(project).sealed_share,
            groups=ledger.other_groups(project),
            provenance=provenance,
        )
    except NothingToTakeIn as error:
        return Sifted((), (), error.findings, 0, 0)


def _source(workspace: Workspace, project: str, items: list[Item]) -> Source:
    task = workspace.ledger.project(project).task
    return Source("people’s answers", items, task=task)


def _name(decision: Decision) -> str:
    return f"decision {decision.id}"


def _item(workspace: Workspace, said: Said, table: TableSchema | None) -> Item:
    decision = said.decision
    name = _name(decision)
    subject = None if decision.subject is None else f"subject {_digest(decision)}"
    if table is None or not table.group:
        return Incoming(name, said.value, subject, partial(_read, workspace, decision, name))
    try:
        data = _read(workspace, decision, name)
    except FileUnreadable as error:
        return error.finding
    return Incoming(name, said.value, _declared(data, table) or subject, lambda: data)


def _declared(data: bytes, table: TableSchema) -> str | None:
    """The group that a row says, by the table's column for it; None where it says none, or is no row.

    It stands in for the subject: one group is kept of an example, and that of the column is what later rows come with.
    """
    column = table.group[0]
    try:
        return group_in(known_cells(data, table).get(column.name), column)
    except RowUnreadable:  # what is the matter with it is told when it is read
        return None


def _read(workspace: Workspace, decision: Decision, name: str) -> bytes:
    try:
        return input_of(workspace, decision.input_digest, decision.id)
    except UnderstudyError as error:
        raise FileUnreadable(
            Finding(FindingKind.MISSING_FILE, Severity.MEDIUM, name, error.fact, error.reason, error.remedy)
        ) from error


def _digest(decision: Decision) -> str:
    """Tells subjects apart without naming them to whoever reads examples."""
    whole = f"{decision.project}\0{decision.subject}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:SHORT]
