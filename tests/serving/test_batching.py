import asyncio
import threading
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.serving.batching import Batcher, Closed, Overloaded, Sizes


class Doubler:
    """Doubles numbers, keeps what it was handed, and waits at a gate if there is one."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.batches: list[list[int]] = []
        self.threads: set[str] = set()
        self.gate = gate
        self.started = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        self.threads.add(threading.current_thread().name)
        self.started.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        return [ValueError(f"{number} is odd") if number % 2 else number * 2 for number in numbers]


async def started(work: Doubler) -> None:
    while not work.started.is_set():
        await asyncio.sleep(0.001)


def test_what_comes_at_once_goes_at_once() -> None:
    """Questions that meet an idle batcher in the same turn of the loop share a batch, which waits for nobody else."""
    work = Doubler()

    async def scene() -> list[int]:
        batcher = Batcher(work, name="work")
        results = await asyncio.gather(*(batcher.ask(number) for number in (2, 4, 6)))
        await batcher.close()
        return results

    assert asyncio.run(scene()) == [4, 8, 12]
    assert work.batches == [[2, 4, 6]]


def test_those_who_were_answered_together_come_back_together() -> None:
    """Clients that ask again some turns after their answers, each a turn later than the last, stay one batch."""
    work = Doubler()

    async def client(batcher: Batcher[int, int], number: int) -> None:
        for _ in range(4):
            await batcher.ask(number)
            for _ in range(number // 2):
                await asyncio.sleep(0)

    async def scene() -> None:
        batcher = Batcher(work, name="work", sizes=Sizes(64, 64))
        await asyncio.gather(*(client(batcher, 2 * place) for place in range(12)))
        await batcher.close()

    asyncio.run(scene())
    assert [len(batch) for batch in work.batches] == [12] * 4


def test_a_lone_question_goes_alone_and_at_once() -> None:
    """A question that meets an idle batcher is not held back for company."""
    work = Doubler()

    async def scene() -> int:
        batcher = Batcher(work, name="work")
        result = await batcher.ask(4)
        await batcher.close()
        return result

    assert asyncio.run(scene()) == 8
    assert work.batches == [[4]]


def test_what_arrives_during_a_batch_goes_together_in_the_next() -> None:
    """Questions that arrive while work is in flight share batches of at most the largest size, in their order."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> list[int]:
        batcher = Batcher(work, name="work", sizes=Sizes(4, 4))
        asked = [asyncio.create_task(batcher.ask(0))]
        await asyncio.sleep(0)
        await started(work)
        asked += [asyncio.create_task(batcher.ask(number)) for number in range(2, 14, 2)]
        await asyncio.sleep(0)
        gate.set()
        results = await asyncio.gather(*asked)
        await batcher.close()
        return results

    assert asyncio.run(scene()) == [number * 2 for number in range(0, 14, 2)]
    assert work.batches == [[0], [2, 4, 6, 8], [10, 12]]
    assert len(work.threads) == 1
    assert threading.current_thread().name not in work.threads


def test_an_error_entry_reaches_its_own_asker_only() -> None:
    """One bad photo in a batch does not spoil the answers of the others."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> list[int | BaseException]:
        batcher = Batcher(work, name="work")
        asked = [asyncio.create_task(batcher.ask(number)) for number in (2, 3, 4)]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second, third = asyncio.run(scene())
    assert (first, third) == (4, 8)
    assert isinstance(second, ValueError)


def test_an_exception_of_the_batch_reaches_each_of_its_askers_and_no_later_one() -> None:
    """When the model raises, everyone in that batch hears of it, and the next batch is served."""
    calls = 0

    def work(numbers: Sequence[int]) -> list[int | Exception]:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ArithmeticError("the graph broke")
        return [number * 2 for number in numbers]

    async def scene() -> tuple[list[int | BaseException], int]:
        batcher = Batcher(work, name="work")
        first = await batcher.ask(1)
        asked = [asyncio.create_task(batcher.ask(number)) for number in (2, 3)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        return [first, *outcomes], await batcher.ask(5)

    outcomes, later = asyncio.run(scene())
    assert outcomes[0] == 2
    assert [type(outcome) for outcome in outcomes[1:]] == [ArithmeticError, ArithmeticError]
    assert later == 10


def test_a_miscounted_batch_is_an_error_for_all_of_it() -> None:
    """A model that returns too few answers never gives one question another's answer."""

    async def scene() -> None:
        await Batcher(lambda _numbers: [1, 2], name="work").ask(7)

    with pytest.raises(RuntimeError, match="1 items were handed over and 2 came back"):
        asyncio.run(scene())


