"""Claims about recordings and clips that are made anew for browsers."""

import io

import av
import numpy as np
import pytest

from clips import HEIGHT, WIDTH, clip, moving, turned
from recordings import RATE, encoded, melody, tone, wav
from understudy.modalities.media.playing import Soundtrack
from understudy.modalities.media.unreadable import ClipUnreadable, RecordingUnreadable
from understudy.modalities.sound.playing import playable_recording
from understudy.modalities.video.decode import clip as opened_clip
from understudy.modalities.video.playing import SIDE, playable_clip


def made_of(playable: object, data: bytes) -> bytes | None:
    """What is written, or None."""
    into = io.BytesIO()
    return into.getvalue() if playable(data, into) else None  # type: ignore[operator]


def samples(data: bytes) -> np.ndarray:
    """All samples of a recording, of its first channel."""
    with av.open(io.BytesIO(data)) as container:
        pieces = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate([each.reshape(-1) for each in pieces])


@pytest.mark.parametrize(
    ("container", "codec"), [("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx"), ("webm", "libvpx-vp9")]
)
def test_what_browsers_play_is_left_as_it_is(container: str, codec: str) -> None:
    """H.264, VP8 and VP9 in their usual containers, with sound or without."""
    assert made_of(playable_clip, clip(moving(12), container=container, codec=codec)) is None


@pytest.mark.parametrize(
    ("container", "codec"),
    [("avi", "mpeg4"), ("mov", "mpeg4"), ("matroska", "libx264"), ("mp4", "mpeg4"), ("mpegts", "mpeg2video"),
     ("asf", "wmv2"), ("flv", "flv"), ("avi", "mjpeg")],
)  # fmt: skip
def test_what_they_do_not_play_becomes_mp4(container: str, codec: str) -> None:
    """The same pictures at the same moments, in a file that needs no second going over, with its sound."""
    heard = container in {"avi", "mov", "mp4"}
    given = clip(moving(30), container=container, codec=codec, sound=heard)
    made = made_of(playable_clip, given)
    assert made is not None
    assert made_of(playable_clip, made) is None
    with av.open(io.BytesIO(made)) as container_made:
        assert [stream.codec_context.name for stream in container_made.streams.audio] == (["aac"] if heard else [])
        times = [frame.time for frame in container_made.decode(video=0)]
    assert times == pytest.approx(np.arange(30) / 10, abs=0.02)
    seen: list[np.ndarray] = []
    for each in (given, made):
        pictures: list[np.ndarray] = []
        with opened_clip(each) as watched:
            watched.watch(lambda picture, into=pictures: into.append(picture.pixels.astype(float)))  # type: ignore[misc]
        seen.append(pictures[15])
    assert np.abs(seen[0] - seen[1]).mean() < 12


