"""What one input of each kind is called, and what several are."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class InputNoun:
    """The word for one input and for several ("photo", "photos")."""

    one: str
    many: str

    @property
    def article(self) -> str:
        """One of them ("a photo", "an input")."""
        return f"{'an' if self.one[:1].lower() in 'aeiou' else 'a'} {self.one}"

    def counted(self, count: int) -> str:
        """So many of them ("1 photo", "2,000 photos")."""
        return f"{count:,} {self.one if count == 1 else self.many}"


_NOUNS: Final = {
    "photo": InputNoun("photo", "photos"),
    "text": InputNoun("text", "texts"),
    "table": InputNoun("row", "rows"),
    "sound": InputNoun("recording", "recordings"),
    "video": InputNoun("clip", "clips"),
    "interactions": InputNoun("history", "histories"),
}

IN_TIME: Final = frozenset({"sound", "video"})
"""Kinds of input that go by in time."""


def noun_of(modality: str) -> InputNoun:
    """The word for the inputs of a modality; one that nobody here knows goes by its name."""
    return _NOUNS.get(modality, InputNoun(modality, modality if modality.endswith("s") else f"{modality}s"))
