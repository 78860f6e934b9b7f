"""What every model is to the house above the search, whatever it is made of."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.task import Task
from understudy.domain.trial import Trial
from understudy.search.out_of_fold import OutOfFold

Given = str | os.PathLike[str] | bytes | IO[bytes] | Mapping[str, Any]
"""An input as a person hands it over in Python."""


class InputMissing(UnderstudyError):
    """The file of an input is not there, or cannot be read."""


class Described(Protocol):
    """What a model says of itself."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer, in the order of its probabilities; empty for numbers and rankings."""
        ...

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        ...

    @property
    def task(self) -> Task:
        """What it answers, about what."""
        ...

    @property
    def preparation(self) -> Mapping[str, Any]:
        """How an input becomes what the model takes, in the words of its modality."""
        ...

    @property
    def data_version(self) -> str:
        """Digest of the inputs, labels and groups it learned from."""
        ...

    @property
    def seed(self) -> int:
        """Of the search."""
        ...

    @property
    def examples(self) -> tuple[int, ...]:
        """Training examples of each label, in the order of its labels; all of them as one figure where it has none."""
        ...

    @property
    def members(self) -> tuple[tuple[Trial, float], ...]:
        """The candidates that answer together, and their weights."""
        ...

    @property
    def held_out_log_loss(self) -> float:
        """Of the whole, by cross-validation on training examples; what it counts depends on the kind of answer."""
        ...

    @property
    def held_out_accuracy(self) -> float:
        """Share of right answers likewise, 0..1. Chosen by, so no evidence: a review gives that."""
        ...

    @property
    def out_of_fold(self) -> OutOfFold:
        """How sure it was of training examples while they were held out, and whether rightly."""
        ...


@runtime_checkable
class ReadyModel(Protocol):
    """A model that is ready to answer: its golden answers were given again. Safe to use from several threads."""

    @property
    def version(self) -> str:
        """SHA-256 of the model's file, in hex."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer, in the order of its probabilities; empty for numbers and rankings."""
        ...

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        ...

    @property
    def description(self) -> Described:
        """What it says of itself."""
        ...

    def predict(self, given: Given) -> Answer:
        """Answers for one input; see `bytes_of` for what may be given.

        Raises:
            UnderstudyError: It cannot be read.
        """
        ...

    def predict_all(self, inputs: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        """Answers for inputs, in order; one that cannot be read gets its error as its entry."""
        ...

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """What moved the answer to an input, strongest first.

        Raises:
            UnderstudyError: The input cannot be read.
        """
        ...


def bytes_of(given: Given, *, in_files: bool) -> bytes:
    """The bytes of an input, in whichever way it is given.

    Args:
        given: Bytes, an open file or a path are always the input's own; a mapping is a row; a text is a path where
            inputs lie in files, else the input itself.
        in_files: Whether inputs of this kind lie in files of their own.

    Raises:
        InputMissing: There is no file of this name that can be read.
    """
    if isinstance(given, bytes):
        return given
    if isinstance(given, Mapping):
        return json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
    if isinstance(given, str) and not in_files:
        return given.encode()
    if not isinstance(given, str | os.PathLike):
        return given.read()
    try:
        return Path(given).read_bytes()
    except OSError as error:
        raise InputMissing(
            fact=f"“{given}” cannot be read.", reason=f"{error.strerror or error}.", remedy="Give the path of a file."
        ) from error
