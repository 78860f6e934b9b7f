"""A text's words and spelling become a row of fixed width, the same wherever it is made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from understudy.modalities.text.words import RUNS, WIDTH, word_row


@given(st.text(max_size=60))
def test_any_text_has_a_finite_row(text: str) -> None:
    """Whatever the text, its row is finite, as wide as all, and of length 1 or 0."""
    row = word_row(text)
    assert row.shape == (WIDTH,)
    assert np.isfinite(row).all()
    assert float(row @ row) in (0.0, pytest.approx(1, abs=1e-4))


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_capitals_and_more_spaces_change_nothing(text: str) -> None:
    """A text in capitals, with more spaces between its words, has the same row."""
    np.testing.assert_array_equal(word_row(text), word_row("  ".join(text.upper().split()) + " "))


def test_a_misspelt_word_is_nearer_than_another() -> None:
    """Runs of letters keep a misspelt word near the right one."""
    right, misspelt, other = (word_row(text) for text in ("refund my money", "refnud my money", "where is a branch"))
    assert right @ misspelt > 3 * max(float(right @ other), 0.1)


def test_runs_are_those_of_scikit_learn() -> None:
    """As many kinds of runs are found as scikit-learn's vectoriser finds within words."""
    for text in ("where is my card", "a", "xx yy zzzzzz !!!", "我的新卡在哪里？"):
        reference = CountVectorizer(analyzer="char_wb", ngram_range=(RUNS[0], RUNS[-1])).fit([text])
        assert np.count_nonzero(word_row(text)) == len(reference.vocabulary_)


def test_rows_stay_what_models_hold_weights_for() -> None:
    """The row of a known text is the same on every machine and in every version."""
    row = word_row("where is my card")
    assert float(row @ np.arange(WIDTH)) == pytest.approx(8140.354, abs=0.01)
