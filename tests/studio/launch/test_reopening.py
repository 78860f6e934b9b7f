"""A model that tripped is told to be good again once, when what it showed in the dark since clears the bar."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from clock import Clock
from serving.faltering import Faltering
from studio.launches import AT, FIRST, change, said, tripped
from studio.served import asked
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.stage import EventKind, Stage, StageChange
from understudy.store.errors import LedgerUnavailable
from understudy.store.ledger import Ledger
from understudy.studio.launch.reopening import Reopening
from understudy.studio.launch.shadow_evidence import shadow_evidence
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=clock) as opened:
        opened.ledger.create_project(Project("blades", AT))
        yield opened


def shown(workspace: Workspace, right: int, start: int = 0) -> None:
    """So many requests that people and the model in shadow answer alike."""
    made = [asked(workspace, b"photo %d" % (start + number)) for number in range(right)]
    for each in made:
        Queue(workspace).answer(each.id, QuestionKind.ANSWER, "crack", by="Ada")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(minutes=1)
    answers = [(each.id, said("crack", 0.9)) for each in made]
    workspace.ledger.record_shadow_answers("blades", FIRST, answers, workspace.now())


def told(workspace: Workspace) -> list[str]:
    return [event.fact for event in workspace.ledger.events("blades") if event.kind is EventKind.CLOSED]


def test_it_is_told_once_and_to_whom_it_concerns(workspace: Workspace, clock: Clock) -> None:
    """Nothing before the bar is cleared; then one event and one post, and no second one for more of the same."""
    workspace.ledger.set_setting("blades", "webhook-url", "https://example.com/hook", "Ada", clock())
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE))
    workspace.ledger.change_stage("blades", tripped(2))
    clock.pass_(hours=3)
    chore = Reopening(workspace, "one")
    shown(workspace, 20)
    chore.tick()
    assert told(workspace) == []
    shown(workspace, 40, start=20)
    chore.tick()
    chore.tick()
    shown(workspace, 5, start=60)
    Reopening(workspace, "one").tick()
    (fact,) = told(workspace)
    assert fact.startswith("In shadow: 60 of 60 answers")
    posts = workspace.ledger.due_deliveries(clock(), 1_000)
    assert [each.channel for each in posts if each.event == "breaker.closed"] == ["webhook"]
    found = shadow_evidence(workspace, "blades", FIRST)
    assert found is not None
    assert found.cleared


def test_people_who_answer_after_the_model_are_news(workspace: Workspace, clock: Clock) -> None:
    """The model has answered all it is asked long before people have; their answers alone show the bar."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE))
    workspace.ledger.change_stage("blades", tripped(2))
    clock.pass_(hours=3)
    made = [asked(workspace, b"photo %d" % number) for number in range(60)]
    answers = [(each.id, said("crack", 0.9)) for each in made]
    workspace.ledger.record_shadow_answers("blades", FIRST, answers, clock())
    chore = Reopening(workspace, "one")
    chore.tick()
    assert told(workspace) == []
    for each in made:
        Queue(workspace).answer(each.id, QuestionKind.ANSWER, "crack", by="Ada")
    clock.pass_(minutes=1)
    chore.tick()
    assert len(told(workspace)) == 1


@pytest.mark.parametrize("method", ["stages", "shadow_told", "shadow_pairs", "events", "settings", "record_event"])
def test_what_could_not_be_told_is_told_as_soon_as_it_can(workspace: Workspace, clock: Clock, method: str) -> None:
    """Where the ledger is away while it is worked out or written, it is news at the next look, and told once."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE))
    workspace.ledger.change_stage("blades", tripped(2))
    clock.pass_(hours=3)
    shown(workspace, 60)
    away = cast("Ledger", Faltering(workspace.ledger, method))
    chore = Reopening(replace(workspace, ledger=away), "one")
    for _ in range(3):
        with suppress(LedgerUnavailable):
            chore.tick()
    assert len(told(workspace)) == 1


class Garbled:
    """A ledger that cannot make out the stages of some projects."""

    def __init__(self, ledger: Ledger, *projects: str) -> None:
        self._ledger, self._projects = ledger, projects

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def stages(self, project: str) -> list[StageChange]:
        if project in self._projects:
            raise ValueError(project)
        return self._ledger.stages(project)


def test_one_projects_trouble_is_no_other_projects(workspace: Workspace, clock: Clock) -> None:
    """What is told of one is told although others before and behind it cannot be read, and their trouble is heard."""
    for project in ("anvils", "zithers"):
        workspace.ledger.create_project(Project(project, AT))
    for project in ("anvils", "blades", "zithers"):
        workspace.ledger.change_stage(project, change(1, Stage.LIVE))
        workspace.ledger.change_stage(project, tripped(2))
    clock.pass_(hours=3)
    shown(workspace, 60)
    garbled = cast("Ledger", Garbled(workspace.ledger, "anvils", "zithers"))
    with pytest.raises(ExceptionGroup, match="several"):
        Reopening(replace(workspace, ledger=garbled), "one").tick()
    assert len(told(workspace)) == 1


def test_a_model_that_never_tripped_is_no_news(workspace: Workspace, clock: Clock) -> None:
    """In an ordinary shadow nothing is closed, for nothing was open; and another trip needs another proof."""
    workspace.ledger.change_stage("blades", change(1, Stage.SHADOW))
    clock.pass_(hours=2)
    shown(workspace, 60)
    Reopening(workspace, "one").tick()
    assert told(workspace) == []
    workspace.ledger.change_stage("blades", change(2, Stage.LIVE, at=clock()))
    workspace.ledger.change_stage("blades", tripped(3, at=clock()))
    Reopening(workspace, "one").tick()
    assert told(workspace) == []


def test_one_process_looks_at_a_time(workspace: Workspace, clock: Clock) -> None:
    """Another process keeps still while one has the lease."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE))
    workspace.ledger.change_stage("blades", tripped(2))
    clock.pass_(hours=3)
    Reopening(workspace, "one").tick()
    shown(workspace, 60)
    assert clock() == workspace.now()
    workspace.ledger.take_lease("reopening", "one", clock(), clock().replace(year=2027))
    Reopening(workspace, "two").tick()
    assert told(workspace) == []
    Reopening(workspace, "one").tick()
    assert len(told(workspace)) == 1
