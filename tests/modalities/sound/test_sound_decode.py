"""Recordings of every kind become one channel at one rate, or say why they cannot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clips import clip, moving
from recordings import RATE, encoded, noise, tone, wav
from understudy.domain.finding import FindingKind
from understudy.modalities.media.unreadable import RecordingUnreadable
from understudy.modalities.sound.altering import altered_recording
from understudy.modalities.sound.decode import BLOCK, LOUDEST, Heard, Samples, listen
from understudy.modalities.sound.facts import facts_of, inspect_recording
from understudy.modalities.sound.windows import windows_of

FORMATS = [("flac", "flac", 16000), ("mp3", "libmp3lame", 44100), ("ogg", "libopus", 48000), ("ipod", "aac", 22050)]


def heard(data: bytes) -> tuple[Samples, Heard]:
    blocks: list[Samples] = []
    found = listen(data, blocks.append)
    return (np.concatenate(blocks) if blocks else np.empty(0, np.float32)), found


def refused(data: bytes) -> RecordingUnreadable:
    with pytest.raises(RecordingUnreadable) as caught:
        listen(data, lambda _: None)
    return caught.value


@pytest.mark.parametrize(("container", "codec", "rate"), FORMATS)
def test_formats_sound_alike(container: str, codec: str, rate: int) -> None:
    """A tone is the same tone whatever it was saved as."""
    samples, found = heard(encoded(tone(1.0), container, codec, rate))
    assert found.rate == (48000 if codec == "libopus" else rate)
    assert abs(found.seconds - 1) < 0.08
    loudest = np.abs(np.fft.rfft(samples[2000:14000])).argmax() * RATE / 12000
    assert abs(loudest - 440) < 3
    assert abs(np.sqrt(np.mean(samples[2000:14000] ** 2)) - 0.3 / np.sqrt(2)) < 0.02


@pytest.mark.parametrize("channels", [1, 2, 3, 8, 24])
def test_channels_are_averaged(channels: int) -> None:
    """However many channels there are, and whatever they are called, their average is heard."""
    samples, found = heard(wav(tone(0.2), channels=channels))
    assert found.channels == channels
    np.testing.assert_allclose(samples, tone(0.2), atol=1e-4)


@pytest.mark.parametrize("rate", [1000, 8000, 11025, 44100, 96000, 384000])
def test_rates_are_brought_to_one(rate: int) -> None:
    """A second is 16,000 samples, whatever the recording's own rate."""
    samples, found = heard(wav(tone(1.0, 300, rate=rate), rate))
    assert found.rate == rate
    assert abs(len(samples) - RATE) <= 2
    assert abs(np.abs(np.fft.rfft(samples[:RATE])).argmax() - 300) <= 1


def test_blocks_are_bounded() -> None:
    """A recording is handed over a second at a time, and nothing of it is lost."""
    lengths: list[int] = []
    listen(wav(noise(3.7)), lambda block: lengths.append(len(block)))
    assert set(lengths[:-1]) == {BLOCK}
    assert sum(lengths) == int(3.7 * RATE)


def test_one_sample_is_a_recording() -> None:
    """A single sample can be heard; nothing at all cannot."""
    samples, found = heard(wav([0.5]))
    assert len(samples) == 1
    assert found.seconds == pytest.approx(1 / RATE)
    assert refused(wav([])).kind is FindingKind.EMPTY_FILE


@pytest.mark.parametrize(("count", "rate"), [(1, 8000), (1, 44100), (2, 48000), (1, 96000), (24, 384000)])
def test_what_leaves_no_sample_is_refused(count: int, rate: int) -> None:
    """A recording of which the resampler leaves nothing is refused as it arrives, as one without sound is."""
    error = refused(wav(np.full(count, 0.5), rate))
    assert error.kind is FindingKind.EMPTY_FILE
    assert error.what == f"lasts {count / rate * 1000:.3g} ms"


@settings(max_examples=60)
@given(st.integers(1, 300), st.integers(200, 384_000))
def test_what_is_taken_in_can_be_used(count: int, rate: int) -> None:
    """However short a recording is: once it is taken in, it can be measured, altered and prepared for a model."""
    data = wav(np.full(count, 0.5), rate)
    try:
        inspect_recording(data)
    except RecordingUnreadable as error:
        assert error.kind is FindingKind.EMPTY_FILE  # noqa: PT017
    else:
        assert facts_of(data)["seconds"] == pytest.approx(count / rate, abs=0.001)
        assert heard(altered_recording(data))[0].size
        assert windows_of(data).windows[0].rows.size


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FindingKind.EMPTY_FILE),
        (b"hello, this is no sound\n" * 9, FindingKind.WRONG_KIND),
        (bytes(range(256)) * 9, FindingKind.WRONG_KIND),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), FindingKind.WRONG_KIND),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", FindingKind.WRONG_KIND),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", FindingKind.WRONG_KIND),
        (b"fLaC" + bytes(999), FindingKind.CORRUPT),
    ],
)
def test_what_is_none_says_so(data: bytes, kind: FindingKind) -> None:
    """Whatever is no recording is refused with a kind, a reason and a remedy; playlists are never followed."""
    error = refused(data)
    assert error.kind is kind
    assert error.reason.endswith(".")
    assert error.remedy.endswith(".")


