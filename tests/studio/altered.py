"""A model whose first answer is not what it was, as on a machine that reckons wrongly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pytest

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.studio.review import verifying
from understudy.studio.training.shelf import load_recorded

Said = Sequence[Answer | UnderstudyError]


class Answering(Protocol):
    """A model, as far as it is asked here."""

    def predict_all(self, inputs: Sequence[bytes]) -> Said:
        """Its answer to each input."""
        ...


@dataclass(frozen=True)
class Altered:
    """A real model, but for its first answer to each batch."""

    model: Answering
    change: Callable[[float], float]

    def predict_all(self, inputs: Sequence[bytes]) -> Said:
        """Its answers; the first has the same label with another probability."""
        first, *rest = self.model.predict_all(inputs)
        if isinstance(first, UnderstudyError):
            raise first
        told = tuple(
            (label, self.change(each) if label == first.label else each) for label, each in first.probabilities
        )
        return [replace(first, probability=self.change(first.probability), probabilities=told), *rest]


def altering(monkeypatch: pytest.MonkeyPatch, change: Callable[[float], float]) -> None:
    """Has reviews verified with models that are altered."""
    monkeypatch.setattr(verifying, "load_recorded", lambda *at, **how: Altered(load_recorded(*at, **how), change))
