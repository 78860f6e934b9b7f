"""Explanations: whoever asks hears within a time, and what never ends for one project is no matter of the others."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from brightness import BrightnessModel, NoPhoto, Shelf, photo
from understudy.domain.answer import Reason
from understudy.serving import explaining
from understudy.serving.batching import Closed, Overloaded
from understudy.serving.explaining import Explainer, ExplanationLate, LoadingLate
from understudy.serving.model import ServedModel
from understudy.serving.router import Router, Setup

from .house import House

SHORT, LONG = 0.1, 60.0
HANGING, QUICK = "ab" * 32, "cd" * 32


@dataclass
class Held(BrightnessModel):
    """Explains nothing until it is let go."""

    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    explained: int = 0
    broken: bool = False

    def explain(self, photo: bytes) -> tuple[Reason, ...]:
        self.explained += 1
        self.begun.set()
        broken = self.broken
        self.let_go.wait(LONG)
        if broken:
            raise NoPhoto(fact="It is no photo.", reason="It was said so.", remedy="Send one.")
        return super().explain(photo)


@dataclass
class SlowShelf(Shelf):
    """Loads the models of one project only when it is let go."""

    let_go: threading.Event = field(default_factory=threading.Event)

    def load(self, project: str, version: str) -> ServedModel:
        if project == "held":
            self.let_go.wait(LONG)
        return super().load(project, version)


@pytest.fixture
def held() -> Iterator[Held]:
    """A model that explains nothing until the test lets it go, or is over."""
    model = Held(version=HANGING)
    yield model
    model.let_go.set()


@pytest.fixture
def shelf(held: Held) -> Shelf:
    """Two projects: the model of one hangs when it is to explain, that of the other does not."""
    return Shelf({"held": held, "lamp": BrightnessModel(version=QUICK)})


async def until(event: threading.Event) -> None:
    """Waits for what a thread says."""
    while not event.is_set():
        await asyncio.sleep(0.001)


def asked(explainer: Explainer, level: int = 9, *, project: str = "held") -> "asyncio.Task[tuple[Reason, ...]]":
    """Asks for reasons."""
    version = HANGING if project == "held" else QUICK
    return asyncio.create_task(explainer.reasons(project, photo(level), version=version))


async def insisted(explainer: Explainer) -> tuple[Reason, ...]:
    """Asks until something comes."""
    while True:
        try:
            return await asked(explainer)
        except ExplanationLate:
            await asyncio.sleep(0.001)


def test_whoever_asks_for_what_never_comes_is_told_so(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    """The fact, the reason and the remedy are said, and the log says which model it was."""

    async def scene() -> ExplanationLate:
        explainer = Explainer(shelf, seconds=SHORT)
        with pytest.raises(ExplanationLate) as late:
            await asked(explainer)
        explainer.close()
        return late.value

    with caplog.at_level(logging.WARNING):
        late = asyncio.run(scene())
    assert late.fact == "No explanation came in time."
    assert late.reason == f"Model {HANGING[:12]} did not tell within 0.1 seconds what moved its answer."
    assert late.remedy
    assert HANGING[:12] in caplog.text


def test_nobody_waits_behind_what_hangs(shelf: Shelf, held: Held) -> None:
    """The next who ask are refused at once and begin nothing; when it has ended after all, they are answered."""

    async def scene() -> tuple[Reason, ...]:
        explainer = Explainer(shelf, seconds=SHORT)
        with pytest.raises(ExplanationLate):
            await asked(explainer)
        for _ in range(3):
            with pytest.raises(ExplanationLate, match="An earlier one"):
                await asked(explainer)
        assert held.explained == 1
        held.let_go.set()
        return await insisted(explainer)

    assert asyncio.run(scene())[0].what == "brightness 9"


def test_what_was_found_too_late_is_told_to_who_asks_again(shelf: Shelf, held: Held) -> None:
    """A model that always takes longer than anybody waits explains each input once; other inputs are asked about."""

    async def scene() -> None:
        explainer = Explainer(shelf, seconds=SHORT)
        with pytest.raises(ExplanationLate, match="what it finds is kept"):
            await asked(explainer)
        held.let_go.set()
        assert (await insisted(explainer))[0].what == "brightness 9"
        assert (await asked(explainer))[0].what == "brightness 9"
        assert held.explained == 1
        assert (await asked(explainer, 10))[0].what == "brightness 10"
        assert held.explained == 2

    asyncio.run(scene())


def test_what_failed_too_late_is_tried_again(shelf: Shelf, held: Held) -> None:
    """An error that nobody waited for is nobody's answer."""

    async def scene() -> None:
        explainer = Explainer(shelf, seconds=SHORT)
        held.broken = True
        with pytest.raises(ExplanationLate):
            await asked(explainer)
        held.let_go.set()
        held.broken = False
        assert (await insisted(explainer))[0].what == "brightness 9"

    asyncio.run(scene())


@dataclass
class InTurn(Held):
    """Explains each input only when it is let go."""

    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def explain(self, photo: bytes) -> tuple[Reason, ...]:
        self.explained += 1
        assert self.turns.acquire(timeout=LONG)
        return BrightnessModel.explain(self, photo)


