"""A text without each of its words in turn, to see which of them an answer rests on."""

import re
from collections.abc import Sequence
from typing import Final

MOST: Final = 32
"""Different words that are hidden; longer texts are taken in stretches of words."""
_WORD: Final = re.compile(r"\S+")
_EDGES: Final = ".,;:!?()[]{}\"'“”‘’«»…"

Span = tuple[int, int]


def hidden_texts(text: str) -> list[tuple[str, str]]:
    """What is hidden ("the word “refund”"), and the text without it; nothing where no word would be left.

    A word that stands there several times is hidden everywhere at once: what a text says with a word, it says with all
    of them.
    """
    spans = [found.span() for found in _WORD.finditer(text)]
    words: dict[str, list[Span]] = {}
    for start, end in spans:
        words.setdefault(_bare(text[start:end]).casefold(), []).append((start, end))
    parts = list(words.values()) if len(words) <= MOST else _stretches(spans)
    if len(parts) < 2:
        return []
    return [(_named(text, part), _without(text, part)) for part in parts]


def _stretches(spans: Sequence[Span]) -> list[list[Span]]:
    """Neighbouring words together, so that there are few parts."""
    length = -(-len(spans) // MOST)
    return [[(spans[at][0], spans[min(at + length, len(spans)) - 1][1])] for at in range(0, len(spans), length)]


def _without(text: str, part: Sequence[Span]) -> str:
    for start, end in reversed(part):
        text = text[:start] + text[end:]
    return text


def _named(text: str, part: Sequence[Span]) -> str:
    """What is hidden, short enough to be shown."""
    shown = _bare(" ".join(text[slice(*part[0])].split()))
    several = "words" if " " in shown else "word"
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    often = f", all {len(part)} times" if len(part) > 2 else ", both times" if len(part) == 2 else ""
    return f"the {several} “{shown}”{often}"


def _bare(words: str) -> str:
    return words.strip(_EDGES) or words
