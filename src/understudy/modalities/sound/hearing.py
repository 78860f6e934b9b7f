"""What a model's graph takes of a recording: its windows as pictures, as bands of voices and as statistics."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from understudy.modalities.media.windowed import Span, WindowedPreparer
from understudy.modalities.protocol import Array
from understudy.modalities.sound.spectrum import FINE, FRAMES_A_SECOND, VOICE, decibels, with_floor
from understudy.modalities.sound.statistics import STATISTICS, statistics_of
from understudy.modalities.sound.voice import FIELD, STRIDE, places
from understudy.modalities.sound.windows import LENGTH, Window, windows_of

PICTURE: Final = "sound_picture"
BANDS: Final = "sound_bands"
PLACES: Final = "sound_places"
MEASURES: Final = "sound_measures"
WHEN: Final = "sound_when"
"""Names of the graph's inputs."""

COLUMNS: Final = LENGTH // 2
"""Of a picture: two frames make one, so that a column is 20 ms."""
RANGE: Final = 60.0
"""Decibels below a recording's loudest point down to which a picture shows; measured better than 80."""
QUIET: Final = -70.0
"""Decibels that count as the loudest point of what is quieter than that."""
FLOOR: Final = 80.0
"""Decibels below the loudest point down to which voices are heard."""
SPOKEN: Final = 70.0
"""Decibels, as the network of voices counts them, at the loudest point of what it learned from."""
SEEN_OVER: Final = 10.0
HEARD_OVER: Final = 15.0
"""Decibels below a recording's mean power at which steady noise is laid beneath what is seen and measured, and beneath
what the network of voices hears, so that a microphone's own does not tell. Measured on ESC-10 with white noise of 20 dB
below: right in .89 with it and in .66 without; on recordings as they are in .92 and .91."""
MARGIN: Final = 50
"""Frames of silence before and after each window of voices: half a second."""
BUCKET: Final = 64
"""Windows of voices are filled up to a multiple of so many frames, so that few shapes occur."""
PIECES: Final = 8
"""Pieces into which a recording of one window is cut to see which of them mattered."""
SHORTEST: Final = 0.1
"""Seconds of such a piece."""
BATCH: Final = 2

PREPROCESSING: Final = (
    "First stream of sound; channels averaged; 16 kHz by FFmpeg's resampler; windows of 512 frames of 10 ms, of more "
    "than 24 the liveliest; Hann of 400 samples, 512 points; white noise beneath; 64 bands (Slaney) of 20 ms as a "
    "picture of 60 dB; 32 bands of 60 to 3,800 Hz; statistics."
)


class RecordingPreparer(WindowedPreparer[Window]):
    """From a recording's bytes to what a graph takes.

    Attributes:
        inputs: Names of the inputs that the graph has besides `WHEN`: `PICTURE`, `BANDS` (with `PLACES`), `MEASURES`.
    """

    @property
    def rows(self) -> int:  # noqa: D102
        return BATCH

    @property
    def preprocessing(self) -> str:  # noqa: D102
        return PREPROCESSING

    def windows(self, data: bytes) -> Sequence[Window]:
        """The windows that are looked at.

        Raises:
            RecordingUnreadable: The bytes are no recording, or one that is damaged, cut off or too long.
        """
        return windows_of(data).windows

    def of_windows(self, windows: Sequence[Window]) -> dict[str, Array]:
        """The graph's inputs, for w windows.

        Returns:
            `PICTURE` uint8 (1, w, 64, 256), high tones first; `BANDS` float32 (1, w, frames, 32); `PLACES` float32
            (1, w, places), 1 where something is heard; `MEASURES` float32 (1, w, 141); `WHEN` float32 (1, w, 2), from
            where to where in seconds: 0 to 0 where a batch is filled up.
        """
        made = {WHEN: np.array([[window.seconds for window in windows]], np.float32)}
        if BANDS in self.inputs:
            bands, heard = _bands(_over_noise(windows, HEARD_OVER))
            made |= {BANDS: bands[None], PLACES: heard[None]}
        seen = _over_noise(windows, SEEN_OVER)
        if PICTURE in self.inputs:
            made[PICTURE] = _pictures(seen)[None]
        if MEASURES in self.inputs:
            made[MEASURES] = np.stack([statistics_of(window.rows) for window in seen])[None]
        return made

    def without_pieces(self, window: Window) -> list[tuple[Span, list[Window]]]:
        """A window without each eighth of it; silence in their place would be a sound of its own."""
        count = int(min(PIECES, len(window.rows) / FRAMES_A_SECOND // SHORTEST))
        if count < 2:
            return []
        edges = np.linspace(0, len(window.rows), count + 1).round().astype(int)
        rests = []
        for start, end in pairwise(edges):
            rows = np.concatenate([window.rows[:start], window.rows[end:]])
            span = (float(start / FRAMES_A_SECOND), float(end / FRAMES_A_SECOND))
            rests.append((span, [Window(window.start, rows)]))
        return rests


def shapes() -> dict[str, list[int | str]]:
    """Shapes of the graph's inputs, by name."""
    return {
        WHEN: ["n", "w", 2],
        PICTURE: ["n", "w", FINE, COLUMNS],
        BANDS: ["n", "w", "f", VOICE],
        PLACES: ["n", "w", "p"],
        MEASURES: ["n", "w", STATISTICS],
    }


def _over_noise(windows: Sequence[Window], decibels_below: float) -> list[Window]:
    """The windows over steady noise, so far below their mean power."""
    mean = np.mean([window.rows[:, FINE + VOICE].mean() for window in windows])
    power = float(mean) * 10 ** (-decibels_below / 10)
    return [Window(window.start, with_floor(window.rows, power)) for window in windows]


def _pictures(windows: Sequence[Window]) -> Array:
    """Loudness as brightness, (w, 64, 256); a short window is repeated until it fills its picture."""
    shown = [decibels(_paired(window.rows[:, :FINE])) for window in windows]
    top = max(QUIET, *(float(each.max()) for each in shown))
    pictures = []
    for each in shown:
        full = np.tile(each, (-(-COLUMNS // len(each)), 1))[:COLUMNS] if len(each) < COLUMNS else each[:COLUMNS]
        pictures.append(np.clip((full - top + RANGE) / RANGE, 0, 1) * 255)
    return np.ascontiguousarray(np.stack(pictures).round().astype(np.uint8).transpose(0, 2, 1)[:, ::-1])


def _paired(power: Array) -> Array:
    """The mean of every two frames; of an odd number the last stands alone."""
    even = len(power) // 2 * 2
    pairs = power[:even].reshape(-1, 2, power.shape[1]).mean(axis=1)
    return np.concatenate([pairs, power[even:]])


def _bands(windows: Sequence[Window]) -> tuple[Array, Array]:
    """Bands with silence around them, (w, frames, 32), and where something is heard, (w, places)."""
    loud = [decibels(window.rows[:, FINE : FINE + VOICE]) for window in windows]
    top = max(QUIET, *(float(each.max()) for each in loud))
    longest = -(-max(len(each) for each in loud) // BUCKET) * BUCKET + 2 * MARGIN
    bands = np.full((len(windows), longest, VOICE), (SPOKEN - FLOOR) / 10 + 2, np.float32)
    heard = np.zeros((len(windows), places(longest)), np.float32)
    for row, each in enumerate(loud):
        bands[row, MARGIN : MARGIN + len(each)] = (np.maximum(each - top, -FLOOR) + SPOKEN) / 10 + 2
        heard[row, : (len(each) + 2 * MARGIN - FIELD) // STRIDE + 1] = 1
    return bands, heard
