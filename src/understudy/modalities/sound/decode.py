"""From the bytes of a recording to one channel at one rate, in bounded memory.

The preprocessing is part of the model, so it is defined exactly and holds for every recording:

1. The first stream of sound is decoded; a piece that is damaged is left out.
2. Samples become numbers from -1 to 1; all channels are averaged.
3. FFmpeg's resampler brings them to 16 kHz.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from understudy.modalities.media import unreadable as why
from understudy.modalities.media.container import MAX_BYTES, ends_early, known, opened, short
from understudy.modalities.media.unreadable import RecordingUnreadable

RATE: Final = 16_000
"""Samples in a second of what a model hears."""

MAX_SECONDS: Final = 8 * 3600.0
MAX_VALUES: Final = 12 * 10**9
"""Samples times channels that are decoded at most: an hour of eight channels at 384 kHz."""

BLOCK: Final = RATE
"""Samples that are handed over at a time."""

ENOUGH: Final = 0.95
"""Of the announced seconds that must be there; files announce some hundredths too many."""
SLACK: Final = 0.25
"""Seconds that may be missing in any case."""
_BARE: Final = frozenset({"aac", "ac3", "amr", "amrnb", "amrwb", "dts", "eac3", "mlp", "mpeg", "mpegts", "truehd"})
"""Formats that hold nothing but pieces; how long they last is guessed from the first one's size or the last one's time.
"""

LOUDEST: Final = 16.0
"""Samples that are kept as fractions may reach beyond 1, and claim anything; beyond this they are cut."""

_OFFSET_AND_SCALE: Final = {
    "u8": (128.0, 2.0**7),
    "s16": (0.0, 2.0**15),
    "s32": (0.0, 2.0**31),
    "s64": (0.0, 2.0**63),
    "flt": (0.0, 1.0),
    "dbl": (0.0, 1.0),
}

Samples = npt.NDArray[np.float32]
Take = Callable[[Samples], None]


@dataclass(frozen=True)
class Heard:
    """What is known of a recording once all of it was decoded.

    Attributes:
        seconds: That could be decoded.
        rate: Samples in a second, as recorded.
        channels: As recorded.
        container: FFmpeg's name of the container ("wav").
        codec: FFmpeg's name of the codec ("pcm_s16le").
        tags: What programs wrote into the file.
        gaps: Damaged pieces that were left out.
        no_numbers: Share of the samples that are no numbers, 0..1; they are heard as silence.
    """

    seconds: float
    rate: int
    channels: int
    container: str
    codec: str
    tags: dict[str, str]
    gaps: int
    no_numbers: float


def listen(
    data: bytes,
    take: Take,
    *,
    max_seconds: float = MAX_SECONDS,
    max_values: int = MAX_VALUES,
    max_bytes: int = MAX_BYTES,
) -> Heard:
    """Decodes a recording from its first sample to its last. Thread-safe; memory does not grow with its length.

    Args:
        data: The file's bytes.
        take: Receives one channel at 16 kHz, float32 in -1..1, in blocks of a second; the last is shorter.
        max_seconds: Above which it is refused.
        max_values: Samples times channels above which it is refused.
        max_bytes: Length of `data` above which it is refused.

    Raises:
        RecordingUnreadable: The bytes are no recording, or one that is damaged, cut off, too long, or too short to
            leave a sample.
    """
    with opened(data, RecordingUnreadable, max_bytes=max_bytes) as container:
        if not container.streams.audio:
            what = "is a video without sound" if container.streams.video else "holds no sound"
            raise why.other_kind(RecordingUnreadable, what, "Add recordings, or make this a project of clips.")
        stream = container.streams.audio[0]
        known(stream, RecordingUnreadable)
        promised = _promised(container, stream, data)
        reading = _Reading(stream, max_seconds, max_values)
        blocks = _Blocks(take)
        for piece in reading.pieces(container):
            blocks.add(piece)
        blocks.end()
        reading.check(data, promised)
        if not blocks.length:
            raise why.too_short(RecordingUnreadable, reading.seconds, "16 kHz")
        heard = (reading.seconds, reading.rate, reading.channels, container.format.name, stream.codec_context.name)
        return Heard(*heard, {**container.metadata, **stream.metadata}, reading.gaps, reading.no_numbers)


@dataclass(frozen=True)
class _Kind:
    """How frames hold their samples."""

    rate: int
    format: str
    channels: int


class _Reading:
    """One pass over a stream."""

    def __init__(self, stream: AudioStream, max_seconds: float, max_values: int) -> None:
        self._stream = stream
        self._max_seconds, self._max_values = max_seconds, max_values
        self._resampler: AudioResampler | None = None
        self._values, self._no_numbers = 0, 0
        self._why = ""
        self._reached = 0.0
        self.rate, self.channels, self.seconds, self.gaps = 0, 0, 0.0, 0

    def pieces(self, container: Any) -> Iterator[Samples]:
        """All of it, as one channel at 16 kHz; a second or so at a time, for single frames are short and calls dear."""
        waiting: list[npt.NDArray[Any]] = []
        kind, length = _Kind(0, "", 0), 0
        for frame in self._frames(container):
            if not frame.samples:
                continue
            self._count(frame)
            now = _Kind(frame.sample_rate, frame.format.name, frame.layout.nb_channels)
            if waiting and (length >= kind.rate or now != kind):
                yield from self._resampled(_one_channel(waiting, kind), kind.rate)
                waiting, length = [], 0
            if kind.rate not in (0, now.rate):
                yield from self._rest()
            kind = now
            waiting.append(frame.to_ndarray())
            length += frame.samples
            if waiting[-1].dtype.kind == "f":
                self._no_numbers += int(np.isnan(waiting[-1]).sum())
        if waiting:
            yield from self._resampled(_one_channel(waiting, kind), kind.rate)
        yield from self._rest()

    @property
    def no_numbers(self) -> float:
        """Share of the values so far that are no numbers."""
        return self._no_numbers / max(1, self._values)

    def check(self, data: bytes, promised: float | None) -> None:
        """Refuses what turned out to be no whole recording."""
        kind = RecordingUnreadable
        reached = max(self._reached, self.seconds)  # sound may begin late and pause, and pictures may outlast it
        enough = 0.0 if promised is None else min(ENOUGH * promised, promised - SLACK)
        if ends_early(data):
            raise why.cut_off(kind, len(data), reached if reached < enough else None, promised)
        if reached < enough and self.gaps <= 1:
            raise why.cut_off(kind, len(data), reached, promised)
        if self.gaps and (self.seconds < enough or not self.seconds):
            raise why.damaged(kind, self._why)
        if not self.seconds:
            raise why.without_content(kind, "sound")

    def _frames(self, container: Any) -> Iterator[AudioFrame]:
        for packet in container.demux():
            if packet.pts is not None:
                self._reached = max(self._reached, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if packet.stream.index != self._stream.index:
                continue
            try:
                yield from packet.decode()
            except (av.error.InvalidDataError, av.error.EOFError) as error:
                self.gaps += 1
                self._why = short(error)

    def _count(self, frame: AudioFrame) -> None:
        channels = frame.layout.nb_channels
        self.rate, self.channels = self.rate or frame.sample_rate, self.channels or channels
        self.seconds += frame.samples / frame.sample_rate
        self._values += frame.samples * channels
        if self.seconds > self._max_seconds or self._values > self._max_values:
            limit = min(self._max_seconds, self._max_values / (frame.sample_rate * channels))
            raise why.too_long(RecordingUnreadable, limit)

    def _resampled(self, samples: Samples, rate: int) -> Iterator[Samples]:
        if rate == RATE:
            yield samples
            return
        self._resampler = self._resampler or AudioResampler(format="fltp", layout="mono", rate=RATE)
        frame = AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        for made in self._resampler.resample(frame):
            yield made.to_ndarray()[0]

    def _rest(self) -> Iterator[Samples]:
        if self._resampler is not None:
            for made in self._resampler.resample(None):
                yield made.to_ndarray()[0]
        self._resampler = None


class _Blocks:
    """Puts pieces of any length together to blocks of one.

    Attributes:
        length: Samples that were added so far.
    """

    def __init__(self, take: Take) -> None:
        self.length = 0
        self._take = take
        self._waiting: list[Samples] = []
        self._length = 0

    def add(self, piece: Samples) -> None:
        """Takes a piece and hands over what is full."""
        self._waiting.append(piece)
        self.length += len(piece)
        self._length += len(piece)
        if self._length >= BLOCK:
            joined = np.concatenate(self._waiting)
            whole = len(joined) // BLOCK * BLOCK
            for start in range(0, whole, BLOCK):
                self._take(joined[start : start + BLOCK])
            self._waiting, self._length = [joined[whole:]], len(joined) - whole

    def end(self) -> None:
        """Hands over the rest."""
        if self._length:
            self._take(np.concatenate(self._waiting))


def _one_channel(waiting: list[npt.NDArray[Any]], kind: _Kind) -> Samples:
    """The average of all channels, -1..1. By hand: FFmpeg's own mixing knows no layouts of many unnamed channels."""
    offset, scale = _OFFSET_AND_SCALE[kind.format.removesuffix("p")]
    values = np.concatenate(waiting, axis=1)
    if not kind.format.endswith("p"):
        values = values.reshape(-1, kind.channels).T
    if scale == 1:
        values = np.nan_to_num(np.clip(values, -LOUDEST, LOUDEST), nan=0.0)
    mixed: Samples = ((values.mean(axis=0, dtype=np.float32) - offset) / scale).astype(np.float32)
    return mixed


def _promised(container: InputContainer, stream: AudioStream, data: bytes) -> float | None:
    """Seconds that the file announces of its sound or as a whole, where that is more than a guess from its size."""
    whole = container.duration / av.time_base if container.duration else None
    if container.format.name.startswith("matroska"):
        # It tells the whole alone. What FFmpeg tells of a stream is a guess, or the same where it met no piece of it.
        return whole if stream.duration is None or stream.start_time is None else None
    codec = stream.codec_context.name
    guessed = codec.startswith("mp") and not any(tag in data[:65536] for tag in (b"Xing", b"Info"))
    if guessed or codec == "aac_latm" or container.format.name in _BARE:
        return None
    return whole if stream.duration is None or stream.time_base is None else float(stream.duration * stream.time_base)
