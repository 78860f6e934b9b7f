"""Classical statistics of a window of sound.

Cepstral coefficients with their deviations and changes, the mean spectrum, the envelope's percentiles and rhythm, and
what a frame's shape is: centroid, bandwidth, roll-off, flatness, crossings of zero; onsets and pauses.

Source:
    Davis & Mermelstein, IEEE Transactions on Acoustics, Speech, and Signal Processing 28 (1980), for the coefficients.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.modalities.sound.spectrum import FINE, FRAMES_A_SECOND, VOICE, Rows, decibels, spectral_shapes

COEFFICIENTS: Final = 20
RANGE: Final = 8.0
"""Bels below a window's loudest point that count as silence."""
PAUSE: Final = 4.0
"""Bels below the loudest frame from which on a frame is a pause."""
RHYTHMS: Final = (0.5, 1, 2, 4, 6, 8, 12, 16, 24, 48)
"""Edges of the bands in which the envelope's rhythm is measured, in hertz."""
FEWEST: Final = 8
"""Frames that are needed; fewer are repeated."""
GROUP: Final = 4
STATISTICS: Final = 4 * COEFFICIENTS + 2 * FINE // GROUP + 8 + 10 + 2 + len(RHYTHMS) - 1
"""Numbers in all: 141."""

Values = npt.NDArray[np.float32]


def statistics_of(rows: Rows) -> Values:
    """Measures a window.

    Args:
        rows: Its frames, at least one, (k, 98).

    Returns:
        (141,), in bels, kilohertz and shares: numbers of about 1, which half precision keeps well.
    """
    if len(rows) < FEWEST:
        rows = np.tile(rows, (-(-FEWEST // len(rows)), 1))
    fine = decibels(rows[:, :FINE]) / 10
    fine = np.maximum(fine, fine.max() - RANGE)
    power = rows[:, FINE + VOICE]
    envelope = np.maximum(decibels(power) / 10, decibels(power).max() / 10 - RANGE)
    parts = [_cepstrum(fine), _spectrum(fine), _envelope(envelope), _shapes(rows), _events(fine, envelope)]
    return np.concatenate([*parts, _rhythm(envelope)]).astype(np.float32)


def _cepstrum(fine: Values) -> Values:
    coefficients = scipy.fft.dct(fine, axis=1, norm="ortho")[:, :COEFFICIENTS]
    changes = (coefficients[2:] - coefficients[:-2]) / 2
    measured = (coefficients.mean(axis=0), coefficients.std(axis=0), changes.std(axis=0), np.abs(changes).max(axis=0))
    return np.concatenate(measured)


def _spectrum(fine: Values) -> Values:
    mean = fine.mean(axis=0)
    grouped = [each.reshape(-1, GROUP).mean(axis=1) for each in (mean - mean.mean(), fine.std(axis=0))]
    return np.concatenate(grouped)


def _envelope(envelope: Values) -> Values:
    below = np.percentile(envelope, (5, 25, 50, 75, 95)) - envelope.max()
    return np.array([*below, envelope.max(), envelope.std(), np.diff(envelope).std()], np.float32)


def _shapes(rows: Rows) -> Values:
    """Weighted by power, so that pauses do not count."""
    measured = spectral_shapes(rows).astype(np.float64)
    weights = np.sqrt(rows[:, FINE + VOICE].astype(np.float64)) + 1e-9
    mean = np.average(measured, axis=0, weights=weights)
    deviation = np.sqrt(np.average((measured - mean) ** 2, axis=0, weights=weights))
    return np.concatenate([mean, deviation]).astype(np.float32)


def _events(fine: Values, envelope: Values) -> Values:
    """Onsets in a tenth of a second, and the share of pauses."""
    flux = np.maximum(0, np.diff(fine, axis=0)).mean(axis=1)
    peak = flux > max(0.1, flux.mean() + flux.std())
    onsets = np.count_nonzero(peak[1:] & ~peak[:-1]) * FRAMES_A_SECOND / 10 / len(fine)
    return np.array([onsets, np.mean(envelope < envelope.max() - PAUSE)], np.float32)


def _rhythm(envelope: Values) -> Values:
    """How much the loudness swings at each tempo: deviations in bels."""
    centred = (envelope - envelope.mean()) * np.hanning(len(envelope))
    power = np.abs(np.fft.rfft(centred, 1024)) ** 2 / len(envelope) ** 2
    at = np.fft.rfftfreq(1024, 1 / FRAMES_A_SECOND)
    bands = pairwise(RHYTHMS)
    return np.array([np.sqrt(power[(at >= low) & (at < high)].sum()) for low, high in bands], np.float32)
