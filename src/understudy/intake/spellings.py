"""Labels that differ only in how they are written: one label to a person, several to a model."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import noun_of
from understudy.domain.task import Task

NAMED: Final = 4
"""Spellings that are named beside the commonest."""
REASON: Final = "A model takes them for different labels, and an answer with the other spelling counts as wrong."
"""By which these findings are known."""


def on_spellings(arriving: Iterable[str], known: Iterable[str], task: Task) -> Iterator[Finding]:
    """A finding for each label that arrives in several spellings, or in another one than it had.

    Args:
        arriving: The label of each input that arrives, as often as it does.
        known: The labels that are there already, likewise.
        task: What comes in.
    """
    new = Counter(arriving)
    often = new + Counter(known)
    ways: dict[str, list[str]] = {}
    for label in sorted(often, key=lambda label: (-often[label], label)):
        ways.setdefault(bare(label), []).append(label)
    for alike in ways.values():
        if len(alike) > 1 and any(label in new for label in alike):
            yield _finding(alike, often, task)


def _finding(alike: list[str], often: Counter[str], task: Task) -> Finding:
    noun, (first, *others) = noun_of(task.modality), alike
    named = ", ".join(f"“{label}” ({often[label]:,})" for label in others[:NAMED])
    more = f" and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.MEDIUM,
        first,
        f"“{first}” ({often[first]:,}) and {named}{more} differ only in {_difference(alike)}.",
        REASON,
        f"Write all of them “{first}” and train a new project on that; or correct a few: "
        f"understudy label PROJECT {noun.one.upper()} '{first}'.",
        tuple(alike[:50]),
    )


def _difference(alike: list[str]) -> str:
    blanks = len({"".join(label.split()) for label in alike}) == 1
    case = len({label.casefold() for label in alike}) == 1
    return "blanks" if blanks else "capitals" if case else "capitals or blanks"


def bare(label: str) -> str:
    """What all spellings of a label have in common."""
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())
