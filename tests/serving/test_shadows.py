import asyncio
import gc
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from brightness import BrightnessModel, photo
from understudy.domain.answer import Answer
from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.errors import UnderstudyError
from understudy.domain.stage import Cause, Stage, Terms
from understudy.serving.asking import Request
from understudy.serving.company import Inputs
from understudy.serving.model import ServedModel
from understudy.serving.router import Router
from understudy.serving.shadows import HANGING, LOADING_SECONDS, Shadows
from understudy.store.shadows import PendingCase

from .faltering import Faltering
from .house import TERMS, House


def shadows_of(house: House, *, worker: str = "w") -> Shadows:
    house.standings.refresh()
    inputs = Inputs(house.ledger, house.blobs)
    return Shadows(house.ledger, house.standings, house.shelf, inputs, house.faults, worker=worker)


def answered(house: House, levels: Sequence[int], *, value: str | None = "bright") -> list[Decision]:
    """Requests that people have answered."""

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", Request(photo(level))) for level in levels]

    decisions = house.play(scene)
    for decision in decisions:
        if value is None:
            for by in ("Ben", "Cleo"):
                house.say(decision.id, None, by=by)
        else:
            house.say(decision.id, value)
    return decisions


def until(shadows: Shadows, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        shadows.tick()
        time.sleep(0.01)


def pairs(house: House, *, since: int = 1) -> list[tuple[str, str, str | None]]:
    version = house.model.version
    now = datetime.now(UTC)
    found = house.ledger.shadow_pairs("lamp", version, since_stage=since, now=now, after_seq=0, limit=1000)
    return [(pair.decision, pair.answer.label, pair.truth) for pair in found]


def test_the_model_answers_in_the_dark_what_people_answered(house: House) -> None:
    """Each request that people are asked gets the model's answer beside it, in order, and no client hears it."""
    house.promote(Stage.SHADOW)
    decisions = answered(house, [250, 10, 240, 20, 230, 30, 220, 40, 210, 50])
    until(shadows_of(house), lambda: len(pairs(house)) == 10)
    assert [pair[0] for pair in pairs(house)] == [decision.id for decision in decisions]
    assert [pair[1] for pair in pairs(house)] == ["bright", "dark"] * 5
    assert all(house.ledger.decision(each.id).answered_by is AnsweredBy.NOBODY_YET for each in decisions)


def test_people_are_not_waited_for(house: House) -> None:
    """What nobody has answered yet is answered too, in the order of the requests: what is easy does not come first."""
    house.promote(Stage.SHADOW)

    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", Request(photo(level))) for level in (250, 10, 240)]

    decisions = house.play(scene)
    house.say(decisions[2].id, "bright")
    until(shadows_of(house), lambda: len(pairs(house)) == 3)
    assert [(name, truth) for name, _, truth in pairs(house)] == [
        (decisions[0].id, None),
        (decisions[1].id, None),
        (decisions[2].id, "bright"),
    ]


def test_what_nobody_could_tell_and_what_came_before_is_left_out(house: House) -> None:
    """Only people's labels since the shadow began are evidence."""
    answered(house, [250])
    house.promote(Stage.SHADOW)
    answered(house, [240], value=None)
    last = answered(house, [230])
    until(shadows_of(house), lambda: len(pairs(house)) == 1)
    assert pairs(house)[0][0] == last[0].id


def test_a_shadow_goes_on_when_the_model_beside_it_is_taken_away(house: House) -> None:
    """A trip of the fallback begins no other shadow: what was answered before still counts."""
    house.promote(Stage.SHADOW, fallback="cd" * 32)
    shadows = shadows_of(house)
    present = house.ledger.stage("lamp")
    assert present is not None
    decisions = answered(house, [140])  # of which the fallback is not sure, for it cannot be loaded
    changed = replace(present, number=2, fallback=None, fallback_terms=None, cause=Cause.TRIPPED, by="breaker")
    house.ledger.change_stage("lamp", changed)
    house.standings.refresh()
    until(shadows, lambda: len(pairs(house)) == 1)
    assert pairs(house)[0][0] == decisions[0].id


@pytest.mark.parametrize(
    ("model", "terms"), [("cd" * 32, TERMS), (None, replace(TERMS, threshold=0.9))], ids=["model", "terms"]
)
def test_another_model_or_other_terms_begin_another_shadow(house: House, model: str | None, terms: Terms) -> None:
    """What was asked under the shadow before is not answered: it is no evidence for the one that began since."""
    house.promote(Stage.SHADOW, model, terms=terms)
    answered(house, [250])
    house.promote(Stage.SHADOW)
    last = answered(house, [240])
    until(shadows_of(house), lambda: last[0].id in {pair[0] for pair in pairs(house)})
    assert [pair[0] for pair in pairs(house)] == [last[0].id]


class Picky(BrightnessModel):
    """Breaks on one brightness."""

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        if photos[0] == photo(66):
            raise ArithmeticError("the graph broke")
        if photos[0] == photo(67):
            raise UnderstudyError(fact="The module failed.", reason="It is its fault.", remedy="Report it.")
        return super().predict(photos)


def test_a_model_that_fails_on_one_input_goes_on_with_the_next(house: House) -> None:
    """The failure is counted, makes no pair, and is not tried for ever."""
    house.model = house.shelf.models["lamp"] = Picky()
    house.promote(Stage.SHADOW)
    answered(house, [250, 66, 67, 240])
    until(shadows_of(house), lambda: len(pairs(house)) == 2)
    faults = house.faults.take()
    assert sorted((fault.kind, fault.count) for fault in faults) == [("ArithmeticError", 1), ("UnderstudyError", 1)]
    assert not house.ledger.shadow_pending("lamp", house.model.version, since_stage=1, limit=9)


@pytest.mark.parametrize(("method", "passed"), [("shadow_pending", 1), ("input", 1), ("record_shadow_answers", 0)])
def test_a_ledger_that_fails_for_a_moment_costs_no_evidence(house: House, method: str, passed: int) -> None:
    """What could not be read or written once is answered a moment later, and is no fault of the model's."""
    house.promote(Stage.SHADOW)
    decisions = answered(house, [250, 10])
    house.standings.refresh()
    faltering = Faltering(house.ledger, method, passed=passed)
    inputs = Inputs(faltering, house.blobs)
    shadows = Shadows(faltering, house.standings, house.shelf, inputs, house.faults, worker="w")

    def answered_all() -> bool:
        return not house.ledger.shadow_pending("lamp", house.model.version, since_stage=1, limit=1)

    until(shadows, answered_all)
    assert [pair[0] for pair in pairs(house)] == [decision.id for decision in decisions]
    assert house.faults.take() == []


def test_a_model_that_hangs_holds_up_nothing(house: House) -> None:
    """While one project's model hangs in the dark, requests, ticks and another project's shadow go on."""
    other = BrightnessModel(version="ee" * 32)
    house.shelf.models["untrained"] = other
    house.ledger.set_setting("lamp", "model-seconds", 0.01, "Ada", datetime.now(UTC))
    house.model.gate = threading.Event()
    house.promote(Stage.SHADOW)
    house.promote(Stage.SHADOW, other.version, project="untrained")
    answered(house, [250])

    async def scene(router: Router) -> Decision:
        decision = await router.decide("untrained", Request(photo(9)))
        await asyncio.wait_for(router.decide("lamp", Request(photo(240))), 60)
        return decision

    shadows = shadows_of(house)
    until(shadows, lambda: bool(house.model.batches))
    decision = house.play(scene)
    house.say(decision.id, "dark")

    def beside() -> bool:
        return not house.ledger.shadow_pending("untrained", other.version, since_stage=1, limit=1)

    until(shadows, beside)
    until(shadows, lambda: any(fault.kind == "too-slow" for fault in house.faults.take()))
    house.model.gate.set()


class Stepping(BrightnessModel):
    """Is loaded, and answers one input at a time, only as far as the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let_go = threading.Semaphore(0), threading.Semaphore(0)

    def step(self) -> None:
        """Says that something was begun, and waits."""
        self.begun.release()
        assert self.let_go.acquire(timeout=60)

    def predict(self, photos: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        self.step()
        return super().predict(photos)


@pytest.fixture
def stepping(house: House) -> Stepping:
    """The model of a house whose shadow has five inputs before it, and half a second for an answer."""
    model = house.model = house.shelf.models["lamp"] = Stepping()
    house.ledger.set_setting("lamp", "model-seconds", 0.5, "Ada", datetime.now(UTC))
    house.promote(Stage.SHADOW)
    answered(house, [250, 10, 240, 20, 230])
    return model


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds by which shadows are timed, for the test to move on."""
    seconds = [0.0]
    monkeypatch.setattr("understudy.serving.shadows.monotonic", lambda: seconds[0])
    return seconds


def test_a_shadow_that_answers_one_after_the_other_does_not_hang(
    house: House, stepping: Stepping, clock: list[float]
) -> None:
    """However long it has been at work, it is accused over a single input, once, and of the time since it got that."""
    limit = HANGING * 0.5
    shadows = shadows_of(house)
    shadows.tick()
    for _ in range(4):
        assert stepping.begun.acquire(timeout=60)
        clock[0] += 0.9 * limit
        shadows.tick()
        stepping.let_go.release()
    assert house.faults.take() == []
    assert stepping.begun.acquire(timeout=60)
    clock[0] += 1.1 * limit
    for _ in range(3):
        shadows.tick()
    (fault,) = house.faults.take()
    assert (fault.kind, fault.count) == ("too-slow", 1)
    assert f"within {1.1 * limit:g} seconds" in fault.fact
    stepping.let_go.release()


def test_a_shadow_that_is_loaded_hangs_only_after_a_minute(
    house: House, stepping: Stepping, clock: list[float]
) -> None:
    """Loading is not answering, so the time that an answer has says nothing of it; what never ends is told."""
    load = house.shelf.load

    def stepwise(project: str, version: str) -> ServedModel:
        stepping.step()
        return load(project, version)

    house.shelf.load = stepwise
    shadows = shadows_of(house)
    shadows.tick()
    assert stepping.begun.acquire(timeout=60)
    clock[0] = LOADING_SECONDS
    shadows.tick()
    assert house.faults.take() == []
    clock[0] += 1.0
    shadows.tick()
    assert [fault.kind for fault in house.faults.take()] == ["too-slow"]
    stepping.let_go.release(9)


def test_of_models_that_are_no_more_in_the_dark_no_thread_is_kept(house: House) -> None:
    """However many versions a long-lived server sees, it holds on to those at work only."""
    house.model.gate = gate = threading.Event()
    house.promote(Stage.SHADOW)
    answered(house, [250])
    shadows, before = shadows_of(house), threading.enumerate()
    until(shadows, lambda: bool(house.model.batches))
    (thread,) = (each for each in threading.enumerate() if each.name == "shadow-lamp" and each not in before)
    kept = weakref.ref(thread)
    gate.set()
    thread.join(60)
    del thread
    house.promote(Stage.WIZARD)
    house.standings.refresh()
    shadows.tick()
    gc.collect()
    assert kept() is None


def test_an_input_that_is_gone_is_asked_about_once(house: House) -> None:
    """What was forgotten before the model came to it is passed over for good, and is no fault of the model's."""
    gone = photo(250, size=(640, 480), kind="BMP")
    house.promote(Stage.SHADOW)
    decision = house.play(lambda router: router.decide("lamp", Request(gone)))
    (last,) = answered(house, [240])
    assert house.blobs.remove(decision.input_digest)
    tried = list[str]()

    class Counting(Inputs):
        def read(self, digest: str, decision: str) -> bytes:
            tried.append(decision)
            return super().read(digest, decision)

    house.standings.refresh()
    inputs = Counting(house.ledger, house.blobs)
    shadows = Shadows(house.ledger, house.standings, house.shelf, inputs, house.faults, worker="w")
    until(shadows, lambda: not house.ledger.shadow_pending("lamp", house.model.version, since_stage=1, limit=1))
    assert tried == [decision.id, last.id]
    assert [pair[0] for pair in pairs(house)] == [last.id]
    assert house.faults.take() == []


class Spoilt(Faltering):
    """A ledger in which something of one project cannot be understood."""

    def shadow_pending(self, project: str, *arguments: object, **more: object) -> Sequence[PendingCase]:
        if project == "lamp":
            raise ValueError("“12,5” is no number")
        return self._ledger.shadow_pending(project, *arguments, **more)


def test_what_fails_for_one_project_keeps_no_other_in_the_dark(house: House) -> None:
    """A shadow whose questions cannot be read is said, and the next project's goes on."""
    other = BrightnessModel(version="ee" * 32)
    house.shelf.models["untrained"] = other
    house.promote(Stage.SHADOW)
    house.promote(Stage.SHADOW, other.version, project="untrained")
    house.play(lambda router: router.decide("untrained", Request(photo(9))))
    house.standings.refresh()
    inputs, ledger = Inputs(house.ledger, house.blobs), Spoilt(house.ledger, "nothing")
    shadows = Shadows(ledger, house.standings, house.shelf, inputs, house.faults, worker="w")
    deadline = time.monotonic() + 60
    while house.ledger.shadow_pending("untrained", other.version, since_stage=1, limit=1):
        assert time.monotonic() < deadline
        with pytest.raises(ValueError, match="no number"):
            shadows.tick()
        time.sleep(0.01)
    assert other.batches == [1]


def test_one_process_answers_for_a_project_at_a_time(house: House) -> None:
    """While another worker holds the lease, this one leaves the shadow alone."""
    house.promote(Stage.SHADOW)
    answered(house, [250])
    now = datetime.now(UTC)
    assert house.ledger.take_lease("shadow lamp", "another", now, now + timedelta(seconds=60))
    shadows = shadows_of(house)
    for _ in range(5):
        shadows.tick()
        time.sleep(0.01)
    assert house.model.batches == []


def test_a_model_that_cannot_be_loaded_is_a_fault(house: House) -> None:
    """A shadow whose file is missing is told, and nothing is recorded in its name."""
    house.promote(Stage.SHADOW, "ef" * 32)
    answered(house, [250])
    shadows = shadows_of(house)
    faults: list[str] = []

    def told() -> bool:
        faults.extend(fault.kind for fault in house.faults.take())
        return bool(faults)

    until(shadows, told)
    assert faults == ["UnknownModel"]
