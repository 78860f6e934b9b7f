"""Reading the inputs of a source: what each is, and the bytes kept. The first of intake's two passes."""

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from understudy.domain.finding import Finding, FindingKind
from understudy.intake.badfile import unreadable, unreadable_rows
from understudy.intake.incoming import FileUnreadable, Incoming, Source
from understudy.modalities.abilities import input_of
from understudy.modalities.contained import contained
from understudy.modalities.measuring import inspected
from understudy.modalities.protocol import Measured, Modality, Unreadable


@dataclass(frozen=True, slots=True)
class Record:
    """One file or row that is an input.

    Attributes:
        name: As it came.
        label: As it came.
        group: As it came.
        digest: SHA-256 of its bytes, in hex.
        measured: What one look told; None if it is known already.
    """

    name: str
    label: str | None
    group: str | None
    digest: str
    measured: Measured | None


NOTHING = Measured()
"""What most rows of a table tell."""
ROWS_BETWEEN = 1_000
"""Rows after which it is told how far the work has come."""


def read_all(
    source: Source,
    modality: Modality,
    known: Collection[str],
    keep: Callable[[bytes], str],
    progress: Callable[[int, int], None],
    threads: int,
) -> Iterator[Record | Finding]:
    """Reads, inspects and keeps every input, in the order of the source.

    At most `threads` files are in memory at a time. Rows are read one after the other, since each takes less time
    than it takes to hand it to a thread.

    Args:
        source: Inputs, and findings that pass through.
        modality: What they are.
        known: Digests of inputs that need no second look.
        keep: Stores the bytes of an input and returns their digest; called from several threads.
        progress: Told how many items of how many are done.
        threads: Files read at a time.
    """
    items, total = source.items, len(source.items)
    if source.rows:
        yield from _rows(source, modality, known, keep, progress)
        return
    waiting: deque[Finding | Future[Record | Finding]] = deque()
    rest = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        for done in range(1, total + 1):
            for item in islice(rest, 8 * threads - len(waiting)):
                waiting.append(item if isinstance(item, Finding) else pool.submit(_record, item, modality, known, keep))
            first = waiting.popleft()
            yield first if isinstance(first, Finding) else first.result()
            progress(done, total)


def _rows(
    source: Source,
    modality: Modality,
    known: Collection[str],
    keep: Callable[[bytes], str],
    progress: Callable[[int, int], None],
) -> Iterator[Record | Finding]:
    """Rows, one after the other; those of which nothing can be made are told last, what is alike once."""
    total = len(source.items)
    bad: dict[tuple[FindingKind, str], tuple[Unreadable, list[str]]] = {}
    for done, item in enumerate(source.items, start=1):
        if isinstance(item, Finding):
            yield item
        else:
            try:
                yield _read(item, item.read(), modality, known, keep)
            except FileUnreadable as error:
                yield error.finding
            except Unreadable as error:
                bad.setdefault((error.kind, error.reason), (error, []))[1].append(item.name)
        if done % ROWS_BETWEEN == 0 or done == total:
            progress(done, total)
    for first, names in bad.values():
        yield unreadable_rows(names, first, modality)


def _record(
    item: Incoming, modality: Modality, known: Collection[str], keep: Callable[[bytes], str]
) -> Record | Finding:
    try:
        data = item.read()
        with contained(modality.name):
            data = input_of(modality, data)
        return _read(item, data, modality, known, keep)
    except FileUnreadable as error:
        return error.finding
    except Unreadable as error:
        return unreadable(item.name, error, modality)


def _read(
    item: Incoming, data: bytes, modality: Modality, known: Collection[str], keep: Callable[[bytes], str]
) -> Record:
    digest = hashlib.sha256(data).hexdigest()
    if digest in known:
        return Record(item.name, item.label, item.group, digest, None)
    measured = inspected(modality, data)
    measured = NOTHING if measured == NOTHING else measured  # one for all of a million rows
    return Record(item.name, item.label, item.group, keep(data), measured)
