"""Clips of every kind become small pictures with their time, or say why they cannot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clips import clip, moving, still
from recordings import encoded, tone, wav
from understudy.domain.finding import FindingKind
from understudy.modalities.media.unreadable import ClipUnreadable
from understudy.modalities.video import decode
from understudy.modalities.video.decode import SIDE, USUAL_RATE, Picture, Shown
from understudy.modalities.video.windows import LENGTH, MOST, WHOLE, Cutting, windows_of

FORMATS = [
    ("mp4", "mpeg4"),
    ("mp4", "libx264"),
    ("avi", "mjpeg"),
    ("matroska", "ffv1"),
    ("webm", "libvpx"),
    ("mpegts", "mpeg2video"),
]


def watched(data: bytes) -> tuple[list[Picture], Shown]:
    pictures: list[Picture] = []
    with decode.clip(data) as opened:
        shown = opened.watch(pictures.append)
    return pictures, shown


def refused(data: bytes) -> ClipUnreadable:
    with pytest.raises(ClipUnreadable) as caught:
        windows_of(data)
    return caught.value


@pytest.mark.parametrize(("container", "codec"), FORMATS)
def test_formats_look_alike(container: str, codec: str) -> None:
    """Two seconds of a yellow square look the same, whatever they were saved as."""
    rate = 25 if codec == "mpeg2video" else 10
    pictures, shown = watched(clip(moving(2 * rate), rate=rate, container=container, codec=codec))
    assert (shown.width, shown.height) == (96, 64)
    assert shown.rate == pytest.approx(rate, rel=0.01)
    assert shown.seconds == pytest.approx(2, abs=0.15)
    assert len(pictures) == pytest.approx(20, abs=6)
    yellow = pictures[0].pixels.astype(int)[96:128, 20:40].mean(axis=(0, 1))
    np.testing.assert_allclose(yellow, (250, 230, 40), atol=30)


@pytest.mark.parametrize("rate", [5, 12, 24, 30, 60])
def test_the_cameras_rate_does_not_matter(rate: int) -> None:
    """Of many pictures in a second at most 13 count, and their times are told."""
    pictures, _ = watched(clip(still(2 * rate), rate=rate))
    times = np.array([picture.seconds for picture in pictures])
    assert times[0] == 0
    assert np.diff(times).min() > 0.076
    assert np.diff(times).max() < max(0.13, 1.1 / rate)
    assert all(picture.pixels.shape == (SIDE, SIDE, 3) for picture in pictures)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FindingKind.EMPTY_FILE),
        (b"just words\n" * 9, FindingKind.WRONG_KIND),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), FindingKind.WRONG_KIND),
        (wav(tone(0.5)), FindingKind.WRONG_KIND),
        (encoded(tone(0.5), "ipod", "aac", 22050), FindingKind.WRONG_KIND),
        (b"\x1aE\xdf\xa3" + bytes(500), FindingKind.CORRUPT),
    ],
)
def test_what_is_none_says_so(data: bytes, kind: FindingKind) -> None:
    """A recording without pictures, a picture, words and junk are refused with a kind, a reason and a remedy."""
    error = refused(data)
    assert error.kind is kind
    assert error.reason.endswith(".")
    assert error.remedy.endswith(".")


@pytest.mark.parametrize(("container", "codec"), [("mp4", "mpeg4"), ("avi", "mjpeg"), ("matroska", "ffv1")])
def test_what_is_cut_off_says_so(container: str, codec: str) -> None:
    """Half a file is no clip."""
    data = clip(moving(50), container=container, codec=codec)
    assert refused(data[: len(data) // 2]).kind is FindingKind.TRUNCATED


@pytest.mark.parametrize(("container", "codec"), [("mp4", "mpeg4"), ("matroska", "ffv1"), ("matroska", "mpeg4")])
def test_sound_may_outlast_the_pictures(container: str, codec: str) -> None:
    """A whole file is read though what it announces is the time of its sound; cut off, it still says so."""
    data = clip(moving(20), container=container, codec=codec, sound=6.0)
    assert windows_of(data).windows[0].seconds == (0, pytest.approx(2, abs=0.15))
    assert refused(data[: len(data) // 2]).kind is FindingKind.TRUNCATED


def test_a_slide_stays_while_the_sound_goes_on() -> None:
    """As in a recording of a screen on which little happens."""
    slow = clip(moving(4), rate=1, container="matroska", codec="mpeg4", sound=30.0)
    assert windows_of(slow).windows[-1].seconds[0] >= 2


RECORDED = [("mpegts", "libx264"), ("mpegts", "mpeg2video"), ("mpeg", "mpeg2video")]
JOINED = [
    *((*recorded, *starts) for recorded in RECORDED for starts in ((0, 0), (40, 0), (9000, 0), (0, 9000))),
    ("matroska", "mpeg4", 0, 0),
    ("matroska", "mpeg4", 40, 0),
]


@pytest.mark.parametrize(("container", "codec", "first", "second"), JOINED)
def test_files_behind_one_another_are_all_seen(container: str, codec: str, first: int, second: int) -> None:
    """As a recorder saves them: the times of the second start anew, somewhere, and go on where the first ended."""
    starts = ((75, first), (150, second))
    files = [clip(moving(each), rate=25, container=container, codec=codec, late=late) for each, late in starts]
    found = windows_of(b"".join(files))
    assert found.shown.seconds == pytest.approx(9, abs=0.2)
    assert [window.seconds[0] for window in found.windows] == pytest.approx([0, 2, 4, 6, 8], abs=0.1)
    apart = np.diff([picture.seconds for window in found.windows for picture in window.pictures])
    assert apart.min() > 0.07
    assert apart.max() < 0.25


@pytest.mark.parametrize("container", ["mpegts", "matroska", "mp4", "avi", "nut"])
def test_one_file_begins_once(container: str) -> None:
    """Pictures that are kept in another order than they are shown in, and seldom come, are not taken for two files."""
    data = clip(
        moving(30), rate=1, container=container, codec="libx264", keys=5, sound=30.0 if container == "mp4" else 0
    )
    with decode.clip(data) as opened:
        shown = opened.watch(lambda _: None)
        assert not opened.joined
    assert shown.seconds == pytest.approx(30, abs=2.1)


def test_long_files_behind_one_another_are_all_seen() -> None:
    """No window is looked for by a time that stands in the file twice."""
    found = windows_of(b"".join(clip(still(350, seed), container="mpegts", codec="libx264") for seed in (0, 1)))
    assert found.shown.seconds == pytest.approx(70, abs=0.3)
    assert found.windows[0].seconds[0] < 20
    assert found.windows[-1].seconds[1] > 50


def test_pixels_and_time_are_limited() -> None:
    """A clip of too many pixels or seconds is refused before it is decoded to its end."""
    data = clip(moving(30))
    with pytest.raises(ClipUnreadable, match="96 by 64"), decode.clip(data, max_pixels=1000):
        pass
    with decode.clip(data) as opened, pytest.raises(ClipUnreadable, match="longer than 1 s"):
        opened.watch(lambda _: None, max_seconds=1)
    with decode.clip(data) as opened, pytest.raises(ClipUnreadable, match="longer than 1 s"):
        opened.glimpse(lambda _: None, max_seconds=1)


@pytest.mark.parametrize(("seconds", "spans"), [(0.1, 1), (1.7, 1), (2.3, 1), (2.9, 2), (7.0, 4), (26.0, 8)])
def test_windows_cover_a_clip(seconds: float, spans: int) -> None:
    """Windows of two seconds follow each other; of many the livelier ones stay."""
    windows = windows_of(clip(moving(round(10 * seconds)))).windows
    assert len(windows) == spans
    assert windows[0].seconds[0] == (0 if seconds < 20 else 2)
    assert windows[-1].seconds[1] == pytest.approx(seconds, abs=0.11)
    assert all(window.pictures for window in windows)


def test_one_picture_lasts() -> None:
    """A clip of one picture whose file tells neither its length nor a rate has a window that lasts, so it counts."""
    watched = windows_of(clip(still(1), container="nut"))
    assert watched.shown.rate == 0
    assert [window.seconds for window in watched.windows] == [(0, 1 / USUAL_RATE)]


def test_a_long_clip_is_glimpsed() -> None:
    """Of two minutes a dozen windows are decoded, the one in which something happens among them."""
    frames = still(1200)
    frames[700:720] = moving(20, speed=4)
    found = windows_of(clip(frames))
    assert found.shown.seconds > WHOLE
    assert len(found.windows) == MOST
    assert any(window.seconds[0] - 1.1 <= 70 <= window.seconds[1] for window in found.windows)
    assert all(window.seconds[1] - window.seconds[0] == pytest.approx(LENGTH) for window in found.windows)
    assert max(len(window.pictures) for window in found.windows) <= 27


def test_a_long_clip_without_places_to_enter_is_watched() -> None:
    """Where hardly any picture can be decoded alone, all are decoded, and as few are kept."""
    frames = still(350)
    frames[205:215] = moving(10, speed=4)
    found = windows_of(clip(frames, codec="libx264", keys=1000))
    assert len(found.windows) <= MOST
    assert found.windows[-1].seconds[1] == pytest.approx(35, abs=0.2)
    assert any(window.seconds[0] <= 20.5 < window.seconds[1] for window in found.windows)


def test_memory_does_not_grow_with_time() -> None:
    """However long pictures stream in, a bounded number of them is kept."""
    cutting, pixels = Cutting(), np.zeros((SIDE, SIDE, 3), np.uint8)
    for place in range(1500):
        cutting.add(Picture(place * 2.0, pixels))
    windows = cutting.end(3000.0)
    assert MOST // 2 <= len(windows) <= MOST
    assert len(cutting.glimpses) <= 1024
    assert sum(len(window.pictures) for window in windows) <= 27 * MOST


def test_an_unknown_codec_is_told() -> None:
    """A container of something that nothing decodes is refused in words."""
    data = clip(moving(5), container="avi", codec="mjpeg").replace(b"MJPG", b"QQQQ")
    assert refused(data).kind in {FindingKind.CORRUPT, FindingKind.WRONG_KIND}
    with pytest.raises(ClipUnreadable):
        windows_of(clip(moving(5), container="matroska", codec="ffv1").replace(b"FFV1", b"QQQQ").replace(b"V_", b"Q_"))


_CLIP = clip(moving(15))


@settings(max_examples=30)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=8))
def test_damage_never_breaks_out(place: int, wrong: bytes) -> None:
    """Wrong bytes anywhere in a file give a clip or a reason, and nothing else."""
    data = bytearray(_CLIP)
    place %= len(data)
    data[place : place + len(wrong)] = wrong
    try:
        found = windows_of(bytes(data))
    except ClipUnreadable as error:
        assert error.remedy  # noqa: PT017
    else:
        assert found.windows