def test_large_and_quick_clips_become_smaller() -> None:
    """No side is longer than a page is wide, sides stay in proportion and even, and of 60 pictures a second 30 stay."""
    frames = [np.full((502, 1444, 3), 3 * place, np.uint8) for place in range(60)]
    made = made_of(playable_clip, clip(frames, container="avi", rate=60))
    assert made is not None
    with av.open(io.BytesIO(made)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (SIDE, 250)
        assert len(list(container.decode(video=0))) == 30


def test_a_phones_clip_stands_upright() -> None:
    """What is at the left of the picture as it is kept is at the top, where it is watched and where it is shown."""
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    frame[:, : WIDTH // 4] = 255
    given = turned(clip([frame] * 20))
    made = made_of(playable_clip, given)
    assert made is not None
    for each in (given, made):
        pictures: list[np.ndarray] = []
        with opened_clip(each) as watched:
            shown = watched.watch(lambda picture, into=pictures: into.append(picture.pixels))  # type: ignore[misc]
        assert (shown.width, shown.height) == (HEIGHT, WIDTH)
        assert pictures[3][:40].mean() > 240
        assert pictures[3][80:].mean() < 15


@pytest.mark.parametrize(
    ("container", "codec"), [("mp3", "libmp3lame"), ("flac", "flac"), ("ogg", "libopus"), ("ipod", "aac")]
)
def test_recordings_that_browsers_play_are_left_as_they_are(container: str, codec: str) -> None:
    """MP3, FLAC, Opus and AAC; and WAV of 16 bits."""
    assert made_of(playable_recording, encoded(melody(1), container, codec)) is None
    assert made_of(playable_recording, wav(melody(1))) is None


@pytest.mark.parametrize(
    ("container", "codec"), [("aiff", "pcm_s16be"), ("ipod", "alac"), ("caf", "pcm_s16le"), ("wav", "adpcm_ms")]
)
def test_other_recordings_become_flac_sample_by_sample(container: str, codec: str) -> None:
    """Nothing is lost on the way."""
    given = encoded(melody(1), container, codec)
    made = made_of(playable_recording, given)
    assert made is not None
    assert made[:4] == b"fLaC"
    before, after = samples(given), samples(made)
    assert len(before) == len(after)
    assert np.corrcoef(before, after)[0, 1] > 0.9999


def test_many_channels_and_samples_become_few() -> None:
    """Eight channels at 384 kHz are heard in two at 48 kHz, as long as before."""
    made = made_of(playable_recording, wav(tone(1.0, rate=384_000), 384_000, channels=8))
    assert made is not None
    with av.open(io.BytesIO(made)) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.channels) == (48_000, 2)
        assert sum(frame.samples for frame in container.decode(audio=0)) == pytest.approx(48_000, abs=100)
    assert RATE < 48_000


def test_a_clip_with_an_odd_rate_of_sound_is_heard() -> None:
    """The codec of sound in clips knows few rates; others become the usual one."""
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as output:
        pictures, sound = (
            output.add_stream("mpeg4", rate=10),
            output.add_stream("pcm_s16le", rate=15_000, layout="mono"),
        )
        pictures.width, pictures.height, pictures.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for frame in moving(10):
            output.mux(pictures.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        heard = (tone(1.0, rate=15_000) * 32767).astype(np.int16)[None]
        piece = av.AudioFrame.from_ndarray(heard, format="s16", layout="mono")
        piece.sample_rate = 15_000
        output.mux(sound.encode(piece))
        output.mux([*pictures.encode(None), *sound.encode(None)])
    made = made_of(playable_clip, file.getvalue())
    assert made is not None
    with av.open(io.BytesIO(made)) as container:
        assert container.streams.audio[0].rate == 48_000


@pytest.mark.parametrize(("late", "heard_late"), [(0, 0), (3, 0), (0, 2), (5, 4)])
@pytest.mark.parametrize(("container", "codec"), [("matroska", "libx264"), ("mpegts", "mpeg2video")])
def test_pictures_and_sound_stay_in_step(container: str, codec: str, late: int, heard_late: int) -> None:
    """Whichever begins first begins at once, and the other as much later as it did."""
    rate = 25 if codec == "mpeg2video" else 10
    given = clip(
        moving(2 * rate), rate=rate, container=container, codec=codec, sound=2.0, late=late, heard_late=heard_late
    )
    made = made_of(playable_clip, given)
    assert made is not None
    with av.open(io.BytesIO(made)) as film:
        times = [frame.time for frame in film.decode(video=0)]
    begin = min(late, heard_late)
    assert times[0] == pytest.approx(late - begin, abs=0.1)
    assert times[-1] == pytest.approx(late - begin + 2, abs=0.2)
    loud = np.flatnonzero(np.abs(samples(made)) > 0.05) / RATE
    assert loud[0] == pytest.approx(heard_late - begin, abs=0.15)
    assert loud[-1] == pytest.approx(heard_late - begin + 2, abs=0.15)


def test_a_beginning_that_claims_hours_is_not_believed() -> None:
    """Where sound and pictures begin hours apart, one of the two is told wrongly, and nobody waits for it."""
    given = clip(moving(20), container="matroska", codec="mpeg4", sound=1.0, late=9000)
    made = made_of(playable_clip, given)
    assert made is not None
    with av.open(io.BytesIO(made)) as film:
        assert [frame.time for frame in film.decode(video=0)][-1] == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("late", [0, 9000])
def test_files_behind_one_another_are_played_to_the_end(late: int) -> None:
    """The pictures and the sound of the second go on in step where those of the first ended."""
    parts = [
        clip(moving(50), rate=25, container="mpegts", codec="mpeg2video", sound=sound, late=start, heard_late=start)
        for sound, start in ((1.8, late), (1.0, 0))
    ]
    made = made_of(playable_clip, b"".join(parts))
    assert made is not None
    with av.open(io.BytesIO(made)) as film:
        times = [frame.time for frame in film.decode(video=0)]
    assert len(times) == 100
    assert times[-1] == pytest.approx(4, abs=0.15)
    loud = np.abs(samples(made)) > 0.05
    assert loud[: round(1.8 * RATE)].mean() > 0.8
    assert np.flatnonzero(loud)[-1] / RATE == pytest.approx(3, abs=0.2)


def test_sound_that_pauses_goes_on_with_its_pictures() -> None:
    """What was silent stays as silent for as long; times that claim days are not believed."""
    into = io.BytesIO()
    with av.open(io.BytesIO(wav(tone(1.0)))) as given, av.open(into, "w", format="flac") as output:
        track = Soundtrack(output, "flac", "s16", given.streams.audio[0])
        pieces = list(given.decode(audio=0))
        for began in (0.0, 3.0, 9e6):
            for piece in pieces:
                track.add(piece, began + piece.time)
        track.end()
    loud = np.abs(samples(into.getvalue())) > 0
    assert len(loud) == 5 * RATE
    assert loud[:RATE].mean() > 0.9
    assert not loud[RATE : 3 * RATE].any()
    assert loud[3 * RATE :].mean() > 0.9


def test_what_cannot_be_opened_is_said() -> None:
    """No recording, no clip, and a clip without pictures."""
    with pytest.raises(RecordingUnreadable):
        made_of(playable_recording, b"no recording")
    with pytest.raises(ClipUnreadable):
        made_of(playable_clip, b"no clip")
    with pytest.raises(ClipUnreadable, match="without pictures"):
        made_of(playable_clip, wav(tone(1.0)))
    with pytest.raises(RecordingUnreadable):
        made_of(playable_recording, clip(moving(5), container="avi"))
