"""A recording as it might have been made elsewhere: another gain, and another microphone's noise beneath."""

import hashlib
import io
import wave
from typing import Final

import numpy as np

from understudy.modalities.sound.decode import RATE, Samples, listen

MOST_SECONDS: Final = 600
"""Of a longer recording the beginning is altered, so that memory stays bounded."""
AT_ONCE: Final = 60 * RATE
"""Samples for which noise is made together."""
NOISE: Final = (8.0, 25.0)
"""Decibels below the recording's mean power at which noise lies, from and to."""
GAIN: Final = (-18.0, 12.0)
"""Decibels, from and to; what grows too loud is cut, as a microphone does."""


def altered_recording(data: bytes) -> bytes:
    """Makes another recording of one; always the same of the same. Thread-safe.

    Half of them get white noise, half pink noise, as rooms have.

    Returns:
        A WAV file of one channel at 16 kHz.

    Raises:
        RecordingUnreadable: The bytes are no recording, or one that is damaged, cut off or too long.
    """
    chance = np.random.default_rng(int.from_bytes(hashlib.sha256(data).digest()[:8], "big"))
    heard = _beginning(data)
    below, gain = chance.uniform(*NOISE), chance.uniform(*GAIN)
    pink = chance.random() < 0.5
    parts = range(0, len(heard), AT_ONCE)
    noise = np.concatenate([_noise(min(AT_ONCE, len(heard) - start), chance, pink=pink) for start in parts])
    level = np.sqrt(np.mean(heard**2) / 10 ** (below / 10) / max(float(np.mean(noise**2)), 1e-20))
    return _wave((heard + level * noise) * 10 ** (gain / 20))


def _beginning(data: bytes) -> Samples:
    blocks: list[Samples] = []

    def take(block: Samples) -> None:
        if len(blocks) < MOST_SECONDS:
            blocks.append(block)

    listen(data, take)
    return np.concatenate(blocks)


def _noise(count: int, chance: np.random.Generator, *, pink: bool) -> Samples:
    white = chance.normal(size=count)
    if pink:
        spectrum = np.fft.rfft(white)
        white = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)
    return white.astype(np.float32)


def _wave(samples: Samples) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(RATE)
        made.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()
