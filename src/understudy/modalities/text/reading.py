"""From the bytes of a text to its characters."""

import re
from typing import Final

from understudy.domain.finding import FindingKind
from understudy.modalities.protocol import Unreadable
from understudy.modalities.sniffing import SNIFFED, known_kind

MAX_BYTES: Final = 1_000_000
"""Longer texts are refused: that is a book, and a decision is about a part of it."""
MARK: Final = b"\xef\xbb\xbf"
"""Some programs begin UTF-8 with it."""
MUCH: Final = 0.1
"""Share of control characters from which the bytes are no text."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class TextUnreadable(Unreadable):
    """The bytes are no text, or one that is damaged or too long."""

    noun = "text"


def read_text(data: bytes) -> str:
    """Decodes a text; control characters become spaces.

    Args:
        data: UTF-8, with or without a byte order mark.

    Raises:
        TextUnreadable: There is nothing in it, it is longer than `MAX_BYTES`, or it is no UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise TextUnreadable(
            FindingKind.TOO_LARGE,
            f"takes {len(data) / 1e6:,.1f} MB",
            reason=f"A text may take at most {MAX_BYTES / 1e6:g} MB, so that none can fill the memory.",
            remedy="Cut it into the parts that a decision is about, and add those.",
        )
    try:
        text = data.removeprefix(MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _no_utf8(error) from error
    controls = count_controls(text)
    if controls > MUCH * len(text):
        raise TextUnreadable(
            FindingKind.WRONG_KIND,
            f"holds {controls:,} control character{'s' if controls > 1 else ''} among {len(text):,}",
            reason="So many stand in programs and pictures, not in texts.",
            remedy="Give the text itself, as UTF-8.",
        )
    text = _CONTROL.sub(" ", text)
    if not text.strip():
        raise TextUnreadable(
            FindingKind.EMPTY_FILE,
            "is empty",
            reason="It holds no characters, or spaces alone.",
            remedy="Leave it out, or copy it again from where it came.",
        )
    return text


def count_controls(text: str) -> int:
    """Characters that are neither shown nor space, NUL among them."""
    return len(_CONTROL.findall(text))


def _no_utf8(error: UnicodeDecodeError) -> TextUnreadable:
    what = known_kind(error.object[:SNIFFED])
    if what is not None:
        return TextUnreadable(
            FindingKind.WRONG_KIND,
            f"is {what}, no text",
            reason="Its first bytes say so, and a project of texts takes texts alone.",
            remedy="Leave it out, or begin a project of its own with files like it.",
        )
    byte = error.object[error.start]
    return TextUnreadable(
        FindingKind.CORRUPT,
        f"is no UTF-8 from byte {error.start + 1:,} on (0x{byte:02X})",
        reason="It is written in another encoding, cut inside a character, or no text at all.",
        remedy="Save it as UTF-8; most editors offer that under “Save as”.",
    )
