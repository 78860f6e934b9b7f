"""A text without each of its words in turn, to see which of them an answer rests on."""

import re
from typing import Final

MOST: Final = 32
"""Words that are hidden; longer texts are taken in stretches of words."""
_WORD: Final = re.compile(r"\S+")
_EDGES: Final = ".,;:!?()[]{}\"'“”‘’«»…"


def hidden_texts(text: str) -> list[tuple[str, str]]:
    """What is hidden, and the text without it; nothing where no word would be left."""
    spans = [found.span() for found in _WORD.finditer(text)]
    if len(spans) < 2:
        return []
    stretch = -(-len(spans) // MOST)
    parts = [(spans[at][0], spans[min(at + stretch, len(spans)) - 1][1]) for at in range(0, len(spans), stretch)]
    if len(parts) < 2:
        return []
    return [(_named(text[start:end]), text[:start] + text[end:]) for start, end in parts]


def _named(words: str) -> str:
    """Short enough to be shown."""
    shown = " ".join(words.split())
    shown = shown.strip(_EDGES) or shown
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
