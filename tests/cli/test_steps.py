"""The one next step names its command on the terminal."""

from datetime import UTC, datetime

import pytest

from studio.reviews import launch, stop, without_brief
from understudy.cli.steps import review_command, verdict_command
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.domain.task import Task
from understudy.studio.judgement.circumstances import Awaited


@pytest.mark.parametrize(
    ("review", "command"),
    [(without_brief(), "brief {} --ask"), (launch(), "promote {} canary"), (stop(), "")],
)
def test_a_review_names_what_does_its_next_step(review: Review, command: str) -> None:
    """Without a brief it is written, after a launch the canary begins; to leave it to people takes no command."""
    assert review_command(review) == command.format(review.project)


@pytest.mark.parametrize(
    ("step", "command"),
    [
        (Awaited.BRIEF.value, "brief mails --ask"),
        (Awaited.REVIEW.value, "review mails"),
    ],
)
def test_a_verdict_names_what_does_its_next_step(step: str, command: str) -> None:
    """The brief and the review each have a command."""
    project = Project("mails", datetime(2026, 1, 1, tzinfo=UTC), task=Task(modality="text"))
    assert verdict_command(step, project) == command
