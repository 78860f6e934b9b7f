"""From the bytes of a clip to small pictures with their time, in bounded memory.

The preprocessing is part of the model, so it is defined exactly and holds for every clip:

1. The first stream of pictures is decoded, other than a cover's; a piece that is damaged is left out.
2. Of pictures that follow each other by less than 1/13 s only the first counts, so that the camera's rate does not.
3. Each is squeezed to 224 by 224 by FFmpeg's bilinear scaler as soon as it is decoded, and turned as the file says.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from understudy.modalities.media import unreadable as why
from understudy.modalities.media.container import ends_early, known, opened, short
from understudy.modalities.media.joined import Onward
from understudy.modalities.media.unreadable import ClipUnreadable
from understudy.modalities.unreadable import too_wide

SIDE: Final = 224
"""Side of the pictures, in pixels: what the backbone learned from."""
GAP: Final = 1 / 13
"""Seconds from one picture to the next, at least."""
MAX_SECONDS: Final = 8 * 3600.0
MAX_PIXELS: Final = 40_000_000
"""Width times height of the largest pictures that are decoded: 8K video has 33 million."""
ENOUGH: Final = 0.9
"""Of the announced seconds that must be there."""
SLACK: Final = 0.5
"""Seconds that may be missing in any case; the last picture's own are not told by its time."""
USUAL_RATE: Final = 25
"""Pictures in a second where nothing says how many there are."""
GLIMPSES: Final = 400
"""Key pictures of a long clip that are looked at, about."""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """A picture of a clip.

    Attributes:
        seconds: When it is shown, from the clip's beginning.
        pixels: Red, green and blue, 0..255, (224, 224, 3).
    """

    seconds: float
    pixels: Pixels


Take = Callable[[Picture], None]


@dataclass(frozen=True)
class Shown:
    """What is known of a clip.

    Attributes:
        seconds: That it lasts.
        width: Of its pictures, as shown, in pixels.
        height: Likewise.
        rate: Pictures in a second, or 0 where nothing says so.
        container: FFmpeg's name of the container.
        codec: FFmpeg's name of the codec.
        tags: What programs wrote into the file.
        sound: There is sound, too.
        gaps: Damaged pieces that were left out.
    """

    seconds: float
    width: int
    height: int
    rate: float
    container: str
    codec: str
    tags: dict[str, str]
    sound: bool
    gaps: int = 0


