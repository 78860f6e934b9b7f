"""How fast a run gets on is told by its own thread, and by nothing that cores leave idle."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.tables.rows import LABEL, drawn, lesson_of

from understudy.domain.trial import Budget, Progress
from understudy.search.assignment import LESSON, Assignment
from understudy.search.tables import job
from understudy.search.tables.effort import Effort
from understudy.search.tables.training import Settings, Training


@dataclass
class Thread:
    """A thread's clocks."""

    passed: float = 100.0
    given: float = 7.0


@given(
    st.lists(st.tuples(st.floats(0.01, 60), st.floats(0, 600), st.booleans()), min_size=1, max_size=20),
    st.floats(1, 20),
)
def test_what_is_waited_for_does_not_count(turns: list[tuple[float, float, bool]], slow: float) -> None:
    """However long fits take and however they end, the thread is as slow as it is while it works."""
    at = Thread()
    effort = Effort(lambda: at.passed, lambda: at.given)
    assert effort.slowness == 1
    for work, wait, broken in turns:
        at.passed, at.given = at.passed + work * slow, at.given + work
        with suppress(TimeoutError), effort.waiting():
            at.passed += wait
            if broken:
                raise TimeoutError
    assert effort.slowness == pytest.approx(slow, rel=1e-6)


def test_a_thread_is_never_faster_than_alone() -> None:
    """Clocks that differ by their last digits make no run faster than it is."""
    at = Thread()
    effort = Effort(lambda: at.passed, lambda: at.given)
    at.passed, at.given = at.passed + 1, at.given + 1.01
    assert effort.slowness == 1


def test_a_limit_of_time_is_used_on_many_cores(tmp_path: Path) -> None:
    """A run that is told of far more cores than it has work for goes on as one that is not."""
    told: list[Progress] = []
    stop = lambda: any(progress.done >= 3 for progress in told)  # noqa: E731
    settings = Settings(0, Budget(seconds=60.0), 1_000)
    lesson = lesson_of(drawn(120), "dear")
    trained = Training(lesson, LABEL, settings, tmp_path, report=told.append, stop_requested=stop).run()
    assert trained.stopped
    assert len(trained.trials) == 3


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to cores")
def test_as_many_fits_run_at_once_as_the_process_may_use_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is held to one core fits one candidate at a time, however many cores the machine has."""
    told: list[Settings] = []

    def noted(*given: object, **_: object) -> None:
        told.extend(each for each in given if isinstance(each, Settings))
        raise InterruptedError

    monkeypatch.setattr(job, "Training", noted)
    (tmp_path / LESSON).write_text("")
    about = {"schema": lesson_of(drawn(9), "dear").schema.to_json()}
    assignment = Assignment(tmp_path, str(tmp_path), tmp_path, None, 0, Budget(), 0.0, LABEL, about)
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        with pytest.raises(InterruptedError):
            job.run(assignment.job().payload, lambda _: None, lambda: False)
    finally:
        os.sched_setaffinity(0, allowed)
    assert [each.cores for each in told] == [1]
