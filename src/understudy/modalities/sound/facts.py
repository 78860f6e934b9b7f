"""Facts of a recording and its fingerprint: how it came about, what it sounds like at a glance. No model is asked."""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.domain.rule import Fact
from understudy.modalities.media.tags import tag
from understudy.modalities.media.unreadable import time_in_words
from understudy.modalities.protocol import Measured
from understudy.modalities.sound.decode import Heard, Samples, listen
from understudy.modalities.sound.fingerprint import SIDE, fingerprint_of
from understudy.modalities.sound.spectrum import FINE, VOICE, Rows, Spectrum, decibels, spectral_shapes

KIND: Final = "sound/1"
"""Names this way of measuring; raised when a fact changes its meaning."""

ORIGIN: Final = frozenset({"rate", "channels", "format", "codec", "bytes", "bytes per second", "software", "taken"})
"""Facts that say how a recording came about, not what is heard."""

LOOKS: Final = frozenset({"seconds", "loudness", "peak", "silence", "brightness", "noisiness"})
"""Facts that say what a recording sounds like at a glance."""

SILENT: Final = -60.0
"""Decibels below full scale from which on down a tenth of a second is silence."""
TENTH: Final = 1600
MOST: Final = 1024
"""Columns of the whole recording's spectrum that are kept; then every two become one."""
UNUSUAL_CHANNELS: Final = 2
LOWEST: Final = 20
"""Hertz of the lowest tone that people hear; to hold it takes more than twice as many samples a second."""


class _Glance:
    """Measures a recording while it streams through."""

    def __init__(self) -> None:
        self.peak = 0.0
        self.energy: list[npt.NDArray[np.float32]] = []
        self.picture = _Squeezed()
        self.shape = np.zeros(3)
        self._spectrum = Spectrum()

    def add(self, block: Samples) -> None:
        """Takes a block of samples."""
        self.peak = max(self.peak, float(np.abs(block).max(initial=0)))
        even = len(block) // TENTH * TENTH
        tenths = block[:even].reshape(-1, TENTH) if even else block[None]
        self.energy.append((tenths.astype(np.float64) ** 2).mean(axis=1).astype(np.float32))
        self._enter(self._spectrum.add(block))

    def end(self) -> None:
        """The last frames."""
        self._enter(self._spectrum.end())

    def _enter(self, rows: Rows) -> None:
        power, seen = rows[:, FINE + VOICE].astype(np.float64), spectral_shapes(rows)
        weighted = (seen[:, 0] * power, seen[:, 3] * power, power)
        self.shape += [column.sum() for column in weighted]
        self.picture.add(rows[:, :FINE])


class _Squeezed:
    """The spectrum of all that streams through in a bounded number of columns."""

    def __init__(self) -> None:
        self._columns = np.empty((0, FINE), np.float32)
        self._rest = np.empty((0, FINE), np.float32)
        self._each = 1

    def add(self, power: npt.NDArray[np.float32]) -> None:
        """Takes frames, (k, 64)."""
        joined = np.concatenate([self._rest, power])
        whole = len(joined) // self._each * self._each
        made = joined[:whole].reshape(-1, self._each, FINE).mean(axis=1)
        self._columns, self._rest = np.concatenate([self._columns, made]), joined[whole:]
        while len(self._columns) >= MOST:
            even = len(self._columns) // 2 * 2
            pairs = self._columns[:even].reshape(-1, 2, FINE).mean(axis=1)
            self._columns, self._each = np.concatenate([pairs, self._columns[even:]]), self._each * 2

    def whole(self) -> npt.NDArray[np.float32]:
        """All of it, (columns, 64)."""
        return self._columns


def inspect_recording(data: bytes) -> Measured:
    """Decodes a recording to its last sample and measures it.

    Raises:
        RecordingUnreadable: The bytes are no recording, or one that is damaged, cut off or too long.
    """
    glance, heard = _glanced(data)
    return Measured(fingerprint_of(_square(glance.picture.whole())), remark=_remark(glance, heard))


def facts_of(data: bytes) -> dict[str, Fact]:
    """Measures a recording. Thread-safe; decodes all of it, in bounded memory.

    Returns:
        By name: `seconds`, `rate` (samples in a second), `channels`, `format`, `codec`, `bytes`, `bytes per second`,
        `software`, `taken` (as the file says it, or None); `loudness` (mean square) and `peak` in decibels below full
        scale, at least -100; `silence` (share of tenths of a second below -60 dB), `brightness` (centroid of the
        spectrum in kHz), `noisiness` (0 for a tone, about 1 for noise).

    Raises:
        RecordingUnreadable: The bytes are no recording, or one that is damaged, cut off or too long.
    """
    glance, heard = _glanced(data)
    energy = np.concatenate(glance.energy)
    centroid, flatness, power = glance.shape
    return {
        "seconds": round(heard.seconds, 3),
        "rate": float(heard.rate),
        "channels": float(heard.channels),
        "format": heard.container.split(",")[0],
        "codec": heard.codec,
        "bytes": float(len(data)),
        "bytes per second": round(len(data) / heard.seconds),
        "software": tag(heard.tags, "encoder", "encoded_by", "software"),
        "taken": tag(heard.tags, "creation_time", "date"),
        "loudness": _decibels(float(energy.mean())),
        "peak": _decibels(glance.peak**2),
        "silence": round(float(np.mean(decibels(energy) < SILENT)), 4),
        "brightness": round(float(centroid / power), 4) if power else 0.0,
        "noisiness": round(float(flatness / power), 4) if power else 0.0,
    }


def _glanced(data: bytes) -> tuple[_Glance, Heard]:
    glance = _Glance()
    heard = listen(data, glance.add)
    glance.end()
    return glance, heard


def _square(columns: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The whole recording in decibels, squeezed or stretched to 32 bands by 32 moments."""
    paired = columns.reshape(len(columns), SIDE, -1).mean(axis=2)
    if len(paired) > SIDE:
        edges = np.linspace(0, len(paired), SIDE + 1).astype(int)
        moments = np.stack([paired[low:high].mean(axis=0) for low, high in pairwise(edges)])
    else:
        moments = scipy.ndimage.zoom(paired, (SIDE / len(paired), 1), order=1, grid_mode=True, mode="nearest")
    return decibels(moments.T)


def _remark(glance: _Glance, heard: Heard) -> str:
    """What is unusual and yet no fault, for people."""
    said = []
    if heard.no_numbers == 1:
        said.append("its samples are no numbers, so nothing is heard in it")
    elif heard.no_numbers:
        said.append("some of its samples are no numbers, and are heard as silence")
    if glance.peak == 0 and heard.no_numbers < 1:
        said.append("it is silent from beginning to end")
    if heard.rate <= 2 * LOWEST:
        said.append(
            f"it has {heard.rate} sample{'' if heard.rate == 1 else 's'} a second, too few for any tone to be heard"
        )
    if heard.seconds < 0.05:
        said.append(f"it lasts {heard.seconds * 1000:.3g} ms")
    if heard.channels > UNUSUAL_CHANNELS:
        said.append(f"its {heard.channels} channels were mixed to one")
    if heard.gaps:
        pieces = "1 damaged piece was" if heard.gaps == 1 else f"{heard.gaps} damaged pieces were"
        said.append(f"{pieces} left out, {time_in_words(heard.seconds)} remain")
    return "; ".join(said)


def _decibels(power: float) -> float:
    return round(float(decibels(np.array([power], np.float32))[0]), 2)
