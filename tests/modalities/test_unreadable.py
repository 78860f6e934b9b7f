"""What files of every modality say when they cannot be read."""

import pytest

from understudy.domain.finding import FindingKind
from understudy.modalities.image.unreadable import PhotoUnreadable
from understudy.modalities.media.unreadable import ClipUnreadable, RecordingUnreadable
from understudy.modalities.protocol import Unreadable
from understudy.modalities.unreadable import empty, in_words, out_of_memory, too_heavy, too_wide


@pytest.mark.parametrize("kind", [PhotoUnreadable, RecordingUnreadable, ClipUnreadable])
def test_each_speaks_of_its_own_thing(kind: type[Unreadable]) -> None:
    """The error is of the modality's own kind, names its thing, and says fact, reason and remedy in a sentence each."""
    raised = [
        empty(kind),
        too_heavy(kind, 7_000_000, 5_000_000, "Cut it."),
        too_wide(kind, 9000, 9000, 50_000_000),
        out_of_memory(kind),
    ]
    for error in raised:
        assert type(error) is kind
        assert error.fact.startswith(f"The {kind.noun} ")
        assert all(part.endswith(".") and part.count(". ") == 0 for part in (error.fact, error.reason, error.remedy))
    assert [error.kind for error in raised] == [FindingKind.EMPTY_FILE, *[FindingKind.TOO_LARGE] * 3]
    assert "takes 7 MB" in raised[1].fact
    assert "at most 5 MB" in raised[1].reason
    assert "9,000 by 9,000 pixels" in raised[2].fact


@pytest.mark.parametrize(
    ("length", "words"), [(0, "0 bytes"), (999, "999 bytes"), (12_345, "12 kB"), (2_000_000, "2 MB"), (10**9, "1 GB")]
)
def test_lengths_in_words(length: int, words: str) -> None:
    """Bytes are told in the largest unit that fits."""
    assert in_words(length) == words
