"""A review on a terminal: plain lines, the verdict first."""

from dataclasses import replace

import pytest

from studio.materials import GOOD, answers, material
from understudy.domain.brief import Brief
from understudy.studio.claims.review_material import Material
from understudy.studio.review.launch_review import review_of
from understudy.studio.review.text import review_text
from understudy.studio.review.words import review_words

CASES = {
    "launch": material(answers(296, 300)),
    "not yet": material(answers(112, 120)),
    "no brief": material(answers(112, 120), None),
    "empty brief": material(answers(112, 120), Brief()),
    "nothing sealed": material(answers(0, 0)),
    "many slices": material(answers(296, 300), replace(GOOD, slices=("camera",))),
}


@pytest.mark.parametrize("given", CASES.values(), ids=CASES)
def test_lines_fit_a_terminal(given: Material) -> None:
    """No line is wider than 80, none holds a control character, and the verdict comes first."""
    review = review_of(given)
    words = review_words(review, given.brief, given.grounds.project)
    text = review_text(words, review)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert not any(ord(sign) < 32 for sign in text if sign != "\n")
    assert " ".join(text.split()).startswith(words.headline)
    assert f"Next: {words.next_step}" in " ".join(text.split())


def test_the_line_shows_what_is_proven_and_what_is_asked() -> None:
    """The gauge marks the bar of the brief."""
    review = review_of(CASES["not yet"])
    text = review_text(review_words(review, GOOD, CASES["not yet"].grounds.project), review)
    assert "▲ asked: 90%" in text
    assert "● seen: 112 of 120" in text


def test_slices_that_nobody_asked_for_are_only_counted() -> None:
    """What a launch needs is listed; the rest is in the report."""
    asked, unasked = review_of(CASES["many slices"]), review_of(CASES["launch"])
    project = CASES["launch"].grounds.project
    assert "camera is “phone”" in review_text(review_words(asked, GOOD, project), asked)
    told = review_text(review_words(unasked, GOOD, project), unasked)
    assert "camera is “phone”" not in told
    assert "And 2 more" in told
