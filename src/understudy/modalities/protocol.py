"""What a modality is: one kind of input, and all that the rest of the house asks of it.

A new modality is a package beside this file with one object that fulfils `Modality`, named in `registry`; what one may
be able to do besides stands in `abilities`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import FindingKind
from understudy.domain.rule import Fact
from understudy.modalities.graph import GraphBuilder

Array = npt.NDArray[Any]
Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]
ReadRows = Callable[[Indices], Matrix]
"""Returns the features of the inputs with these sorted indices, (n, width)."""
Told = Callable[[int, int], None]
"""Is told inputs done and inputs in all; may raise to end the work."""


class Unreadable(UnderstudyError):
    """The bytes are none of a modality's inputs, or one that is damaged or too large.

    Args:
        noun: What it should have been ("photo").
        kind: Such as CORRUPT, TRUNCATED, EMPTY_FILE, WRONG_KIND or TOO_LARGE.
        what: What is the matter, to be put behind a name ("is cut off after 12 kB").
        reason: Why that keeps it from being read, one sentence.
        remedy: What to do about it, one sentence.
    """

    noun = "input"

    def __init__(self, kind: FindingKind, what: str, *, reason: str, remedy: str) -> None:
        super().__init__(fact=f"The {self.noun} {what}.", reason=reason, remedy=remedy)
        self.kind = kind
        self.what = what


@dataclass(frozen=True)
class Input:
    """An input by its content.

    Attributes:
        digest: SHA-256 of its bytes, in hex.
        read: Returns those bytes; called from a worker thread.
    """

    digest: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Measured:
    """What one look at an input tells.

    Attributes:
        fingerprint: By which near-identical inputs are found, or empty where there are none but identical ones.
        width: Of a picture as shown, in pixels; 0 for what is none.
        height: Likewise.
        remark: For people, where something about it is unusual and yet no fault ("8 channels, mixed to one").
    """

    fingerprint: str = ""
    width: int = 0
    height: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Pair:
    """Two near-identical inputs.

    Attributes:
        first: Position of the one.
        second: Position of the other, larger.
        distance: How far apart they are; pairs come nearest first.
        sure: They are the same beyond doubt.
    """

    first: int
    second: int
    distance: int
    sure: bool


@dataclass(frozen=True)
class Part:
    """Features that an encoder computes together.

    Attributes:
        name: Unique in its encoder ("224", "meaning", "sound").
        width: Numbers in a row.
    """

    name: str
    width: int


@dataclass(frozen=True)
class View:
    """Features that a candidate sees together.

    Attributes:
        name: For people ("photos at 224 px").
        parts: What it is made of.
        demand: How costly it is to see: views of a higher demand are tried later, and win only where clearly better.
        standardised: Every column is brought to the same deviation first. Not where columns are many and mostly zero:
            the rarest would then weigh most.
    """

    name: str
    parts: tuple[Part, ...]
    demand: int = 0
    standardised: bool = True

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return sum(part.width for part in self.parts)


class Preparer(Protocol):
    """From an input's bytes to what a model's graph takes. All that answering needs; it travels in the model file."""

    @property
    def rows(self) -> int:
        """How many inputs one run of the graph takes best."""
        ...

    def arrays(self, data: bytes) -> dict[str, Array]:
        """The graph's inputs for one input, by name; each with a first axis of length 1.

        Raises:
            Unreadable: The bytes are no input of this kind.
        """
        ...

    def stacked(self, several: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        """Several inputs as one batch, in order; pads where they differ in length."""
        ...

    def described(self) -> dict[str, Any]:
        """What is needed to make it again, ready for JSON."""
        ...

    def assets(self) -> dict[str, bytes]:
        """Files that are needed besides, by name (a tokenizer)."""
        ...


class Encoder(Protocol):
    """Turns inputs into features, with weights that stay as they came unless it is `Tuning` too."""

    @property
    def key(self) -> str:
        """Names weights, architecture and preparation exactly; part of the cache's address."""
        ...

    def views(self, count: int, *, thorough: bool) -> tuple[View, ...]:
        """The views worth trying, cheapest first.

        Args:
            count: Examples to learn from.
            thorough: Somebody gave a budget, so nothing is left out to save time.
        """
        ...

    def features(self, inputs: Sequence[Input], view: View, plan: Sequence[View], cache: Path, told: Told) -> ReadRows:
        """Makes sure that the features of a view are on disk, and returns how to read them.

        Args:
            inputs: All of them; memory does not grow with their number.
            view: What will be read.
            plan: All views that may be asked for in this run, so that one pass may compute what several need.
            cache: Folder in which features are kept by content.
            told: Receives progress; what it raises ends the work, and what was computed is kept.

        Raises:
            Unreadable: An input that was readable on arrival no longer is.
        """
        ...

    def add_to(self, graph: GraphBuilder, views: Sequence[View]) -> dict[str, str]:
        """Declares inputs in a graph and appends what computes the views.

        Args:
            graph: A part of a graph in which the names of constants meet nobody else's.
            views: Which.

        Returns:
            By a view's name, the name of its tensor, float (n, width).
        """
        ...

    def preparer(self, views: Sequence[View]) -> Preparer:
        """What makes the inputs that `add_to` declares for these views."""
        ...


