"""Lanes: what a model fails on is the fault of one input alone, and every request ends once, whatever its lane does."""

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from brightness import BrightnessModel, photo
from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.stage import EventKind, Stage
from understudy.serving import fleet, lanes
from understudy.serving import router as routing
from understudy.serving.asking import Request
from understudy.serving.batching import Sizes
from understudy.serving.guard import FaultTeller, Guard
from understudy.serving.identity import Mint
from understudy.serving.lanes import RETRY_SECONDS, Limits
from understudy.serving.model import ServedModel, UnknownModel
from understudy.serving.recorder import Entry, Outcome, Writer
from understudy.serving.router import Router, Setup
from understudy.store.blobs import BlobStoreUnavailable
from understudy.store.errors import LedgerUnavailable

from .house import House

GOOD, HOSTILE = photo(250), photo(251)
OTHERS = [HOSTILE, *(photo(level) for level in range(252, 256))]
"""Five inputs that the model cannot read."""


@dataclass
class Choking(BrightnessModel):
    """Cannot read some inputs, in a way that nobody foresaw, and so answers no batch that one is in."""

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        answers = super().predict(photos)
        if any(each in photos for each in OTHERS):
            raise OverflowError("int too large to convert to float")
        return answers


@pytest.fixture
def choking(house: House) -> House:
    """A house whose live model chokes on some inputs."""
    house.model = house.shelf.models["lamp"] = Choking()
    house.promote(Stage.LIVE)
    return house


async def together(house: House, router: Router, *photos: bytes) -> list[Decision]:
    """Asks while the model is held up by another photo, so that these go in one batch."""
    house.model.gate = gate = threading.Event()
    first = asyncio.create_task(router.decide("lamp", Request(GOOD)))
    while house.model.batches != [1]:
        await asyncio.sleep(0.001)
    others = [asyncio.create_task(router.decide("lamp", Request(each))) for each in photos]
    while router.waiting["model"] < len(photos):
        await asyncio.sleep(0.001)
    gate.set()
    await first
    return list(await asyncio.gather(*others))


def test_an_input_that_cannot_be_read_fails_none_of_its_neighbours(choking: House) -> None:
    """Four answers are the model's, the fifth request goes to a person, and each is asked about together but once."""
    decisions = choking.play(lambda router: together(choking, router, GOOD, GOOD, HOSTILE, GOOD, GOOD))
    people = (AnsweredBy.NOBODY_YET, Because.FAULT)
    assert [each.answered_by for each in decisions].count(AnsweredBy.MODEL) == 4
    assert (decisions[2].answered_by, decisions[2].because) == people
    assert choking.model.batches == [1, 5, 1, 1, 1, 1, 1]
    assert len(choking.ledger.decisions("lamp", 10)) == 6
    (fault,) = choking.faults.take()
    assert (fault.kind, fault.count) == ("OverflowError", 1)


@pytest.mark.parametrize(
    ("hostile", "count", "tripped"),
    [(OTHERS[:1], 1, False), (OTHERS[:4], 4, False), (OTHERS, 5, True), ([HOSTILE] * 10, 1, False)],
)
def test_the_breaker_counts_inputs_and_not_their_neighbours(
    choking: House, hostile: list[bytes], count: int, tripped: bool
) -> None:
    """A hostile input leaves the model in, however often it is sent; as many as may fail in a minute take it out."""
    choking.play(lambda router: together(choking, router, *[GOOD] * 20, *hostile))
    choking.standings.refresh()
    FaultTeller(choking.ledger, choking.faults, "one", answers=choking.standings.answers).tick()
    (event,) = [event for event in choking.ledger.events("lamp") if event.kind is EventKind.FAULT]
    assert event.evidence["count"] == count
    Guard(choking.ledger, choking.standings, now=lambda: datetime.now(UTC) + timedelta(seconds=1)).tick()
    stage = choking.ledger.stage("lamp")
    assert stage is not None
    assert (stage.stage is not Stage.LIVE) is tripped


