"""Inputs watched in a real ledger: a shift is told, audits are raised, and no model is ever taken out by it."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np
import pytest

from brightness import BrightnessModel, photo
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.stage import EventKind, Stage
from understudy.launch.usual import Trait, TraitKind, Usual
from understudy.serving.company import Inputs
from understudy.serving.inflows import AT_ONCE, Inflows
from understudy.store.served import Served

from .house import House, change


def _bright(level: float) -> bytes:
    return photo(max(0, min(255, round(level))), size=(8, 8 + random.Random(level).randrange(60)))


def _kept() -> Usual:
    rng = np.random.default_rng(0)
    return Usual((Trait("brightness", TraitKind.NUMBER),), rng.normal(150, 20, (200, 1)).astype(np.float32))


@dataclass
class WatchedModel(BrightnessModel):
    """A model that keeps how bright the photos were that it learned from."""

    usual: Usual = field(default_factory=_kept)
    looked: int = 0

    def traits(self, data: bytes) -> tuple[float, ...]:
        self.looked += 1
        answer = self.predict([data])[0]
        return (255 * dict(answer.probabilities)["bright"],)  # type: ignore[union-attr]


@dataclass
class Watchman:
    """A house whose requests come at moments that a test chooses."""

    house: House
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    asked: int = 0

    def ask(self, count: int, level: float, *, by_people: bool = False) -> None:
        """So many photos of about that brightness, a second apart."""
        chance, served = random.Random(f"{level} {self.asked}"), []
        for _ in range(count):
            self.at += timedelta(seconds=1)
            self.asked += 1
            data = _bright(chance.gauss(level, 20))
            decision = Decision(
                f"{self.asked:08}", "lamp", sha256(data).hexdigest(), None, AnsweredBy.NOBODY_YET, "", self.at, 0.001,
                Because.UNSURE if by_people else Because.WIZARD, 1,
            )  # fmt: skip
            served.append(Served(decision, None, None, data, None, None))
        assert all(isinstance(each, Decision) for each in self.house.ledger.record_served(served))

    def inflows(self, worker: str) -> Inflows:
        house = self.house
        house.standings.refresh()
        inputs = Inputs(house.ledger, house.blobs)  # type: ignore[arg-type]
        return Inflows(house.ledger, house.standings, house.shelf, inputs, worker=worker, now=lambda: self.at)

    def go_on(self, inflows: Inflows, times: int, level: float) -> None:
        """Asks and looks in turn."""
        for _ in range(times):
            self.ask(AT_ONCE, level)
            self.at += timedelta(seconds=2)
            inflows.tick()

    @property
    def raised(self) -> float:
        standing = self.house.standings.known("lamp") or self.house.standings.learn("lamp")
        return standing.raised


@pytest.fixture
def watchman(house: House, monkeypatch: pytest.MonkeyPatch) -> Watchman:
    """A house that went live at a moment of its own, as what is looked at is drawn by the clock; it is never busy."""
    monkeypatch.setattr("understudy.serving.inflows.LOOK_SECONDS", 60.0)
    house.model = WatchedModel()
    house.shelf.models["lamp"] = house.model
    live = replace(change(1, Stage.LIVE, house.model.version), at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    house.ledger.change_stage("lamp", live)
    return Watchman(house, live.at)


def test_photos_that_turn_dark_raise_the_audits_and_are_told(watchman: Watchman) -> None:
    """Once, with how bright they were and are; and once when it is over. The stage stays what it was."""
    inflows = watchman.inflows("one")
    watchman.go_on(inflows, 10, 150)
    assert watchman.raised == 1.0
    assert watchman.house.ledger.events("lamp") == []
    watchman.go_on(inflows, 15, 40)
    assert 2.0 < watchman.raised <= 3.0
    (event,) = watchman.house.ledger.events("lamp")
    assert (event.kind, event.evidence["about"]) == (EventKind.DRIFT, "inputs")
    assert "“brightness” from 1" in event.fact
    assert event.evidence["scores"]["brightness"] > 0.4
    watchman.go_on(inflows, 40, 150)
    assert watchman.raised == 1.0
    assert [each.evidence["raised"] > 1 for each in watchman.house.ledger.events("lamp")] == [True, False]
    assert watchman.house.ledger.stages("lamp")[-1].number == 1


def test_a_look_takes_a_dozen_inputs_and_none_twice(watchman: Watchman) -> None:
    """However much was asked, and though it is asked again and again."""
    inflows, model = watchman.inflows("one"), watchman.house.model
    assert isinstance(model, WatchedModel)
    watchman.ask(300, 150)
    inflows.tick()
    assert 0 < model.looked <= AT_ONCE
    looked = model.looked
    inflows.tick()
    assert model.looked == looked
    watchman.go_on(inflows, 3, 150)
    assert looked < model.looked <= looked + 3 * AT_ONCE


def test_another_process_raises_by_the_record_and_adds_nothing(watchman: Watchman) -> None:
    """One that does not look itself, or looks anew after a crash, raises as much and records no second event."""
    watchman.go_on(watchman.inflows("one"), 10, 40)
    expected = watchman.raised
    assert expected > 1.0
    for worker in ("two", "one"):
        watchman.house.standings.raise_audits("lamp", 1.0, watched="inputs")
        watchman.go_on(watchman.inflows(worker), 3, 40)
        assert watchman.raised == expected
    assert len(watchman.house.ledger.events("lamp")) == 1


def test_deleted_inputs_are_passed_over(watchman: Watchman) -> None:
    """What is not there any more is no reason to stop, nor to raise anything."""
    watchman.ask(40, 40)
    digests = {each.input_digest for each in watchman.house.ledger.decisions("lamp", 100)}
    watchman.house.ledger.erase("lamp", sorted(digests), by="Ada", reason="asked", at=watchman.at)
    watchman.at += timedelta(seconds=2)
    watchman.inflows("one").tick()
    assert watchman.raised == 1.0


def test_a_model_that_keeps_nothing_is_left_alone(house: House) -> None:
    """It answers as ever."""
    house.ledger.change_stage("lamp", change(1, Stage.LIVE, house.model.version))
    watchman = Watchman(house)
    watchman.go_on(watchman.inflows("one"), 2, 10)
    assert watchman.raised == 1.0


def test_watches_do_not_undo_each_other(watchman: Watchman) -> None:
    """Of what answers and inputs ask for, the most counts."""
    standings = watchman.house.standings
    standings.refresh()
    standings.raise_audits("lamp", 2.0)
    standings.raise_audits("lamp", 1.0, watched="inputs")
    assert watchman.raised == 2.0
    standings.raise_audits("lamp", 3.0, watched="inputs")
    assert watchman.raised == 3.0
    standings.raise_audits("lamp", 1.0)
    assert watchman.raised == 3.0