class Modality(Protocol):
    """One kind of input."""

    @property
    def name(self) -> str:
        """Short name for commands and the ledger ("photo"), that of its entry point; also the noun for one."""
        ...

    @property
    def plural(self) -> str:
        """The noun for many ("photos")."""
        ...

    @property
    def suffixes(self) -> frozenset[str]:
        """Endings of files that hold one such input each, with the dot, in small letters; empty where rows do."""
        ...

    @property
    def formats(self) -> str:
        """The admitted formats for people ("JPEG, PNG, WebP, GIF, TIFF, BMP or HEIC")."""
        ...

    @property
    def search(self) -> str:
        """Where the search for a model starts, as "module:function": `HEADS` unless it needs a search of its own."""
        ...

    def media_type(self, data: bytes) -> str:
        """Under which media type a browser can show or play the input."""
        ...

    def inspect(self, data: bytes) -> Measured:
        """Decodes an input once, to make sure that it can be, and measures it.

        Raises:
            Unreadable: The bytes are none, or one that is damaged or too large.
        """
        ...

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:
        """Near-identical inputs, nearest first; pairs among those known already are left out.

        Args:
            fingerprints: Known ones first.
            newcomers: How many of them, at the end, are new.
        """
        ...

    @property
    def facts_kind(self) -> str:
        """Names this way of measuring facts; raised when a fact changes its meaning ("image/1")."""
        ...

    @property
    def origin_facts(self) -> frozenset[str]:
        """Facts that say how an input came about, not what it shows: where they tell the label, it is a shortcut."""
        ...

    @property
    def look_facts(self) -> frozenset[str]:
        """Facts that say what an input is like at a glance."""
        ...

    @property
    def watched_facts(self) -> frozenset[str]:
        """Facts by which later inputs are compared with those that were learned from, besides what a model sees.

        They are measured of every input that is answered, so there are none where measuring takes about as long as an
        answer.
        """
        ...

    def facts(self, data: bytes) -> dict[str, Fact]:
        """Measures what is known of an input without a model. Thread-safe."""
        ...

    def encoder(self, name: str | None) -> Encoder:
        """The encoder of that name: None for the built-in one; else an ONNX file, or a name on the hub.

        Raises:
            UnderstudyError: There is no such encoder, or it cannot be used.
        """
        ...

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> Preparer:
        """Makes a preparer again from what it said of itself, which then says the same.

        Raises:
            KeyError, TypeError, ValueError: That is not what one of this modality says.
        """
        ...

    def golden(self) -> tuple[bytes, ...]:
        """Small inputs, drawn by rule and nobody's data; every model answers them when it is made and loaded.

        At least one, always the same. A model of a module that prepares them otherwise is refused, so they should go
        through all that a preparer does.
        """
        ...


HEADS = "understudy.search.job:run"
"""The search that fits heads on an encoder's features."""