def test_a_full_queue_refuses_with_words_and_recovers() -> None:
    """When as many wait as may wait, one more is refused at once, and those who wait are still answered."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> tuple[list[int], int]:
        batcher = Batcher(work, name="work", sizes=Sizes(2, 2), max_waiting=3)
        asked = [asyncio.create_task(batcher.ask(0))]
        await started(work)
        asked += [asyncio.create_task(batcher.ask(number)) for number in (2, 4, 6)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await batcher.ask(8)
        assert "3 others are waiting" in refused.value.reason
        gate.set()
        results = await asyncio.gather(*asked)
        return results, await batcher.ask(8)

    assert asyncio.run(scene()) == ([0, 4, 8, 12], 16)


def test_a_client_that_hung_up_costs_no_work() -> None:
    """A question whose asker is gone before its turn never reaches the model."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> None:
        batcher = Batcher(work, name="work")
        first = asyncio.create_task(batcher.ask(2))
        await started(work)
        gone = asyncio.create_task(batcher.ask(4))
        stays = asyncio.create_task(batcher.ask(6))
        await asyncio.sleep(0)
        gone.cancel()
        gate.set()
        assert await asyncio.gather(first, stays) == [4, 12]

    asyncio.run(scene())
    assert work.batches == [[2], [6]]


def test_closing_finishes_what_was_accepted_and_takes_nothing_new() -> None:
    """A server that stops answers those who were waiting and refuses the rest in words."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> list[int]:
        batcher = Batcher(work, name="work", sizes=Sizes(1, 1))
        asked = [asyncio.create_task(batcher.ask(number)) for number in (2, 4, 6)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(batcher.close())
        await asyncio.sleep(0)
        with pytest.raises(Closed):
            await batcher.ask(8)
        gate.set()
        await closing
        assert all(task.done() for task in asked)
        return await asyncio.gather(*asked)

    assert asyncio.run(scene()) == [4, 8, 12]


@settings(max_examples=25)
@given(
    numbers=st.lists(st.integers(-100, 100), max_size=40),
    max_batch=st.integers(1, 9),
    pauses=st.sets(st.integers(0, 40), max_size=5),
)
def test_every_question_gets_its_own_answer(numbers: list[int], max_batch: int, pauses: set[int]) -> None:
    """Whatever arrives when, each asker gets the answer to his own question, and no batch is larger than allowed."""
    work = Doubler()

    async def scene() -> list[int | BaseException]:
        batcher = Batcher(work, name="work", sizes=Sizes(max_batch, max_batch))
        asked = []
        for position, number in enumerate(numbers):
            asked.append(asyncio.create_task(batcher.ask(number)))
            if position in pauses:
                await asyncio.sleep(0.001)
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        await batcher.close()
        return outcomes

    outcomes = asyncio.run(scene())
    for number, outcome in zip(numbers, outcomes, strict=True):
        assert str(outcome) == (f"{number} is odd" if number % 2 else str(number * 2))
    assert all(1 <= len(batch) <= max_batch for batch in work.batches)
    assert sorted(number for batch in work.batches for number in batch) == sorted(numbers)


def test_quick_work_goes_in_larger_batches_and_slow_work_does_not() -> None:
    """As many go together as take about the time that is allowed, but never fewer than are sure to, nor too many."""
    sizes = Sizes(most=64, sure=8, seconds=0.02)
    assert [sizes.allowed(each) for each in (0.0, 1e-5, 0.001, 0.002, 0.5)] == [8, 64, 20, 10, 8]


def test_what_one_would_wait_is_foretold_from_how_things_went() -> None:
    """Behind three items that take 20 ms each a fourth waits about 60 ms; where nothing waits, nothing is foretold."""

    def work(numbers: Sequence[int]) -> list[int | Exception]:
        time.sleep(0.02 * len(numbers))
        return list(numbers)

    async def scene() -> tuple[float, float]:
        batcher = Batcher(work, name="work", sizes=Sizes(1, 1))
        for number in range(4):
            await batcher.ask(number)
        idle = batcher.expected_wait
        asked = [asyncio.create_task(batcher.ask(number)) for number in range(3)]
        await asyncio.sleep(0)
        crowded = batcher.expected_wait
        await asyncio.gather(*asked)
        await batcher.close()
        return idle, crowded

    idle, crowded = asyncio.run(scene())
    assert idle == 0.0
    assert 0.05 < crowded < 1.0


def test_what_the_first_batch_prepares_is_not_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is loaded for a hundred seconds and then answers in one is taken to need one, not some of both."""
    now, costs, gate = [0.0], iter([100.0, 1.0, 1.0]), threading.Event()

    def work(numbers: Sequence[int]) -> list[int | Exception]:
        if numbers == [2]:
            assert gate.wait(60)
        now[0] += next(costs)
        return list(numbers)

    async def scene() -> float:
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
        batcher = Batcher(work, name="work")
        for number in range(2):
            await batcher.ask(number)
        asked = batcher.hand_in(2)
        foretold = batcher.expected_wait
        gate.set()
        await asked
        await batcher.close()
        return foretold

    assert asyncio.run(scene()) == 1.0


