"""A text that comes bare, in the charset that its request names."""

import codecs
from email.message import Message
from typing import Final

from understudy.web.errors import UnsupportedBody, WrongInputField

AS_IT_IS: Final = frozenset({"utf-8", "ascii"})
"""Charsets that need no reading here: whatever is no UTF-8 in them is told where the text is read."""
NO_CHARSETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""What Python decodes, too, and no text is sent in."""
LONGEST: Final = 40


def in_utf8(body: bytes, content_type: str, *, remedy: str) -> bytes:
    """A text in UTF-8.

    Args:
        body: As it came.
        content_type: The header, which may name a charset; without one the text is taken for UTF-8.
        remedy: What an error tells to do.

    Raises:
        UnsupportedBody: No such charset is known.
        WrongInputField: The text is not written in it.
    """
    named = _named(content_type)
    charset = "utf-8" if named is None else _known(named)
    if charset is None:
        reason = f"The charset “{(named or '')[:LONGEST]}” of its text is none that is known."
        raise UnsupportedBody(fact="The input was not read.", reason=reason, remedy=remedy)
    if charset in AS_IT_IS:
        return body
    try:
        return body.decode(charset).encode("utf-8", "replace")
    except ValueError as error:
        reason = f"Its text is not written in the charset “{charset}”, which it names."
        raise WrongInputField(fact="The input was not read.", reason=reason, remedy=remedy) from error


def _known(named: str) -> str | None:
    """A charset by the name that Python has for it; None where it knows none."""
    try:
        " ".encode(named)
        charset = codecs.lookup(named).name
    except (LookupError, ValueError):
        return None
    return None if charset in NO_CHARSETS else charset


def _named(content_type: str) -> str | None:
    if "charset" not in content_type.lower():
        return None
    header = Message()
    header["content-type"] = content_type.replace("\r", "").replace("\n", "")
    return header.get_content_charset()
