"""How findings name what they are about: a few by name, the others counted."""

from collections.abc import Sequence
from typing import Final

MOST_EVIDENCE: Final = 50
"""Names that a finding keeps as evidence."""
NAMED: Final = 4
"""Names in a sentence; the rest are counted."""


def listed(names: Sequence[str], count: int | None = None) -> str:
    """Names in quotation marks, the first few, and how many more there are."""
    return cut([f"“{name}”" for name in names[:NAMED]], len(names) if count is None else count)


def cut(parts: Sequence[str], count: int | None = None) -> str:
    """The first few parts, and how many more there are."""
    rest = (len(parts) if count is None else count) - NAMED
    return ", ".join(parts[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