def test_who_counts_batches_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    """A count that cannot be kept, as on a full disk, is said in the log and costs nobody an answer."""

    def count(_size: int) -> None:
        raise OSError("no space left on device")

    async def scene() -> list[int]:
        batcher = Batcher(Doubler(), name="work", on_batch=count)
        results = [await asyncio.wait_for(batcher.ask(number), 5) for number in (2, 4)]
        await batcher.close()
        return results

    assert asyncio.run(scene()) == [4, 8]
    assert "no space left on device" in caplog.text


def test_closing_leaves_work_that_hangs_to_itself() -> None:
    """With patience that ends, a batch that does not end keeps nobody from stopping."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> float:
        batcher = Batcher(work, name="work")
        hanging = batcher.hand_in(2)
        await started(work)
        before = time.perf_counter()
        await batcher.close(patience=0.05)
        taken = time.perf_counter() - before
        assert batcher.pending() == [(2, hanging)]
        gate.set()
        return taken

    assert asyncio.run(scene()) < 1.0


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 12), most=st.integers(1, 5), turns=st.integers(0, 8), begun=st.booleans())
def test_whenever_it_is_closed_every_asker_is_settled(count: int, most: int, turns: int, begun: bool) -> None:
    """Who waits behind a batch that takes longer than closing has patience is told so; the batch is still answered."""
    gate = threading.Event()
    work = Doubler(gate)

    async def scene() -> list[int | BaseException]:
        batcher = Batcher(work, name="work", sizes=Sizes(most, most))
        asked = [batcher.hand_in(2 * number) for number in range(count)]
        for _ in range(turns):
            await asyncio.sleep(0)
        if begun:
            await started(work)
        await batcher.close(patience=0.001)
        gate.set()
        return await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 10)

    outcomes = asyncio.run(scene())
    (batch,) = work.batches
    assert outcomes[: len(batch)] == [2 * number for number in batch]
    assert [type(each) for each in outcomes[len(batch) :]] == [Closed] * (count - len(batch))
