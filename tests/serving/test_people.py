import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from brightness import photo
from understudy.domain.decision import Decision
from understudy.domain.opinion import Resolution
from understudy.domain.stage import Stage
from understudy.serving.asking import Request
from understudy.serving.people import People
from understudy.serving.router import Router

from .house import House


class Counting:
    """The real ledger's resolutions, and how often how many were asked for; fails as often as it is told to."""

    def __init__(self, house: House, *, failures: int = 0) -> None:
        self.house = house
        self.asked: list[int] = []
        self.failures = failures

    def resolutions(self, ids: Sequence[str], now: datetime) -> Mapping[str, Resolution]:
        self.asked.append(len(ids))
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is gone for a moment")
        return self.house.ledger.resolutions(ids, now)


def asked(house: House, count: int = 1) -> list[Decision]:
    async def scene(router: Router) -> list[Decision]:
        return [await router.decide("lamp", Request(photo(250), key=f"k{number}")) for number in range(count)]

    return house.play(scene)


def test_a_held_connection_hears_the_answer_soon(house: House) -> None:
    """A client that waits is told within a moment of the answer's settling."""
    (decision,) = asked(house)

    async def scene(router: Router) -> tuple[Resolution | None, float]:
        waiting = asyncio.create_task(router.resolved(decision.id, 60.0))
        await asyncio.sleep(0.25)
        assert not waiting.done()
        house.say(decision.id, "bright")
        said = time.perf_counter()
        return await waiting, time.perf_counter() - said

    resolution, seconds = house.play(scene)
    assert resolution is not None
    assert (resolution.value, resolution.by) == ("bright", "Ben")
    assert seconds < 30


def test_a_wait_ends_without_an_answer(house: House) -> None:
    """After its time a connection gets None and nothing of it stays behind; a model's answer is there at once."""
    (decision,) = asked(house)
    house.promote(Stage.LIVE)

    async def scene(router: Router) -> None:
        started = time.perf_counter()
        assert await router.resolved(decision.id, 0.2) is None
        assert time.perf_counter() - started > 0.15
        assert router.waiting["person"] == 0
        served = await router.decide("lamp", Request(photo(249)))
        resolution = await router.resolved(served.id)
        assert resolution is not None
        assert (resolution.value, resolution.by) == ("bright", "model")

    house.play(scene)


def test_thousands_who_wait_cost_one_query(house: House) -> None:
    """Two thousand held connections are asked about together, at most once in the interval."""
    decisions = asked(house, 3)
    counting = Counting(house)

    async def scene() -> list[Resolution | None]:
        people = People(counting, interval=0.1)
        waiting = [asyncio.create_task(people.resolved(f"nobody-{number}", 1.0)) for number in range(2000)]
        waiting += [asyncio.create_task(people.resolved(each.id, 60.0)) for each in decisions for _ in range(2)]
        await asyncio.sleep(0.3)
        for each in decisions:
            house.say(each.id, "dark")
        found = await asyncio.gather(*waiting)
        await people.close()
        return found

    found = asyncio.run(scene())
    assert [each.value if each else None for each in found] == [None] * 2000 + ["dark"] * 6
    assert max(counting.asked) == 2003
    assert len(counting.asked) < 20


def test_a_ledger_that_fails_for_a_moment_is_asked_again(house: House) -> None:
    """A query that fails ends nobody's wait."""
    (decision,) = asked(house)
    house.say(decision.id, "bright")
    counting = Counting(house, failures=2)

    async def scene() -> Resolution | None:
        people = People(counting, interval=0.02)
        found = await people.resolved(decision.id, 60.0)
        await people.close()
        return found

    found = asyncio.run(scene())
    assert found is not None
    assert len(counting.asked) == 3


def test_a_server_that_stops_lets_them_go(house: House) -> None:
    """Held connections end at once when the server is told to stop, and new waits do not begin."""

    async def scene(router: Router) -> float:
        waiting = [asyncio.create_task(router.resolved(f"id-{number}", 30.0)) for number in range(50)]
        await asyncio.sleep(0.15)
        started = time.perf_counter()
        router.release()
        assert await asyncio.gather(*waiting) == [None] * 50
        assert await router.resolved("id-1", 30.0) is None
        return time.perf_counter() - started

    assert house.play(scene) < 15


def test_how_long_a_connection_may_be_held_is_a_setting(house: House) -> None:
    """The router tells what the project allows."""
    house.ledger.set_setting("lamp", "hold-seconds", 7.0, "Ada", datetime.now(UTC))
    assert house.play(lambda router: router.hold_seconds("lamp")) == pytest.approx(7.0)
