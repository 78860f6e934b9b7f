"""Worlds in which learning curves are known far beyond what a young project would have seen of them.

A world is a set of real examples and a way to learn from them, which is the product's own. Its true curve is measured
on all of it; a project in it holds a few of its examples, and knows nothing of the rest.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sklearn.isotonic import IsotonicRegression

from understudy.search.learning_points import Course, Repetition, nested_parts
from understudy.stats.scores import Array, Indices, Scores

TRUE_REPETITIONS = 32
TRUE_LEFT_OUT = 0.25
TRUE_RATIO = 2**0.5
SMALLEST = 12


@dataclass(frozen=True)
class Truth:
    """Share right by number of training examples, as all of a world tells it; it never falls.

    Attributes:
        sizes: Rising, (t,).
        accuracy: Of each, (t,), 0..1.
    """

    sizes: Array
    accuracy: Array

    def at(self, examples: float) -> float:
        """Share right with so many examples."""
        return float(np.interp(np.log(examples), np.log(self.sizes), self.accuracy))

    def needed(self, target: float) -> float | None:
        """The fewest examples that reach a target, or None where the world is too small for it."""
        reached = np.flatnonzero(self.accuracy >= target)
        if not len(reached):
            return None
        place = int(reached[0])
        if place == 0:
            return float(self.sizes[0])
        below, above = self.accuracy[place - 1], self.accuracy[place]
        part = (target - below) / (above - below)
        return float(np.exp(np.interp(part, [0, 1], np.log(self.sizes[place - 1 : place + 1]))))


class World(Protocol):
    """Examples, and a way to learn from them."""

    @property
    def name(self) -> str:
        """For people, and one of a kind; its first word is the set's name."""
        ...

    @property
    def kind(self) -> str:
        """What its examples are, for people ("photos")."""
        ...

    @property
    def count(self) -> int:
        """Examples in all."""
        ...

    def truth(self) -> Truth:
        """Measures the true curve."""
        ...

    def project(self, examples: int, seed: int) -> Scores | None:
        """The curve that a project with so many of the examples measures; more with one seed hold the fewer.

        Returns:
            None where so few show nothing.
        """
        ...


def chance_of(name: str, seed: int) -> np.random.Generator:
    """Draws of one world alone: projects in other worlds of one set hold other examples of it."""
    digest = hashlib.sha256(f"{name} {seed}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def held_by(name: str, strata: Indices, examples: int, seed: int) -> Indices:
    """The examples that a project holds: sorted places, strata in even shares."""
    everyone = np.arange(len(strata))
    return nested_parts(everyone, strata, everyone, [examples], chance_of(name, seed))[0]


def true_course(strata: Indices) -> Course:
    """Many random parts of each size, to be scored on what was left out of the largest."""
    count, everyone = len(strata), np.arange(len(strata))
    largest = round(count * (1 - TRUE_LEFT_OUT))
    steps = int(np.log(largest / SMALLEST) / np.log(TRUE_RATIO))
    sizes = [largest / TRUE_RATIO**step for step in range(steps, -1, -1)]
    repetitions = []
    for draw in range(TRUE_REPETITIONS):
        rng = np.random.default_rng([draw, 7])
        parts = nested_parts(everyone, strata, everyone, sizes, rng)
        repetitions.append(Repetition(tuple(parts), np.setdiff1d(everyone, parts[-1])))
    lengths = np.array([len(part) for part in repetitions[0].parts])
    kept = np.flatnonzero(np.diff(lengths, prepend=0) > 0)
    chosen = tuple(Repetition(tuple(each.parts[at] for at in kept), each.held_out) for each in repetitions)
    return Course(tuple(float(lengths[at]) for at in kept), chosen)


def truth_of(scores: Sequence[Scores]) -> Truth:
    """The true curve out of several measurements at the same sizes; noise makes none of them fall."""
    errors = np.mean([each.errors for each in scores], axis=0)
    rising = IsotonicRegression().fit_transform(np.log(scores[0].sizes), 1 - errors)
    return Truth(scores[0].sizes, np.asarray(rising, np.float64))
