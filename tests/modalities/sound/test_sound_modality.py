"""What is known of recordings without a model: facts, twins, types, golden recordings."""

import numpy as np
import pytest

from recordings import encoded, melody, noise, tone, wav
from understudy.domain.finding import FindingKind
from understudy.modalities.media.likeness import distance
from understudy.modalities.media.unreadable import RecordingUnreadable
from understudy.modalities.registry import modality_named
from understudy.modalities.sound.fingerprint import NEAR
from understudy.modalities.sound.modality import MODALITY


def test_sounds_are_a_modality() -> None:
    """They are found by name, with the endings of their files."""
    assert modality_named("sound") is MODALITY
    assert {".wav", ".flac", ".mp3", ".ogg", ".m4a"} <= MODALITY.suffixes


def test_facts_are_measured() -> None:
    """Length, level, silence and format are told as they are."""
    facts = MODALITY.facts(wav(np.concatenate([tone(1.0, 1000, 0.5), np.zeros(16000)]), channels=2))
    assert facts["seconds"] == 2
    assert facts["rate"] == 16000
    assert facts["channels"] == 2
    assert facts["format"] == "wav"
    assert facts["peak"] == pytest.approx(-6.0, abs=0.1)
    assert facts["loudness"] == pytest.approx(-12.0, abs=0.2)
    assert facts["silence"] == pytest.approx(0.5, abs=0.06)
    assert facts["brightness"] == pytest.approx(1.0, abs=0.05)
    assert set(facts) == MODALITY.origin_facts | MODALITY.look_facts


def test_noise_is_noisier_than_a_tone() -> None:
    """One number tells the two apart."""
    tonal, noisy = MODALITY.facts(wav(tone(1.0)))["noisiness"], MODALITY.facts(wav(noise(1.0)))["noisiness"]
    assert isinstance(tonal, float)
    assert isinstance(noisy, float)
    assert tonal < 0.05
    assert noisy > 0.4


@pytest.mark.parametrize("twin", ["softer", "mp3", "opus", "rate"])
def test_the_same_recording_saved_anew_is_a_twin(twin: str) -> None:
    """Another level, format or rate leaves a recording's fingerprint near what it was."""
    made = {
        "softer": lambda: wav(melody(1) * 0.2),
        "mp3": lambda: encoded(melody(1), "mp3", "libmp3lame", 44100),
        "opus": lambda: encoded(melody(1), "ogg", "libopus", 48000),
        "rate": lambda: encoded(melody(1), "flac", "flac", 44100),
    }
    prints = [MODALITY.inspect(data).fingerprint for data in (wav(melody(1)), wav(melody(2)), made[twin]())]
    pairs = list(MODALITY.pairs(prints, newcomers=3))
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 2)]


def test_different_recordings_are_no_twins() -> None:
    """Melodies of other notes are far apart."""
    prints = [MODALITY.inspect(wav(melody(seed, 1.0))).fingerprint for seed in range(20)]
    apart = [distance(prints[a], prints[b]) for a in range(20) for b in range(a)]
    assert min(apart) > 1.3 * NEAR


def test_silence_is_remarked() -> None:
    """Silence, many channels and a single sample are read, and remarked."""
    assert "silent" in MODALITY.inspect(wav(np.zeros(16000))).remark
    assert "8 channels" in MODALITY.inspect(wav(tone(0.5), channels=8)).remark
    assert "lasts 0.0625 ms" in MODALITY.inspect(wav([0.5])).remark
    assert MODALITY.inspect(wav(tone(0.5))).remark == ""


def test_samples_that_are_no_numbers_are_no_silence() -> None:
    """A recording of what is no number is not called silent, and one that is so in part says so."""
    samples = np.full(16000, np.nan)
    nothing = encoded(samples, "wav", "pcm_f32le")
    assert MODALITY.inspect(nothing).remark == "its samples are no numbers, so nothing is heard in it"
    samples[:8000] = tone(0.5)
    part = encoded(samples, "wav", "pcm_f32le")
    assert MODALITY.inspect(part).remark == "some of its samples are no numbers, and are heard as silence"


def test_a_rate_that_holds_no_tone_is_remarked() -> None:
    """People hear from 20 Hz on, which takes more than 40 samples a second."""
    some = np.random.default_rng(0).uniform(-0.5, 0.5, 80)
    assert MODALITY.inspect(wav(some, rate=8)).remark == "it has 8 samples a second, too few for any tone to be heard"
    assert "too few" not in MODALITY.inspect(wav(some, rate=50)).remark


def test_an_input_of_another_kind_is_told() -> None:
    """A picture among sounds is refused as what it is."""
    with pytest.raises(RecordingUnreadable, match="is a picture") as caught:
        MODALITY.inspect(b"\xff\xd8\xff\xe0" + bytes(500))
    assert caught.value.kind is FindingKind.WRONG_KIND


def test_browsers_are_told_the_type() -> None:
    """By their first bytes files get the type under which they can be played."""
    assert MODALITY.media_type(wav(tone(0.1))) == "audio/wav"
    assert MODALITY.media_type(encoded(tone(0.2), "ipod", "aac", 22050)) == "audio/mp4"
    assert MODALITY.media_type(b"?") == "application/octet-stream"


def test_golden_recordings_stay() -> None:
    """They are the same each time, can be heard, and differ."""
    golden = MODALITY.golden()
    assert golden == MODALITY.golden()
    assert len({MODALITY.inspect(data).fingerprint for data in golden}) == len(golden) == 3
    assert sum(map(len, golden)) < 100_000
