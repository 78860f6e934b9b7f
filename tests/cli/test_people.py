"""`understudy outcomes`, `why`, `set` and `forget`: what people report, ask, set and have deleted."""

import json
from pathlib import Path

import pytest

from cli.conftest import Give
from studio.served import answered, asked
from understudy.domain.decision import Decision
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    with Workspace.open(tmp_path / "w") as opened:
        opened.ledger.create_project(Project("blades", opened.now()))
    return tmp_path / "w"


@pytest.fixture
def made(workspace: Path) -> list[Decision]:
    with Workspace.open(workspace) as opened:
        return [answered(opened, b"photo %d" % number, "a1" * 32, subject="Ann") for number in range(3)]


def test_outcomes_from_a_table(give: Give, workspace: Path, made: list[Decision], tmp_path: Path) -> None:
    """What can be taken is on record; each row that cannot is listed with its line, and the status says so."""
    table = tmp_path / "truth.csv"
    table.write_text(f"decision;truth\n{made[0].id};crack\nnobody;crack\n{made[1].id};\n", encoding="utf-8")
    told = give("outcomes", "blades", table, workspace=workspace)
    assert told.status == 1
    assert told.out.splitlines()[0] == "1 outcome on record."
    assert "Line 3 of “truth.csv” was left out: There is no decision “nobody”." in told.out
    assert "Line 4 of “truth.csv” was left out: That cannot be a label." in told.out
    table.write_text(f"decision;truth\n{made[0].id};crack\n", encoding="utf-8")
    again = give("outcomes", "blades", table, workspace=workspace)
    assert (again.status, again.out) == (0, "1 outcome on record, 1 of them known before.\n")
    with Workspace.open(workspace) as opened:
        Queue(opened).answer(asked(opened, b"asked").id, QuestionKind.ANSWER, "crack", by="Ada")
    table.write_text(f"decision;truth\n{made[2].id};crak\n", encoding="utf-8")
    slip = give("outcomes", "blades", table, workspace=workspace)
    assert (slip.status, slip.out.splitlines()[0]) == (1, "No row was taken.")
    assert "“crak” is no label of “blades”. Its labels are “crack”" in slip.out
    assert give("outcomes", "blades", table, "--new-labels", workspace=workspace).out == "1 outcome on record.\n"
    table.write_bytes(b"\x9c\r\x01\n")
    torn = give("outcomes", "blades", table, workspace=workspace)
    assert (torn.status, torn.err.splitlines()[0]) == (1, "“truth.csv” is no table.")
    table.write_text(f"decision;truth\n{made[0].id};crack\n", encoding="utf-8")
    named = give("outcomes", "blades", table, "--value-column", "befund", workspace=workspace)
    assert named.status == 1
    assert "has no column “befund”" in named.err
    assert "cannot be read" in give("outcomes", "blades", tmp_path / "none.csv", workspace=workspace).err


def test_why_keeps_to_itself_what_a_check_must_not_have_seen(give: Give, workspace: Path) -> None:
    """Until a person has checked an answer, the words do not tell what the model said."""
    give("set", "blades", "undo-seconds", "0", workspace=workspace)
    with Workspace.open(workspace) as opened:
        audited = answered(opened, b"looked at twice", "a1" * 32, label="crack", audited=True)
    told = give("why", audited.id, workspace=workspace).out
    assert "crack" not in told
    assert "It was drawn to be checked by a person" in told
    with Workspace.open(workspace) as opened:
        Queue(opened).answer(audited.id, QuestionKind.AUDIT, "sound", by="Ben")
    assert "said “crack”" in give("why", audited.id, workspace=workspace).out


def test_why(give: Give, workspace: Path, made: list[Decision]) -> None:
    """In words or as JSON; a decision that is not there is said."""
    told = give("why", made[0].id, workspace=workspace)
    assert told.status == 0
    assert "The model answered, because" in told.out
    assert json.loads(give("why", made[0].id, "--json", workspace=workspace).out)["decision"]["id"] == made[0].id
    assert "There is no decision “nobody”." in give("why", "nobody", workspace=workspace).err


