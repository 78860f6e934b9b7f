"""What a disk refuses."""

import errno
import os
from pathlib import Path

import pytest

from understudy.domain.disk import refused


def test_a_full_disk_says_to_make_room() -> None:
    """A device that is always full refuses as a full disk does."""
    with pytest.raises(OSError, match="No space") as caught:
        Path("/dev/full").write_text("more than nothing", encoding="utf-8")
    told = refused(caught.value)
    assert told is not None
    assert (told.fact, told.reason) == ("The disk is full.", "The system says: No space left on device.")
    assert told.remedy.startswith("Make room")


def test_a_disk_that_takes_nothing_in_is_told_by_what_was_written() -> None:
    """The file that could not be written is named where the system names it."""
    told = refused(OSError(errno.EROFS, os.strerror(errno.EROFS), "/w/runs/mails.lock"))
    assert told is not None
    assert told.fact == "“/w/runs/mails.lock” cannot be written."
    unnamed = refused(OSError(errno.EROFS, os.strerror(errno.EROFS)))
    assert unnamed is not None
    assert unnamed.fact == "The disk cannot be written."


def test_what_is_no_matter_of_the_disk_is_left_alone() -> None:
    """A file that is not there, or an error without a number, is for others to tell."""
    with pytest.raises(OSError, match="No such file") as caught:
        Path("/nowhere/at/all").read_bytes()
    assert refused(caught.value) is None
    assert refused(OSError("no more")) is None
