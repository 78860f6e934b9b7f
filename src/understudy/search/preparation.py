"""Preparation: photos become the rows that heads are fitted on, as a view asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.engine.inference import best_precision
from understudy.modalities.image.extractor import Extractor
from understudy.modalities.image.features import FeatureCache, Photo, extract
from understudy.search.candidates import Material
from understudy.search.folds import Folds
from understudy.search.plan import Clock
from understudy.search.rows import Indices, Rows, Turning, learn_turning
from understudy.search.views import View

Matrix = npt.NDArray[np.float32]


@dataclass
class Preparation:
    """Sees the photos of a run as views ask, and remembers what it made of them.

    Attributes:
        photos: All training photos.
        labels: Label of each, 0..k-1.
        classes: k.
        folds: How they are split for cross-validation.
        extractor: What turns them into features.
        depths: How many of those are wanted at each size that a view may ask for.
        cache: Folder where features are kept.
        scratch: Folder for rows that do not fit in memory.
        seed: Same seed, same rows.
        clock: Told how far it is; ends it when time is up.
    """

    photos: tuple[Photo, ...]
    labels: Indices
    classes: int
    folds: Folds
    extractor: Extractor
    depths: Mapping[int, int]
    cache: Path
    scratch: Path
    seed: int
    clock: Clock
    _made: dict[str, tuple[Rows, Turning]] = field(default_factory=dict, init=False)
    _latest: tuple[str, Material] | None = field(default=None, init=False)

    def material(self, view: View) -> Material:
        """What heads are fitted on when they see that view.

        Raises:
            TimeToFinish: The time is up.
            PhotoUnreadable: A photo that was readable on arrival no longer is.
        """
        if self._latest is None or self._latest[0] != view.name:
            rows, _ = self._rows(view)
            self._latest = view.name, Material(rows, self.labels, self.classes, self.folds, self.clock.pulse)
        return self._latest[1]

    def turning(self, view: View) -> Turning:
        """How that view's features become rows."""
        return self._rows(view)[1]

    def clear(self) -> None:
        """Forgets all rows and removes their files."""
        for rows, _ in self._made.values():
            rows.remove()
        self._made.clear()
        self._latest = None

    def _rows(self, view: View) -> tuple[Rows, Turning]:
        if view.name not in self._made:
            self._made[view.name] = self._make(view)
        return self._made[view.name]

    def _make(self, view: View) -> tuple[Rows, Turning]:
        digests = [photo.digest for photo in self.photos]
        caches = {size: self._cache(size, digests) for size in view.sizes}
        extract(self.photos, self.extractor, caches, self.clock.extracting(max(caches)))

        def read(rows: Indices) -> Matrix:
            self.clock.pulse()
            wanted = [digests[row] for row in rows]
            return np.hstack([caches[part.size].read(wanted, depth=part.depth) for part in view.parts])

        turning = learn_turning(read, len(digests), seed=self.seed)
        rows = Rows.turned(read, len(digests), turning, self.scratch / f"rows-{len(self._made)}.f32")
        self.clock.begin_trying()
        return rows, turning

    def _cache(self, size: int, digests: list[str]) -> FeatureCache:
        """Where features of that size are: with all layers if these are known already, else with those wanted."""
        precision, depth = best_precision(), self.depths[size]
        whole = FeatureCache(self.cache, self.extractor, size, precision)
        if depth == self.extractor.width or not whole.missing(digests):
            return whole
        return FeatureCache(self.cache, self.extractor, size, precision, depth=depth)
