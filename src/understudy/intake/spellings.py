"""Labels that differ only in how they are written, or seem to be slips: one label to a person, several to a model."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import Task
from understudy.modalities.nouns import noun_of

NAMED: Final = 4
"""Spellings that are named beside the commonest."""
FEWEST_LETTERS, MOST_LETTERS = 5, 40
"""Letters of a label of which another that differs in one of them may be a slip for it."""
MOST_LABELS: Final = 2_000
"""Labels among which slips are looked for; more of them are rather names."""
RARE: Final = 10
"""By so much more often the label comes that a slip is for: of two common ones each is meant."""
REASON: Final = "A model takes them for different labels, and an answer with the other spelling counts as wrong."
"""By which these findings are known."""


def on_spellings(arriving: Counter[str], known: Counter[str], task: Task) -> Iterator[Finding]:
    """A finding for each label that arrives in several spellings, or in another one than it had, or is likely a slip.

    Args:
        arriving: How many inputs that arrive bear each label.
        known: How many that are there already do.
        task: What comes in.
    """
    often = arriving + known
    ways: dict[str, list[str]] = {}
    for label in sorted(often, key=lambda label: (-often[label], label)):
        ways.setdefault(bare(label), []).append(label)
    for alike in ways.values():
        if len(alike) > 1 and any(label in arriving for label in alike):
            yield _finding(alike, often, task)
    for slip, meant in _slips([alike[0] for alike in ways.values()], often):
        if slip in arriving or meant in arriving:
            yield _slip(slip, meant, often, task)


def _slips(labels: list[str], often: Counter[str]) -> Iterator[tuple[str, str]]:
    """Rare labels, each with the common one that it becomes where one letter is added, left out, changed or moved.

    Two labels are that near if each can lose a letter, or none, so that they are the same: so each is looked up by what
    is left of it, and not held against every other.
    """
    left: dict[str, str] = {}
    for label in labels if len(labels) <= MOST_LABELS else ():  # the commonest first
        rests = _rests(label) if FEWEST_LETTERS - 1 <= len(label) <= MOST_LETTERS else set()
        near = [left[rest] for rest in rests if rest in left and _signs(left[rest]) == _signs(label)]
        meant = max(near, key=lambda each: (often[each], each), default="")
        if len(meant) >= FEWEST_LETTERS and often[label] * RARE <= often[meant]:
            yield label, meant
        for rest in rests:
            left.setdefault(rest, label)


def _rests(label: str) -> set[str]:
    plain = bare(label)
    return {plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))}


def _signs(label: str) -> str:
    """What is no letter in a label: C1 is no slip for C2."""
    return "".join(character for character in bare(label) if not character.isalpha())


def _slip(slip: str, meant: str, often: Counter[str], task: Task) -> Finding:
    noun, told = noun_of(task.modality).one.upper(), f"“{slip}” ({often[slip]:,})"
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.LOW,
        slip,
        f"{told} differs from “{meant}” ({often[meant]:,}) in one letter and may be a slip.",
        REASON,
        f"If it is one, correct it: understudy label PROJECT {noun} '{meant}'. Otherwise nothing needs to be done.",
        (slip, meant),
    )


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
