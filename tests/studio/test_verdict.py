"""The verdict as every face says it."""

from collections.abc import Callable
from types import SimpleNamespace

from trained import PROJECT, Trained
from understudy.domain.evidence import Judgement
from understudy.studio.verdict import gathered, words_on


def test_gathered(judged: Callable[..., Judgement]) -> None:
    """What was gathered are the training photos and those the look counted, label by label."""
    counts = SimpleNamespace(train={"crack": 7, "rust": 2})
    assert gathered(judged(6, 8), counts) == {"crack": 11, "rust": 2, "sound": 4}


def test_words_from_the_ledger(trained: Trained) -> None:
    """The command's verdict is made of the words that the ledger's records give."""
    with trained.open() as workspace:
        ledger = workspace.ledger
        words = words_on(ledger.latest_judgement(PROJECT), ledger.project(PROJECT), ledger)
    assert " ".join(f"{words.headline} {words.bound}".split()) in " ".join(trained.said.split())