def test_what_people_were_asked_about_meanwhile_is_not_asked_again(choking: House) -> None:
    """A batch that fails after its time costs the model no second one."""
    choking.ledger.set_setting("lamp", "model-seconds", 0.1, "Ada", datetime.now(UTC))
    choking.model.gate = gate = threading.Event()

    async def scene(router: Router) -> list[Decision]:
        requests = [Request(each) for each in (GOOD, HOSTILE)]
        decisions = await asyncio.gather(*(router.decide("lamp", each) for each in requests))
        gate.set()
        return list(decisions)

    assert [each.because for each in choking.play(scene)] == [Because.FAULT] * 2
    assert sum(choking.model.batches) <= 2


def test_several_in_one_request_share_no_fault(choking: House) -> None:
    """Of inputs that become decisions together, the one that cannot be read alone goes to a person."""
    requests = [Request(each) for each in (GOOD, HOSTILE, GOOD)]
    decisions = choking.play(lambda router: router.decide_all("lamp", requests))
    assert [each.because is Because.FAULT for each in decisions] == [False, True, False]


@pytest.mark.parametrize(("stopping", "because"), [(True, Because.OVERLOADED), (False, Because.WIZARD)])
def test_a_model_that_hangs_while_its_lane_closes_leaves_every_request_to_people(
    house: House, monkeypatch: pytest.MonkeyPatch, stopping: bool, because: Because
) -> None:
    """Those in its batch and those behind it are answered, once each, whether the server stops or the model goes."""
    monkeypatch.setattr(lanes, "PATIENCE", 0.05)
    monkeypatch.setattr(fleet, "IDLE_SECONDS", -1.0)
    house.setup = Setup(limits=Limits(Sizes(1, 1)))
    house.ledger.set_setting("lamp", "model-seconds", 600.0, "Ada", datetime.now(UTC))
    house.promote(Stage.LIVE)
    house.model.gate = threading.Event()

    async def scene() -> list[Decision]:
        router = house.router()
        asked = [asyncio.create_task(router.decide("lamp", Request(GOOD))) for _ in range(3)]
        while house.model.batches != [1] or router.waiting["model"] < 2:
            await asyncio.sleep(0.001)
        if not stopping:
            house.promote(Stage.WIZARD)
            router.adopt(house.standings.refresh())
            await asyncio.wait_for(asyncio.gather(*asked), 30)
        await asyncio.wait_for(router.close(), 30)
        assert house.model.gate is not None
        house.model.gate.set()
        return await asyncio.gather(*asked)

    decisions = asyncio.run(scene())
    assert [(each.answered_by, each.because) for each in decisions] == [(AnsweredBy.NOBODY_YET, because)] * 3
    assert {each.id for each in house.ledger.decisions("lamp", 10)} == {each.id for each in decisions}
    assert house.faults.take() == []


