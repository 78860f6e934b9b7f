"""Golden texts: written for the purpose, answered once when a model is made, answered again whenever it is loaded."""

from typing import Final

GOLDEN: Final = (
    "Where is my parcel? It was to come on Tuesday.",
    "ok 👍",
    "Guten Tag, die Rechnung Nr. 20-17 über 1.250,00 € ist doppelt gebucht worden; bitte um Rückruf. " * 3,
)
"""They differ in what they exercise: an ordinary sentence, hardly any, and a long one of another language."""


def golden_texts() -> tuple[bytes, ...]:
    """The texts as UTF-8."""
    return tuple(text.strip().encode() for text in GOLDEN)
