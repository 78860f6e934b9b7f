"""The search as a job."""

import time
from pathlib import Path

import pytest

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget
from understudy.search.assignment import Assignment
from understudy.search.job import CannotAnswer, run


def test_a_ranking_is_refused_at_once(tmp_path: Path) -> None:
    """A project of texts whose answers are rankings gets a reason and a way out, and no model of labels instead."""
    told = Assignment(
        tmp_path, str(tmp_path), tmp_path, None, 0, Budget(), time.time(), Task("text", AnswerKind.RANKING)
    )
    with pytest.raises(CannotAnswer, match="learned from who chose what"):
        run(told.job().payload, lambda _progress: None, lambda: False)
