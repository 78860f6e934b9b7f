"""The one next step of a review, on its page and on a terminal."""

from dataclasses import replace

import pytest

from studio.reviews import launch, not_yet
from understudy.cli.steps import review_command
from understudy.domain.review import Reason, ReasonKind, Verdict
from understudy.studio.words.phrases import PHOTOS
from understudy.web.review_views import step_of

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
