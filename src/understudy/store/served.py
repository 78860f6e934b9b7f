"""Recording what was served: decisions with their draws, their inputs and the questions that they leave for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from understudy.domain.decision import Because, Decision, Draw
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Question
from understudy.domain.texts import is_storable
from understudy.store import decisions as decision_rows
from understudy.store import locks, stages
from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.driver import Driver
from understudy.store.errors import DecisionExists, KeyReused, UnstorableText, unknown_project, unstorable
from understudy.store.records import answer_text
from understudy.store.rows import Row, RowWriter
from understudy.store.schema import decisions, projects
from understudy.store.service_schema import draws, inputs, questions, subjects

LONGEST = 500
"""Characters of a key or a subject; an index of PostgreSQL bears no more than 2,700 bytes."""

DECISION = (
    "id", "project", "input_digest", "answer", "answered_by", "model", "at", "seconds", "because", "stage", "key",
)  # fmt: skip
INPUT = ("decision", "data")
DRAW = (
    "project", "decision", "stage", "model", "audited", "propensity", "uniform", "seed", "error", "due_at",
)  # fmt: skip
QUESTION = ("decision", "kind", "project", "input_digest", "asked_at", "due_at", "stake", "closed")
SUBJECT = ("decision", "project", "subject")

Keys = dict[tuple[str, str], Decision]


@dataclass(frozen=True)
class Served:
    """One request as it is about to be acknowledged.

    Attributes:
        decision: What was decided.
        question: Asked of a person: the answer itself, or an audit of the model's.
        double: Asked of a second person.
        data: The input's bytes, if the ledger shall keep them; None when the blob store holds them.
        error: Chance that the model's answer is wrong, 0..1, as it was known before; kept with the draw.
        due_at: Until when a drawn audit is due, UTC; None when none was drawn.
    """

    decision: Decision
    question: Question | None = None
    double: Question | None = None
    data: bytes | None = None
    error: float = 0.0
    due_at: datetime | None = None


def record(database: Database, served: Sequence[Served]) -> list[Decision | UnderstudyError]:
    """Records requests in one transaction, each with its own outcome; see `Ledger.record_served`."""
    if not served:
        return []
    try:
        with database.writing() as connection:
            return _write(connection, served)
    except IntegrityError as error:
        raise _id_taken(len(served)) from error


def record_all(database: Database, made: Sequence[Decision]) -> None:
    """Records decisions, all or none; see `Ledger.record_decisions`."""
    if not made:
        return
    try:
        with database.writing() as connection:
            for outcome in _write(connection, [Served(decision) for decision in made]):
                if isinstance(outcome, UnderstudyError):
                    raise outcome
    except IntegrityError as error:
        raise _id_taken(len(made)) from error


def _write(connection: Connection, served: Sequence[Served]) -> list[Decision | UnderstudyError]:
    names = {entry.decision.project for entry in served}
    locks.take(connection, *(locks.serving(name) for name in names))
    present = stages.present(connection, names)
    known: list[str] = []
    if len(present) < len(names):
        known = list(connection.execute(select(projects.c.name)).scalars())
    unfit = [_unfit(entry.decision) for entry in served]
    earlier = _earlier(connection, [entry for entry, refusal in zip(served, unfit, strict=True) if refusal is None])
    accepted: list[Served] = []
    outcomes: list[Decision | UnderstudyError] = []
    for entry, refusal in zip(served, unfit, strict=True):
        outcome = refusal or _outcome(entry.decision, present, known, earlier)
        if outcome is entry.decision:
            accepted.append(entry)
            if entry.decision.key is not None:
                earlier[entry.decision.project, entry.decision.key] = entry.decision
        outcomes.append(outcome)
    _insert(connection, accepted)
    return outcomes


def _outcome(
    decision: Decision, present: Mapping[str, int], known: Iterable[str], earlier: Keys
) -> Decision | UnderstudyError:
    """The decision itself if it is to be recorded, an earlier one with its key, or why it cannot be."""
    number = present.get(decision.project)
    if number is None:
        return unknown_project(decision.project, known)
    if decision.key is not None:
        before = earlier.get((decision.project, decision.key))
        if before is not None:
            return before if before.input_digest == decision.input_digest else _key_reused(decision)
    # A try serves nobody, so it may come from any stage.
    if decision.stage != number and decision.because is not Because.TRIED:
        return stages.moved(decision.project, decided_under=decision.stage, present=number)
    return decision


def _unfit(decision: Decision) -> UnderstudyError | None:
    """What keeps a client's own words from being kept."""
    for text in (decision.key, decision.subject):
        if text is not None and not is_storable(text):
            return unstorable(text)
        if text is not None and len(text) > LONGEST:
            return UnstorableText(
                fact=f"The key or subject “{text[:40]}…” has {len(text):,} characters.",
                reason=f"The ledger keeps at most {LONGEST} of them.",
                remedy="Use a shorter one.",
            )
    return None


