"""Inputs that remember in which order they were read, so that one on which a module fails can be named."""

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.modalities.cache import FeaturesNotFinite
from understudy.modalities.contained import contained
from understudy.modalities.protocol import Encoder, Input, Modality, Unreadable

REMEMBERED: Final = 4096
"""Inputs that were read last: more than are prepared ahead of one that fails."""


class InputFailed(UnderstudyError):
    """An input that was readable on arrival no longer is, or a module fails on it when it computes features.

    Its fact holds the input's digest, in place of which whoever knows its name says that.
    """


class Reading:
    """Makes inputs, and remembers which of them were read last."""

    def __init__(self) -> None:
        self._read: deque[Input] = deque(maxlen=REMEMBERED)

    def input(self, digest: str, read: Callable[[], bytes]) -> Input:
        """An input that is remembered when it is read."""
        plain = Input(digest, read)

        def remembered() -> bytes:
            self._read.append(plain)
            return read()

        return Input(digest, remembered)

    @contextmanager
    def named(self, modality: Modality, encoder: Encoder) -> Iterator[None]:
        """Around work that computes features of these inputs.

        Args:
            modality: What they are.
            encoder: What computes their features.

        Raises:
            InputFailed: The work ended by an error that one of the inputs read last brings about by itself.
        """
        try:
            yield
        except Exception as error:
            passes = isinstance(error, UnderstudyError | MemoryError)
            failed = None if passes and not isinstance(error, _OF_ONE) else self._failing(modality, encoder)
            if failed is None:
                raise
            raise failed from error

    def _failing(self, modality: Modality, encoder: Encoder) -> InputFailed | None:
        """What fails of those that were read, the last first; by its features only the very last is tried."""
        preparer = encoder.preparer(encoder.views(REMEMBERED, thorough=True))
        for each in reversed(self._read):
            failed = _tried(modality, each, lambda one: preparer.arrays(one.read()))
            if failed is not None:
                return failed
        return _tried(modality, self._read[-1], partial(_features, encoder)) if self._read else None


_OF_ONE: Final = (Unreadable, FeaturesNotFinite)
"""Errors in the product's own words that are about one input."""


def _features(encoder: Encoder, one: Input) -> None:
    views = encoder.views(REMEMBERED, thorough=True)
    with tempfile.TemporaryDirectory() as folder:
        for view in views:
            encoder.features([one], view, views, Path(folder), lambda _done, _all: None)


def _tried(modality: Modality, one: Input, attempt: Callable[[Input], object]) -> InputFailed | None:
    """What is the matter with an input; None where nothing is."""
    try:
        with contained(modality.name):
            attempt(one)
    except Unreadable as error:
        return input_failed(one.digest, error)
    except FeaturesNotFinite as error:
        return _failed(f"The features of “{one.digest}” are not numbers.", error.reason)
    return None


def input_failed(digest: str, error: Unreadable) -> InputFailed:
    """The error for an input that cannot be read, with its digest."""
    return _failed(f"The {error.noun} “{digest}” {error.what}.", error.reason)


def _failed(fact: str, reason: str) -> InputFailed:
    return InputFailed(
        fact=fact,
        reason=reason,
        remedy="Forget it, or let what reads it be mended; then give the same command again.",
    )
