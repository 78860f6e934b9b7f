"""Which modality a file's name promises."""

from collections.abc import Callable

import pytest

from offered import LEVELS
from understudy.intake.endings import ENDINGS, commonest, endings_of, may_be, share_named
from understudy.modalities.registry import BUILT_IN, ModalityUnusable, modality_named


@pytest.mark.parametrize("name", BUILT_IN)
def test_endings_are_those_of_the_modality(name: str) -> None:
    """What is written down to save loading is what the modality itself says."""
    assert endings_of(name) == modality_named(name).suffixes
    assert set(ENDINGS) == set(BUILT_IN)


def test_what_most_files_are_named_like_wins() -> None:
    """The majority says what a folder holds; where no file is named like an input, nothing does."""
    assert commonest(["a/x.WAV", "a/y.wav", "b/z.jpg", "notes"]) == "sound"
    assert commonest([r"C:\clips\one.MP4"]) == "video"
    assert commonest(["a.pdf", "b"]) is None
    assert commonest([]) is None


def test_of_as_many_the_one_that_is_known_wins() -> None:
    """Where files are named like several kinds, what they should be decides; a majority is not overruled."""
    assert commonest(["a.jpg", "b.wav"]) == "photo"
    assert commonest(["a.jpg", "b.wav"], known="sound") == "sound"
    assert commonest(["a.jpg", "b.jpg", "c.wav"], known="sound") == "photo"


def test_who_lists_the_same_endings_may_be_meant(offering: Callable[..., None]) -> None:
    """Of packages all that list the endings that are there; what a built-in kind lists is its own."""
    offering("levels", LEVELS.replace('".level"', '".csv", ".wav"'))
    offering(
        "heights", LEVELS.replace('".level"', '".csv", ".hgt"').replace('"level", "levels"', '"height", "hs"'), "height"
    )
    assert may_be(["a.csv", "b.CSV"]) == ("height", "level")
    assert may_be(["a.csv", "b.hgt"]) == ("height",)
    assert may_be(["a.wav"]) == ("sound",)
    assert may_be(["a.pdf"]) == ()


def test_the_share_of_inputs_is_told() -> None:
    """Half of these are named like an input of some modality."""
    assert share_named(["a.jpg", "b.flac", "c", "d.exe"]) == 0.5
    assert share_named([]) == 0.0


def test_a_package_that_is_broken_stops_no_other_kind(
    offering: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Where any kind would do, one that cannot be loaded is passed over, and that is said once."""
    offering("levels", "raise ImportError('libfoo.so.3')")
    assert commonest(["a/x.WAV", "b/y.level"]) == "sound"
    assert share_named(["a.jpg", "b.level"]) == 0.5
    (record,) = caplog.records
    assert "The package levels 1.0 offers it" in record.getMessage()
    assert "libfoo.so.3" in record.getMessage()
    with pytest.raises(ModalityUnusable):
        endings_of("level")
