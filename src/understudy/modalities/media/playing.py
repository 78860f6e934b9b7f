"""Recordings and clips for browsers: what they do not play is made anew, smaller, for looking and listening alone.

A phone's clips (HEVC), a camera's (AVI) and a studio's recordings (AIFF) are learned from like any others, but no
browser plays all of them, and whoever is asked what they show has to see and hear them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from understudy.modalities.media.joined import Onward

Codecs = Mapping[str, frozenset[str]]
"""By the format's name in FFmpeg: what browsers play in it, by FFmpeg's names."""

SOUNDS: Final[Codecs] = {
    "wav": frozenset({"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"}),
    "mp3": frozenset({"mp3"}),
    "flac": frozenset({"flac"}),
    "aac": frozenset({"aac"}),
    "ogg": frozenset({"vorbis", "opus", "flac"}),
    "mov": frozenset({"aac", "mp3", "flac", "opus"}),
    "matroska": frozenset({"vorbis", "opus"}),
}
RATES: Final = frozenset({8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
"""Samples a second that every codec takes."""
USUAL: Final = 48_000
"""In what is made anew, where there were others."""
APART: Final = 0.1
"""Seconds from which on silence between two pieces of sound is kept; less is how exactly files tell the time."""
SILENT: Final = 3600.0
"""Seconds of silence, or without pictures, that are written at most: times may be damaged, and claim days."""


def plays(container: InputContainer, stream: Any, codecs: Codecs) -> bool:
    """Whether browsers play a stream as it is."""
    kind = container.format.name.partition(",")[0]
    known = stream.codec_context
    return known is not None and known.codec.canonical_name in codecs.get(kind, ())


def decoded(container: InputContainer, *streams: Any) -> Iterator[Any]:
    """Pictures and pieces of sound as they come; damaged pieces are left out, and times go on from file to file."""
    for packet in map(Onward(container).carry, container.demux(*streams)):
        try:
            yield from packet.decode()
        except (av.error.InvalidDataError, av.error.EOFError):
            continue


class Soundtrack:
    """Sound on its way into a file, in one channel or two.

    Args:
        made: The file.
        codec: FFmpeg's name of the codec.
        form: How the codec takes samples, as FFmpeg names it.
        heard: Where the sound comes from.
    """

    def __init__(self, made: OutputContainer, codec: str, form: str, heard: AudioStream) -> None:
        layout, rate = "mono" if heard.channels == 1 else "stereo", heard.rate if heard.rate in RATES else USUAL
        self._made, self._rate, self._written, self._silent = made, rate, 0, 0
        self._stream: AudioStream = cast("AudioStream", made.add_stream(codec, rate=rate, layout=layout))
        self._resampler = AudioResampler(format=form, layout=layout, rate=rate)

    def add(self, frame: AudioFrame | None, at: float | None = None) -> None:
        """Adds a piece; silence before it, where it is told when it sounds and that is later."""
        late = 0 if at is None else round(at * self._rate) - self._written
        if APART * self._rate <= late <= SILENT * self._rate - self._silent:
            self._silent += late
            self._hush(late)
        for piece in self._resampler.resample(frame):
            self._write(piece)

    def end(self) -> None:
        """Writes what is left."""
        self.add(None)
        self._made.mux(self._stream.encode(None))

    def _hush(self, samples: int) -> None:
        form = self._resampler.format.name
        while samples > 0:
            piece = AudioFrame(form, self._resampler.layout.name, min(samples, self._rate))
            piece.sample_rate = self._rate
            for plane in piece.planes:
                plane.update(bytes(plane.buffer_size))
            samples -= piece.samples
            self._write(piece)

    def _write(self, piece: AudioFrame) -> None:
        piece.pts = None
        self._written += piece.samples
        self._made.mux(self._stream.encode(piece))
