"""Outcomes from tables and programs: every row is recorded, or said with its line and what is the matter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clock import Clock
from studio.served import answered, asked, turned_out
from understudy.domain.decision import Decision
from understudy.domain.finding import FindingKind
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.intake.incoming import SourceUnreadable
from understudy.store.errors import OutcomeConflict, UnknownDecision, UnknownProject
from understudy.studio.answers.answer_text import BadLabel
from understudy.studio.answers.known_labels import UnknownLabel
from understudy.studio.people.outcomes import Reported, read_outcomes, take_outcomes
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

MODEL = "a1" * 32


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=Clock()) as opened:
        opened.ledger.create_project(Project("blades", opened.now()))
        opened.ledger.create_project(Project("doors", opened.now()))
        yield opened


@pytest.fixture
def made(workspace: Workspace) -> list[Decision]:
    return [answered(workspace, b"photo %d" % number, MODEL) for number in range(6)]


def table(made: list[Decision], *values: str, between: str = ",", head: str = "decision{0}value") -> str:
    rows = [f"{each.id}{between}{value}" for each, value in zip(made, values, strict=False)]
    return "\n".join([head.format(between), *rows]) + "\n"


def test_a_table_is_taken_in(workspace: Workspace, made: list[Decision]) -> None:
    """Each row becomes an outcome with its value, who said so and where it came from; again is fine."""
    told = read_outcomes("truth.csv", table(made, "crack", "sound", "crack").encode())
    assert (told.left_out, told.remarks) == ((), ())
    taken = take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv", name="truth.csv")
    assert (taken.recorded, taken.known, taken.refused) == (3, 0, ())
    found = workspace.ledger.outcome(made[1].id)
    assert found is not None
    assert (found.value, found.by, found.source) == ("sound", "Ada", "csv")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(minutes=1)
    again = take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv")
    assert (again.recorded, again.known, again.refused) == (3, 3, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_whatever_the_encoding(workspace: Workspace, made: list[Decision], encoding: str) -> None:
    """Letters beyond ASCII come through in every usual encoding."""
    told = read_outcomes("truth.csv", table(made, "Überlänge", "für später").encode(encoding))
    take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv")
    assert [workspace.ledger.outcome(each.id).value for each in made[:2]] == ["Überlänge", "für später"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("head", "between"),
    [
        ("Decision ID{0}Truth", ";"),
        ("note{0}id{0}Outcome", "\t"),
        ("decision-id{0}ACTUAL", "|"),
        ("true_label{0}decision_id", ","),
    ],
)
def test_columns_are_found_by_usual_names(made: list[Decision], head: str, between: str) -> None:
    """Capitals, blanks, hyphens and the order of columns make no difference, and neither does the delimiter."""
    columns = head.format(between).split(between)
    cells = {"note": "x"}
    for column in columns:
        plain = column.lower()
        cells[column] = "x" if plain == "note" else made[0].id if "id" in plain else "crack"
    data = between.join(columns) + "\n" + between.join(cells[column] for column in columns) + "\n"
    assert read_outcomes("truth.csv", data.encode()).rows == (Reported(2, made[0].id, "crack"),)


def test_columns_can_be_named_and_lines_can_be_json(made: list[Decision]) -> None:
    """A column with a name of its own is read if it is named; JSON lines are read by the ending of the name."""
    data = f"ref,befund\n{made[0].id},crack\n".encode()
    told = read_outcomes("truth.csv", data, decision_column="ref", value_column="befund")
    assert told.rows == (Reported(2, made[0].id, "crack"),)
    with pytest.raises(SourceUnreadable, match="no column with the decisions’ ids"):
        read_outcomes("truth.csv", data)
    with pytest.raises(SourceUnreadable, match="has no column “nowhere”"):
        read_outcomes("truth.csv", data, decision_column="nowhere")
    lines = f'{{"decision": "{made[0].id}", "value": "crack"}}\nnot json\n'.encode()
    told = read_outcomes("truth.jsonl", lines)
    assert told.rows == (Reported(1, made[0].id, "crack"),)
    assert [each.finding.subject for each in told.left_out] == ["truth.jsonl, line 2"]


def test_every_bad_row_is_said_and_the_others_are_kept(workspace: Workspace, made: list[Decision]) -> None:
    """An unknown decision, another project's, an empty value, another truth, a row too short: each with its line."""
    turned_out(workspace, made[0], "crack", by="Ada")
    elsewhere = answered(workspace, b"door", MODEL, project="doors", stage=0)
    data = "\n".join(
        [
            "decision,value",
            f"{made[0].id},sound",
            "nobody,crack",
            f"{made[1].id},  ",
            f"{elsewhere.id},crack",
            f"{made[2].id}",
            f"{made[3].id},sound",
            f"{made[3].id},crack",
            f"{made[4].id},=1+1",
        ]
    ).encode()
    told = read_outcomes("truth.csv", data)
    taken = take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv", name="truth.csv")
    assert [each.finding.subject for each in told.left_out] == ["truth.csv, line 6"]
    assert [each.number for each in taken.refused] == [2, 3, 4, 5, 8]
    assert [each.finding.subject for each in taken.refused] == [f"truth.csv, line {line}" for line in (2, 3, 4, 5, 8)]
    findings = [each.finding for each in taken.refused]
    assert all(each.kind is FindingKind.BAD_ROW and each.fact and each.reason and each.remedy for each in findings)
    assert "was left out: The outcome of decision" in taken.refused[0].finding.fact
    assert taken.recorded == 2
    assert workspace.ledger.outcome(made[4].id).value == "=1+1"  # type: ignore[union-attr]
    assert workspace.ledger.outcome(made[0].id).value == "crack"  # type: ignore[union-attr]


