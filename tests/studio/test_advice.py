"""Claims about what to do next."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.evidence import Judgement
from understudy.stats.intervals import lower_bound, trials_needed
from understudy.studio.advice import Circumstances, needs, next_step, weakest

Judged = Callable[..., Judgement]
Around = Callable[..., Circumstances]


def test_the_need_is_the_planned_number_less_what_is_there(judged: Judged, around: Around) -> None:
    """At 31 of 32 and a bar of 95%: what a true 31/32 takes, less 32; four times that in all."""
    (need,) = needs(judged(31, 32), around(bar=0.95))
    planned = trials_needed(0.95, 31 / 32)
    assert planned is not None
    assert need.sealed == planned - 32
    assert need.gathered == 4 * (planned - 32)


def test_without_a_bar_the_next_rung_and_95_percent_are_named(judged: Judged, around: Around) -> None:
    """31 of 32 shows 86%: the next is 90%, and 95% is what people ask for."""
    assert [need.bar for need in needs(judged(31, 32), around())] == [0.9, 0.95]


def test_what_is_shown_needs_nothing(judged: Judged, around: Around) -> None:
    """A bar that the bound clears is not named again."""
    assert needs(judged(120, 120), around(bar=0.95)) == ()


def test_a_bar_above_the_observed_rate_has_no_number(judged: Judged, around: Around) -> None:
    """More examples cannot show more than is true."""
    (need,) = needs(judged(80, 100), around(bar=0.9))
    assert (need.sealed, need.gathered) == (None, None)


def test_examples_that_belong_together_are_worth_less(judged: Judged, around: Around) -> None:
    """The same tally from few groups needs more further examples than from examples that stand alone."""
    (alone,) = needs(judged(60, 64), around(bar=0.9))
    (grouped,) = needs(judged(60, 64, groups=[str(i // 4) for i in range(64)]), around(bar=0.9))
    assert alone.sealed is not None
    assert grouped.sealed is not None
    assert grouped.sealed > alone.sealed


@given(right=st.integers(1, 60), wrong=st.integers(0, 20))
def test_following_the_advice_shows_the_bar(judged: Judged, around: Around, right: int, wrong: int) -> None:
    """With the named number gathered, and the rate as it was, the bound reaches the bar."""
    judgement = judged(right, right + wrong)
    for need in needs(judgement, around()):
        if need.sealed is not None:
            trials = right + wrong + need.sealed
            share = right / (right + wrong)
            assert lower_bound(round(share * trials), trials) >= need.bar - 0.01


def test_with_nothing_sealed_more_are_gathered(judged: Judged, around: Around) -> None:
    """20 sealed at one in four takes 80."""
    assert next_step(judged(0, 0), around()) == "Add about 80 photos, so that about 20 are sealed."
    assert needs(judged(0, 0), around()) == ()


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


def test_the_weakest_label_is_named_with_a_round_that_at_most_doubles_it(judged: Judged, around: Around) -> None:
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
    (need,) = needs(judged(31, 32), around(sealed_share=share, bar=0.9))
    assert need.gathered == (need.sealed if share else None)


@pytest.mark.parametrize("bar", [0.0, 1.0, 95.0])
def test_an_impossible_bar_is_refused(around: Around, bar: float) -> None:
    """A bar is a share that can be shown."""
    with pytest.raises(ValueError, match="strictly between"):
        around(bar=bar)
