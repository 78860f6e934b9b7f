"""A text is kept as UTF-8, whatever usual encoding its file is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.text.encodings import as_utf8

LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]), min_size=1)


@given(LETTERS)
def test_utf8_stays_as_it_is(text: str) -> None:
    """What is UTF-8 already keeps its bytes, and so its digest."""
    assert as_utf8(text.encode()) == text.encode()


@given(LETTERS, st.sampled_from(["utf-16", "utf-32"]))
def test_wide_encodings_become_utf8(text: str, encoding: str) -> None:
    """A mark in front tells how many bytes a letter has."""
    assert as_utf8(text.encode(encoding)) == text.encode()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le", "utf-16-be"])
def test_encodings_without_a_mark_become_utf8(encoding: str) -> None:
    """They are told as they are of tables."""
    text = "Schöne Grüße aus Köln, s'il vous plaît"
    assert as_utf8(text.encode(encoding)) == text.encode()


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 40, b"\x89PNG\r\n\x1a\n\xe9", "grüne Bäume".encode()[:-5] + b"\xc3", b"caf\x81", b"\xff\xfe\x00\xd8"],
)
def test_what_is_no_such_text_is_left_as_it_is(data: bytes) -> None:
    """Files of other kinds, UTF-8 that is cut off and letters of no encoding stay for the error that names them."""
    assert as_utf8(data) == data


@given(st.binary(max_size=60))
def test_any_bytes_stay_or_become_utf8(data: bytes) -> None:
    """It never fails, and whatever it changed is UTF-8."""
    found = as_utf8(data)
    assert found == data or found.decode().encode() == found
