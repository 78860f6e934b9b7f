"""Small clips that tests make themselves."""

import io
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from recordings import RATE, tone

WIDTH, HEIGHT = 96, 64

Frame = npt.NDArray[np.uint8]


def moving(
    count: int, *, speed: float = 3.0, colour: tuple[int, int, int] = (250, 230, 40), seed: int = 0
) -> list[Frame]:
    """A square that moves across a still, grained ground."""
    rng = np.random.default_rng(seed)
    ground = rng.integers(60, 140, (HEIGHT // 8, WIDTH // 8, 3)).repeat(8, axis=0).repeat(8, axis=1).astype(np.uint8)
    frames = []
    for place in range(count):
        frame = ground.copy()
        left = round(4 + speed * place) % (WIDTH - 16)
        frame[24:40, left : left + 16] = colour
        frames.append(frame)
    return frames


def still(count: int, seed: int = 0) -> list[Frame]:
    """A ground on which nothing moves."""
    return moving(count, speed=0, seed=seed)


def clip(
    frames: Iterable[Frame],
    *,
    rate: int = 10,
    container: str = "mp4",
    codec: str = "mpeg4",
    sound: float = 0.0,
    heard: str = "aac",
    keys: int = 10,
    late: int = 0,
    heard_late: int = 0,
) -> bytes:
    """A file in any container and codec that FFmpeg writes, with so many seconds of a tone.

    Every so many pictures one can be decoded alone; pictures and sound may begin some seconds late.
    """
    file, pictures = io.BytesIO(), iter(frames)
    first = next(pictures)
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=Fraction(rate))
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size, stream.bit_rate = keys, 2_000_000
        beside = output.add_stream(heard, rate=RATE, layout="mono") if sound else None
        for place, frame in enumerate(_all(first, pictures)):
            picture = VideoFrame.from_ndarray(frame, format="rgb24")
            if late:
                picture.pts, picture.time_base = late * rate + place, Fraction(1, rate)
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
        if beside is not None:
            samples = av.AudioFrame.from_ndarray(tone(sound)[None].astype(np.float32), format="fltp", layout="mono")
            samples.sample_rate = RATE
            if heard_late:
                samples.pts, samples.time_base = heard_late * RATE, Fraction(1, RATE)
            output.mux(beside.encode(samples))
            output.mux(beside.encode(None))
    return file.getvalue()


def turned(mp4: bytes) -> bytes:
    """The same clip, to be shown turned clockwise by a quarter, as a phone held upright writes it."""
    at = mp4.index(b"tkhd") + 40
    matrix = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return mp4[:at] + matrix + mp4[at + len(matrix) :]


def _all(first: Frame, rest: Iterator[Frame]) -> Iterator[Frame]:
    yield first
    yield from rest
