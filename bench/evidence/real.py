"""Crowds of real photos: what a model that the product trained says of photos that it has never seen."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.evidence.promise import Crowd, Kept, crowd_of, promises
from bench.evidence.sealed import HeldOut
from bench.splits import DATA, SETS, PhotoSet, SetPlan, read_set, split_of
from understudy.domain.trial import Budget
from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.image.named import extractor_named
from understudy.modalities.protocol import Input
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.search.training import Lesson, Settings, Training

NAMES = ("trash6", "brick_crack")
SEALED = 250
LEARNED = 0.5
"""Share of each label's photos that the model learns from; the others are the crowd."""
PARTS = (1.0, 0.5)
"""Of the true share of wrong answers, what is promised: as many, and half as many."""


@dataclass(frozen=True)
class RealCrowd:
    """Photos of a set that the model has not learned from.

    Attributes:
        name: Of the set.
        crowd: What the model says of them.
        held_out: What it said of the photos it learned from, while they were held out.
    """

    name: str
    crowd: Crowd
    held_out: HeldOut

    @property
    def error(self) -> float:
        """True share of wrong answers, were all given alone."""
        return 1.0 - float(self.crowd.right.mean())


def present() -> list[str]:
    """Which sets are there."""
    return [name for name in NAMES if (DATA / name).is_dir()]


def real_crowd(name: str) -> RealCrowd:
    """Trains on half of a set and asks about the other half."""
    photos = read_set(name)
    plan = next(each for each in SETS if each.name == name)
    split = split_of(photos.labels, SetPlan(name, plan.bar, share=LEARNED), 0)
    model = _trained(photos, np.sort(split.training))
    given = model.probabilities([photos.paths[place].read_bytes() for place in split.rest])
    right = np.asarray(model.labels)[given.argmax(axis=1)] == np.asarray(photos.labels)[split.rest]
    held_out = model.description.out_of_fold
    known = HeldOut(np.array(held_out.stated, np.float64), np.array(held_out.right, np.bool_))
    return RealCrowd(name, crowd_of(np.minimum(given.max(axis=1), 1.0).astype(np.float64), right), known)


def kept(real: RealCrowd, part: float, rng: np.random.Generator, runs: int) -> Kept:
    """What comes of promises of a part of the true error, the order of testing learned as the product learns it."""
    return promises(rng, runs, real.crowd, SEALED, part * real.error, held_out=real.held_out)


def _trained(photos: PhotoSet, places: npt.NDArray[np.int64]) -> Model:
    digests = photos.digests()
    order = sorted(places.tolist(), key=lambda place: (digests[place], place))
    lesson = Lesson(
        [Input(digests[place], photos.paths[place].read_bytes) for place in order],
        [photos.labels[place] for place in order],
        [digests[place] for place in order],
    )
    settings = Settings(MODALITY, PhotoEncoder(extractor_named(None)), 0, Budget())
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as name:
        folder = Path(name)
        training = Training(
            lesson,
            settings,
            folder / "run",
            folder / "cache",
            report=lambda _progress: None,
            stop_requested=lambda: False,
        )
        return Model(read_model(training.run().model))
