"""The search as a job."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget
from understudy.search.assignment import Assignment
from understudy.search.job import CannotAnswer, run

JOBS = ("search.job", "search.learning_job", "search.tables.job", "search.tables.learning_job", "search.recommend.job")


def test_a_ranking_is_refused_at_once(tmp_path: Path) -> None:
    """A project of texts whose answers are rankings gets a reason and a way out, and no model of labels instead."""
    told = Assignment(
        tmp_path, str(tmp_path), tmp_path, None, 0, Budget(), time.time(), Task("text", AnswerKind.RANKING)
    )
    with pytest.raises(CannotAnswer, match="learned from who chose what"):
        run(told.job().payload, lambda _progress: None, lambda: False)


def test_no_training_begins_with_scikit_learn() -> None:
    """What takes longer to load than a few examples take to learn from is not loaded before a candidate needs it."""
    names = [f"understudy.{job}" for job in JOBS]
    program = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        "print([name for name in ('sklearn', 'pandas', 'scipy.stats') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
