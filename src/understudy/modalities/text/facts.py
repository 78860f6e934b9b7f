"""Facts of a text: how long it is, how it is written, and in which language. No model is asked."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from understudy.domain.rule import Fact
from understudy.modalities.text.language import language_of
from understudy.modalities.text.reading import read_text

KIND: Final = "text/1"
"""Names this way of measuring; raised when a fact changes its meaning."""

ORIGIN: Final = frozenset({"line breaks", "urls", "mentions", "html"})
"""Facts that say how a text came about, not what it says."""

LOOKS: Final = frozenset({"language", "words", "characters", "upper case", "digits", "punctuation", "emoji"})
"""Facts that say what a text is like at a glance."""

LONGEST: Final = 2_000
"""Characters of a text that are kept as its fact `text`, in which rules of one line look for words."""
_WORD: Final = re.compile(r"\w+")
_URL: Final = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_MENTION: Final = re.compile(r"(?<!\w)@\w+")
_HTML: Final = re.compile(r"&(?:\w{2,8}|#\d{2,6});|</?[a-z][a-z0-9]{0,9}\b[^<>]{0,200}>", re.IGNORECASE)


def facts_of(data: bytes) -> dict[str, Fact]:
    """Measures a text. Thread-safe.

    Args:
        data: UTF-8.

    Returns:
        By name: `text` (its beginning), `language` (ISO 639-1, None where it cannot be told), `words`, `characters`,
        `line breaks`, `urls`, `mentions` ("@name"), `emoji`, `html` (tags and entities), each a count; `upper case`
        (share of the letters), `digits` and `punctuation` (shares of all characters but spaces), 0..1.

    Raises:
        TextUnreadable: The bytes are no text.
    """
    text = read_text(data).strip()
    shown = [sign for sign in text if not sign.isspace()]
    letters = [sign for sign in shown if sign.isalpha()]
    return {
        "text": text[:LONGEST],
        "language": language_of(text),
        "words": float(len(_WORD.findall(text))),
        "characters": float(len(text)),
        "line breaks": float(text.count("\n")),
        "urls": float(len(_URL.findall(text))),
        "mentions": float(len(_MENTION.findall(text))),
        "emoji": float(sum(map(is_emoji, shown))),
        "html": float(len(_HTML.findall(text))),
        "upper case": _share(map(str.isupper, letters), len(letters)),
        "digits": _share(map(str.isdigit, shown), len(shown)),
        "punctuation": _share((unicodedata.category(sign)[0] == "P" for sign in shown), len(shown)),
    }


def is_emoji(sign: str) -> bool:
    """Whether a character is a pictogram, by Unicode's blocks for them."""
    code = ord(sign)
    return 0x1F300 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or 0x1F1E6 <= code <= 0x1F1FF


def _share(holds: Iterable[bool], count: int) -> float:
    return round(sum(holds) / count, 4) if count else 0.0