@contextmanager
def clip(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Iterator["Clip"]:
    """Opens a clip.

    Args:
        data: The file's bytes.
        max_pixels: Width times height above which it is refused.

    Raises:
        ClipUnreadable: The bytes are no clip, or one that is damaged, cut off or too long.
    """
    with opened(data, ClipUnreadable) as container:
        yield Clip(container, pictures_of(container, max_pixels=max_pixels), data)


def pictures_of(container: InputContainer, *, max_pixels: int = MAX_PIXELS) -> VideoStream:
    """The pictures that count: the first stream of them, other than a cover's.

    Raises:
        ClipUnreadable: There are none, nothing decodes them, or they are larger than they may be.
    """
    streams = [each for each in container.streams.video if Disposition.attached_pic not in each.disposition]
    if not streams:
        what = "is a recording without pictures" if container.streams.audio else "holds no pictures"
        raise why.other_kind(ClipUnreadable, what, "Add clips, or make this a project of sounds.")
    stream = streams[0]
    known(stream, ClipUnreadable)
    if stream.width * stream.height > max_pixels:
        raise too_wide(ClipUnreadable, stream.width, stream.height, max_pixels)
    return stream


class Clip:
    """A clip that can be watched: as a whole, at a glimpse, or from some moment on."""

    def __init__(self, container: InputContainer, stream: VideoStream, data: bytes) -> None:
        self._container, self._stream, self._data = container, stream, data
        self._start = float((stream.start_time or 0) * (stream.time_base or 0))
        self._last, self._heard, self._first_shown = 0.0, 0.0, (stream.width, stream.height)
        self._gaps, self._why = 0, ""
        self._onward = Onward(container)

    @property
    def promised(self) -> float | None:
        """Seconds that the file announces, if it does: of its pictures, or of whatever lasts longest."""
        return self._whole if self._own is None else self._own

    @property
    def joined(self) -> bool:
        """Files stand behind one another in it, as far as it was watched: times as it tells them lead nowhere."""
        return self._onward.moved(self._stream)

    @property
    def _own(self) -> float | None:
        """Seconds that the file announces of its pictures, if it does; Matroska tells what lasts longest alone."""
        if self._stream.duration is not None and self._stream.time_base is not None:
            return float(self._stream.duration * self._stream.time_base)
        return self._whole if len(self._container.streams) == 1 else None

    @property
    def _whole(self) -> float | None:
        return self._container.duration / av.time_base if self._container.duration else None

    def watch(self, take: Take, *, max_seconds: float = MAX_SECONDS) -> Shown:
        """Hands over all pictures that are far enough apart.

        Raises:
            ClipUnreadable: It is damaged, cut off or too long.
        """
        due, seen = 0.0, 0
        for frame in self._frames(self._packets()):
            seconds = self._seconds(frame, seen)
            seen += 1
            if seconds > max_seconds:
                raise why.too_long(ClipUnreadable, max_seconds)
            self._last = max(self._last, seconds)
            if seconds >= due - 1e-6:
                due = seconds + GAP
                take(self._picture(frame, seconds))
        return self._checked(seen)

    def glimpse(self, take: Take, *, max_seconds: float = MAX_SECONDS) -> Shown:
        """Hands over some of the pictures that can be decoded alone, from beginning to end.

        Raises:
            ClipUnreadable: It is damaged, cut off or too long.
        """
        apart = max(GAP, (self.promised or 0) / GLIMPSES)
        seen = 0
        for frame in self._frames(self._key_packets(apart, max_seconds)):
            take(self._picture(frame, self._seconds(frame, seen)))
            seen += 1
        return self._checked(seen)

    def watch_from(self, start: float, seconds: float, take: Take) -> None:
        """Hands over the pictures of a stretch, by going to the key picture before it."""
        self._container.seek(int((start + self._start) / (self._stream.time_base or 1)), stream=self._stream)
        due = start
        for frame in self._frames(self._container.demux(self._stream)):
            at = self._seconds(frame, 0)
            if at >= start + seconds:
                break
            if at >= due - 1e-6:
                due = at + GAP
                take(self._picture(frame, at))

    def _frames(self, packets: Iterator[Any]) -> Iterator[VideoFrame]:
        for packet in packets:
            try:
                yield from packet.decode()
            except (av.error.InvalidDataError, av.error.EOFError) as error:
                self._gaps += 1
                self._why = short(error)

    def _packets(self) -> Iterator[Any]:
        """Those of the pictures; what else there is tells how far the file goes."""
        for packet in map(self._onward.carry, self._container.demux()):
            if packet.stream.index == self._stream.index:
                yield packet
            elif packet.pts is not None:
                self._heard = max(self._heard, float(packet.pts * (packet.time_base or 0)))

    def _key_packets(self, apart: float, max_seconds: float) -> Iterator[Any]:
        """The packets of key pictures at least so far apart, then the one that brings the last pictures out."""
        due = 0.0
        for packet in self._packets():
            if packet.size == 0:
                yield packet
                continue
            ticks = packet.dts if packet.pts is None else packet.pts
            at = float((ticks or 0) * (self._stream.time_base or 0)) - self._start
            self._last = max(self._last, at)
            if at > max_seconds:
                raise why.too_long(ClipUnreadable, max_seconds)
            if packet.is_keyframe and at >= due - 1e-6:
                due = at + apart
                yield packet

    def _seconds(self, frame: VideoFrame, index: int) -> float:
        if frame.time is not None:
            return max(0.0, float(frame.time) - self._start)
        return index / float(self._stream.average_rate or USUAL_RATE)

    def _picture(self, frame: VideoFrame, seconds: float) -> Picture:
        pixels = frame.reformat(SIDE, SIDE, "rgb24", interpolation="BILINEAR").to_ndarray()
        turns = round(frame.rotation / 90) % 4
        width, height = frame.width, frame.height
        self._first_shown = (height, width) if turns % 2 else (width, height)
        return Picture(seconds, np.ascontiguousarray(np.rot90(pixels, turns)))

    def _checked(self, seen: int) -> Shown:
        """What is known now; refuses what turned out to be no whole clip."""
        promised, own = (None, None) if self.joined else (self.promised, self._own)
        reached = max(self._last, self._heard)  # sound may go on behind the last picture
        missing = promised is not None and reached < min(ENOUGH * promised, promised - SLACK)
        if ends_early(self._data):
            raise why.cut_off(ClipUnreadable, len(self._data), self._last if missing else None, promised)
        if not seen:
            raise (
                why.damaged(ClipUnreadable, self._why)
                if self._gaps
                else why.without_content(ClipUnreadable, "pictures")
            )
        if missing:
            raise why.cut_off(ClipUnreadable, len(self._data), self._last, promised)
        rate = float(self._stream.average_rate or 0)
        seconds = max(own or 0.0, self._last + 1 / (rate or USUAL_RATE))
        names = (self._container.format.name, self._stream.codec_context.name)
        tags = {**self._container.metadata, **self._stream.metadata}
        return Shown(seconds, *self._first_shown, rate, *names, tags, bool(self._container.streams.audio), self._gaps)