def test_set(give: Give, workspace: Path) -> None:
    """Without a value everything is listed; a value holds from then on; an empty one sets it back."""
    listed = give("set", "blades", workspace=workspace)
    assert "audit-hours: 24 hours (default)." in listed.out
    for low in ("-5", "-.5"):
        refused = give("set", "blades", "audit-hours", low, workspace=workspace)
        assert f"“audit-hours” cannot be “{low}”.\nIt is a number of hours: " in refused.err
    told = give("set", "blades", "audit-hours", "48", workspace=workspace)
    assert told.out.startswith("audit-hours: 48 hours. Within which an audit has to be answered")
    assert give("set", "blades", "audit-hours", workspace=workspace).out == told.out
    assert "(default)" in give("set", "blades", "audit-hours", "", workspace=workspace).out
    hook = give("set", "blades", "webhook-url", "https://example.com/hook", workspace=workspace)
    assert "The key that posts are signed with, shown this once: whsec_" in hook.out
    weak = give("set", "blades", "webhook-secret", "hunter2", workspace=workspace)
    assert "It has not the form of Standard Webhooks: whsec_ and then 24 to 64 bytes in base64." in weak.err
    assert "webhook-secret: set, and never shown." in give("set", "blades", workspace=workspace).out
    bad = give("set", "blades", "audit-hours", "soon", workspace=workspace)
    assert bad.status == 1
    assert "“audit-hours” cannot be “soon”." in bad.err
    assert "There is no setting “colour”." in give("set", "blades", "colour", workspace=workspace).err


def test_forget(give: Give, workspace: Path, made: list[Decision]) -> None:
    """By decision or subject; it says what is gone and what stays, and a second time that nothing is left."""
    told = give("forget", "blades", "--decision", made[0].id, "--reason", "Asked for.", workspace=workspace)
    assert told.status == 0
    assert told.out.startswith("1 input forgotten: bytes, names, whose they were")
    assert "Kept by digest alone: labels, decisions, audits and their figures." in told.out
    silent = give("forget", "blades", "--subject", "Ann", workspace=workspace)
    assert silent.status == 1
    assert "It was not said why, so nothing was deleted." in silent.err
    why = ("--reason", "She asked for it.")
    assert "2 inputs forgotten" in give("forget", "blades", "--subject", "Ann", *why, workspace=workspace).out
    known = give("forget", "blades", "--decision", made[0].id, "--reason", "Again.", workspace=workspace)
    assert known.status == 0
    assert "was forgotten already, on " in known.out
    with Workspace.open(workspace) as opened:
        (erasure,) = opened.ledger.erasures("blades", [made[0].input_digest]).values()
    assert erasure.reason == "Asked for."
    again = give("forget", "blades", "--subject", "Ann", workspace=workspace)
    assert again.status == 1
    assert "holds nothing about “Ann”" in again.err


def test_forget_an_example(give: Give, workspace: Path) -> None:
    """By the name under which it was added, or by whose it is; whoever gives another digest is told of that way."""
    with Workspace.open(workspace) as opened:
        named = [("a", "Ann Lee"), ("b", "Zebulon Kraw"), ("c", "Zebulon Kraw")]
        rows = [
            Example(name * 64, f"mails.csv, row {name}", Provenance.UPLOAD, whose, Side.TRAIN, "x", 0, 0, "")
            for name, whose in named
        ]
        opened.ledger.add_examples("blades", rows, by="Ada", at=opened.now())
    why = ("--reason", "Asked for.")
    assert "--example NAME" in give("forget", "blades", "--digest", "d" * 64, *why, workspace=workspace).err
    told = give("forget", "blades", "--example", "mails.csv, row a", *why, workspace=workspace)
    assert told.out.startswith("1 input forgotten")
    told = give("forget", "blades", "--subject", "Zebulon Kraw", *why, workspace=workspace)
    assert told.out.startswith("2 examples of “Zebulon Kraw” are meant.\n2 inputs forgotten")


def test_forget_by_age(give: Give, workspace: Path, made: list[Decision]) -> None:
    """By age, alone; what waits for a person stays."""
    with Workspace.open(workspace) as opened:
        waiting = asked(opened, b"waiting")
    told = give("forget", "blades", "--older-than", "0", workspace=workspace)
    assert f"{len(made)} inputs forgotten" in told.out
    with Workspace.open(workspace) as opened:
        assert opened.ledger.input(waiting.id) == b"waiting"
    assert give("forget", "blades", workspace=workspace).status == 2
    assert give("forget", "blades", "--older-than", "3", "--subject", "Ann", workspace=workspace).status == 2
