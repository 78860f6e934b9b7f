from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from understudy.domain.stage import Stage
from understudy.serving.standings import STALE_SECONDS, Standing, Standings
from understudy.store.errors import UnknownProject

from .house import House, change

MODEL, BEFORE = "ab" * 32, "cd" * 32


def test_before_any_stage_nobody_answers_alone(house: House) -> None:
    """A project without a stage stands at number 0 with its usual settings."""
    standing = house.standings.learn("lamp")
    assert (standing.number, standing.change, standing.answering, standing.versions) == (0, None, (), ())
    assert standing.settings == house.ledger.settings("lamp")


def test_what_changed_is_told_and_nothing_else(house: House) -> None:
    """A refresh returns the projects whose stage or settings changed since the last one."""
    house.standings.learn("lamp")
    house.standings.learn("untrained")
    assert house.standings.refresh() == []
    house.promote(Stage.LIVE)
    assert [each.project for each in house.standings.refresh()] == ["lamp"]
    house.ledger.set_setting("untrained", "hold-seconds", 3.0, "Ada", datetime.now(UTC))
    (changed,) = house.standings.refresh()
    assert (changed.project, changed.settings.hold_seconds) == ("untrained", 3.0)
    assert house.standings.refresh() == []


def test_a_project_with_a_stage_is_known_without_being_asked_for(house: House) -> None:
    """A fresh process learns of every model in service with its first look."""
    house.promote(Stage.LIVE)
    assert [each.project for each in Standings(house.ledger).refresh()] == ["lamp"]


def test_what_is_stale_is_read_again(house: House) -> None:
    """What was read too long ago is not taken for the present, even where nobody keeps it fresh."""
    clock = [0.0]
    standings = Standings(house.ledger, clock=lambda: clock[0])
    assert standings.known("lamp") is None
    standings.learn("lamp")
    assert standings.known("lamp") is not None
    clock[0] = STALE_SECONDS + 0.01
    assert standings.known("lamp") is None


def test_an_unknown_project_is_not_learned(house: House) -> None:
    """A name that no project has is an error each time, and takes no memory."""
    for _ in range(2):
        with pytest.raises(UnknownProject):
            house.standings.learn("nowhere")
    assert house.standings.every() == []


@pytest.mark.parametrize(
    ("stage", "answering"),
    [
        (Stage.WIZARD, ()),
        (Stage.SHADOW, (BEFORE,)),
        (Stage.CANARY, (MODEL, BEFORE)),
        (Stage.LIVE, (MODEL,)),
    ],
)
def test_who_may_answer_by_stage(stage: Stage, answering: tuple[str, ...]) -> None:
    """A model in shadow never may; a live model's fallback is only where a rollback goes."""
    made: Callable[..., Standing] = lambda present: Standing("lamp", present)  # noqa: E731
    standing = made(change(1, stage, None if stage is Stage.WIZARD else MODEL, fallback=BEFORE))
    assert standing.answering == answering
