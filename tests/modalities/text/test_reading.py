"""Bytes become a text, or an error that says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.finding import FindingKind
from understudy.modalities.text.reading import MAX_BYTES, TextUnreadable, read_text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1))
def test_ordinary_text_comes_back_as_it_was(text: str) -> None:
    """A text without control characters is what its bytes say, with a byte order mark or without."""
    if text[0] != "\ufeff":
        assert read_text(text.encode()) == read_text(b"\xef\xbb\xbf" + text.encode()) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_a_clear_error(data: bytes) -> None:
    """Whatever the bytes, what comes is a text that shows something, or an error with fact, reason and remedy."""
    try:
        text = read_text(data)
    except TextUnreadable as error:
        said = [error.fact, error.reason, error.remedy]
        text = "" if all(said) and error.what in error.fact else "no clear error"
        assert not text
    else:
        assert text.strip()
        assert "\0" not in text


def test_one_emoji_is_a_text() -> None:
    """A text may be one emoji."""
    assert read_text("👍".encode()) == "👍"


def test_nuls_within_a_text_are_spaces() -> None:
    """A few NULs in a text are read as spaces."""
    assert read_text(b"where is\0my card?") == "where is my card?"


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", FindingKind.EMPTY_FILE, "empty"),
        (b" \n\t ", FindingKind.EMPTY_FILE, "empty"),
        (b"\0" * 40, FindingKind.WRONG_KIND, "control characters"),
        (b"\x7fELF" + bytes(60) + b"text", FindingKind.WRONG_KIND, "control characters"),
        (b"a" * (MAX_BYTES + 1), FindingKind.TOO_LARGE, "1.0 MB"),
        (b"a" * 10_000_000, FindingKind.TOO_LARGE, "10.0 MB"),
        ("grün".encode("latin-1"), FindingKind.CORRUPT, "no UTF-8 from byte 3"),
        (b"OggS\0\x02\xff\xfe" + bytes(60), FindingKind.WRONG_KIND, r"is a recording \(Ogg\), no text"),
        (b"\x89PNG\r\n\x1a\n", FindingKind.WRONG_KIND, r"is a picture \(PNG\), no text"),
        ("ok".encode("utf-16"), FindingKind.CORRUPT, "0xFF"),
        ("\ud800 alone".encode("utf-8", "surrogatepass"), FindingKind.CORRUPT, "no UTF-8"),
    ],
)
def test_what_is_no_text_is_told_apart(data: bytes, kind: FindingKind, words: str) -> None:
    """Emptiness, size, binary files, other encodings and lone surrogates each have their error."""
    with pytest.raises(TextUnreadable, match=words) as caught:
        read_text(data)
    assert caught.value.kind is kind
