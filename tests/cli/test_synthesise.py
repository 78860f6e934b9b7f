"""`understudy synthesise`: what it says of examples that were made up."""

from pathlib import Path

from cli.conftest import Give


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
