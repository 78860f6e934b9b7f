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
SHAPE: Final = 2
"""Numbers about a frame besides: its power in all, and its crossings of zero."""
WIDTH: Final = FINE + VOICE + SHAPE
ROLL_OFF: Final = 0.85
"""Share of the power that lies below the roll-off."""

Rows = npt.NDArray[np.float32]
"""One row a frame: power in the fine bands, in the bands of voices, in all, and crossings; (k, 98)."""


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


def with_floor(rows: Rows, power: float) -> Rows:
    """Frames as they would be with steady white noise beneath.

    Args:
        rows: Frames.
        power: Of the noise, as the column of a frame's whole power counts it.
    """
    raised = rows.copy()
    # Bands have unit area over hertz, so white noise has the same power in each.
    raised[:, : FINE + VOICE] += power / (POINTS // 2 + 1) * POINTS / RATE
    raised[:, FINE + VOICE] += power
    return raised


def spectral_shapes(rows: Rows) -> npt.NDArray[np.float32]:
    """What the spectrum of each frame is like.

    Returns:
        (k, 5): centroid, bandwidth and roll-off in kHz; flatness, 0 for a tone, 1 for white noise; crossings of zero
        by sample.
    """
    centres, widths = _bands()
    power = rows[:, :FINE] * widths + 1e-12
    share = power / power.sum(axis=1, keepdims=True)
    centroid = share @ centres
    bandwidth = np.sqrt(np.maximum(0, share @ centres**2 - centroid**2))
    roll_off = centres[(np.cumsum(share, axis=1) >= ROLL_OFF).argmax(axis=1)]
    level = rows[:, :FINE] + 1e-12
    flatness = np.exp(np.log(level).mean(axis=1)) / level.mean(axis=1)
    return np.stack([centroid, bandwidth, roll_off, flatness, rows[:, FINE + VOICE + 1]], axis=1).astype(np.float32)


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
    crossings = np.mean(np.signbit(frames[:, 1:]) != np.signbit(frames[:, :-1]), axis=1)
    others = np.stack([power.sum(axis=1), crossings], axis=1).astype(np.float32)
    return np.hstack([power @ bank(FINE, 0, RATE / 2), power @ bank(VOICE, 60, 3800), others])


@cache
def _bands() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Where the fine bands are and how wide, in kHz."""
    edges = _hertz(np.linspace(_mel(0), _mel(RATE / 2), FINE + 2)) / 1000
    return edges[1:-1].astype(np.float32), ((edges[2:] - edges[:-2]) / 2).astype(np.float32)


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
