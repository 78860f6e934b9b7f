"""Real sets in which learning curves are known far beyond what a young project would have seen of them.

A world is a set of photos (or some of its labels), a view of them and a head. Its true curve is measured on all of it;
a project in it holds a few of its photos, and knows nothing of the rest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.isotonic import IsotonicRegression

from bench.splits import read_set
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.encoder import DEFAULT_SIZES, PhotoEncoder
from understudy.modalities.image.extractor import Extractor
from understudy.modalities.image.unreadable import PhotoUnreadable
from understudy.modalities.protocol import Input
from understudy.search.heads import Head, Taught
from understudy.search.learning_points import Course, Repetition, learn, measure, nested_parts
from understudy.search.rows import Matrix, Rows, learn_turning
from understudy.stats.scores import Array, Indices, Scores

Task = tuple[str, tuple[str, ...]]
"""A set, and the labels taken of it (all, where none is named)."""

DEVELOPMENT: tuple[Task, ...] = (("cats_dogs", ()), ("trash6", ("cardboard", "glass", "metal")))
HELD_OUT: tuple[Task, ...] = (
    ("brick_crack", ()),
    ("pcb_defect", ()),
    ("ants_bees", ()),
    ("trash6", ("paper", "plastic", "trash")),
)
"""Nothing was picked by the figures of the latter; no photo is on both sides."""
HEADS = (Head("ridge", 1), Head("linear discriminant", 1))
TRUE_REPETITIONS = 32
TRUE_LEFT_OUT = 0.25
TRUE_RATIO = 2**0.5
SMALLEST = 12


@dataclass(frozen=True)
class Truth:
    """Accuracy by number of training examples, as all of a world tells it; it never falls.

    Attributes:
        sizes: Rising, (t,).
        accuracy: Of each, (t,), 0..1.
    """

    sizes: Array
    accuracy: Array

    def at(self, examples: float) -> float:
        """Accuracy with so many examples."""
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


@dataclass(frozen=True)
class World:
    """Photos with their labels, in one view, for one head.

    Attributes:
        name: For people, and one of a kind.
        features: (n, d).
        labels: (n,), 0..k-1.
        head: What learns from them.
    """

    name: str
    features: Matrix
    labels: Indices
    head: Head

    def truth(self) -> Truth:
        """Measures the true curve: many random parts of each size, scored on photos that were left out."""
        count, everyone = len(self.labels), np.arange(len(self.labels))
        largest = round(count * (1 - TRUE_LEFT_OUT))
        steps = int(np.log(largest / SMALLEST) / np.log(TRUE_RATIO))
        sizes = [largest / TRUE_RATIO**step for step in range(steps, -1, -1)]
        repetitions = []
        for draw in range(TRUE_REPETITIONS):
            rng = np.random.default_rng([draw, 7])
            parts = nested_parts(everyone, self.labels, everyone, sizes, rng)
            repetitions.append(Repetition(tuple(parts), np.setdiff1d(everyone, parts[-1])))
        course = Course(tuple(float(len(part)) for part in repetitions[0].parts), tuple(repetitions))
        scores = self._learn(everyone, course)
        rising = IsotonicRegression().fit_transform(np.log(scores.sizes), 1 - scores.errors)
        return Truth(scores.sizes, np.asarray(rising, np.float64))

    def project(self, examples: int, seed: int) -> Scores:
        """The curve that a project with so many of the photos measures; more photos with one seed hold the fewer.

        Raises:
            ValueError: So few photos show nothing.
        """
        everyone = np.arange(len(self.labels))
        held = nested_parts(everyone, self.labels, everyone, [examples], self.rng(seed))[0]
        scores = measure(self._taught(held), np.arange(len(held)), self.head, seed=seed, report=lambda _: None)
        if scores is None:
            raise ValueError(f"{examples} photos are too few")
        return scores

    def rng(self, seed: int) -> np.random.Generator:
        """Draws of this world alone: projects in other worlds of one set hold other photos of it."""
        digest = hashlib.sha256(f"{self.name} {seed}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))

    def _learn(self, held: Indices, course: Course) -> Scores:
        return learn(self._taught(held), held, self.head, course, report=lambda _: None)

    def _taught(self, held: Indices) -> Taught:
        own = self.features[held]
        turning = learn_turning(lambda rows: own[rows], len(own), seed=0)
        rows = Rows(len(own), turning.basis.shape[1], turning(own), None)
        return Taught(rows, self.labels[held], int(self.labels.max()) + 1, lambda: None)


def worlds_of(tasks: Sequence[Task], extractor: Extractor, features: Path) -> Iterator[World]:
    """Every world of some tasks: all labels and each pair of them, in every view, for every head.

    Args:
        tasks: Sets and their labels.
        extractor: What the views show.
        features: Folder where features are kept.

    Raises:
        FileNotFoundError: A set is not there.
    """
    for name, only in tasks:
        photos, told = _photos(name, only)
        encoder = PhotoEncoder(extractor)
        views = encoder.views(len(photos), thorough=True)
        names = sorted(set(told))
        subsets = [tuple(names)] + (list(combinations(names, 2)) if len(names) > 2 else [])
        for view in views:
            read = encoder.features(photos, view, views, features, lambda _done, _total: None)
            rows = read(np.arange(len(photos)))
            for subset in subsets:
                own = np.flatnonzero(np.isin(told, subset))
                labels = np.searchsorted(subset, np.asarray(told)[own]).astype(np.int64)
                title = f"{name} ({' or '.join(subset)}), {view.name}"
                yield from (World(f"{title}, {head.family}", rows[own], labels, head) for head in HEADS)


def _photos(name: str, only: tuple[str, ...]) -> tuple[list[Input], list[str]]:
    """The photos of a set that can be read, with their labels."""
    every = read_set(name)
    photos, labels = [], []
    for path, label, digest in zip(every.paths, every.labels, every.digests(), strict=True):
        if not only or label in only:
            try:
                decode_photo(path.read_bytes(), DEFAULT_SIZES[:1])
            except PhotoUnreadable:
                continue
            photos.append(Input(digest, path.read_bytes))
            labels.append(label)
    return photos, labels
