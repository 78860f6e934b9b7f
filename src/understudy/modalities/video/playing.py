"""A clip as browsers play it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import BinaryIO, Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame

from understudy.modalities.media import unreadable as why
from understudy.modalities.media.container import opened
from understudy.modalities.media.playing import SILENT, SOUNDS, Codecs, Soundtrack, decoded, plays
from understudy.modalities.media.unreadable import ClipUnreadable
from understudy.modalities.video.decode import USUAL_RATE, pictures_of

PICTURES: Final[Codecs] = {
    "mov": frozenset({"h264", "vp9", "av1"}),
    "matroska": frozenset({"vp8", "vp9", "av1"}),
}
SHADES: Final = frozenset({"yuv420p", "yuvj420p"})
"""How pixels may be kept for browsers to decode them."""
SIDE: Final = 720
"""Longest side of pictures that are made anew, in pixels."""
APART: Final = 1 / 31
"""Seconds from one of them to the next, at least."""
TICK: Final = Fraction(1, 90_000)
"""Seconds by which they are timed."""
QUICKLY: Final = {"preset": "ultrafast", "crf": "26"}


def playable_clip(data: bytes, into: BinaryIO) -> bool:
    """Writes a clip as H.264 in MP4, upright, at most 720 pixels a side, with its sound.

    Returns:
        Whether it did; browsers play others as they are.

    Raises:
        ClipUnreadable: It cannot be opened, or there are no pictures in it.
    """
    with opened(data, ClipUnreadable) as container:
        if _plays(container):
            return False
        first = next(decoded(container, pictures_of(container)), None)
    if first is None:
        raise why.without_content(ClipUnreadable, "pictures")
    with opened(data, ClipUnreadable) as container, av.open(into, "w", format="mp4") as made:
        _make_anew(container, first, made)
    return True


def _plays(container: InputContainer) -> bool:
    pictures, heard = pictures_of(container), container.streams.audio
    seen = plays(container, pictures, PICTURES) and pictures.pix_fmt in SHADES
    return seen and all(plays(container, each, SOUNDS) for each in heard[:1])


def _make_anew(container: InputContainer, first: VideoFrame, made: OutputContainer) -> None:
    heard = [each for each in container.streams.audio[:1] if each.codec_context is not None]
    film, tracks = _Film(made, first), [Soundtrack(made, "aac", "fltp", each) for each in heard]
    start = _start(first, heard)
    for frame in decoded(container, pictures_of(container), *heard):
        at = None if frame.time is None else frame.time - start
        if isinstance(frame, VideoFrame):
            film.add(frame, at)
        else:
            tracks[0].add(frame, at)
    film.end()
    for track in tracks:
        track.end()


def _start(first: VideoFrame, heard: Sequence[AudioStream]) -> float:
    """When pictures or sound begin, whichever does first: one beginning for both keeps them in step."""
    begun = [float(each.start_time * (each.time_base or 0)) for each in heard if each.start_time is not None]
    seen = first.time or 0.0
    return min([seen, *(each for each in begun if seen - each <= SILENT)])


class _Film:
    """Pictures on their way into a file."""

    def __init__(self, made: OutputContainer, first: VideoFrame) -> None:
        shrunk = min(1.0, SIDE / max(first.width, first.height))
        self._size = (_even(first.width * shrunk), _even(first.height * shrunk))
        self._turns = round(first.rotation / 90) % 4
        self._made, self._due, self._seen = made, 0.0, 0
        self._stream = made.add_stream("libx264", rate=30, options=dict(QUICKLY))
        self._stream.width, self._stream.height = self._size[:: -1 if self._turns % 2 else 1]
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = TICK
        self._stream.codec_context.thread_count = 1

    def add(self, frame: VideoFrame, at: float | None) -> None:
        """Adds a picture, unless it comes too soon after the one before."""
        seconds = self._seen / USUAL_RATE if at is None else at
        self._seen += 1
        if seconds < self._due:
            return
        self._due = seconds + APART
        shown = self._upright(frame)
        shown.pts, shown.time_base = round(seconds / TICK), TICK
        self._made.mux(self._stream.encode(shown))

    def end(self) -> None:
        """Writes what is left."""
        self._made.mux(self._stream.encode(None))

    def _upright(self, frame: VideoFrame) -> VideoFrame:
        if not self._turns:
            return frame.reformat(*self._size, "yuv420p")
        pixels = frame.reformat(*self._size, "rgb24").to_ndarray()
        upright: npt.NDArray[np.uint8] = np.ascontiguousarray(np.rot90(pixels, self._turns), np.uint8)
        return VideoFrame.from_ndarray(upright, format="rgb24")


def _even(pixels: float) -> int:
    return max(2, 2 * round(pixels / 2))
