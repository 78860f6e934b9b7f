"""Runs of letters are found within words, and a text's are the same whoever stands beside it."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from understudy.modalities.text.runs import hashed_runs

TEXTS = st.lists(st.text(max_size=30), max_size=6)


@given(TEXTS)
def test_texts_do_not_mix(texts: list[str]) -> None:
    """Of many texts each has the runs that it has alone, and none reaches into the next."""
    places, hashes = hashed_runs(texts, (2, 3, 4))
    assert len(places) == len(hashes)
    for place, text in enumerate(texts):
        assert Counter(hashes[places == place].tolist()) == Counter(hashed_runs([text], (2, 3, 4))[1].tolist())


@given(st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=9), max_size=5))
def test_runs_are_those_within_words(words: list[str]) -> None:
    """As many are found as scikit-learn finds within words, each kind as often."""
    text = " ".join(words)
    # Of a word that is shorter than a run, scikit-learn counts the whole again; here it has no such run.
    padded = [f" {word.lower()} " for word in words]
    expected = Counter(
        word[at : at + length] for word in padded for length in (2, 3) for at in range(len(word) - length + 1)
    )
    found = hashed_runs([text], (2, 3))[1]
    assert sorted(np.unique(found, return_counts=True)[1]) == sorted(expected.values())
    if words:
        reference = CountVectorizer(analyzer="char_wb", ngram_range=(2, 3)).fit([text])
        assert set(reference.vocabulary_) == set(expected)


def test_nothing_has_no_runs() -> None:
    """No texts, empty ones and spaces alone are hashed to nothing."""
    for texts in ([], [""], [" \t\n", ""]):
        places, hashes = hashed_runs(texts, (2, 3))
        assert len(places) == len(hashes) == 0
