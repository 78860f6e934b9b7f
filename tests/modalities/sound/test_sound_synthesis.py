"""Spoken prompts."""

import io
import shutil
import wave

import numpy as np
import pytest

from understudy.modalities.sound.synthesis import PROGRAM, NoVoice, found_voice, made_speech


def test_a_missing_program_is_told_with_what_to_do() -> None:
    """Where espeak-ng is not installed, that is said, and how to install it."""
    with pytest.raises(NoVoice, match="apt install espeak-ng"):
        found_voice(lambda _: None)


def test_a_program_that_says_nothing_is_told() -> None:
    """What gives no sound is no voice."""
    with pytest.raises(NoVoice, match="no sound"):
        made_speech([("hello", "greeting")], 1, language="en", rng=np.random.default_rng(0), program="/bin/false")


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="espeak-ng is not installed")
def test_prompts_are_spoken_in_different_voices() -> None:
    """Each prompt becomes a WAV file with true lengths, and no two in a row sound the same."""
    prompts = [("one", "1"), ("two", "2")]
    made = made_speech(prompts, 4, language="en", rng=np.random.default_rng(0), program=found_voice())
    assert [label for _, label in made] == ["1", "2", "1", "2"]
    assert made[0][0] != made[2][0]
    for data, _ in made:
        with wave.open(io.BytesIO(data)) as file:
            assert 0.1 < file.getnframes() / file.getframerate() < 5
            assert len(file.readframes(file.getnframes())) == 2 * file.getnframes()
    with pytest.raises(NoVoice, match="voices"):
        made_speech(prompts, 1, language="xx-nowhere", rng=np.random.default_rng(0), program=found_voice())
