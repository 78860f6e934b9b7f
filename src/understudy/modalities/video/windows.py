"""A clip cut into windows of two seconds, of which a long one keeps those where most happens.

A clip of up to half a minute is watched from its first picture to its last. Of a longer one the pictures that can be
decoded alone are glimpsed first; it is cut into as many equal stretches as windows are looked at, and each gets its
window where successive glimpses differ most: where the scene changes, or something moves. Only these windows are then
decoded. So an hour takes little longer than a minute, and the memory of a few seconds.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.video.decode import Clip, Picture, Shown, clip

LENGTH: Final = 2.0
"""Seconds in a window."""
MOST: Final = 10
"""Windows of a clip that are looked at."""
WHOLE: Final = 30.0
"""Seconds up to which a clip is watched as a whole."""
LEFTOVER: Final = 0.5
"""Seconds behind the last full window below which they belong to it."""
BLOCK: Final = 8
"""Side of the blocks by which pictures are compared, in pixels: 28 by 28 of them."""

Small = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """A stretch of a clip.

    Attributes:
        pictures: In order, at least one.
        seconds: From where to where it goes.
    """

    pictures: tuple[Picture, ...]
    seconds: tuple[float, float]


@dataclass(frozen=True)
class Watched:
    """A clip as it is looked at.

    Attributes:
        windows: At least one, in order.
        shown: What is known of it.
        glimpses: Small grey pictures from all of it, (k, 28, 28).
    """

    windows: tuple[Window, ...]
    shown: Shown
    glimpses: Small


def windows_of(data: bytes) -> Watched:
    """Decodes a clip into windows. Thread-safe; memory does not grow with its length.

    Raises:
        ClipUnreadable: The bytes are no clip, or one that is damaged, cut off or too long.
    """
    with clip(data) as opened:
        promised = opened.promised
        if promised is not None and promised > WHOLE:
            long = _long(opened)
            if long is not None:
                return long
    with clip(data) as opened:
        cutting = Cutting()
        shown = opened.watch(cutting.add)
        return Watched(cutting.end(shown.seconds), shown, np.stack(cutting.glimpses))


def small(picture: Picture) -> Small:
    """A picture's brightness in blocks, 0..255, (28, 28)."""
    side = len(picture.pixels) // BLOCK
    grey = picture.pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    blocks: Small = grey.reshape(side, BLOCK, side, BLOCK).mean(axis=(1, 3)).astype(np.float32)
    return blocks


class Cutting:
    """Cuts pictures that stream in into windows, and keeps the liveliest where there are many."""

    def __init__(self) -> None:
        self._pictures: list[Picture] = []
        self._start = 0.0
        self._group = 1
        self._kept: list[tuple[float, Window]] = []
        self._best: tuple[float, Window] | None = None
        self._rivals = 0
        self._each, self._count = 1, 0
        self.glimpses: list[Small] = []

    def add(self, picture: Picture) -> None:
        """Takes a picture; they come in order of time."""
        while picture.seconds >= self._start + LENGTH:
            self._close(self._start + LENGTH)
        self._pictures.append(picture)
        if self._count % self._each == 0:
            self.glimpses.append(small(picture))
        self._count += 1
        if len(self.glimpses) == 1024:
            self.glimpses, self._each = self.glimpses[::2], self._each * 2

    def end(self, seconds: float) -> tuple[Window, ...]:
        """All windows that were kept, of a clip of so many seconds."""
        self._judge()
        left, kept = self._pictures, self._kept
        if left and kept and seconds - self._start < LEFTOVER and kept[-1][1].seconds[1] == self._start:
            liveliness, last = kept[-1]
            kept[-1] = (liveliness, Window((*last.pictures, *left), (last.seconds[0], seconds)))
        elif left:
            self._close(seconds)
        self._judge()
        return tuple(window for _, window in self._kept)

    def _close(self, end: float) -> None:
        """Ends the window that is open; one in which nothing is shown is none."""
        if self._pictures:
            window = Window(tuple(self._pictures), (self._start, end))
            rival = (_liveliness(window), window)
            self._best = rival if self._best is None or rival[0] > self._best[0] else self._best
            self._rivals += 1
            if self._rivals == self._group:
                self._judge()
        self._pictures, self._start = [], end

    def _judge(self) -> None:
        if self._best is not None:
            self._kept.append(self._best)
        self._best, self._rivals = None, 0
        if len(self._kept) > MOST:
            pairs = [self._kept[place : place + 2] for place in range(0, len(self._kept), 2)]
            self._kept = [max(pair, key=lambda rival: rival[0]) for pair in pairs]
            self._group *= 2


def _long(opened: Clip) -> Watched | None:
    """A long clip by its glimpses, or None where no time leads to a picture, or few of them can be decoded alone."""
    times: list[float] = []
    glimpses: list[Small] = []

    def take(picture: Picture) -> None:
        times.append(picture.seconds)
        glimpses.append(small(picture))

    shown = opened.glimpse(take)
    if opened.joined or len(times) < 2 * MOST:
        return None
    windows = []
    for start in _starts(np.array(times), np.stack(glimpses), shown.seconds):
        pictures: list[Picture] = []
        opened.watch_from(start, LENGTH, pictures.append)
        if pictures:
            windows.append(Window(tuple(pictures), (start, min(start + LENGTH, shown.seconds))))
    return Watched(tuple(windows), shown, np.stack(glimpses)) if windows else None


def _starts(times: npt.NDArray[np.float64], glimpses: Small, seconds: float) -> list[float]:
    """Where in each stretch of a long clip its window begins: at the glimpse that differs most from the one before."""
    change = np.abs(np.diff(glimpses, axis=0)).mean(axis=(1, 2))
    change = np.concatenate([[0.0], change])
    edges = np.linspace(0, seconds, MOST + 1)
    starts = []
    for low, high in pairwise(edges):
        inside = np.flatnonzero((times >= low) & (times < high))
        at = times[inside[change[inside].argmax()]] if len(inside) else low
        starts.append(float(max(low, min(at, high - LENGTH))))
    return starts


def _liveliness(window: Window) -> float:
    """How much changes from picture to picture."""
    seen = np.stack([small(picture) for picture in window.pictures])
    return float(np.abs(np.diff(seen, axis=0)).mean()) if len(seen) > 1 else 0.0
