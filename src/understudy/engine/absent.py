"""Packages that are installed and of no use: libraries load them where they find them, which takes time and memory."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


class Absent(MetaPathFinder):
    """Says of packages that they are not installed.

    Args:
        names: Top-level packages. What is loaded already stays.
        thread: To whom alone it says so, as `threading.get_ident` tells it, or None for everybody.
    """

    def __init__(self, names: frozenset[str], thread: int | None = None) -> None:
        self._names, self._thread = names, thread

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> None:
        """Finds nothing.

        Raises:
            ModuleNotFoundError: It is one of them.
        """
        if fullname in self._names and self._thread in (None, threading.get_ident()):
            raise ModuleNotFoundError(f"{fullname} is of no use here", name=fullname)


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Within it, and for this thread alone, these packages are not installed unless they are loaded already."""
    finder = Absent(frozenset(names), threading.get_ident())
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
