"""What a review says of examples that were made up, wherever it is read."""

from dataclasses import replace

import pytest

from studio.materials import GOOD, answers, material
from understudy.domain.synthetic import SyntheticWorth
from understudy.studio.claims.review_material import packed_grounds, unpacked_grounds
from understudy.studio.review.launch_review import review_of
from understudy.studio.review.synthetic_words import synthetic_words
from understudy.studio.review.text import review_text
from understudy.studio.review.words import review_words

WORTH = SyntheticWorth(0.012, -0.004, 0.028, 0.8, 200, 500, 100)


def told(worth: SyntheticWorth | None, count: int = 100) -> str:
    given = material(answers(296, 300))
    grounds = replace(given.grounds, synthetic=worth, synthetic_count=count)
    return synthetic_words(review_of(replace(given, grounds=grounds)))


def test_what_they_added_is_said_with_its_interval() -> None:
    """The gain, its interval and what it rests on; an interval that holds nothing says that chance may be all."""
    assert "+1.2 points, interval −0.4 to 2.8" in told(WORTH)
    assert "more than chance is open" in told(WORTH)
    assert "chance" not in told(replace(WORTH, lower=0.004))
    assert "chance" not in told(replace(WORTH, gained=-0.02, lower=-0.03, upper=-0.01))


def test_what_may_have_brought_nothing_is_said_with_the_command_that_takes_it_out() -> None:
    """Also where it did harm; where it brought something, nothing is to be taken out."""
    assert told(WORTH).endswith(" To train without them, forget them first: understudy forget blades --made-up")
    assert told(replace(WORTH, gained=-0.02, lower=-0.03, upper=-0.01)).endswith("forget blades --made-up")
    assert "forget" not in told(replace(WORTH, lower=0.004))


def test_what_nobody_measured_is_said_with_the_command_that_does() -> None:
    """Where a model learns from synthetic examples and nobody measured, the command is named; else nothing is said."""
    assert told(None).endswith("synthesise blades --measure")
    assert told(None, 1).startswith("The model learned from 1 synthetic example; what it adds was not measured.")
    assert told(None, 0) == ""


@pytest.mark.parametrize("worth", [WORTH, None])
def test_it_is_part_of_what_a_review_rests_on(worth: SyntheticWorth | None) -> None:
    """The grounds keep it, so a review that is computed again says the same, and the terminal shows it."""
    given = material(answers(296, 300))
    grounds = replace(given.grounds, synthetic=worth, synthetic_count=100)
    assert unpacked_grounds(packed_grounds(grounds)) == grounds
    review = review_of(replace(given, grounds=grounds))
    text = review_text(review_words(review, GOOD, grounds.project), review)
    assert synthetic_words(review) in " ".join(text.split())
