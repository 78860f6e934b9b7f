"""What is usual: traits of the inputs that a model learned from, kept with it, to compare later inputs with.

A trait is one number of an input: a column's value, a fact such as a photo's brightness, or what the features of an
encoder come to in one direction. Words become numbers by a hash, so that any word has its place without being kept.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

MOST_INPUTS: Final = 256
"""Inputs whose traits are kept."""
FEWEST_INPUTS: Final = 20
"""Below this nothing can be told apart from chance."""
MOST_TRAITS: Final = 256
MOST_WORDS: Final = 8
"""Words of a trait that are kept to be told by name."""
MISSING: Final = -np.inf
_BITS: Final = 24
"""Numbers of so many bits are exact in 32-bit floats."""


class TraitKind(StrEnum):
    """What a trait's numbers are."""

    NUMBER = "number"
    WORD = "word"
    FEATURE = "feature"
    """A direction of what the model sees: without a name, or with that of a column of texts."""


@dataclass(frozen=True)
class Trait:
    """One number of an input.

    Attributes:
        name: Of the column or fact; a column may have several traits. Empty where there is none.
        kind: What its numbers are.
        words: The commonest words, where they are words.
    """

    name: str
    kind: TraitKind
    words: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Usual:
    """Traits of inputs that a model learned from, one of each group.

    Attributes:
        traits: Which.
        values: Of each input, (n, traits); `MISSING` where an input has none.
    """

    traits: tuple[Trait, ...]
    values: Matrix = field(repr=False)

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.traits):
            raise ValueError("every input has a number for each trait")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Usual):
            return NotImplemented
        return self.traits == other.traits and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash((self.traits, self.values.tobytes()))

    @property
    def tells(self) -> bool:
        """Whether there is enough to compare with."""
        return len(self.values) >= FEWEST_INPUTS and bool(self.traits)

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "traits": [[trait.name, trait.kind.value, list(trait.words)] for trait in self.traits],
            "values": base64.b64encode(np.ascontiguousarray(self.values, "<f4").tobytes()).decode(),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any] | None) -> "Usual | None":
        """Reads what `to_json` wrote; None for None.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        if given is None:
            return None
        traits = tuple(
            Trait(str(name), TraitKind(kind), tuple(map(str, words))) for name, kind, words in given["traits"]
        )
        values = np.frombuffer(base64.b64decode(given["values"]), "<f4")
        return cls(traits, values.reshape(-1, len(traits)) if traits else np.zeros((0, 0), np.float32))


def word_place(word: str) -> float:
    """A word's number, 0..1: always the same for the same word, and exact in 32 bits."""
    return int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:3]) / 2**_BITS


def one_a_group(groups: Sequence[str], digests: Sequence[str], most: int = MOST_INPUTS) -> list[int]:
    """Places of inputs to keep: one of each group, since those of a group are no independent evidence.

    Args:
        groups: Of each input.
        digests: Of each input; those with the smallest count, which is at random.
        most: How many at most.

    Returns:
        Rising.
    """
    chosen: dict[str, int] = {}
    for place in sorted(range(len(groups)), key=lambda at: digests[at]):
        chosen.setdefault(groups[place], place)
    return sorted(list(chosen.values())[:most])
