"""Clips of fights: five splits of 30 a class in all, beside the mean of the backbone's features over pictures.

Run with `python -m bench.quality.video`; needs the data sets beside the checkout.
"""

import argparse
import hashlib
import tempfile
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bench.quality.timed import Features, Files, Score, ours, rivals, told
from understudy.modalities.protocol import Input
from understudy.modalities.video.modality import MODALITY

RIVAL = "mean over pictures"
BAR = 0.75
SPLITS = 5


def measure(seeds: tuple[int, ...]) -> None:
    """Prints the table."""
    files = Files.of("fight_video", ".mp4", lambda name: name)
    encoder, scores = MODALITY.encoder(None), []
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as cache:
        features = _means(files, Path(cache))
        for seed in seeds:
            parts = StratifiedKFold(SPLITS, shuffle=True, random_state=seed).split(files.labels, files.labels)
            for place, (train, test) in enumerate(parts):
                share, seconds = ours(MODALITY, encoder, files, train, test, seed=seed, cache=Path(cache))
                scores.append(Score(f"{place}, seed {seed}", share, rivals(features, files, train, test), seconds))
    told("fight_video, five splits", RIVAL, scores, BAR)


def _means(files: Files, cache: Path) -> Features:
    """What the backbone sees in pictures, on average: (n, 3904)."""
    encoder = MODALITY.encoder(None)
    views = encoder.views(len(files.paths), thorough=False)
    view = next(each for each in views if each.name == "pictures")
    inputs = [Input(hashlib.sha256(path.read_bytes()).hexdigest(), path.read_bytes) for path in files.paths]
    read = encoder.features(inputs, view, views, cache, lambda _done, _all: None)
    return read(np.arange(len(inputs)))


def main() -> None:
    """Takes `--seeds`."""
    given = argparse.ArgumentParser(description="Measures clips beside a simple rival.")
    given.add_argument("--seeds", type=int, default=3)
    measure(tuple(range(given.parse_args().seeds)))


if __name__ == "__main__":
    main()
