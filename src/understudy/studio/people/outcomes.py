"""Outcomes: what turned out to be true of decisions, from a table, a program or a page. No row is lost unsaid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.opinion import Outcome
from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.table import LeftOut, Rows, column_of, listed, read_rows
from understudy.store.errors import UnknownDecision
from understudy.studio.answers.answer_text import BadLabel, checked_answer
from understudy.studio.answers.known_labels import labels_within, unknown_label
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

DECISION_COLUMNS = ("decision", "decision_id", "decisionid", "id")
VALUE_COLUMNS = ("value", "outcome", "truth", "true_label", "actual", "label", "answer", "result")
"""Names that columns usually have; capitals, blanks, hyphens and underscores make no difference."""

CHUNK = 500
"""Outcomes that are recorded in one transaction."""
NEEDS = "Each row needs a decision’s id, what was true, and as many cells as the first line."
FOR_EVER = "an outcome is never changed, so one that is misspelt would stay for ever"
SAY_NEW = "--new-labels in a command, “new_labels” in the API"
AGAIN = "Correct the row, then give the table again: what is on record already is not recorded twice."


@dataclass(frozen=True)
class Reported:
    """What a source says about one decision.

    Attributes:
        line: Where it stands in the source; the first line is 1.
        decision: The decision's id.
        value: What was true.
    """

    line: int
    decision: str
    value: str


@dataclass(frozen=True)
class Taken:
    """What came of a source of outcomes.

    Attributes:
        recorded: Outcomes that are on record now.
        known: Those of them that were on record before, and said the same.
        refused: Rows that were left out, each with what is the matter with it.
    """

    recorded: int
    known: int
    refused: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Told:
    """A table of outcomes as it was read.

    Attributes:
        rows: The rows that can be read.
        left_out: The others.
        remarks: What else was seen in the table.
    """

    rows: tuple[Reported, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Finding, ...]


def read_outcomes(
    name: str, data: bytes, *, decision_column: str | None = None, value_column: str | None = None
) -> Told:
    """Reads a table of outcomes: delimited text in any usual encoding, or JSON lines where the name ends in .jsonl.

    Args:
        name: For people.
        data: The file's bytes.
        decision_column: The column with the decisions' ids, or None to look for it.
        value_column: The column with what was true, or None to look for it.

    Raises:
        SourceUnreadable: There is no such column, or no row.
    """
    table = read_rows(name, data)
    decision = _column(table, decision_column, DECISION_COLUMNS, "the decisions’ ids")
    value = _column(table, value_column, VALUE_COLUMNS, "what was true", but=decision)
    rows = tuple(Reported(row.number, row.cells.get(decision, ""), row.cells.get(value, "")) for row in table.rows)
    left = (LeftOut(each.number, replace(each.finding, reason=NEEDS, remedy=AGAIN)) for each in table.left_out)
    return Told(rows, tuple(left), table.remarks)


def take_outcomes(
    workspace: Workspace,
    project: str,
    reported: Sequence[Reported],
    *,
    by: str,
    source: str,
    name: str = "the source",
    new_labels: bool = False,
) -> Taken:
    """Records outcomes of a project's decisions.

    Args:
        workspace: Where the project is.
        project: Its name.
        reported: What is said; one decision twice is fine as long as both say the same.
        by: Who or what says so.
        source: "api", "csv" or "page".
        name: Of the source, for people.
        new_labels: Labels that nobody has used in the project are meant; else such rows are left out.

    Raises:
        UnknownProject: No such project.
    """
    refused: list[LeftOut] = []
    recorded = known = 0
    for row, given, result in _results(workspace, project, reported, by, source, new_labels=new_labels):
        if isinstance(result, UnderstudyError):
            refused.append(_refused(name, row, result))
        else:
            recorded += 1
            known += result != given
    return Taken(recorded, known, tuple(sorted(refused, key=lambda each: each.number)))


def outcomes_of(
    workspace: Workspace,
    project: str,
    reported: Sequence[Reported],
    *,
    by: str,
    source: str,
    new_labels: bool = False,
) -> list[Outcome | UnderstudyError]:
    """The same, told row by row: in order, what is on record now, or why it is not.

    Raises:
        UnknownProject: No such project.
    """
    found = _results(workspace, project, reported, by, source, new_labels=new_labels)
    return [result for _, _, result in found]


def _results(
    workspace: Workspace, project: str, reported: Sequence[Reported], by: str, source: str, *, new_labels: bool
) -> Iterator[tuple[Reported, Outcome | UnderstudyError, Outcome | UnderstudyError]]:
    """Each row with what it says and what became of that."""
    workspace.ledger.project(project)
    known = _labels(workspace, project, new_labels=new_labels)
    for start in range(0, len(reported), CHUNK):
        rows = reported[start : start + CHUNK]
        given = [_checked(workspace, project, row, by, source, known) for row in rows]
        kept = iter(workspace.ledger.record_outcomes([each for each in given if isinstance(each, Outcome)]))
        for row, each in zip(rows, given, strict=True):
            yield row, each, each if isinstance(each, UnderstudyError) else next(kept)


def _labels(workspace: Workspace, project: str, *, new_labels: bool) -> tuple[str, ...]:
    """The labels that an outcome may be: those ever used in the project; empty for any."""
    return () if new_labels else Queue(workspace).used(project)


def _checked(
    workspace: Workspace, project: str, row: Reported, by: str, source: str, known: Sequence[str]
) -> Outcome | UnderstudyError:
    try:
        return _outcome(workspace, project, row, by, source, known)
    except (UnknownDecision, BadLabel) as error:
        return error


def _outcome(workspace: Workspace, project: str, row: Reported, by: str, source: str, known: Sequence[str]) -> Outcome:
    decision = row.decision.strip()
    found = workspace.ledger.decision(decision)
    task = workspace.ledger.project(found.project).task
    value = checked_answer(task, row.value, typed=source == "page")
    if found.project != project:
        raise UnknownDecision(
            fact=f"“{project}” has no decision “{decision[:80]}”.",
            reason="It belongs to another project.",
            remedy="Report it for the project that made the decision.",
        )
    strange = [label for label in labels_within(task, value) if label not in {*known, *_said(task, found.answer)}]
    if known and strange:
        raise unknown_label(found.project, strange[0], known, stays=FOR_EVER, new=SAY_NEW)
    return Outcome(found.id, value, by, source, workspace.now())


def _said(task: Task, answer: Answer | None) -> tuple[str, ...]:
    """The labels or items that the model itself said."""
    if answer is None:
        return ()
    return (answer.label,) if task.answers is AnswerKind.LABEL else labels_in(answer.label)


def _refused(name: str, row: Reported, error: UnderstudyError) -> LeftOut:
    place = f"{name}, line {row.line}"
    fact = f"Line {row.line} of “{name}” was left out: {error.fact}"
    return LeftOut(row.line, Finding(FindingKind.BAD_ROW, Severity.MEDIUM, place, fact, error.reason, error.remedy))


def _column(table: Rows, wanted: str | None, usual: tuple[str, ...], what: str, *, but: str = "") -> str:
    """The column asked for, or the first that has a usual name, however it is written."""
    named = column_of(table.name, table.columns, wanted, ())
    if named is not None:
        return named
    plain = {_plain(column): column for column in reversed(table.columns) if column != but}
    found = next((plain[_plain(each)] for each in usual if _plain(each) in plain), None)
    if found is None:
        raise SourceUnreadable(
            fact=f"“{table.name}” has no column with {what}.",
            reason=f"Its columns are {listed(table.columns)}; looked for were {listed(usual)}.",
            remedy="Say which column it is.",
        )
    return found


def _plain(column: str) -> str:
    return "".join(letter for letter in column.lower() if letter.isalnum())
