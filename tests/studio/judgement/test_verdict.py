"""The verdict as every face says it."""

from pathlib import Path

from trained import PROJECT, Trained
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.studio.judgement.verdict import words_on
from understudy.studio.workspace import Workspace


def test_words_from_the_ledger(trained: Trained) -> None:
    """The command's verdict is made of the words that the ledger's records give."""
    with trained.open() as workspace:
        ledger = workspace.ledger
        words = words_on(ledger.latest_judgement(PROJECT), ledger.project(PROJECT), ledger)
    assert " ".join(f"{words.headline} {words.bound}".split()) in " ".join(trained.said.split())


def test_commands_in_it_name_the_project(trained: Trained, tmp_path: Path) -> None:
    """What a finding advises can be given as it stands."""
    remedy = "Say which is right: understudy label PROJECT a.png LABEL"
    grave = Finding(FindingKind.CONTRADICTORY_LABELS, Severity.HIGH, "a.png", "It is two things.", "Twice.", remedy)
    with Workspace.open(trained.copy(tmp_path)) as workspace:
        ledger = workspace.ledger
        ledger.record_findings(PROJECT, [grave], at=workspace.now())
        words = words_on(ledger.latest_judgement(PROJECT), ledger.project(PROJECT), ledger)
    said = " ".join(paragraph.text for paragraph in words.paragraphs)
    assert f"understudy label {PROJECT} a.png LABEL" in said
    assert "PROJECT" not in said
