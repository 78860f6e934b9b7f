"""Progress and findings as a terminal and a log file show them."""

import io

import pytest
from rich.console import Console

from cli.conftest import Give
from trained import PROJECT, Trained
from understudy.cli.main import cli
from understudy.cli.terminal import Teller, command_line, say_findings
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.trial import Progress


def finding(number: int, severity: Severity) -> Finding:
    return Finding(FindingKind.CORRUPT, severity, f"{number}.jpg", f"Fact {number}.", "Reason.", "Remedy.")


def test_lines_where_there_is_no_terminal() -> None:
    """A log gets a line every five seconds, with an estimate, and nothing of short tasks."""
    out, now = io.StringIO(), [0.0]
    teller = Teller(Console(file=out), clock=lambda: now[0])
    with teller.showing():
        for second in range(12):
            now[0] = float(second)
            teller(Progress("Looking at photos", second * 100, 2400, 24.0 - second))
    assert out.getvalue() == (
        "Looking at photos: 500 of 2,400, about 19 s left\nLooking at photos: 1,000 of 2,400, about 14 s left\n"
    )


def test_a_bar_on_a_terminal() -> None:
    """A terminal shows the stage, how far it is and how long yet, and keeps no bar."""
    out = io.StringIO()
    teller = Teller(Console(file=out, force_terminal=True, width=100), clock=lambda: 0.0)
    with teller.showing():
        teller(Progress("Looking at photos", 1, 3, 600.0))
        teller(Progress("Trying candidates", 2, 75, None))
    shown = out.getvalue()
    assert "Trying candidates" in shown
    assert "2/75" in shown
    assert shown.rstrip("\r").endswith("\x1b[2K")


def test_counting_estimates() -> None:
    """A stage that only counts is estimated from its own pace, whatever went on before it."""
    out, now = io.StringIO(), [0.0]
    teller = Teller(Console(file=out), clock=lambda: now[0])
    with teller.showing():
        told = teller.counting("Reading photos")
        now[0] = 300.0
        told(0, 40)
        now[0] = 310.0
        told(10, 40)
        now[0] = 700.0
        told(40, 40)
    shown = out.getvalue()
    assert shown == ("Reading photos: 0 of 40\nReading photos: 10 of 40, about 30 s left\nReading photos: 40 of 40\n")


@pytest.mark.parametrize(("seconds", "told_of"), [(60.0, True), (1.0, False)])
def test_what_goes_on_after_counting_is_told(seconds: float, *, told_of: bool) -> None:
    """After a long count what follows it is told without figures, in a log and on a terminal; after a short one not."""
    for terminal in (False, True):
        out, now = io.StringIO(), [0.0]
        teller = Teller(Console(file=out, force_terminal=terminal, width=100), clock=lambda now=now: now[0])
        with teller.showing():
            told = teller.counting("Reading", then="Looking for copies")
            now[0] = seconds
            told(40, 40)
        assert ("Looking for copies" in out.getvalue()) is told_of
        assert "0 of 0" not in out.getvalue()


def test_findings_gravest_first(capsys: pytest.CaptureFixture[str]) -> None:
    """The gravest come first; beyond eight the rest is counted, and it is said where they are."""
    seen = [finding(number, Severity.LOW) for number in range(9)] + [finding(9, Severity.HIGH)]
    context = cli.make_context("understudy", ["--workspace", "my place", "status"])
    context.obj = context.params["workspace"]
    with context:
        say_findings(seen, project="doors")
        lines = capsys.readouterr().out.splitlines()
        assert lines[:2] == ["1 high, 9 low findings:", "  [high] Fact 9. Reason. Remedy."]
        assert lines[-1] == "  and 2 more: understudy --workspace 'my place' status doors"
        say_findings(seen)
        assert len(capsys.readouterr().out.splitlines()) == 11


def test_a_command_to_type_keeps_its_place() -> None:
    """A command that is shown names the ledger and the blobs as they were typed, without any password."""
    typed = ["--ledger", "postgresql+psycopg://ada:secret@db/team", "--blobs", "s3://bucket/my blobs", "status"]
    with cli.make_context("understudy", typed):
        shown = command_line("status doors")
    ledger, blobs = "--ledger 'postgresql+psycopg://ada:***@db/team'", "--blobs 's3://bucket/my blobs'"
    assert shown == f"understudy {ledger} {blobs} status doors"


def test_an_unforeseen_error(trained: Trained, give: Give, tmp_path: object) -> None:
    """An error that nobody foresaw is said in words, and its traceback is kept in a file."""
    workspace = trained.copy(tmp_path)  # type: ignore[arg-type]
    lesson = workspace / "runs" / PROJECT / "lesson.jsonl"
    lesson.unlink()
    lesson.mkdir()
    said = give("train", PROJECT, "--resume", workspace=workspace)
    assert said.status == 1
    lines = said.err.splitlines()
    assert lines[0] == "The work broke off."
    assert "Is a directory" in lines[1]
    assert lines[2].startswith("Put that right and give the same command again")