async def turned(done: Callable[[], bool]) -> None:
    """Lets the event loop turn until something is so, without waiting for its clock."""
    while not done():
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("ended", "said"),
    [(0, ["did not tell", "An earlier one", "An earlier one"]), (1, ["did not tell", "Others came first"])],
)
def test_a_queue_is_not_told_as_a_hang(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, ended: int, said: list[str]
) -> None:
    """Whose turn does not come while others have theirs hears of the crowd; only where none ends, that one hangs."""
    shelf.models["held"] = model = InTurn(version=HANGING)
    monkeypatch.setattr(explaining, "MOST_WAITING", 3)
    now = [0.0]

    async def scene() -> list[str]:
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
        explainer = Explainer(shelf, seconds=LONG)
        first = asked(explainer, 0)
        await turned(lambda: model.explained == 1)
        others = [asked(explainer, level) for level in (1, 2, 3)]
        await turned(lambda: any(each.done() for each in others))  # one is too many, so the other two wait
        (refused,) = (each for each in others if each.done())
        assert isinstance(refused.exception(), Overloaded)
        jobs = [first, *(each for each in others if each is not refused)]
        for _ in range(ended):
            model.turns.release()
        await turned(lambda: model.explained == 1 + ended and sum(each.done() for each in jobs) == ended)
        now[0] = LONG + 1.0
        await turned(lambda: all(each.done() for each in jobs))
        model.turns.release(3)
        explainer.close()
        return [str(error) for each in jobs if (error := each.exception())]

    found = asyncio.run(scene())
    assert [part in each for part, each in zip(said, found, strict=True)] == [True] * len(said)


def test_other_projects_and_models_are_not_held_up(house: House, held: Held) -> None:
    """While one explanation hangs, another project has its own, and both projects' models can be had."""
    house.shelf.models["untrained"] = held
    house.model.version = QUICK

    async def scene(router: Router) -> None:
        hanging = asyncio.create_task(router.explainer.reasons("untrained", photo(9), version=HANGING))
        await until(held.begun)
        async with asyncio.timeout(LONG / 2):
            assert await router.explainer.reasons("lamp", photo(7), version=QUICK)
            assert (await router.explainer.regions("lamp", photo(7), version=QUICK)).shape == (4, 4)
            assert (await router.model("lamp")).version == QUICK
            assert (await router.model("untrained")).version == HANGING
        assert not hanging.done()
        held.let_go.set()
        assert await hanging

    house.play(scene)


def test_the_limit_is_the_routers_to_set(house: House, held: Held) -> None:
    """A router is told how long an explanation may take."""
    house.setup = Setup(explaining=SHORT)
    house.shelf.models["lamp"] = held

    async def scene(router: Router) -> None:
        with pytest.raises(ExplanationLate):
            await router.explainer.reasons("lamp", photo(9), version=HANGING)

    house.play(scene)


def test_a_model_that_does_not_load_in_time_is_said_to_be_late(shelf: Shelf) -> None:
    """Whoever asks for it is told; another project's model is loaded meanwhile."""
    slow = SlowShelf(shelf.models)

    async def scene() -> None:
        explainer = Explainer(slow, seconds=SHORT)
        for _ in range(2):
            with pytest.raises(LoadingLate, match="is not loaded yet"):
                await explainer.model("held", HANGING)
        assert (await explainer.model("lamp", QUICK)).version == QUICK
        explainer.close()

    try:
        asyncio.run(scene())
    finally:
        slow.let_go.set()


def test_no_more_wait_than_may(shelf: Shelf, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those beyond as many as may wait are refused at once; the others are answered when it is their turn."""
    monkeypatch.setattr(explaining, "MOST_WAITING", 3)

    async def scene() -> list[tuple[Reason, ...] | BaseException]:
        explainer = Explainer(shelf, seconds=LONG)
        first = asked(explainer, 0)
        await until(held.begun)
        others = [asked(explainer, level) for level in range(1, 11)]
        while sum(each.done() for each in others) < 8:
            await asyncio.sleep(0.001)
        held.let_go.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    results = asyncio.run(scene())
    assert sum(isinstance(each, Overloaded) for each in results) == 8
    assert sum(isinstance(each, tuple) for each in results) == held.explained == 3


def test_who_hung_up_costs_no_explanation(shelf: Shelf, held: Held) -> None:
    """What waits for a client that is gone is not begun."""

    async def scene() -> None:
        explainer = Explainer(shelf, seconds=LONG)
        first = asked(explainer, 1)
        await until(held.begun)
        gone = asked(explainer, 2)
        await asyncio.sleep(0.05)
        gone.cancel()
        await asyncio.wait([gone])
        held.let_go.set()
        await first
        await asked(explainer, 3)

    asyncio.run(scene())
    assert held.explained == 2


def test_closing_begins_nothing_new_and_leaves_no_thread(shelf: Shelf, held: Held) -> None:
    """Who waits, or comes later, is told that the server stops; what runs is finished, and then no thread is left."""
    before = threading.active_count()

    async def scene() -> tuple[Reason, ...]:
        explainer = Explainer(shelf, seconds=LONG)
        first = asked(explainer, 1)
        await until(held.begun)
        waiting = asked(explainer, 2)
        await asyncio.sleep(0.05)
        explainer.close()
        for late in (waiting, asked(explainer, 3)):
            with pytest.raises(Closed):
                await late
        held.let_go.set()
        return await first

    assert asyncio.run(scene())[0].what == "brightness 1"
    assert held.explained == 1
    for thread in threading.enumerate():
        if thread.name.startswith("explaining-held"):
            thread.join(LONG)
    assert threading.active_count() <= before


def test_what_the_model_raises_reaches_who_asked_and_threads_go_when_all_is_done(shelf: Shelf) -> None:
    """An input that cannot be read is its sender's matter, and an idle project keeps no thread."""

    async def scene() -> None:
        explainer = Explainer(shelf, seconds=LONG)
        with pytest.raises(NoPhoto):
            await explainer.regions("lamp", b"none", version=QUICK)
        assert await asked(explainer, project="lamp")

    asyncio.run(scene())
    for thread in threading.enumerate():
        if thread.name.startswith("explaining-lamp"):
            thread.join(LONG)
            assert not thread.is_alive()
