"""Claims about what to do next."""

from collections.abc import Callable

import pytest

from understudy.domain.evidence import Judgement
from understudy.studio.advice import Circumstances, next_step, weakest

Judged = Callable[..., Judgement]
Around = Callable[..., Circumstances]


def test_with_nothing_sealed_more_are_gathered(judged: Judged, around: Around) -> None:
    """20 sealed at one in four takes 80."""
    assert next_step(judged(0, 0), around()) == "Add about 80 photos, so that about 20 are sealed."


def test_a_label_without_sealed_examples_comes_first(judged: Judged, around: Around) -> None:
    """11 examples seal at least one at one in four, 95 times in 100."""
    step = next_step(judged(8, 8, truth=[1] * 8, majority_label="sound"), around())
    assert step == "Add about 11 photos of “crack”: none of them is sealed yet."


def test_several_labels_without_sealed_examples_are_counted(judged: Judged, around: Around) -> None:
    """The one with fewest examples is named, the others are counted."""
    judgement = judged(4, 4, labels=("a", "b", "c", "d"), truth=[0] * 4)
    step = next_step(judgement, around(gathered={"a": 9, "b": 5, "c": 2, "d": 5}))
    assert step == "Add about 11 photos of “c” and of 2 other labels: none of them is sealed yet."


def test_all_wrong_points_at_the_labels(judged: Judged, around: Around) -> None:
    """Where every answer is wrong, more of the same does not help."""
    assert next_step(judged(0, 8), around()).startswith("Look at the mistakes first: when every answer is wrong")


def test_worse_than_the_commonest_label_points_at_the_mistakes(judged: Judged, around: Around) -> None:
    """3 of 8 right where always saying “crack” gets 4."""
    assert "answering the commonest label every time does better" in next_step(judged(3, 8), around())


def test_the_weakest_label_is_named_with_a_round_that_doubles_it(judged: Judged, around: Around) -> None:
    """“sound” had the mistakes; it has 24 examples, so about as many again."""
    judgement = judged(29, 32, truth=[0] * 16 + [1] * 16)
    assert weakest(judgement, {}).label == "sound"
    step = next_step(judgement, around(gathered={"crack": 60, "sound": 24}))
    assert step == "Add about 25 photos of “sound”, the least proven label: 13 of its 16 sealed photos recognised."


def test_drawn_photos_ask_for_real_ones(judged: Judged, around: Around) -> None:
    """Whatever the figure, the next step is real photos."""
    assert next_step(judged(32, 32), around(drawn=True)).startswith("Add photos of your own")


def test_a_cleared_bar_leads_on(judged: Judged, around: Around) -> None:
    """Nothing needs to be gathered once the bar is shown."""
    assert next_step(judged(120, 120), around(bar=0.9)) == "Try it on new photos of your own."


@pytest.mark.parametrize(
    ("share", "advice"), [(0.0, "Begin a project that seals some photos"), (1.0, "Add about 20 photos")]
)
def test_odd_shares_of_sealing_break_nothing(judged: Judged, around: Around, share: float, advice: str) -> None:
    """A project that seals everything gets advice; one that seals nothing is told that more photos cannot help it."""
    assert next_step(judged(0, 0), around(sealed_share=share)).startswith(advice)


@pytest.mark.parametrize("bar", [0.0, 1.0, 95.0])
def test_an_impossible_bar_is_refused(around: Around, bar: float) -> None:
    """A bar is a share that can be shown."""
    with pytest.raises(ValueError, match="strictly between"):
        around(bar=bar)
