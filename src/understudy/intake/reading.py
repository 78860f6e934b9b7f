"""Reading the files of a source: what each is, and the bytes kept. The first of intake's two passes."""

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from understudy.domain.finding import Finding
from understudy.intake.badfile import unreadable_photo
from understudy.intake.incoming import FileUnreadable, Incoming
from understudy.modalities.image.decode import PhotoFacts, inspect_photo
from understudy.modalities.image.unreadable import PhotoUnreadable


@dataclass(frozen=True)
class Record:
    """One file that is a photo.

    Attributes:
        name: As it came.
        label: As it came.
        group: As it came.
        digest: SHA-256 of its bytes, in hex.
        facts: What is known of the photo; None if it is known already.
    """

    name: str
    label: str | None
    group: str | None
    digest: str
    facts: PhotoFacts | None


def read_all(
    items: Sequence[Incoming | Finding],
    known: Collection[str],
    keep: Callable[[bytes], str],
    progress: Callable[[int, int], None],
    threads: int,
) -> Iterator[Record | Finding]:
    """Reads, inspects and keeps every file, in the order of the source.

    At most `threads` files are in memory at a time.

    Args:
        items: Files, and findings that pass through.
        known: Digests of photos that need no second look.
        keep: Stores the bytes of a photo and returns their digest; called from several threads.
        progress: Told how many items of how many are done.
        threads: Files read at a time.
    """
    waiting: deque[Finding | Future[Record | Finding]] = deque()
    rest = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        for done in range(1, len(items) + 1):
            for item in islice(rest, 8 * threads - len(waiting)):
                waiting.append(item if isinstance(item, Finding) else pool.submit(_record, item, known, keep))
            first = waiting.popleft()
            yield first if isinstance(first, Finding) else first.result()
            progress(done, len(items))


def _record(item: Incoming, known: Collection[str], keep: Callable[[bytes], str]) -> Record | Finding:
    try:
        data = item.read()
        digest = hashlib.sha256(data).hexdigest()
        if digest in known:
            return Record(item.name, item.label, item.group, digest, None)
        facts = inspect_photo(data)
    except FileUnreadable as error:
        return error.finding
    except PhotoUnreadable as error:
        return unreadable_photo(item.name, error)
    return Record(item.name, item.label, item.group, keep(data), facts)
