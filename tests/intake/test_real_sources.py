"""Real sets, as people publish them, are taken for what they are without a word from anybody but the target."""

from pathlib import Path

import pytest

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import AnswerKind
from understudy.intake.incoming import Incoming
from understudy.intake.readers import open_source
from understudy.intake.table import Columns

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LABEL, LABELS, NUMBER, RANKING = AnswerKind.LABEL, AnswerKind.LABELS, AnswerKind.NUMBER, AnswerKind.RANKING

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")


@pytest.mark.parametrize(
    ("path", "target", "modality", "answers"),
    [
        ("hate_tweets", None, "text", LABEL),
        ("multilingual_hatecheck", None, "text", LABEL),
        ("nlupp/banking/fold0.json", None, "text", LABELS),
        ("titanic/train.csv", "survived", "table", LABEL),
        ("auto_imports", "price", "table", NUMBER),
        ("german_credit", None, "table", LABEL),
        ("pima_diabetes", "diabetes", "table", LABEL),
        ("restaurant_ratings/train.csv", None, "interactions", RANKING),
        ("spoken_digits", None, "sound", LABEL),
        ("fight_video", None, "video", LABEL),
        ("hemlock_cherry", None, "photo", LABEL),
    ],
)
def test_a_real_set_is_taken_for_what_it_is(path: str, target: str | None, modality: str, answers: AnswerKind) -> None:
    """Folders and tables alike; there is something in them, and most of it has a label."""
    with open_source(DATA / path, columns=Columns(label=target)) as source:
        assert (source.task.modality, source.task.answers) == (modality, answers)
        inputs = [item for item in source.items if isinstance(item, Incoming)]
    labelled = [item for item in inputs if item.label]
    assert len(labelled) > 0.9 * len(inputs) > 10


def test_a_real_table_without_a_word_asks_for_its_target() -> None:
    """Nothing is guessed where nothing is said."""
    with pytest.raises(UnderstudyError, match="--target"), open_source(DATA / "california_housing" / "train.csv"):
        pass
