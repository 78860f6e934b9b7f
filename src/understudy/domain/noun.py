"""The word for one thing, and for several."""

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


IN_TIME: Final = frozenset({"sound", "video"})
"""Kinds of input that go by in time."""
