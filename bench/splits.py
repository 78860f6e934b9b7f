"""The photo sets that are measured, and how each is split into training photos and the rest."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""The real sets lie beside the checkout; they are no part of it."""


@dataclass(frozen=True)
class SetPlan:
    """How a set is measured.

    Attributes:
        name: Its folder.
        bar: The accuracy that is asked of us.
        per_class: Training photos of each class, or None for `share` of each class.
        share: Share of each class that is trained on.
    """

    name: str
    bar: float
    per_class: int | None = None
    share: float = 0.7

    def training_count(self, available: int) -> int:
        """Training photos of a class that has so many."""
        return round(available * self.share) if self.per_class is None else self.per_class


SETS = (
    SetPlan("cats_dogs", 0.975, per_class=20),
    SetPlan("pcb_defect", 0.90),
    SetPlan("trash6", 0.84),
    SetPlan("brick_crack", 0.96),
    SetPlan("ants_bees", 0.94),
    SetPlan("chest_xray3", 0.75),
)


@dataclass(frozen=True)
class PhotoSet:
    """A folder a class, by rising path."""

    paths: tuple[Path, ...]
    labels: tuple[str, ...]

    def digests(self) -> list[str]:
        """SHA-256 of each file, in hex."""
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in self.paths]


@dataclass(frozen=True)
class Split:
    """Positions of the training photos and of the rest, each rising."""

    training: npt.NDArray[np.int64]
    rest: npt.NDArray[np.int64]


def read_set(name: str) -> PhotoSet:
    """Lists the photos of a set.

    Raises:
        FileNotFoundError: It is not there.
    """
    paths = tuple(sorted((DATA / name).glob("*/*")))
    if not paths:
        raise FileNotFoundError(f"{DATA / name} holds no photos")
    return PhotoSet(paths, tuple(path.parent.name for path in paths))


def split_of(labels: Sequence[str], plan: SetPlan, seed: int) -> Split:
    """Draws training photos class by class; the same seed draws the same ones."""
    rng = np.random.default_rng(seed)
    known = np.asarray(labels)
    chosen = np.zeros(len(known), bool)
    for label in np.unique(known):
        places = rng.permutation(np.flatnonzero(known == label))
        chosen[places[: plan.training_count(len(places))]] = True
    return Split(np.flatnonzero(chosen), np.flatnonzero(~chosen))
