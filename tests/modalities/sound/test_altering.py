"""Recordings as they might have been made elsewhere."""

import numpy as np
import pytest

from recordings import melody, tone, wav
from understudy.modalities.abilities import Altering, altered_digest
from understudy.modalities.media.unreadable import RecordingUnreadable
from understudy.modalities.sound.altering import GAIN, MOST_SECONDS, NOISE, altered_recording
from understudy.modalities.sound.decode import RATE, Samples, listen
from understudy.modalities.sound.modality import MODALITY


def heard(data: bytes) -> Samples:
    blocks: list[Samples] = []
    listen(data, blocks.append)
    return np.concatenate(blocks)


@pytest.mark.parametrize("seed", range(6))
def test_noise_lies_beneath_at_another_gain(seed: int) -> None:
    """What is left without the recording is noise within its bounds, and the gain is within its own."""
    plain = melody(seed, level=0.1)
    other = heard(altered_recording(wav(plain))).astype(np.float64)
    assert len(other) == len(plain)
    gain = float(other @ plain / (plain @ plain))
    assert GAIN[0] - 1 <= 20 * np.log10(gain) <= GAIN[1] + 1
    rest = other / gain - plain
    below = 10 * np.log10(np.mean(plain**2) / np.mean(rest**2))
    assert NOISE[0] - 1.5 <= below <= NOISE[1] + 1.5


def test_the_same_recording_gives_the_same_copy() -> None:
    """Byte for byte, and another recording another one; the digest of a copy is told without making it."""
    one, other = wav(tone(1.0)), wav(tone(1.0, 500.0))
    assert altered_recording(one) == altered_recording(one) != altered_recording(other)
    assert altered_digest("a") == altered_digest("a") != altered_digest("b")
    assert isinstance(MODALITY, Altering)


def test_what_comes_minutes_later_is_in_the_copy() -> None:
    """A tone in the third minute of a hum is heard in the copy, at its place."""
    whole = np.full(180 * RATE, 0.001)
    whole[150 * RATE : 152 * RATE] = tone(2.0)
    other = heard(altered_recording(wav(whole)))
    power = (other.reshape(-1, RATE) ** 2).mean(axis=1)
    assert len(power) == 180
    assert set(np.argsort(power)[-2:].tolist()) == {150, 151}


def test_long_silent_and_short_ones_do_no_harm() -> None:
    """Of a very long one the beginning is copied; silence stays silent, and one sample one sample."""
    assert len(heard(altered_recording(wav(np.full((MOST_SECONDS + 3) * RATE, 0.1))))) == MOST_SECONDS * RATE
    assert np.abs(heard(altered_recording(wav(np.zeros(RATE))))).max() == 0
    assert len(heard(altered_recording(wav(np.array([0.5]))))) == 1
    with pytest.raises(RecordingUnreadable):
        altered_recording(b"no sound")
