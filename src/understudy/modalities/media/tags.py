"""What programs wrote into a file."""

from collections.abc import Mapping
from typing import Final

LONGEST: Final = 80


def tag(tags: Mapping[str, str], *names: str) -> str | None:
    """The first of these tags that is there, as one line of printable text that can be kept and shown; else None."""
    lowered = {name.lower(): value for name, value in tags.items()}
    for name in names:
        shown = "".join(sign if sign.isprintable() else " " for sign in lowered.get(name, ""))
        if shown.strip():
            return " ".join(shown.split())[:LONGEST]
    return None
