"""Texts made up from templates: a line a template, with slots and choices that are filled in by chance."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from understudy.domain.errors import UnderstudyError

TRIES: Final = 20
"""Draws for each text that is wanted, before it is held that there are no more different ones."""
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_SLOT: Final = re.compile(r"\s*(\w+)\s*=\s*(.+)")


class BadTemplates(UnderstudyError):
    """A file of templates cannot be used."""


@dataclass(frozen=True)
class Templates:
    """Templates by label, and what fills their slots.

    Attributes:
        patterns: (label, pattern) in the order of the file.
        slots: Choices by name.
    """

    patterns: tuple[tuple[str, str], ...]
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_templates(text: str) -> Templates:
    """Reads templates.

    A line is `label: pattern`, or `slot = one | another`, or a remark after "#". A pattern holds `{slot}` and
    `{one|another}`, where a choice may be empty.

    Raises:
        BadTemplates: A line is none of these, a brace stands alone or within a slot, a slot is not there, or there is
            no pattern.
    """
    patterns: list[tuple[str, str]] = []
    slots: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        label, colon, pattern = line.partition(":")
        slot = _SLOT.fullmatch(line)
        if slot and (not colon or "=" in label):
            if re.search(r"[{}]", slot[2]):
                raise _bad(f"Line {number} has a brace within a slot.", "What fills a slot is taken as it stands.")
            slots[slot[1]] = tuple(choice.strip() for choice in slot[2].split("|"))
        elif colon and label.strip() and pattern.strip():
            if re.search(r"[{}]", _HOLE.sub("", pattern)):
                raise _bad(
                    f"Line {number} has a brace without its other half.",
                    "A choice or a slot stands between two braces.",
                )
            patterns.append((label.strip(), pattern.strip()))
        else:
            raise _bad(f"Line {number} is no template.", "It is neither “label: text” nor “slot = one | another”.")
    missing = sorted({name for _, pattern in patterns for name in _names(pattern) if name not in slots})
    if missing:
        raise _bad(f"There is nothing to fill the slot “{missing[0]}” with.", "No line says what it may be.")
    if not patterns:
        raise _bad("There is no template.", "No line is of the form “label: text”.")
    return Templates(tuple(patterns), slots)


def made_texts(templates: Templates, count: int, *, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Makes up different texts.

    Args:
        templates: What to make them from; labels take turns, and so do the patterns of one.
        count: How many; fewer come where there are not so many different ones.
        rng: Draws.

    Returns:
        (text, label) each; none is empty.

    Raises:
        BadTemplates: A text comes out for two labels.
    """
    by_label: dict[str, list[str]] = {}
    for label, pattern in templates.patterns:
        by_label.setdefault(label, []).append(pattern)
    made: dict[str, str] = {}
    for turn in range(count * TRIES):
        if len(made) == count:
            break
        label = list(by_label)[turn % len(by_label)]
        patterns = by_label[label]
        text = _filled(patterns[turn // len(by_label) % len(patterns)], templates.slots, rng)
        if text and made.setdefault(text, label) != label:
            raise _bad(
                f"The text “{text}” comes out for “{made[text]}” and for “{label}”.",
                "From a text that bears two labels nothing can be learned.",
            )
    return list(made.items())


def _filled(pattern: str, slots: Mapping[str, Sequence[str]], rng: np.random.Generator) -> str:
    def choice(hole: re.Match[str]) -> str:
        choices = hole[1].split("|") if "|" in hole[1] else slots[hole[1].strip()]
        return choices[int(rng.integers(len(choices)))]

    return " ".join(_HOLE.sub(choice, pattern).split())


def _names(pattern: str) -> list[str]:
    return [hole.strip() for hole in _HOLE.findall(pattern) if "|" not in hole]


def _bad(fact: str, reason: str) -> BadTemplates:
    return BadTemplates(
        fact=fact, reason=reason, remedy="Write templates such as “refund: I want my {money|cash} back for {item}”."
    )
