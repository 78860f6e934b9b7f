"""Inputs in which something is amiss although they can be read."""

import hashlib
import wave
from pathlib import Path

import numpy as np

from understudy.domain.finding import FindingKind
from understudy.intake.readers import open_source
from understudy.intake.sift import sift


def write(path: Path, samples: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(samples.astype("<i2").tobytes())


def test_silence_is_told_and_a_tone_is_not(tmp_path: Path) -> None:
    """A silent recording is kept, and a finding of its own says that nothing can be heard in it."""
    write(tmp_path / "on" / "tone.wav", 9000 * np.sin(np.arange(8000) / 5))
    write(tmp_path / "off" / "nothing.wav", np.zeros(8000))
    kept: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        kept[digest] = data
        return digest

    with open_source(tmp_path) as source:
        sifted = sift(source, (), keep, sealed_share=0.25)
    odd = [each for each in sifted.findings if each.kind is FindingKind.UNUSUAL]
    assert [each.subject for each in odd] == ["off/nothing.wav"]
    assert "silent from beginning to end" in odd[0].fact
    assert len(sifted.examples) == 2
