"""Ours on a split: features of the training photos, the search, and the model; then its answers for the rest."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.quiet import Neighbours
from bench.results import Record
from bench.splits import PhotoSet, SetPlan, Split
from understudy.domain.trial import Budget
from understudy.modalities.image.encoder import PhotoEncoder
from understudy.modalities.image.extractor import Extractor
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.protocol import Input
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.search.trained import Trained
from understudy.search.training import Lesson, Settings, Training


def measure(plan: SetPlan, photos: PhotoSet, split: Split, seed: int, extractor: Extractor) -> Record:
    """Trains on the training photos of a split, from files and with nothing cached, and answers for the rest."""
    digests = photos.digests()
    order = sorted((int(place) for place in split.training), key=lambda place: (digests[place], place))
    lesson = Lesson(
        [Input(digests[place], photos.paths[place].read_bytes) for place in order],
        [photos.labels[place] for place in order],
        [digests[place] for place in order],
    )
    neighbours, started = Neighbours(), time.perf_counter()
    trained = _train(lesson, Settings(MODALITY, PhotoEncoder(extractor), seed, Budget()))
    seconds, others = time.perf_counter() - started, neighbours.share()
    model = Model(read_model(trained.model))
    started = time.perf_counter()
    given = model.probabilities([photos.paths[place].read_bytes() for place in split.rest]).argmax(axis=1)
    answering = time.perf_counter() - started
    right = np.asarray(model.labels)[given] == np.asarray(photos.labels)[split.rest]
    return Record(plan.name, seed, float(right.mean()), seconds, answering, others)


def warm_up(photos: PhotoSet, extractor: Extractor) -> None:
    """Trains on a few photos, so that everything is loaded before anything is measured."""
    few = [places[:6] for places in (np.flatnonzero(np.asarray(photos.labels) == name) for name in set(photos.labels))]
    training = np.sort(np.concatenate(few))
    measure(SetPlan("warm-up", 0.0), photos, Split(training, training), 0, extractor)


def _train(lesson: Lesson, settings: Settings) -> Trained:
    with _scratch() as folder:
        training = Training(
            lesson,
            settings,
            folder / "run",
            folder / "cache",
            report=lambda _progress: None,
            stop_requested=lambda: False,
        )
        return training.run()


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        yield Path(folder)
