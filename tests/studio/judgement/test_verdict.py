"""The verdict as every face says it."""

from trained import PROJECT, Trained
from understudy.studio.judgement.verdict import words_on


def test_words_from_the_ledger(trained: Trained) -> None:
    """The command's verdict is made of the words that the ledger's records give."""
    with trained.open() as workspace:
        ledger = workspace.ledger
        words = words_on(ledger.latest_judgement(PROJECT), ledger.project(PROJECT), ledger)
    assert " ".join(f"{words.headline} {words.bound}".split()) in " ".join(trained.said.split())
