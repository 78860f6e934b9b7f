"""Texts that every file and every database can hold."""

import json
from typing import Any


def is_storable(text: str) -> bool:
    """No NUL, which PostgreSQL cannot hold, and no half of a surrogate pair, which UTF-8 cannot carry."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text))


def json_in(text: str) -> Any:
    """What JSON says, with “?” for half of a surrogate pair: half an emoji, say, where a program cut a text to length.

    Raises:
        ValueError, RecursionError: It is no JSON, or nested too deeply.
    """
    said = json.loads(text)
    if "\\ud" in text or "\\uD" in text:
        return json.loads(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))
    return said
