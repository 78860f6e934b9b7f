"""Golden recordings: made by rule, answered once when a model is made, answered again whenever it is loaded."""

import io
import wave

import numpy as np
import numpy.typing as npt

from understudy.modalities.sound.decode import RATE

SEED = 20_000
SECONDS = 0.75
LONG_SECONDS, LOW_RATE = 6.5, 2_000
"""Of the one that takes two windows: at a low rate it takes few bytes."""


def golden_recordings() -> tuple[bytes, ...]:
    """Three small WAV files that nobody recorded: a chord, a longer rising tone with pauses, noise that fades."""
    rng = np.random.default_rng(SEED)
    return _wav(_chord(), RATE), _wav(_sweep(), LOW_RATE), _wav(_noise(rng), RATE)


def _times() -> npt.NDArray[np.float64]:
    return np.arange(int(RATE * SECONDS)) / RATE


def _chord() -> npt.NDArray[np.float64]:
    return sum((np.sin(2 * np.pi * tone * _times()) / 6 for tone in (220.0, 277.18, 329.63)), np.zeros(len(_times())))


def _sweep() -> npt.NDArray[np.float64]:
    times = np.arange(int(LOW_RATE * LONG_SECONDS)) / LOW_RATE
    rising = np.sin(2 * np.pi * (100 * times + 50 * times**2))
    return 0.5 * rising * (np.sin(2 * np.pi * 1.5 * times) > -0.3)


def _noise(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    return 0.2 * rng.standard_normal(len(_times())).clip(-3, 3) * np.exp(-3 * _times())


def _wav(samples: npt.NDArray[np.float64], rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes((samples * 32767).round().astype("<i2").tobytes())
    return file.getvalue()
