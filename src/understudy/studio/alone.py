"""Working alone: what two processes would undo for each other is done by one of them."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from understudy.domain.errors import UnderstudyError


@contextmanager
def alone(folder: Path, busy: Callable[[], UnderstudyError]) -> Iterator[None]:
    """Keeps other processes from a folder; the system lets go when this process ends, however it ends.

    Args:
        folder: Where the work is; need not be there yet.
        busy: Makes the error for whoever comes second.

    Raises:
        UnderstudyError: Another process is at work there: what `busy` made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise busy() from error
        yield