def test_one_outcome_is_recorded_or_refused(workspace: Workspace, made: list[Decision]) -> None:
    """The same again is fine; another truth, an unknown decision and an empty value are errors of their own."""
    first = turned_out(workspace, made[0], " crack ", by="Ada")
    assert turned_out(workspace, made[0], "crack", by="Ben", source="page") == first
    with pytest.raises(OutcomeConflict):
        turned_out(workspace, made[0], "sound", by="Ada")
    with pytest.raises(UnknownDecision):
        turned_out(workspace, replace(made[0], id="nobody"), "crack", by="Ada")
    with pytest.raises(UnknownDecision, match="another project"):
        turned_out(workspace, made[1], "crack", by="Ada", project="doors")
    with pytest.raises(BadLabel):
        turned_out(workspace, made[1], "", by="Ada")
    with pytest.raises(UnknownProject):
        take_outcomes(workspace, "nowhere", [], by="Ada", source="csv")


def test_a_label_nobody_used_is_taken_for_a_slip(workspace: Workspace, made: list[Decision]) -> None:
    """It is refused with the labels there are, unless it is said to be new; from then on it is known."""
    Queue(workspace).answer(asked(workspace, b"asked").id, QuestionKind.ANSWER, "crack", by="Ada")
    with pytest.raises(UnknownLabel, match="crak") as caught:
        turned_out(workspace, made[1], "crak", by="Ada")
    assert "“crack”" in caught.value.reason
    told = read_outcomes("truth.csv", table(made[2:], "crak", "crack").encode())
    taken = take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv")
    assert (taken.recorded, [each.number for each in taken.refused]) == (1, [2])
    assert "“crak” is no label of “blades”." in taken.refused[0].finding.fact
    assert workspace.ledger.outcome(made[2].id) is None
    assert take_outcomes(workspace, "blades", told.rows, by="Ada", source="csv", new_labels=True).recorded == 2
    assert turned_out(workspace, made[4], "crak", by="Ada").value == "crak"


@pytest.mark.parametrize(
    "data", [b"\x00\x9c\r\x01", b"a\rb\n1,2\n", bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n", b"\x1b[2J,x\n"]
)
def test_what_is_no_table_is_an_error_of_its_own(data: bytes) -> None:
    """Bytes of any kind are refused in words; none ends in an error of a library."""
    with pytest.raises(SourceUnreadable):
        read_outcomes("t4.csv", data)
