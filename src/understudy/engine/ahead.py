"""Work ahead: batches for a graph are prepared on all cores, in order, a bounded number of them early."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from understudy.engine.inference import batched, cores

Item = TypeVar("Item")
Part = TypeVar("Part")
Batch = TypeVar("Batch")


@contextmanager
def prepared_ahead(
    items: Iterable[Item],
    rows: int,
    *,
    part: Callable[[Item], Part],
    batch: Callable[[Sequence[Part]], Batch],
    ahead: int,
) -> Iterator[Iterator[Batch]]:
    """Prepares batches while it is open. Whoever leaves it early waits for one item on each core at most.

    Args:
        items: In order; read as they are needed.
        rows: Items in a batch, the last one shorter.
        part: What is done with each item; called on several threads.
        batch: Puts what came of them together.
        ahead: Batches that are under way or done and not taken yet, for each core.

    Yields:
        The batches in order; the first are under way at once. What `part` raises comes where its batch would.
    """
    left = threading.Event()

    def prepare(some: Sequence[Item]) -> Batch:
        parts = []
        for each in some:
            if left.is_set():
                raise CancelledError
            parts.append(part(each))
        return batch(parts)

    batches = batched(items, rows)
    with ThreadPoolExecutor(cores()) as pool:
        waiting = deque(pool.submit(prepare, some) for some in islice(batches, ahead * cores()))
        try:
            yield _in_order(waiting, (pool.submit(prepare, some) for some in batches))
        finally:
            left.set()


def each_ahead(pool: Executor, work: Callable[[Item], Part], items: Iterable[Item], *, ahead: int) -> Iterator[Part]:
    """What work makes of each item, in order, a bounded number of them early.

    Args:
        pool: Does the work, on as many threads as it has.
        work: What is done with each item.
        items: In order; read as they are needed, by the caller's thread.
        ahead: Items that are under way or done and not taken yet.
    """
    coming = iter(items)
    waiting = deque(pool.submit(work, item) for item in islice(coming, ahead))
    yield from _in_order(waiting, (pool.submit(work, item) for item in coming))


def _in_order(waiting: deque[Future[Batch]], coming: Iterator[Future[Batch]]) -> Iterator[Batch]:
    """Results in order; as each one is taken, the next is set to work."""
    while waiting:
        taken = waiting.popleft()
        waiting.extend(islice(coming, 1))
        yield taken.result()
