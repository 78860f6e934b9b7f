"""The word for one thing, and for several."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InputNoun:
    """The word for one input and for several ("photo", "photos")."""

    one: str
    many: str

    def counted(self, count: int) -> str:
        """So many of them ("1 photo", "2,000 photos")."""
        return f"{count:,} {self.one if count == 1 else self.many}"
