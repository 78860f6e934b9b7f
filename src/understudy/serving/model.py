"""What serving needs of a model, and of the shelf that models stand on."""

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.launch.usual import Usual
from understudy.store.blobs import BlobStoreUnavailable
from understudy.store.errors import LedgerUnavailable

MARK: Final = 8
"""Letters of a digest by which inputs are told apart for a minute: too few to find an input by."""


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


class UnknownModel(UnderstudyError):
    """The project never had a model of this version."""

    @classmethod
    def named(cls, project: str, version: str) -> "UnknownModel":
        """The error for one version."""
        return cls(
            fact=f"“{project[:80]}” has no model {version[:12]}.",
            reason="No training recorded one of this version for it.",
            remedy=f"See which there are: understudy status {project[:80]}",
        )


class ModelChanged(UnderstudyError):
    """The model that was asked for is not the one that the project is about now."""

    @classmethod
    def between(cls, asked: str, present: str) -> "ModelChanged":
        """The error for two versions; `present` is empty where people answer alone."""
        instead = f"Model {present[:12]} has taken its place." if present else "People answer alone."
        return cls(
            fact=f"Model {asked[:12]} does not answer for this project.",
            reason=instead,
            remedy="Ask without naming a version, or name the present one.",
        )


class ModelFault(UnderstudyError):
    """A model failed, was too slow, or could not be loaded, so a person is asked instead.

    Attributes:
        kind: Short name of what happened ("too-slow", or the error's own name), the same for the same trouble.
        own: Whether it is the model's own and counts to its breaker; not where its file could not be reached just now.
        input: A mark by which the one input that it failed on is told from others; empty where it is no single one's.
        noted: What goes on record of its reason, for as long as the record is kept: no words of an input.
    """

    kind: str = "fault"
    own: bool = True
    input: str = ""
    noted: str = ""

    @classmethod
    def of(cls, version: str, error: BaseException, *, digest: str = "") -> "ModelFault":
        """The fault that an error of the model is.

        Args:
            version: Of the model.
            error: What it raised.
            digest: SHA-256 of the one input that it was asked about then; empty where it was asked about none.
        """
        kind, remedy = type(error).__name__, "Look at the server's log, or promote another."
        noted = reason = f"It raised {kind}."
        if isinstance(error, UnderstudyError):
            noted, reason, remedy = error.fact, f"{error.fact} {error.reason}", error.remedy
        fault = cls(fact=f"Model {version[:12]} failed.", reason=reason, remedy=remedy)
        fault.kind, fault.noted, fault.input = kind, noted, digest[:MARK]
        fault.own = not isinstance(error, (LedgerUnavailable, BlobStoreUnavailable))
        return fault

    @classmethod
    def too_slow(cls, version: str, seconds: float) -> "ModelFault":
        """The fault of a model that did not answer in time."""
        fault = cls(
            fact=f"Model {version[:12]} was too slow.",
            reason=f"It did not answer within {seconds:g} seconds, and then people do.",
            remedy="Look at what else runs on the machine, or allow more: model-seconds.",
        )
        fault.kind, fault.noted = "too-slow", fault.reason
        return fault


class NotExplained(UnderstudyError):
    """What tells what moved an answer failed; the answer stands without it."""

    @classmethod
    def because(cls, error: UnderstudyError) -> "NotExplained":
        """The error for what failed."""
        return cls(fact="What moved the answer is not told.", reason=error.reason, remedy=error.remedy)


class ServedModel(Protocol):
    """A model that can answer. All methods block and may be called from any thread."""

    @property
    def version(self) -> str:
        """SHA-256 of the model's file, in hex."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it can say: at least two, or none where it answers with numbers or rankings."""
        ...

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        ...

    def predict(self, inputs: Sequence[bytes], /) -> Sequence[Answer | UnderstudyError]:
        """Answers for inputs: one entry each, in order; a bad input gives an error as its entry."""
        ...

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """What moved the answer to an input, strongest first; empty where the model cannot tell.

        Raises:
            NotExplained: That failed.
            UnderstudyError: The input cannot be read.
        """
        ...

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """Tells where in a photo the answer came from.

        Returns:
            (rows, columns) over the whole photo: how much hiding that patch lowers the answer's probability; (0, 0) for
            what is no photo.

        Raises:
            NotExplained: That failed.
            UnderstudyError: The photo cannot be read.
        """
        ...


@runtime_checkable
class Watched(Protocol):
    """What a model can do besides: tell what an input is like, to be compared with those it learned from."""

    @property
    def usual(self) -> Usual | None:
        """What those were like; None where nothing is kept of them."""
        ...

    def traits(self, data: bytes) -> tuple[float, ...]:
        """What an input is like, in the order of `usual`.

        Raises:
            UnderstudyError: The input cannot be read.
        """
        ...


class ModelShelf(Protocol):
    """Where models stand. Thread-safe; every method may block."""

    def latest(self, project: str) -> str:
        """Version of the model that was recorded last.

        Raises:
            UnknownProject: No such project.
            NotTrainedYet: It has no model yet.
        """
        ...

    def load(self, project: str, version: str) -> ServedModel:
        """A model that is ready to answer: its file was read, its golden inputs were answered again, and it is warm.

        Raises:
            UnderstudyError: There is no such model, or its file is missing, corrupt or no longer what it was.
        """
        ...

    def check(self, project: str, data: bytes) -> None:
        """Makes sure that a person could be shown the input.

        Raises:
            UnderstudyError: It is none of what the project is about, or damaged.
        """
        ...

    def card(self, project: str) -> bytes:
        """A tiny input that the project's models can be asked about, to see whether they work."""
        ...
