"""Texts that come bare, in the charsets that their requests name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.errors import UnderstudyError
from understudy.web.body import input_in
from understudy.web.charset import in_utf8
from understudy.web.errors import UnsupportedBody, WrongInputField


@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1),
    charset=st.sampled_from(["utf-8", "UTF-16", "utf-16-le", "utf-32", "gb18030"]),
)
def test_a_text_is_the_same_in_whatever_charset_it_comes(text: str, charset: str) -> None:
    """It is kept as UTF-8, so the same text in another charset is the same input."""
    assert input_in(text.encode(charset), f'text/plain; charset="{charset}"', "text") == text.encode()


@pytest.mark.parametrize("charset", ["klingon", "hex", "zlib", "punycode", "unicode_escape", "undefined", "x" * 200])
def test_an_unknown_charset_is_refused(charset: str) -> None:
    """What Python alone calls a charset is none either."""
    with pytest.raises(UnsupportedBody, match="none that is known"):
        input_in(b"hello there", f"text/plain; charset={charset}", "text")


def test_a_text_that_is_not_in_its_charset_is_refused() -> None:
    """Its charset is named; what names none, or UTF-8, is left to whoever reads texts."""
    with pytest.raises(WrongInputField, match="charset “utf-16”"):
        input_in(b"odd", "text/plain; charset=utf-16", "text")
    assert input_in(b"\xff", "text/plain", "text") == input_in(b"\xff", "text/plain; charset=UTF8", "text") == b"\xff"


@given(body=st.binary(min_size=1, max_size=40), content_type=st.text(max_size=40))
def test_no_header_raises_anything_but_a_clear_error(body: bytes, content_type: str) -> None:
    """However odd the header is."""
    with suppress(UnderstudyError):
        assert in_utf8(body, f"text/plain; charset={content_type}", remedy="") is not None
