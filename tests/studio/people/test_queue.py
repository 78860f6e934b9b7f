"""The queue as a use case: whose question it is, what may be said, and for how long it can be taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clock import Clock
from studio.served import asked
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.store.errors import AlreadyAnswered, ClaimedByOther
from understudy.studio.answers.answer_text import BadLabel
from understudy.studio.people.queue import NothingToUndo, Queue
from understudy.studio.workspace import Workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=clock) as opened:
        opened.ledger.create_project(Project("blades", opened.now()))
        yield opened


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace)


def test_two_people_are_offered_different_questions(workspace: Workspace, queue: Queue, clock: Clock) -> None:
    """What one has in hand is offered to nobody else until the claim ends, and then again."""
    first, second = asked(workspace, b"one"), asked(workspace, b"two")
    mine, yours = queue.next("blades", "Ada"), queue.next("blades", "Ben")
    assert mine is not None
    assert yours is not None
    assert {mine.decision, yours.decision} == {first.id, second.id}
    assert queue.next("blades", "Cem") is None
    with pytest.raises(ClaimedByOther):
        queue.take(mine.decision, mine.kind, "Cem")
    clock.pass_(minutes=5)
    taken = queue.next("blades", "Cem")
    assert taken is not None
    assert queue.next("blades", "Cem", besides=[taken.decision]) != taken


def test_an_answer_settles_after_a_while(workspace: Workspace, queue: Queue, clock: Clock) -> None:
    """Until then it can be taken back and is nobody's; then the request ends in it."""
    made = asked(workspace, b"one")
    said = queue.answer(made.id, QuestionKind.ANSWER, "  crack ", by="Ada", seconds=2.5)
    assert (said.value, said.settles_at - said.at, said.seconds) == ("crack", timedelta(seconds=8), 2.5)
    assert workspace.ledger.resolution(made.id, clock()) is None
    again = queue.undo("Ada")
    assert (again.decision, again.claimed_by) == (made.id, "Ada")
    queue.answer(made.id, QuestionKind.ANSWER, "sound", by="Ada")
    clock.pass_(seconds=9)
    ended = workspace.ledger.resolution(made.id, clock())
    assert ended is not None
    assert (ended.value, ended.by) == ("sound", "Ada")
    with pytest.raises(NothingToUndo):
        queue.undo("Ada")
    with pytest.raises(AlreadyAnswered):
        queue.answer(made.id, QuestionKind.ANSWER, "crack", by="Ben")


def test_settings_of_the_project_hold(workspace: Workspace, queue: Queue, clock: Clock) -> None:
    """How long a claim lasts, how long an answer can be taken back, and how many cannot tell, is the team's to set."""
    for name, value in (("claim-minutes", 1.0), ("undo-seconds", 60.0), ("cannot-tell-limit", 1.0)):
        workspace.ledger.set_setting("blades", name, value, "Ada", clock())
    made = asked(workspace, b"one")
    taken = queue.next("blades", "Ada")
    assert taken is not None
    assert taken.claimed_until == clock() + timedelta(minutes=1)
    said = queue.answer(made.id, QuestionKind.ANSWER, None, by="Ada")
    assert said.settles_at == clock() + timedelta(minutes=1)
    clock.pass_(minutes=1)
    ended = workspace.ledger.resolution(made.id, clock())
    assert ended is not None
    assert ended.value is None


def test_who_leaves_puts_it_back_and_who_skips_is_not_asked_again(workspace: Workspace, queue: Queue) -> None:
    """A question that is released is offered again; one that is skipped only to others."""
    made = asked(workspace, b"one")
    queue.next("blades", "Ada")
    queue.release(made.id, QuestionKind.ANSWER, "Ada")
    assert queue.next("blades", "Ben") is not None
    queue.skip(made.id, QuestionKind.ANSWER, "Ben")
    assert queue.next("blades", "Ben") is None
    assert queue.next(None, "Ada") is not None


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "a\0b", "half \ud800"])
def test_what_cannot_be_a_label(workspace: Workspace, queue: Queue, text: str) -> None:
    """An empty, endless or unstorable label is refused, and the question still waits."""
    made = asked(workspace, b"one")
    with pytest.raises(BadLabel):
        queue.answer(made.id, QuestionKind.ANSWER, text, by="Ada")
    assert queue.next("blades", "Ada") is not None


def test_labels_to_choose_from_grow_with_what_is_said(workspace: Workspace, queue: Queue) -> None:
    """Where nothing is known nothing is offered; what somebody said is offered to all."""
    made = asked(workspace, b"one")
    assert queue.labels("blades") == ()
    queue.answer(made.id, QuestionKind.ANSWER, "crack", by="Ada")
    assert queue.labels("blades") == ("crack",)


def test_a_label_keeps_its_place(workspace: Workspace, queue: Queue, clock: Clock) -> None:
    """New labels come last whatever their letter, so the digits that people know by heart keep their meaning."""
    for place, label in enumerate(("sound", "crack", "bent", "sound", "acid")):
        made = asked(workspace, b"%d" % place)
        queue.answer(made.id, QuestionKind.ANSWER, label, by="Ada")
        clock.pass_(seconds=9)
    assert queue.labels("blades") == ("sound", "crack", "bent", "acid")


def test_the_webhook_hears_of_an_answer_once_it_holds(workspace: Workspace, queue: Queue, clock: Clock) -> None:
    """An answer that is taken back is never posted; the one that holds is, once, with who gave it and since when."""
    workspace.ledger.set_setting("blades", "webhook-url", "https://example.com/x", "Ada", clock())
    made = asked(workspace, b"one")
    queue.answer(made.id, QuestionKind.ANSWER, "crack", by="Ada")
    queue.undo("Ada")
    said = queue.answer(made.id, QuestionKind.ANSWER, None, by="Ada")
    clock.pass_(seconds=9)
    assert workspace.ledger.due_deliveries(clock(), 10) == []
    said = queue.answer(made.id, QuestionKind.ANSWER, "sound", by="Ben")
    assert workspace.ledger.due_deliveries(clock(), 10) == []
    clock.pass_(seconds=9)
    (due,) = workspace.ledger.due_deliveries(clock(), 10)
    assert (due.channel, due.event, due.at) == ("webhook", "decision.answered", said.settles_at)
    assert dict(due.payload) == {
        "project": "blades",
        "id": made.id,
        "label": "sound",
        "by": "Ben",
        "settled_at": said.settles_at.isoformat(),
        "decision": f"/api/v1/decisions/{made.id}",
    }


def test_the_webhook_hears_of_a_request_without_an_answer(workspace: Workspace, queue: Queue, clock: Clock) -> None:
    """When as many as are asked cannot tell, that is posted too; checks and second opinions never are."""
    workspace.ledger.set_setting("blades", "webhook-url", "https://example.com/x", "Ada", clock())
    made, other = asked(workspace, b"one"), asked(workspace, b"two", double=True)
    for who in ("Ada", "Ben"):
        queue.answer(made.id, QuestionKind.ANSWER, None, by=who)
    clock.pass_(seconds=9)
    (due,) = workspace.ledger.due_deliveries(clock(), 10)
    assert (due.payload["id"], due.payload["label"], due.payload["by"]) == (made.id, None, "Ben")
    queue.answer(other.id, QuestionKind.ANSWER, "sound", by="Ada")
    clock.pass_(seconds=9)
    queue.answer(other.id, QuestionKind.DOUBLE, "crack", by="Ben")
    clock.pass_(seconds=9)
    told = [each.payload["label"] for each in workspace.ledger.due_deliveries(clock(), 10)]
    assert told == [None, "sound"]
