"""Small recordings that tests make themselves."""

import io
import wave
from collections.abc import Mapping
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

RATE = 16_000

Samples = npt.NDArray[np.float64]


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3, rate: int = RATE) -> Samples:
    """A sine."""
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def noise(seconds: float, level: float = 0.1, seed: int = 0, rate: int = RATE) -> Samples:
    """White noise."""
    return level * np.random.default_rng(seed).standard_normal(int(seconds * rate)).clip(-3, 3)


def melody(seed: int, seconds: float = 2.0, level: float = 0.5) -> Samples:
    """Tones of random pitch and length: no two seeds sound alike."""
    rng = np.random.default_rng(seed)
    pieces: list[Samples] = []
    while sum(map(len, pieces)) < seconds * RATE:
        piece = tone(float(rng.uniform(0.05, 0.3)), float(rng.uniform(150, 5000)), float(rng.uniform(0.05, 1)) * level)
        pieces.append(piece + 0.002 * rng.standard_normal(len(piece)))
    return np.concatenate(pieces)[: int(seconds * RATE)]


def wav(samples: npt.ArrayLike, rate: int = RATE, channels: int = 1) -> bytes:
    """A WAV file of 16 bits, the same in all channels."""
    file = io.BytesIO()
    values = (np.clip(np.asarray(samples), -1, 1) * 32767).round().astype("<i2")
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(np.repeat(values[:, None], channels, axis=1).tobytes())
    return file.getvalue()


class _Pipe(io.BytesIO):
    """Takes bytes and no one may come back to them, so lengths that are known in the end are not told."""

    def seekable(self) -> bool:
        return False


def encoded(
    samples: Samples,
    container: str,
    codec: str,
    rate: int = RATE,
    tags: Mapping[str, str] | None = None,
    *,
    pause: int = 0,
    streamed: bool = False,
) -> bytes:
    """A file in any container and codec that FFmpeg writes, with what it tells of itself.

    In its midst nothing may be recorded for some seconds; a stream is written from front to end.
    """
    file = _Pipe() if streamed else io.BytesIO()
    with av.open(file, "w", format=container) as output:
        output.metadata.update(tags or {})
        stream = output.add_stream(codec, rate=rate, layout="mono")
        context = stream.codec_context
        frame = AudioFrame.from_ndarray(samples[None].astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        resampler = AudioResampler(context.format, "mono", rate, frame_size=context.frame_size or None)
        seconds = Fraction(0)
        for made in [*resampler.resample(frame), *resampler.resample(None)]:
            late = pause if seconds > len(samples) / RATE / 2 else 0
            made.pts, made.time_base = round((seconds + late) * rate), Fraction(1, rate)
            seconds += Fraction(made.samples, rate)
            output.mux(stream.encode(made))
        output.mux(stream.encode(None))
    return file.getvalue()
