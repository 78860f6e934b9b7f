"""The search as a job."""

import time
from pathlib import Path

import pytest

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget
from understudy.search.assignment import Assignment
from understudy.search.job import CannotAnswer, run


@pytest.mark.parametrize("answers", [AnswerKind.NUMBER, AnswerKind.RANKING])
def test_answers_that_no_head_gives_are_refused_at_once(tmp_path: Path, answers: AnswerKind) -> None:
    """A project of texts whose answers are numbers gets a reason and a way out, and no model of labels instead."""
    task = Task("text", answers, tolerance=1.0)
    told = Assignment(tmp_path, str(tmp_path), tmp_path, None, 0, Budget(), time.time(), task)
    with pytest.raises(CannotAnswer, match="rows of tables"):
        run(told.job().payload, lambda _progress: None, lambda: False)
