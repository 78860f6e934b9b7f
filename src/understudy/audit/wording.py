"""How findings count, list and shorten."""

import shlex
from collections.abc import Sequence
from typing import Final

NAMED: Final = 4
"""Names in a sentence; the rest are counted."""
LENGTH: Final = 40


def quoted(name: str) -> str:
    """A name between quotation marks, on one line and not too long."""
    shown = " ".join(name.split()) or "(nothing)"
    return f"“{shown if len(shown) <= LENGTH else shown[: LENGTH - 1] + '…'}”"


def listed(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    rest = len(names) - NAMED
    return ", ".join(quoted(name) for name in names[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def holding_out(*columns: str) -> str:
    """The command that hides columns from the model and keeps them to judge by; PROJECT stands for the name."""
    told = (f" --set {shlex.quote(f'{column}=held-out')}" for column in columns)
    return f"understudy columns PROJECT{''.join(told)}"


def percent(share: float) -> str:
    """A share for people: whole per cent, one decimal below 1%; never 0% or 100% for what is neither."""
    if share in {0.0, 1.0}:
        return f"{share:.0%}"
    if share < 0.0005:
        return "under 0.1%"
    if share < 0.01:
        return f"{share * 100:.1f}%"
    return "over 99%" if share > 0.99 else f"{share * 100:.0f}%"


def of_hundred(share: float) -> str:
    """A share as so many times in 100."""
    return "every time" if share == 1.0 else f"{min(99, round(share * 100))} times in 100"
