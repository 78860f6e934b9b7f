"""Breakers, drift and metrics where answers are numbers, several labels, rankings or none of the labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from brightness import BrightnessModel, photo
from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Because
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Outcome, QuestionKind
from understudy.domain.stage import EventKind, Stage
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, number_text
from understudy.serving.asking import Request
from understudy.serving.guard import Guard
from understudy.serving.router import Router

from .house import TERMS, House
from .test_drifting import answered, live, looked, raised

AUDITED = replace(TERMS, audit_share=1.0)
MINUTES = Task(answers=AnswerKind.NUMBER, tolerance=5.0, unit="minutes")
KINDS = {
    "number": (MINUTES, "100", "104.5", "106"),
    "labels": (Task(answers=AnswerKind.LABELS), "red; tall", "tall; red", "red"),
    "ranking": (Task(answers=AnswerKind.RANKING), "Casablanca; Alien; Heat", "Alien", "Jaws"),
    "none of these": (Task(), NONE_OF_THESE, NONE_OF_THESE, "bright"),
}


@dataclass
class Saying(BrightnessModel):
    """A model that always says the same, whatever kind of answer that is."""

    says: str = ""
    kind: AnswerKind = AnswerKind.LABEL
    unknown: bool = False

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        return [Answer(self.says, 0.95, "", 0.0, False, (), self.kind, unknown=self.unknown) for _ in photos]


def serving(house: House, task: Task, says: str) -> list[str]:
    """Twelve audited answers of a model that is live; their ids."""
    house.ledger.set_task("lamp", task)
    house.model = Saying(says=says, kind=task.answers)
    house.shelf.models["lamp"] = house.model
    house.promote(Stage.LIVE, terms=AUDITED)

    async def scene(router: Router) -> list[str]:
        return [(await router.decide("lamp", Request(photo(250)))).id for _ in range(12)]

    return house.play(scene)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none of these"])
def test_a_stranger_goes_to_a_person_at_any_threshold(house: House, kind: str) -> None:
    """Whatever is answered: what resembles no example waits for a person, though the stage would let everything by."""
    task, says, _, _ = KINDS[kind]
    house.ledger.set_task("lamp", task)
    house.model = Saying(says=says, kind=task.answers, unknown=True)
    house.shelf.models["lamp"] = house.model
    house.promote(Stage.LIVE, terms=replace(TERMS, threshold=0.0))
    decision = house.play(lambda router: router.decide("lamp", Request(photo(250))))
    assert (decision.answered_by, decision.because) == (AnsweredBy.NOBODY_YET, Because.UNLIKE)
    assert decision.answer is not None
    assert decision.answer.ask_person


def stage_after(house: House) -> Stage:
    house.standings.refresh()
    later = datetime.now(UTC) + timedelta(seconds=1)
    Guard(house.ledger, house.standings, on_trip=lambda *_: None, now=lambda: later).tick()
    present = house.ledger.stage("lamp")
    assert present is not None
    return present.stage


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", ["outcome", "audit"])
def test_a_breaker_trips_on_what_the_task_calls_wrong(house: House, kind: str, by: str) -> None:
    """Right answers, as near, as complete or as listed as asked, leave the model in; wrong ones take it out."""
    task, says, right, wrong = KINDS[kind]
    ids = serving(house, task, says)

    def told(decisions: Sequence[str], truth: str) -> None:
        now = datetime.now(UTC)
        if by == "outcome":
            house.ledger.record_outcomes([Outcome(each, truth, "till", "api", now) for each in decisions])
            return
        for each in decisions:
            house.ledger.claim_this(each, QuestionKind.AUDIT, "Ben", now, now + timedelta(minutes=5))
            house.say(each, truth, kind=QuestionKind.AUDIT)

    told(ids[:2], right)
    assert stage_after(house) is Stage.LIVE
    told(ids[2:], wrong)
    assert stage_after(house) is Stage.SHADOW


def test_numbers_are_counted_as_numbers(house: House) -> None:
    """Each number is not a time series of its own in the metrics, so their number stays bounded."""
    serving(house, MINUTES, "100")
    assert house.figure("understudy_answers_total", project="lamp", label="number") == 12
    assert house.figure("understudy_answers_total", project="lamp", label="100") == 0


def test_numbers_that_shift_raise_the_audits(house: House) -> None:
    """Answers that grow by half are noticed, though no two of them were ever the same."""
    live(house)
    with_numbers(house, 1_500, 100.0, seed=1)
    looked(house, "one")
    assert raised(house) == 1.0
    with_numbers(house, 600, 150.0, seed=2)
    looked(house, "one")
    assert raised(house) > 1.0
    (event,) = house.ledger.events("lamp")
    assert event.kind is EventKind.DRIFT
    assert "mix of answers" in event.fact


def with_numbers(house: House, count: int, least: float, *, seed: int) -> None:
    answered(
        house,
        count,
        0.9,
        0.92,
        seed=seed,
        of=lambda place, sure: Answer(
            number_text(least + place * 7919 % 997 / 10), sure, "", 0.0, False, (), AnswerKind.NUMBER
        ),
    )
