"""`understudy synthesise`: what it says of examples that were made up."""

from pathlib import Path

import pytest

from cli.conftest import Give
from understudy.domain.synthetic import SyntheticWorth
from understudy.studio.workspace import Workspace


def test_fewer_than_were_asked_for_are_told(give: Give, tmp_path: Path) -> None:
    """Templates that make only so many different texts say so, and the status counts them as synthetic."""
    templates, workspace = tmp_path / "mails.txt", tmp_path / "w"
    templates.write_text("spam: {win|earn} {money|gold}\nham: see you {today|soon}\n")
    give("new", "mails", "--as", "text", workspace=workspace)
    said = give("synthesise", "mails", "--templates", templates, "--count", "300", workspace=workspace)
    assert "6 synthetic texts added to mails.\nOnly 6 different ones came of it; you asked for 300." in said.out
    assert "set aside" not in said.out
    templates.write_text("spam: lose everything\n")
    one = give("synthesise", "mails", "--templates", templates, "--count", "1", workspace=workspace)
    assert "1 synthetic text added to mails." in one.out
    again = give("synthesise", "mails", "--templates", templates, "--count", "2", workspace=workspace)
    assert "Only 1 different one came of it; you asked for 2." in again.out
    assert "Synthetic, of those to learn from: 7." in give("status", "mails", workspace=workspace).out


def test_what_nothing_learns_from_is_told(give: Give, tmp_path: Path) -> None:
    """Made-up texts that are too like sealed ones are set aside, and said to be, so that the figures add up."""
    mails, workspace = tmp_path / "mails.csv", tmp_path / "w"
    told = [f"Please send order {turn * 137} to street {turn * 11} in town {turn}" for turn in range(40)]
    labels = [("spam", "ham")[turn % 2] for turn in range(40)]
    mails.write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in zip(told, labels, strict=True)))
    give("new", "mails", "--as", "text", workspace=workspace)
    give("add", "mails", mails, workspace=workspace)
    templates = tmp_path / "made.txt"
    templates.write_text("".join(f"{label}: {text}!\n" for text, label in zip(told, labels, strict=True)))
    said = give("synthesise", "mails", "--templates", templates, "--count", "40", workspace=workspace).out
    assert "40 synthetic texts added to mails." in said
    assert "10 of them are set aside, and nothing learns from them: too like a sealed text, or with two labels." in said
    assert "Synthetic, of those to learn from: 30." in give("status", "mails", workspace=workspace).out


def test_they_can_be_taken_out_again(give: Give, tmp_path: Path) -> None:
    """What goes is said before; nothing made up is left, and nothing is in the way of the same ones."""
    templates, workspace = tmp_path / "mails.txt", tmp_path / "w"
    templates.write_text("spam: {win|earn} {money|gold}\nham: see you {today|soon}\n")
    give("new", "mails", "--as", "text", workspace=workspace)
    give("synthesise", "mails", "--templates", templates, workspace=workspace)
    refused = give("forget", "mails", "--made-up", workspace=workspace)
    assert refused.status == 1
    assert refused.out.startswith("6 made-up examples are meant: 4 spam, 2 ham. No other example to learn from is ")
    told = give("forget", "mails", "--made-up", "--reason", "They brought nothing.", workspace=workspace)
    assert "6 inputs forgotten" in told.out
    with Workspace.open(workspace) as opened:
        assert not list(opened.ledger.examples("mails"))
    again = give("synthesise", "mails", "--templates", templates, workspace=workspace).out
    assert "6 synthetic texts added to mails." in again
    assert give("forget", "mails", "--made-up", "--reason", "Again.", workspace=workspace).status == 0
    assert give("forget", "mails", "--made-up", "--reason", "Again.", workspace=workspace).status == 1
    assert give("forget", "mails", "--made-up", "--older-than", "3", workspace=workspace).status == 2


@pytest.mark.parametrize(("lower", "named"), [(-0.012, True), (0.001, False)])
def test_what_brought_nothing_is_told_how_to_go(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lower: float, named: bool
) -> None:
    """Where their gain may be chance, the command that takes them out is named; where it is none, it is not."""
    worth = SyntheticWorth(0.001, lower, 0.014, 0.8, 200, 500, 100)
    monkeypatch.setattr("understudy.cli.synthesise.measure_worth", lambda *_, **__: worth)
    give("new", "mails", "--as", "text", workspace=tmp_path / "w")
    said = give("synthesise", "mails", "--measure", workspace=tmp_path / "w").out
    assert ("forget mails --made-up" in said) is named
