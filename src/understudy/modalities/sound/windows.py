"""A recording cut into windows of five seconds, of which a long one keeps those where most happens.

While frames stream in, at most `MOST` windows are kept. Whenever there would be more, neighbours are paired and the
livelier of each pair stays; later windows then compete in groups as large. So an hour, too, is seen from its beginning
to its end, and needs no more memory than two minutes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.modalities.sound.decode import Heard, listen
from understudy.modalities.sound.spectrum import FINE, FRAMES_A_SECOND, WIDTH, Rows, Spectrum

LENGTH: Final = 512
"""Frames in a window: 5.12 seconds."""
MOST: Final = 24
"""Windows of a recording that are looked at."""
LEFTOVER: Final = 50
"""Frames behind the last full window below which they get none of their own."""


@dataclass(frozen=True)
class Window:
    """A stretch of a recording.

    Attributes:
        start: Of its first frame, in frames.
        rows: Its frames, (1..512, 98); see `spectrum.Rows`.
    """

    start: int
    rows: Rows

    @property
    def seconds(self) -> tuple[float, float]:
        """From where to where it goes."""
        return self.start / FRAMES_A_SECOND, (self.start + len(self.rows)) / FRAMES_A_SECOND


@dataclass(frozen=True)
class Listened:
    """A recording as it is looked at.

    Attributes:
        windows: At least one, in order.
        heard: What is known of it.
    """

    windows: tuple[Window, ...]
    heard: Heard


def windows_of(data: bytes) -> Listened:
    """Decodes a recording into windows. Thread-safe; memory does not grow with its length.

    Raises:
        RecordingUnreadable: The bytes are no recording, or one that is damaged, cut off or too long.
    """
    spectrum, cutting = Spectrum(), Cutting()
    heard = listen(data, lambda block: cutting.add(spectrum.add(block)))
    cutting.add(spectrum.end())
    return Listened(cutting.end(), heard)


class Cutting:
    """Cuts frames that stream in into windows, and keeps the liveliest where there are many."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []
        self._length = 0
        self._last = np.empty((0, WIDTH), np.float32)
        self._cut = 0
        self._group = 1
        self._kept: list[tuple[float, Window]] = []
        self._best: tuple[float, Window] | None = None
        self._rivals = 0

    def add(self, rows: Rows) -> None:
        """Takes frames as they come."""
        self._rows.append(rows)
        self._length += len(rows)
        if self._length < LENGTH:
            return
        joined = np.concatenate(self._rows)
        while len(joined) >= LENGTH:
            self._last, joined = joined[:LENGTH], joined[LENGTH:]
            self._enter(Window(self._cut, self._last))
            self._cut += LENGTH
        self._rows, self._length = [joined], len(joined)

    def end(self) -> tuple[Window, ...]:
        """All windows that were kept; what is left behind the last full one gets one that reaches back into it."""
        rest = np.concatenate([self._last, *self._rows])[-LENGTH:] if self._rows else self._last
        self._judge()
        kept = [window for _, window in self._kept]
        if not kept or self._length >= LEFTOVER:
            kept.append(Window(self._cut + self._length - len(rest), rest))
        return tuple(kept)

    def _enter(self, window: Window) -> None:
        rival = (_liveliness(window.rows), window)
        self._best = rival if self._best is None or rival[0] > self._best[0] else self._best
        self._rivals += 1
        if self._rivals == self._group:
            self._judge()

    def _judge(self) -> None:
        if self._best is not None:
            self._kept.append(self._best)
        self._best, self._rivals = None, 0
        if len(self._kept) >= MOST:
            pairs = zip(self._kept[::2], self._kept[1::2], strict=True)
            self._kept = [max(pair, key=lambda rival: rival[0]) for pair in pairs]
            self._group *= 2


def _liveliness(rows: Rows) -> float:
    """How much grows louder, anywhere in the spectrum: a steady hum has none, a bark much."""
    amplitude = np.sqrt(rows[:, :FINE])
    return float(np.maximum(0, np.diff(amplitude, axis=0)).sum())
