"""Everything that serves in one process, put together and running."""

import asyncio
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from brightness import photo
from understudy.domain.decision import Because, Decision
from understudy.domain.opinion import Outcome
from understudy.domain.stage import Cause, Stage
from understudy.serving.asking import Request
from understudy.serving.backstage import DEAD_SECONDS, Vitals
from understudy.serving.company import Company, company

from .house import TERMS, House

Result = TypeVar("Result")
WATCHED = replace(TERMS, audit_share=1.0)


def play(house: House, scene: Callable[[Company], Awaitable[Result]]) -> Result:
    """Runs a scene while the whole company is at work."""

    async def whole() -> Result:
        made = company(house.ledger, house.blobs, house.shelf)
        made.backstage.start()
        try:
            return await scene(made)
        finally:
            await made.router.close()
            await asyncio.to_thread(made.backstage.stop)

    return asyncio.run(whole())


async def until(done: Callable[[], bool], seconds: float = 10.0) -> float:
    """Waits until something is so, and says for how long."""
    started = time.perf_counter()
    while not done():
        assert time.perf_counter() - started < seconds
        await asyncio.sleep(0.005)
    return time.perf_counter() - started


def test_a_promotion_by_another_process_is_noticed_in_a_moment(house: House) -> None:
    """The next look at the ledger, a twentieth of a second later, makes the model ready and lets it answer."""

    async def scene(made: Company) -> tuple[Decision, Decision, float]:
        before = await made.router.decide("lamp", Request(photo(250)))
        house.promote(Stage.LIVE)
        seconds = await until(lambda: house.model.version in house.shelf.loaded)
        return before, await made.router.decide("lamp", Request(photo(249))), seconds

    before, after, seconds = play(house, scene)
    assert (before.because, after.because) == (Because.WIZARD, Because.CONFIDENT)
    assert seconds < 5


def test_from_bad_answers_to_a_trip_and_back(house: House) -> None:
    """Audits prove a model wrong, its breaker takes it out, people answer; promoted again, it answers again."""
    house.promote(Stage.LIVE, terms=WATCHED)

    async def scene(made: Company) -> list[Because]:
        router = made.router
        decisions = [await router.decide("lamp", Request(photo(250))) for _ in range(12)]
        house.ledger.record_outcomes([Outcome(each.id, "dark", "till", "api", datetime.now(UTC)) for each in decisions])
        await until(lambda: house.ledger.stage("lamp").cause is Cause.TRIPPED)
        tripped = await router.decide("lamp", Request(photo(249)))
        house.promote(Stage.LIVE, terms=WATCHED)
        await until(lambda: router._standings.known("lamp").number == 3)
        await asyncio.sleep(0.2)
        return [tripped.because, (await router.decide("lamp", Request(photo(248)))).because]

    assert play(house, scene) == [Because.SHADOW, Because.CONFIDENT]


def test_a_worker_signs_on_and_off(house: House) -> None:
    """While it serves, a process is known and well; when it ends, it is known no more."""

    async def scene(made: Company) -> Vitals:
        await until(lambda: made.backstage.vitals().workers == 1)
        return made.backstage.vitals()

    vitals = play(house, scene)
    assert vitals.ok
    assert {"pulse", "guard", "shadow", "deliveries"} <= set(vitals.ages)
    assert house.ledger.workers(datetime(2000, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("workers", "age", "ok"), [(2, 0.0, True), (3, 0.0, True), (1, 0.0, False), (2, DEAD_SECONDS + 1, False)]
)
def test_what_is_amiss_is_said(workers: int, age: float, ok: bool) -> None:
    """Too few workers or a dead pulse are not well; a chore that one can do without may hang."""
    vitals = Vitals(workers, 2, {"pulse": age, "guard": 0.0, "shadow": 999.0})
    assert vitals.ok is ok
    assert vitals.dead == (("pulse",) if age else ())


def test_a_server_that_is_told_to_end_lets_held_connections_go(house: House) -> None:
    """On SIGTERM those who wait for a person hear at once; then whoever heard the signal before hears it too."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    assert threading.current_thread() is threading.main_thread()

    async def scene(made: Company) -> float:
        decision = await made.router.decide("lamp", Request(photo(250)))
        waiting = asyncio.create_task(made.router.resolved(decision.id, 30.0))
        await asyncio.sleep(0.2)
        started = time.perf_counter()
        signal.raise_signal(signal.SIGTERM)
        assert await waiting is None
        return time.perf_counter() - started

    try:
        seconds = play(house, scene)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seconds < 15
    assert heard == [signal.SIGTERM]
