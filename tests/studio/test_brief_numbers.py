"""The brief of a project whose answers are numbers: how far off one may be and still be useful."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from understudy.domain.brief import BadBrief
from understudy.domain.economics import economics_of
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.means import means_of_task
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.studio.brief.briefing import briefed, change_brief, history
from understudy.studio.brief.text import brief_text, history_text
from understudy.studio.workspace import Workspace

from .materials import GOOD

AT = datetime(2026, 5, 4, tzinfo=UTC)
MINUTES = Task("table", AnswerKind.NUMBER, 3.0, "")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w") as opened:
        opened.ledger.create_project(Project("waiting", AT, task=MINUTES))
        opened.ledger.create_project(Project("blades", AT))
        yield opened


def test_what_the_brief_says_of_numbers_counts_from_then_on(workspace: Workspace) -> None:
    """A tolerance with a unit is a version of the brief, and what the task calls right."""
    change_brief(workspace, "waiting", {"tolerance": "7.5", "unit": "minutes"}, by="Ada")
    task = workspace.ledger.project("waiting").task
    assert (task.tolerance, task.unit) == (7.5, "minutes")
    assert task.right("100", "107.5")
    told = brief_text(briefed(workspace, "waiting"))
    assert "A number counts as right when it is within 7.5 minutes of the truth." in told
    assert "How far off is near enough: unknown → 7.5 minutes" in history_text(history(workspace, "waiting"))


def test_taken_back_it_stays_what_it_was(workspace: Workspace) -> None:
    """What the data suggested holds while the brief says nothing."""
    change_brief(workspace, "waiting", {"problem": "People wait and do not know how long."}, by="Ada")
    assert workspace.ledger.project("waiting").task == MINUTES


def test_it_is_not_moved_after_a_model_was_judged_by_it(workspace: Workspace) -> None:
    """Once the sealed set was looked at, the tolerance stays; every other figure may still change."""
    workspace.ledger.open_sealed("waiting", model="m1", at=AT)
    with pytest.raises(BadBrief, match="stays at 3"):
        change_brief(workspace, "waiting", {"tolerance": "10"}, by="Ada")
    assert workspace.ledger.project("waiting").task == MINUTES
    change_brief(workspace, "waiting", {"tolerance": "3", "wrong_cost": "20"}, by="Ada")


def test_labels_have_no_tolerance(workspace: Workspace) -> None:
    """It is kept as said, and changes nothing about what is right."""
    change_brief(workspace, "blades", {"tolerance": "5"}, by="Ada")
    assert workspace.ledger.project("blades").task == Task()


@pytest.mark.parametrize(("field", "typed"), [("tolerance", "3"), ("unit", "minutes")])
def test_once_answers_are_no_numbers_a_brief_says_nothing_of_any(workspace: Workspace, field: str, typed: str) -> None:
    """What would count for nothing is refused; what the brief said before that was known does not stand in the way."""
    change_brief(workspace, "blades", {"tolerance": "5"}, by="Ada")
    example = Example("0a" * 32, "a.png", Provenance.UPLOAD, "a", Side.TRAIN, "crack", 8, 8, "")
    workspace.ledger.add_examples("blades", [example], by="Ada", at=workspace.now())
    with pytest.raises(BadBrief, match="can be said of numbers alone") as refused:
        change_brief(workspace, "blades", {field: typed}, by="Ada")
    assert refused.value.field == field
    assert change_brief(workspace, "blades", {"wrong_cost": "20"}, by="Ada").brief.tolerance == 5


@pytest.mark.parametrize(("field", "typed"), [("tolerance", "-1"), ("tolerance", "soon"), ("unit", "x" * 31)])
def test_impossible_answers_are_refused(workspace: Workspace, field: str, typed: str) -> None:
    """A negative tolerance, one that is no number, a unit of a page."""
    with pytest.raises(BadBrief):
        change_brief(workspace, "waiting", {field: typed}, by="Ada")


def test_economics_are_those_of_any_answer() -> None:
    """A number out of tolerance costs what a wrong answer costs; thousands of different truths change nothing."""
    means = means_of_task(MINUTES, {str(number): 1 for number in range(3_000)})
    assert means.examples == 3_000
    same = replace(means_of_task(Task(), {"a": 1_500, "b": 1_500}), task=Task())
    assert economics_of(GOOD, means).bar == economics_of(GOOD, same).bar
    assert economics_of(GOOD, means).uniform
