"""The one next step of a review, on its page and on a terminal."""

from dataclasses import replace

import pytest

from studio.reviews import BRIEF, launch, not_yet, promise
from understudy.cli.steps import review_command
from understudy.domain.review import Reason, ReasonKind, Verdict
from understudy.studio.words.phrases import PHOTOS
from understudy.web.review_views import slider_of, step_of

LEADS = {"brief": "/brief", "promote": "/launch", "audit": "#findings", "": "#examples"}
"""Where a page leads for each command, and where there is none."""


@pytest.mark.parametrize("kind", ReasonKind)
def test_page_and_terminal_name_the_same_next_step(kind: ReasonKind) -> None:
    """Whatever holds a launch up, the button leads to where the command's work is done."""
    review = replace(not_yet(), reasons=(Reason(kind, Verdict.NOT_YET, "It is so.", "So.", "Mend it."),))
    step = step_of(review, PHOTOS)
    assert step.href == f"/projects/{review.project}{LEADS[review_command(review).partition(' ')[0]]}"


def test_a_reason_without_a_remedy_is_no_next_step() -> None:
    """The next one's remedy is; and where a model may be launched, that is."""
    first = Reason(ReasonKind.TOO_FEW_EXAMPLES, Verdict.NOT_YET, "It is so.", "So.", "")
    review = not_yet()
    held_up = replace(review, reasons=(first, *review.reasons))
    assert step_of(held_up, PHOTOS) == step_of(review, PHOTOS)
    assert step_of(launch(), PHOTOS).href.endswith("/launch")


@pytest.mark.parametrize(("points", "slides"), [(1, False), (2, True)])
def test_a_slider_stands_where_there_is_something_to_slide_between(points: int, slides: bool) -> None:
    """Two points of the automation curve are enough for it, one is not."""
    short = replace(promise(), curve=tuple(each for each in promise().curve if each.answered)[:points])
    slider = slider_of(launch(promise=short), BRIEF)
    assert (slider is not None) is slides
    assert slider is None or len(slider.points) == points
