"""Projects apart: what fails for one of them is no matter of the others."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from understudy.store.errors import LedgerUnavailable

Thing = TypeVar("Thing")


def for_each(things: Iterable[Thing], work: Callable[[Thing], None]) -> None:
    """Does its work for each thing, also where that failed for one before it.

    Args:
        things: What is looked after.
        work: What is done for each; may raise.

    Raises:
        LedgerUnavailable: At once: the others would have to wait for it in vain, too.
        Exception: What was raised for one of them, or a group of such, after all had their turn.
    """
    errors: list[Exception] = []
    for thing in things:
        try:
            work(thing)
        except LedgerUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised after the others' turns
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ExceptionGroup("this failed for several", errors)
