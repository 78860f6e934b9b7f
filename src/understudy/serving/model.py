"""What serving needs of a model, and of the shelf that models stand on."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError


class NotTrainedYet(UnderstudyError):
    """The project exists, but has no model that could answer."""

    @classmethod
    def named(cls, name: str) -> "NotTrainedYet":
        """The error for one project."""
        return cls(
            fact=f"“{name[:80]}” cannot answer yet.",
            reason="No model has been trained for it.",
            remedy=f"Train one: understudy train {name[:80]}",
        )


class ModelChanged(UnderstudyError):
    """The model that was asked about is no longer the one that answers."""

    @classmethod
    def between(cls, asked: str, present: str) -> "ModelChanged":
        """The error for two versions."""
        return cls(
            fact=f"Model {asked[:12]} no longer answers for this project.",
            reason=f"Model {present[:12]} has taken its place, and its reasons would not be the same.",
            remedy="Ask the present model about this photo again.",
        )


class ServedModel(Protocol):
    """A model that can answer. All methods block and may be called from any thread."""

    @property
    def version(self) -> str:
        """SHA-256 of the model's file, in hex."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can say, at least two."""
        ...

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        ...

    def predict(self, photos: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Answers for encoded photos: one entry each, in order; a bad photo gives an error as its entry."""
        ...

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """Tells where the answer came from.

        Returns:
            (rows, columns) over the whole photo: how much hiding that patch lowers the answer's probability.

        Raises:
            UnderstudyError: The photo cannot be read.
        """
        ...


class ModelShelf(Protocol):
    """Where models are looked up. Thread-safe; may block while a model is loaded."""

    def model_for(self, project: str) -> ServedModel:
        """The model that answers for a project now.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model yet.
        """
        ...
