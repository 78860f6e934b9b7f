"""Which trials answer together: costly views must earn it, and what was fine-tuned is not underrated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.task import Task
from understudy.domain.trial import Trial
from understudy.modalities.protocol import Part, View
from understudy.search.choice import TUNED_SHARE, Chosen, choose_among
from understudy.search.folds import Fold, Folds
from understudy.search.journal import Entry
from understudy.search.kinds.one_label import OneLabel
from understudy.search.target import Target

CHEAP, DEAR = View("cheap", (Part("cheap", 3),)), View("dear", (Part("dear", 3),), demand=1)
TUNED = "fine-tuned"
LABELS = np.arange(120) % 3
EVERY = np.arange(len(LABELS))
KIND = OneLabel(
    Target(Task("text"), ("a", "b", "c"), LABELS, np.empty((120, 0), np.float32)), Folds((Fold(EVERY, EVERY),))
)


def entry(view: str, knowledge: float, seed: int) -> Entry:
    """A trial whose scores tell so much of the labels, beside noise."""
    noise = np.random.default_rng(seed).normal(0, 1, (len(LABELS), 3))
    scores = (noise + knowledge * np.eye(3)[LABELS]).astype(np.float32)
    sharpness = KIND.sharpness(scores)
    figures = KIND.figures(KIND.given(scores, KIND.slopes(scores, sharpness)))
    return Entry(Trial(f"{view} {seed}", *figures), view, "logistic regression", seed, sharpness, scores)


def chosen(*entries: Entry) -> Chosen:
    return choose_among(entries, (CHEAP, DEAR), KIND, EVERY)


def share(of: Chosen, view: str) -> float:
    return sum(weight for each, weight in of.weighed if each.view == view)


def test_a_dearer_view_must_be_clearly_better() -> None:
    """What is as good as the cheap view is left; what is much better takes its place."""
    assert share(chosen(entry("cheap", 1, 0), entry("dear", 0.8, 1)), "cheap") == 1
    assert share(chosen(entry("cheap", 1, 0), entry("dear", 4, 1)), "dear") > 0.5


@settings(max_examples=30)
@given(st.floats(0, 3), st.integers(0, 999))
def test_what_was_fine_tuned_has_its_share_or_none(knowledge: float, seed: int) -> None:
    """It has none only where the others lose less without it by two standard errors; else its share is the same."""
    others, tuned = chosen(entry("cheap", 1.5, 2 * seed)), chosen(entry(TUNED, knowledge, 2 * seed + 1))
    both = others.beside(tuned, TUNED_SHARE, KIND.loss)
    mixture = chosen(*others.entries, *tuned.entries)
    assert sum(mixture.ensemble.weights) == pytest.approx(1)
    gain = both.ensemble.losses - others.ensemble.losses
    left = gain.mean() > 2 * gain.std() / np.sqrt(len(gain))
    assert share(mixture, TUNED) == (0 if left else pytest.approx(TUNED_SHARE))


def test_what_was_fine_tuned_is_left_where_the_others_are_clearly_better() -> None:
    """An encoder that unlearned what it knew does not come into the model."""
    assert share(chosen(entry("cheap", 3, 0), entry(TUNED, 0, 1)), TUNED) == 0


def test_a_mixture_says_what_its_members_say_by_their_weights() -> None:
    """Of a mixture of two, losses and answers are those of the weighted members."""
    mixture = chosen(entry("cheap", 1, 0), entry("cheap", 1, 1), entry(TUNED, 1, 2))
    said = [
        KIND.given(each.scores, KIND.slopes(each.scores, each.sharpness)) * weight for each, weight in mixture.weighed
    ]
    np.testing.assert_allclose(mixture.ensemble.given, np.sum(said, axis=0))
    np.testing.assert_allclose(mixture.ensemble.losses, -np.log(np.sum(said, axis=0)[EVERY, LABELS]))


def test_either_alone_is_enough() -> None:
    """A run of which only one sort of trials was finished still makes a model; one of none does not."""
    assert share(chosen(entry(TUNED, 1, 0)), TUNED) == 1
    assert share(chosen(entry("dear", 1, 0)), "dear") == 1
    with pytest.raises(ValueError, match="at least one trial"):
        chosen()