CUT = [("wav", "pcm_s16le", 16000), ("webm", "libopus", 48000), ("matroska", "aac", 22050), ("flv", "aac", 22050)]


@pytest.mark.parametrize(("container", "codec", "rate"), [*FORMATS, *CUT, ("matroska", "libmp3lame", 44100)])
def test_what_is_cut_off_says_so(container: str, codec: str, rate: int) -> None:
    """Half a file is no recording, in any format."""
    whole = encoded(noise(2.0), container, codec, rate)
    assert refused(whole[: len(whole) // 2]).kind is FindingKind.TRUNCATED


@pytest.mark.parametrize(("container", "codec"), [("ipod", "aac"), ("ogg", "libopus"), ("webm", "libopus")])
def test_a_pause_is_not_missing(container: str, codec: str) -> None:
    """A recorder that was stopped and went on leaves a file that is whole: it goes as far as it says."""
    paused = encoded(noise(4.0), container, codec, 48000, pause=5)
    assert heard(paused)[1].seconds == pytest.approx(4, abs=0.1)
    assert refused(paused[: len(paused) // 4]).kind is FindingKind.TRUNCATED


@pytest.mark.parametrize("sound", [1.0, 6.0])
@pytest.mark.parametrize(("container", "codec"), [("matroska", "mpeg4"), ("mp4", "mpeg4"), ("flv", "flv1")])
def test_pictures_may_outlast_the_sound(container: str, codec: str, sound: float) -> None:
    """Of a clip that announces one length for all that is in it, the sound is heard whichever ends first."""
    data = clip(moving(40), container=container, codec=codec, sound=sound)
    assert heard(data)[1].seconds == pytest.approx(sound, abs=0.15)
    assert refused(data[: len(data) // 2]).kind is FindingKind.TRUNCATED


@pytest.mark.parametrize(("container", "codec"), [("adts", "aac"), ("matroska", "libmp3lame"), ("webm", "libopus")])
def test_a_guess_announces_nothing(container: str, codec: str) -> None:
    """A file that does not tell its length, and begins with silence, is not measured by what its size lets expect."""
    streamed = encoded(np.concatenate([tone(1.0, level=1e-4), noise(3.0)]), container, codec, 48000, streamed=True)
    assert heard(streamed)[1].seconds == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("late", [0, 40, 9000])
def test_recordings_behind_one_another_are_all_heard(late: int) -> None:
    """As a recorder saves them, whatever times it gave them."""
    parts = [
        clip(moving(50), rate=25, container="mpegts", codec="mpeg2video", sound=2.0, late=start, heard_late=start)
        for start in (late, 0)
    ]
    assert heard(b"".join(parts))[1].seconds == pytest.approx(4, abs=0.3)
    ends_amid = 188 * round(len(parts[0]) / 188 * 0.9) + 70
    joined = heard(parts[0][:ends_amid] + parts[1])[1]
    assert joined.seconds == pytest.approx(3.8, abs=0.3)


def test_a_scratch_is_left_out() -> None:
    """A damaged piece inside costs that piece and not the recording."""
    whole = bytearray(encoded(noise(5.0), "flac", "flac"))
    whole[len(whole) // 2 : len(whole) // 2 + 40] = bytes(40)
    samples, found = heard(bytes(whole))
    assert found.seconds < 5
    assert 4.5 < len(samples) / RATE < 5


def test_too_long_is_refused_early() -> None:
    """A file that unpacks to hours is not decoded to its end."""
    data = encoded(np.zeros(60 * RATE), "flac", "flac")
    assert len(data) < 60_000
    with pytest.raises(RecordingUnreadable, match="longer than 10 s"):
        listen(data, lambda _: None, max_seconds=10)
    with pytest.raises(RecordingUnreadable, match="longer than"):
        listen(data, lambda _: None, max_values=1000)
    with pytest.raises(RecordingUnreadable, match="takes"):
        listen(data, lambda _: None, max_bytes=100)


def test_strange_numbers_become_silence() -> None:
    """Samples that are no numbers are heard as silence, and what is beyond all measure is cut."""
    strange = tone(0.1)
    strange[10:20], strange[30], strange[40], strange[50] = np.nan, np.inf, -np.inf, 1e30
    samples, _ = heard(encoded(strange, "wav", "pcm_f32le"))
    assert np.abs(samples).max() <= LOUDEST
    assert (samples[10:20] == 0).all()


@settings(max_examples=40)
@given(
    st.binary(min_size=1, max_size=300), st.sampled_from([b"", b"RIFF\x00\x01\x00\x00WAVE", b"OggS", b"fLaC", b"ID3"])
)
def test_junk_never_breaks_out(junk: bytes, head: bytes) -> None:
    """Any bytes give a recording or a reason, and nothing else."""
    try:
        listen(head + junk, lambda _: None)
    except RecordingUnreadable as error:
        assert error.what  # noqa: PT017


@settings(max_examples=40)
@given(st.integers(0, 6000), st.integers(0, 255))
def test_damage_never_breaks_out(place: int, value: int) -> None:
    """One wrong byte anywhere in a file gives a recording or a reason."""
    data = bytearray(_MP3)
    data[place % len(data)] = value
    try:
        _, found = heard(bytes(data))
    except RecordingUnreadable as error:
        assert error.remedy  # noqa: PT017
    else:
        assert found.seconds > 0


_MP3 = encoded(noise(0.5), "mp3", "libmp3lame", 16000)
