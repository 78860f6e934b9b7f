"""Drift seen in a real ledger: audits are raised and it is told, and no model is ever taken out by it."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from understudy.domain.answer import Answer, answer_from
from understudy.domain.decision import AnsweredBy, Because, Decision, Draw
from understudy.domain.stage import Event, EventKind, Stage
from understudy.serving.drifting import REFERENCE, Drifting
from understudy.store.errors import LedgerUnavailable
from understudy.store.served import Served

from .faltering import Faltering
from .house import House, change


def darkly(_place: int, sure: float) -> Answer:
    return answer_from(("dark", "bright"), (sure, 1 - sure), threshold=0.5)


def answered(
    house: House, count: int, low: float, high: float, *, seed: int, of: Callable[[int, float], Answer] = darkly
) -> None:
    """So many answers of the model, whose confidence lies between two shares."""
    chance, now = random.Random(seed), datetime.now(UTC)
    served = []
    for place in range(count):
        sure = chance.uniform(low, high)
        answer = of(place, sure)
        drawn = Draw(audited=False, propensity=0.1, uniform=0.5, seed=0)
        decision = Decision(
            f"{seed}-{place:05}", "lamp", "0" * 64, answer, AnsweredBy.MODEL, house.model.version, now, 0.001,
            Because.CONFIDENT, 1, drawn,
        )  # fmt: skip
        served.append(Served(decision, None, None, None, 1 - sure, None))
    assert all(isinstance(each, Decision) for each in house.ledger.record_served(served))


def live(house: House) -> None:
    house.ledger.change_stage("lamp", change(1, Stage.LIVE, house.model.version))
    house.standings.refresh()


def raised(house: House) -> float:
    standing = house.standings.known("lamp") or house.standings.learn("lamp")
    return standing.raised


def looked(house: House, worker: str) -> Drifting:
    house.standings.refresh()
    drifting = Drifting(house.ledger, house.standings, worker=worker)
    for _ in range(5):
        drifting.tick()
    return drifting


def test_a_shift_raises_the_audits_and_is_told(house: House) -> None:
    """Confidence that falls far below that of the first answers raises the audits, and stands on record once."""
    live(house)
    answered(house, REFERENCE + 500, 0.9, 1.0, seed=1)
    looked(house, "one")
    assert raised(house) == 1.0
    assert house.ledger.events("lamp") == []
    answered(house, 600, 0.7, 0.8, seed=2)
    looked(house, "one")
    assert raised(house) > 1.0
    (event,) = house.ledger.events("lamp")
    assert (event.kind, event.model) == (EventKind.DRIFT, house.model.version)
    assert "confidence" in event.fact


def test_a_shift_takes_no_model_out(house: House) -> None:
    """However far answers shift, the stage stays what it was."""
    live(house)
    answered(house, REFERENCE, 0.95, 1.0, seed=1)
    answered(house, 600, 0.5, 0.55, seed=2)
    looked(house, "one")
    present = house.ledger.stage("lamp")
    assert present is not None
    assert (present.number, present.stage) == (1, Stage.LIVE)


def test_another_process_raises_by_the_record_and_adds_nothing(house: House) -> None:
    """A process that does not look itself, or looks again after a crash, raises as much and records no second event."""
    live(house)
    answered(house, REFERENCE, 0.9, 1.0, seed=1)
    answered(house, 600, 0.7, 0.8, seed=2)
    looked(house, "one")
    expected = raised(house)
    for worker in ("two", "one"):
        house.standings.raise_audits("lamp", 1.0)
        looked(house, worker)
        assert raised(house) == expected
    assert len(house.ledger.events("lamp")) == 1


def test_a_long_record_hides_no_shift(house: House) -> None:
    """A process that starts where more stands on record than one query brings tells nothing again."""
    live(house)
    for _ in range(1_010):
        house.ledger.record_event("lamp", Event(EventKind.FAULT, "another", "It failed.", datetime.now(UTC), {}))
    answered(house, REFERENCE, 0.9, 1.0, seed=1)
    answered(house, 600, 0.7, 0.8, seed=2)
    for _ in range(2):
        looked(house, "one")
        assert raised(house) > 1.0
    assert len(house.ledger.events("lamp", after=1_010)) == 1


def test_a_calm_again_lowers_the_audits(house: House) -> None:
    """Once answers are as at first, as many are audited as before, and that is told too."""
    live(house)
    answered(house, REFERENCE, 0.9, 1.0, seed=1)
    answered(house, 500, 0.7, 0.8, seed=2)
    answered(house, 600, 0.9, 1.0, seed=3)
    looked(house, "one")
    assert raised(house) == 1.0
    assert [event.evidence["raised"] > 1 for event in house.ledger.events("lamp")] == [True, False]


def test_a_new_run_is_compared_with_its_own_first_answers(house: House) -> None:
    """A model that is launched anew under other terms starts with as many audits as its terms say."""
    live(house)
    answered(house, REFERENCE, 0.9, 1.0, seed=1)
    answered(house, 600, 0.7, 0.8, seed=2)
    looked(house, "one")
    anew = change(2, Stage.LIVE, house.model.version)
    assert anew.terms is not None
    house.ledger.change_stage("lamp", replace(anew, terms=replace(anew.terms, threshold=0.8)))
    looked(house, "one")
    assert raised(house) == 1.0


@pytest.mark.parametrize("passed", [0, 1])
@pytest.mark.parametrize("method", ["events", "said_after", "record_event"])
def test_what_could_not_be_written_is_told_as_soon_as_it_can(house: House, method: str, passed: int) -> None:
    """Where the ledger fails while a shift is found, record and raise end as they do where it does not."""
    live(house)
    answered(house, REFERENCE, 0.9, 1.0, seed=1)
    answered(house, 500, 0.7, 0.8, seed=2)
    answered(house, 600, 0.9, 1.0, seed=3)
    house.standings.refresh()
    drifting = Drifting(Faltering(house.ledger, method, passed=passed), house.standings, worker="one")
    for _ in range(5):
        with suppress(LedgerUnavailable):
            drifting.tick()
    told = [event.evidence for event in house.ledger.events("lamp")]
    assert [each["raised"] > 1 for each in told] == [True, False]
    assert [each["answers"] for each in told] == [REFERENCE + 500, REFERENCE + 1_000]
    assert raised(house) == 1.0
    answered(house, 600, 0.7, 0.8, seed=4)
    drifting.tick()
    assert raised(house) > 1.0
