"""What a model's graph takes of a clip: pictures of each window, pictures of its motion, and statistics."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from understudy.modalities.media.windowed import Span, WindowedPreparer
from understudy.modalities.protocol import Array
from understudy.modalities.video.decode import SIDE
from understudy.modalities.video.motion import STATISTICS, STEPS, grey_of, statistics_of, steps, trace
from understudy.modalities.video.windows import Window, windows_of

FRAMES: Final = "clip_frames"
MOVING: Final = "clip_steps"
TRACES: Final = "clip_traces"
MEASURES: Final = "clip_measures"
WHEN: Final = "clip_when"
"""Names of the graph's inputs."""

COLOUR: Final = 2
"""Colour pictures from each window."""
PIECES: Final = 4
"""Pieces into which a clip of one window is cut to see which of them mattered."""
BATCH: Final = 1

PREPROCESSING: Final = (
    "First stream of pictures; at most 13 a second; squeezed to 224 x 224 (not cropped) by FFmpeg's bilinear scaler, "
    "turned as the file says; windows of 2 s, of more than 10 the liveliest; of each 2 pictures in colour, 8 of "
    "steps, 1 of all motion, and statistics."
)


class ClipPreparer(WindowedPreparer[Window]):
    """From a clip's bytes to what a graph takes.

    Attributes:
        inputs: Names of the inputs that the graph has besides `WHEN`: `FRAMES`, `MOVING`, `TRACES`, `MEASURES`.
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
            ClipUnreadable: The bytes are no clip, or one that is damaged, cut off or too long.
        """
        return windows_of(data).windows

    def of_windows(self, windows: Sequence[Window]) -> dict[str, Array]:
        """The graph's inputs, for w windows.

        Returns:
            `FRAMES` uint8 (1, w, 2, 224, 224, 3), `MOVING` uint8 (1, w, 8, 224, 224, 3), `TRACES` uint8 (1, w, 1, 224,
            224, 3), `MEASURES` float32 (1, w, 43), `WHEN` float32 (1, w, 2): from where to where in seconds, 0 to 0
            where a batch is filled up.
        """
        made = {WHEN: np.array([[window.seconds for window in windows]], np.float32)}
        if FRAMES in self.inputs:
            made[FRAMES] = np.stack([_colours(window) for window in windows])[None]
        rows: dict[str, list[Array]] = {name: [] for name in self.inputs if name != FRAMES}
        for window in windows if rows else ():
            grey = grey_of(window.pictures)
            for name, make in ((MOVING, steps), (TRACES, trace), (MEASURES, statistics_of)):
                if name in rows:
                    rows[name].append(make(grey))
        made |= {name: np.stack(each)[None] for name, each in rows.items()}
        if TRACES in made:
            made[TRACES] = made[TRACES][:, :, None]
        return made

    def without_pieces(self, window: Window) -> list[tuple[Span, list[Window]]]:
        """A window without each quarter of it."""
        start, end = window.seconds
        edges = np.linspace(start, end, PIECES + 1)
        rests = []
        for low, high in pairwise(edges):
            left = tuple(picture for picture in window.pictures if not low <= picture.seconds < high)
            if 0 < len(left) < len(window.pictures):
                rests.append(((float(low), float(high)), [Window(left, window.seconds)]))
        return rests


def shapes() -> dict[str, list[int | str]]:
    """Shapes of the graph's inputs, by name."""
    return {
        WHEN: ["n", "w", 2],
        FRAMES: ["n", "w", COLOUR, SIDE, SIDE, 3],
        MOVING: ["n", "w", STEPS, SIDE, SIDE, 3],
        TRACES: ["n", "w", 1, SIDE, SIDE, 3],
        MEASURES: ["n", "w", STATISTICS],
    }


def _colours(window: Window) -> Array:
    """Pictures in colour, spread evenly over a window, (2, 224, 224, 3)."""
    places = ((np.arange(COLOUR) + 0.5) / COLOUR * (len(window.pictures) - 1)).round().astype(int)
    return np.stack([window.pictures[place].pixels for place in places])
