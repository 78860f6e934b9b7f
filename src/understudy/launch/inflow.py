"""The inflow: whether what is asked lately is still like what a model learned from.

Like all drift without labels it raises the share of answers that are audited, and tells; it never takes a model out.

Every 25, 100 and 400 inputs the last so many are compared with those kept, trait by trait. A shift is noted where a
trait lies `NOTABLE` apart and chance alone would put it there less often than `ALPHA` in all: the chances that are
allowed to all sizes, traits and looks add up to that, whatever the distributions, for ever. So without a shift the
chance of ever noting one is at most `ALPHA`. It is over once 100 inputs in a row lie nearer again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from understudy.launch.drift import MOST_RAISED
from understudy.launch.usual import Matrix, Trait, TraitKind, Usual, word_place
from understudy.stats.two_samples import chance, distance

ALPHA = 0.01
"""Chance of ever noting a shift where there is none."""
BLOCKS = (25, 100, 400)
"""So many inputs are compared together: few notice a large shift soon, many notice a small one."""
STEADY = 100
"""By blocks of at least so many a shift is judged over."""
NOTABLE = 0.25
"""Part of the inputs that would have to move for them to be as they were."""
LARGE = 0.5
"""From this part on the share of audits is raised most."""
NAMED = 3
"""Traits that a sentence names."""


@dataclass(frozen=True)
class Moved:
    """A trait that is no longer what it was.

    Attributes:
        trait: Which.
        apart: How far, as a part of the inputs, 0..1.
        said: How it changed, for people; empty where there is nothing to say.
    """

    trait: Trait
    apart: float
    said: str = ""


@dataclass(frozen=True)
class InflowWatch:
    """Compares what is asked with what was learned from. Start with `InflowWatch(usual)`, keep what `update` returns.

    Attributes:
        usual: What was learned from.
        rows: Traits of the last inputs, the newest last; at most as many as the largest block.
        looked: Inputs that were looked at.
        moved: Traits that have shifted, those furthest apart first; empty while none is noted.
    """

    usual: Usual
    rows: tuple[tuple[float, ...], ...] = ()
    looked: int = 0
    moved: tuple[Moved, ...] = ()

    def update(self, row: Sequence[float]) -> "InflowWatch":
        """The watch after one more input.

        Args:
            row: Its traits, in the order of `usual`.
        """
        after = replace(self, rows=(*self.rows, tuple(row))[-BLOCKS[-1] :], looked=self.looked + 1)
        if not self.usual.tells:
            return after
        for size in BLOCKS:
            if after.looked % size == 0 and len(after.rows) >= size:
                after = after._judged(size)
        return after

    @property
    def raised(self) -> float:
        """By how much the share of audits is raised: from 1 to `MOST_RAISED`, and 1 while no shift is noted."""
        if not self.moved:
            return 1.0
        part = (self.moved[0].apart - NOTABLE) / (LARGE - NOTABLE)
        return 1.0 + (MOST_RAISED - 1.0) * min(1.0, max(0.25, part))

    @property
    def says(self) -> str:
        """What has shifted, for people: the names of the traits that have one, then how many have none."""
        told = dict.fromkeys(each.said or f"“{each.trait.name}”" for each in self.moved if _named(each))
        features = sum(not _named(each) for each in self.moved)
        every = sum(not trait.name for trait in self.usual.traits)
        parts = list(told)[:NAMED]
        if len(told) > NAMED:
            parts.append(f"{len(told) - NAMED} more")
        if features:
            parts.append(f"what the model sees in {features} of {every} directions")
        return "; ".join(parts)

    def _judged(self, size: int) -> "InflowWatch":
        seen = np.asarray(self.rows[-size:], np.float32)
        if not self.moved:
            moved = self._shifts(seen, size)
            # What came before a shift has no say in whether it lasts, nor what came in it once it is over.
            return replace(self, moved=moved, rows=self.rows[-size:]) if moved else self
        if size < STEADY:
            return self
        before = {each.trait for each in self.moved}
        still = any(
            distance(*pair) >= NOTABLE
            for place, trait in enumerate(self.usual.traits)
            if trait in before
            for pair in _pairs(trait, self.usual.values[:, place], seen[:, place])
        )
        return (
            replace(self, moved=self._shifts(seen, size) or self.moved) if still else replace(self, moved=(), rows=())
        )

    def _shifts(self, seen: Matrix, size: int) -> tuple[Moved, ...]:
        traits, looks = self.usual.traits, self.looked // size
        tests = len(traits) + sum(trait.kind is TraitKind.WORD for trait in traits)
        allowed = ALPHA / (len(BLOCKS) * tests * looks * (looks + 1))
        found = []
        for place, trait in enumerate(traits):
            was, now = self.usual.values[:, place], seen[:, place]
            pairs = [(distance(*pair), pair) for pair in _pairs(trait, was, now)]
            real = [far for far, pair in pairs if far >= NOTABLE and chance(*pair, below=allowed) <= allowed]
            if real:
                found.append(Moved(trait, max(real), _change(trait, was, now)))
        return tuple(sorted(found, key=lambda moved: -moved.apart))


def _pairs(trait: Trait, was: Matrix, now: Matrix) -> list[tuple[Matrix, Matrix]]:
    """What is compared: the numbers; of words also whether they are new, before as if each had not been there yet."""
    if trait.kind is not TraitKind.WORD:
        return [(was, now)]
    known, counts = np.unique(was, return_counts=True)
    alone = np.isin(was, known[counts == 1])
    return [(was, now), (alone.astype(np.float32), (~np.isin(now, known)).astype(np.float32))]


def _named(moved: Moved) -> bool:
    return bool(moved.trait.name)


def _change(trait: Trait, was: Matrix, now: Matrix) -> str:
    """How a trait changed, in a few words."""
    if trait.kind is TraitKind.FEATURE:
        return f"“{trait.name}” in its wording" if trait.name else ""
    gone = [float(np.isneginf(each).mean()) for each in (was, now)]
    if abs(gone[1] - gone[0]) >= NOTABLE:
        return f"“{trait.name}” missing in {_percent(gone[0])} before and {_percent(gone[1])} now"
    if trait.kind is TraitKind.WORD:
        return _change_of_words(trait, was, now)
    middles = [float(np.median(each[np.isfinite(each)])) for each in (was, now)]
    return f"“{trait.name}” from {middles[0]:.4g} to {middles[1]:.4g} in the middle"


def _change_of_words(trait: Trait, was: Matrix, now: Matrix) -> str:
    shares = [[float((each == np.float32(word_place(word))).mean()) for each in (was, now)] for word in trait.words]
    others = [1.0 - sum(pair[side] for pair in shares) for side in (0, 1)]
    (_, (alone, new)) = _pairs(trait, was, now)
    fresh = [float(alone.mean()), float(new.mean())]
    told = [*zip((f"“{word}”" for word in trait.words), shares, strict=True), ("other words", others)]
    told.append(("words that are new", fresh))
    name, (before, after) = max(told, key=lambda each: abs(each[1][1] - each[1][0]))
    return f"“{trait.name}” {name} from {_percent(before)} to {_percent(after)}"


def _percent(share: float) -> str:
    return f"{round(share * 100)}%"