def _earlier(connection: Connection, served: Sequence[Served]) -> Keys:
    """Decisions on record that bear one of the keys."""
    wanted: dict[str, set[str]] = {}
    for entry in served:
        if entry.decision.key is not None:
            wanted.setdefault(entry.decision.project, set()).add(entry.decision.key)
    found = {pair: number for project, keys in wanted.items() for pair, number in _bearers(connection, project, keys)}
    by_id = {each.id: each for each in decision_rows.by_ids(connection, list(found.values()))} if found else {}
    return {pair: by_id[number] for pair, number in found.items()}


def _bearers(connection: Connection, project: str, keys: set[str]) -> Iterator[tuple[tuple[str, str], str]]:
    """Which decisions of a project bear which of the keys."""
    driver = Driver(connection)
    for part in in_chunks(sorted(keys)):
        marks = ", ".join([driver.mark] * len(part))
        query = f"SELECT key, id FROM decisions WHERE project = {driver.mark} AND key IN ({marks})"  # noqa: S608 - marks only
        yield from (((project, key), number) for key, number in driver.rows(query, (project, *part)))


def _insert(connection: Connection, accepted: Sequence[Served]) -> None:
    writer = RowWriter(connection)
    made = [entry.decision for entry in accepted]
    writer.insert(decisions, DECISION, [_decision_row(writer, each) for each in made])
    writer.insert(inputs, INPUT, [(entry.decision.id, entry.data) for entry in accepted if entry.data is not None])
    drawn = [(entry, entry.decision.draw) for entry in accepted]
    writer.insert(draws, DRAW, [_draw_row(writer, entry, draw) for entry, draw in drawn if draw is not None])
    asked = [each for entry in accepted for each in (entry.question, entry.double) if each is not None]
    writer.insert(questions, QUESTION, [_question_row(writer, each) for each in asked])
    writer.insert(
        subjects, SUBJECT, [(each.id, each.project, each.subject) for each in made if each.subject is not None]
    )


def _decision_row(writer: RowWriter, decision: Decision) -> Row:
    return (
        decision.id,
        decision.project,
        decision.input_digest,
        "null" if decision.answer is None else answer_text(decision.answer),
        decision.answered_by.value,
        decision.model,
        writer.moment(decision.at),
        decision.seconds,
        decision.because.value,
        decision.stage,
        decision.key,
    )


def _draw_row(writer: RowWriter, entry: Served, draw: Draw) -> Row:
    return (
        entry.decision.project,
        entry.decision.id,
        entry.decision.stage,
        entry.decision.model,
        draw.audited,
        draw.propensity,
        draw.uniform,
        str(draw.seed),
        entry.error,
        None if entry.due_at is None else writer.moment(entry.due_at),
    )


def _question_row(writer: RowWriter, question: Question) -> Row:
    moments = (writer.moment(question.asked_at), writer.moment(question.due_at))
    about = (question.decision, question.kind.value, question.project, question.input_digest)
    return *about, *moments, question.stake, False


def _key_reused(decision: Decision) -> KeyReused:
    return KeyReused(
        fact=f"The key “{(decision.key or '')[:80]}” belongs to another request.",
        reason="A key names one request, and this one brings another input.",
        remedy="Send the same input again, or give this request a key of its own.",
    )


def _id_taken(count: int) -> DecisionExists:
    return DecisionExists(
        fact=f"None of {count} decisions was recorded.",
        reason="One of them bears the id of another decision, and a recorded decision is never changed.",
        remedy="Give each decision an id of its own, and record them again.",
    )