def test_what_a_stopping_server_does_not_wait_for_is_no_fault_of_the_model(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is with the model when its patience ends, waits behind that or comes later is for people, and none counts."""
    monkeypatch.setattr(routing, "HURRY_SECONDS", 0.0)
    house.setup = Setup(limits=Limits(Sizes(1, 1)))
    house.ledger.set_setting("lamp", "model-seconds", 600.0, "Ada", datetime.now(UTC))
    house.promote(Stage.LIVE)
    house.model.gate = gate = threading.Event()

    async def scene(router: Router) -> list[Decision]:
        asked = [asyncio.create_task(router.decide("lamp", Request(GOOD))) for _ in range(3)]
        while house.model.batches != [1] or router.waiting["model"] < 2:
            await asyncio.sleep(0.001)
        router.release()
        decisions = list(await asyncio.wait_for(asyncio.gather(*asked), 30))
        decisions.append(await asyncio.wait_for(router.decide("lamp", Request(GOOD)), 30))
        gate.set()
        return decisions

    assert [each.because for each in house.play(scene)] == [Because.OVERLOADED] * 4
    assert house.faults.take() == []


def test_a_model_that_was_slow_once_is_asked_again(house: House) -> None:
    """As soon as the batch that took too long has ended, the next request is answered."""
    house.ledger.set_setting("lamp", "model-seconds", 0.5, "Ada", datetime.now(UTC))
    house.promote(Stage.LIVE)
    house.model.gate = gate = threading.Event()

    async def scene(router: Router) -> Because:
        assert (await router.decide("lamp", Request(GOOD))).because is Because.FAULT
        gate.set()
        async with asyncio.timeout(30):
            while (because := (await router.decide("lamp", Request(GOOD))).because) is Because.FAULT:
                await asyncio.sleep(0.001)
        return because

    assert house.play(scene) is Because.CONFIDENT


class Noting(Writer):
    """Keeps the names of what it was told to write down."""

    def __init__(self, house: House) -> None:
        super().__init__(house.ledger, house.blobs)
        self.names: list[str] = []

    def write(self, entries: Sequence[Entry]) -> Sequence[Outcome]:
        self.names += [entry.served.decision.id for entry in entries]
        return super().write(entries)


def test_what_people_were_asked_about_is_not_written_down_again(house: House) -> None:
    """A model that speaks after its time is not heard: its answer does not even go as far as the ledger."""
    house.promote(Stage.LIVE)
    house.ledger.set_setting("lamp", "model-seconds", 0.1, "Ada", datetime.now(UTC))
    house.model.gate = threading.Event()
    house.writer = writer = Noting(house)

    async def scene(router: Router) -> Decision:
        decision = await router.decide("lamp", Request(GOOD))
        assert house.model.gate is not None
        house.model.gate.set()
        return decision

    decision = house.play(scene)
    assert decision.because is Because.FAULT
    assert writer.names == [decision.id]


def test_a_model_that_cannot_be_loaded_is_tried_again_after_a_while_only(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Requests of the same few seconds share one try, which the log tells; the first after them is answered."""
    clock, tries, load = [0.0], list[str](), house.shelf.load

    def away(project: str, version: str) -> ServedModel:
        tries.append(version)
        if len(tries) < 2:
            raise UnknownModel.named(project, version)
        return load(project, version)

    house.shelf.load = away
    house.setup = Setup(mint=Mint(stopwatch=lambda: clock[0]))
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[tuple[Because, int]]:
        found = []
        for at in (0.0, 1.0, RETRY_SECONDS - 0.1, RETRY_SECONDS + 0.1):
            clock[0] = at
            found.append(((await router.decide("lamp", Request(GOOD))).because, len(tries)))
        return found

    with caplog.at_level(logging.WARNING):
        assert house.play(scene) == [(Because.FAULT, 1)] * 3 + [(Because.CONFIDENT, 2)]
    (said,) = caplog.messages
    assert "cannot be loaded: “lamp” has no model" in said


def test_a_shorter_time_holds_from_the_next_request_on(house: House) -> None:
    """Whoever asks after a model was given less time waits no longer than that, whatever waits before him."""
    house.ledger.set_setting("lamp", "model-seconds", 600.0, "Ada", datetime.now(UTC))
    house.promote(Stage.LIVE)
    house.model.gate = threading.Event()

    async def scene(router: Router) -> list[Decision]:
        first = asyncio.create_task(router.decide("lamp", Request(GOOD)))
        while house.model.batches != [1]:
            await asyncio.sleep(0.001)
        house.ledger.set_setting("lamp", "model-seconds", 0.1, "Ada", datetime.now(UTC))
        house.standings.refresh()
        second = await asyncio.wait_for(router.decide("lamp", Request(GOOD)), 5)
        assert house.model.gate is not None
        house.model.gate.set()
        return [await first, second]

    assert [each.because for each in house.play(scene)] == [Because.CONFIDENT, Because.FAULT]


@pytest.mark.parametrize("kind", [LedgerUnavailable, BlobStoreUnavailable])
def test_a_record_that_is_away_while_a_model_is_loaded_is_no_fault_of_the_model(
    house: House, kind: type[UnderstudyError]
) -> None:
    """People are asked meanwhile, the breaker counts nothing, and the model answers as soon as it can be loaded."""
    clock, away, load = [0.0], [True], house.shelf.load

    def loaded(project: str, version: str) -> ServedModel:
        if away[0]:
            raise kind(fact="It cannot be read.", reason="It is away.", remedy="Wait.")
        return load(project, version)

    house.shelf.load = loaded
    house.setup = Setup(mint=Mint(stopwatch=lambda: clock[0]))
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> list[Because]:
        asked = [(await router.decide("lamp", Request(GOOD))).because for _ in range(6)]
        away[0], clock[0] = False, RETRY_SECONDS + 0.1
        return [*asked, (await router.decide("lamp", Request(GOOD))).because]

    assert house.play(scene) == [Because.FAULT] * 6 + [Because.CONFIDENT]
    assert house.faults.take() == []
