"""Sounds: ESC-10 fold by fold, and spoken digits speaker by speaker, beside cepstral coefficients with a simple head.

Run with `python -m bench.quality.sound`; needs the data sets beside the checkout.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import scipy.fft

from bench.quality.timed import Features, Files, Score, ours, rivals, told
from understudy.modalities.sound.modality import MODALITY
from understudy.modalities.sound.spectrum import FINE, decibels
from understudy.modalities.sound.windows import windows_of

RIVAL = "MFCC"
ESC10_BAR = 0.85
DIGITS_BAR = 0.85
COEFFICIENTS = 20


def measure(seeds: tuple[int, ...]) -> None:
    """Prints both tables."""
    esc10 = Files.of("esc10", ".ogg", lambda name: name.split("-")[0])
    digits = Files.of("spoken_digits", ".wav", lambda name: name.split("_")[1])
    _told("esc10, fold by fold", esc10, seeds, ESC10_BAR)
    _told("spoken_digits, speaker by speaker", digits, seeds, DIGITS_BAR)


def coefficients(files: Files) -> Features:
    """Means and deviations of cepstral coefficients and of their changes: what most tutorials do, (n, 80)."""
    rows = []
    for path in files.paths:
        frames = np.concatenate([window.rows for window in windows_of(path.read_bytes()).windows])
        cepstrum = scipy.fft.dct(decibels(frames[:, :FINE]), axis=1, norm="ortho")[:, :COEFFICIENTS]
        changes = np.diff(cepstrum, axis=0, append=cepstrum[-1:])
        rows.append(np.concatenate([part(each, axis=0) for each in (cepstrum, changes) for part in (np.mean, np.std)]))
    return np.array(rows, np.float32)


def _told(title: str, files: Files, seeds: tuple[int, ...], bar: float) -> None:
    encoder, features, scores = MODALITY.encoder(None), coefficients(files), []
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as cache:
        for group in np.unique(files.groups):
            train, test = np.flatnonzero(files.groups != group), np.flatnonzero(files.groups == group)
            other = rivals(features, files, train, test)
            for seed in seeds:
                share, seconds = ours(MODALITY, encoder, files, train, test, seed=seed, cache=Path(cache))
                scores.append(Score(f"{group}, seed {seed}", share, other, seconds))
    told(title, RIVAL, scores, bar)


def main() -> None:
    """Takes `--seeds`."""
    given = argparse.ArgumentParser(description="Measures sounds beside a simple rival.")
    given.add_argument("--seeds", type=int, default=3)
    measure(tuple(range(given.parse_args().seeds)))


if __name__ == "__main__":
    main()
