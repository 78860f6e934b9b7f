"""The spectrum of a recording, frame by frame as it streams through.

One short-time Fourier transform serves all that looks at it: Hann windows of 25 ms every 10 ms, 512 points, of sound at
16 kHz. Bands are spaced as Slaney's Auditory Toolbox does, each of unit area.

Source:
    Slaney, Auditory Toolbox, Interval Research Technical Report 1998-010.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.sound.decode import RATE, Samples

POINTS: Final = 512
WINDOW: Final = 400
STEP: Final = 160
"""Samples between frames."""
FRAMES_A_SECOND: Final = RATE / STEP

FINE: Final = 64
"""Bands from 0 to 8 kHz."""
VOICE: Final = 32
"""Bands from 60 to 3,800 Hz, where voices differ: what the network of voices learned from."""
SHAPE: Final = 6
"""Numbers about a frame's shape: power, centroid, bandwidth, roll-off (all in kHz), flatness, crossings of zero."""
WIDTH: Final = FINE + VOICE + SHAPE
ROLL_OFF: Final = 0.85

Rows = npt.NDArray[np.float32]
"""One row a frame: power in the fine bands, in the bands of voices, and the shape; (k, 102)."""


class Spectrum:
    """Turns blocks of samples into frames; silence stands before the first sample and after the last."""

    def __init__(self) -> None:
        self._waiting = np.zeros(POINTS // 2, np.float32)

    def add(self, block: Samples) -> Rows:
        """The frames that a block completes."""
        self._waiting = np.concatenate([self._waiting, block])
        count = max(0, (len(self._waiting) - POINTS) // STEP + 1)
        rows = _rows(self._waiting[: (count - 1) * STEP + POINTS]) if count else np.empty((0, WIDTH), np.float32)
        self._waiting = self._waiting[count * STEP :]
        return rows

    def end(self) -> Rows:
        """The frames that are left; of any recording there is at least one in all."""
        return self.add(np.zeros(POINTS // 2, np.float32))


def decibels(power: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Power in decibels, down to -100."""
    return (10 * np.log10(np.maximum(power, 1e-10))).astype(np.float32)


@cache
def bank(count: int, low: float, high: float) -> npt.NDArray[np.float32]:
    """Triangular bands as a matrix from the spectrum's points to bands, (257, count)."""
    edges = _hertz(np.linspace(_mel(low), _mel(high), count + 2))
    points = np.arange(POINTS // 2 + 1)[:, None] * RATE / POINTS
    rising = (points - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - points) / (edges[2:] - edges[1:-1])
    area = (edges[2:] - edges[:-2]) / 2
    return (np.maximum(0, np.minimum(rising, falling)) / area).astype(np.float32)


def _rows(samples: Samples) -> Rows:
    frames = np.lib.stride_tricks.sliding_window_view(samples, POINTS)[::STEP]
    power = np.abs(np.fft.rfft(frames * _window(), POINTS, axis=1)).astype(np.float32) ** 2
    return np.hstack([power @ bank(FINE, 0, RATE / 2), power @ bank(VOICE, 60, 3800), _shape(frames, power)])


def _shape(frames: Samples, power: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    kilohertz = np.linspace(0, RATE / 2000, POINTS // 2 + 1, dtype=np.float32)
    whole = power.sum(axis=1) + 1e-10
    centroid = power @ kilohertz / whole
    bandwidth = np.sqrt(np.maximum(0, power @ kilohertz**2 / whole - centroid**2))
    reached = np.cumsum(power, axis=1) >= ROLL_OFF * whole[:, None]
    roll_off = np.where(reached.any(axis=1), kilohertz[reached.argmax(axis=1)], 0)
    flatness = np.exp(np.log(power + 1e-10).mean(axis=1)) / (power.mean(axis=1) + 1e-10)
    crossings = np.mean(np.signbit(frames[:, 1:]) != np.signbit(frames[:, :-1]), axis=1)
    return np.stack([whole, centroid, bandwidth, roll_off, flatness, crossings], axis=1).astype(np.float32)


@cache
def _window() -> npt.NDArray[np.float32]:
    window = np.zeros(POINTS, np.float32)
    start = (POINTS - WINDOW) // 2
    window[start : start + WINDOW] = np.hanning(WINDOW + 1)[:-1]
    return window


def _mel(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Linear below 1 kHz, logarithmic above."""
    given = np.asarray(hertz, np.float64)
    return np.where(given < 1000, given * 3 / 200, 15 + np.log(np.maximum(given, 1e-9) / 1000) * 27 / np.log(6.4))


def _hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))
