"""Which modality a file's name promises."""

from collections.abc import Callable

import pytest

from understudy.intake.endings import ENDINGS, commonest, endings_of, share_named
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
