"""Numbers, counts and names as a person reads them. Nothing here ever says more than the figure does."""

import math
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from understudy.domain.project import PHOTO_LABELS, Project
from understudy.modalities.nouns import noun_of

NAME_LENGTH = 40
OVER_ALL_LOOKS = 0.95
"""With this confidence a project's bounds hold, all looks together."""

JOINERS = "\u200c\u200d"
"""Invisible, but several scripts are misspelt without them."""


@dataclass(frozen=True)
class Noun:
    """What a project's examples are called."""

    one: str
    many: str

    def counted(self, count: int) -> str:
        """The noun with its count: "1 photo", "2,400 photos", "no photos"."""
        return f"{number(count) if count else 'no'} {self.one if count == 1 else self.many}"


PHOTOS = Noun("photo", "photos")
DRAWINGS = Noun("drawing", "drawings")
EXAMPLES = Noun("example", "examples")


def things_of(project: Project) -> Noun:
    """What a project's examples are called; drawn ones are never called by the name of real ones."""
    return DRAWINGS if project.drawn else real_things(project)


def things_so_far(project: Project, held: int) -> Noun:
    """What a project's examples are called; before its first one, which says what it is about, just examples."""
    untold = not held and project.task.modality == PHOTO_LABELS.modality
    return EXAMPLES if untold else things_of(project)


def real_things(project: Project) -> Noun:
    """What examples of its kind are called, drawn or not."""
    noun = noun_of(project.task.modality)
    return Noun(noun.one, noun.many)


def number(count: int) -> str:
    """A count with its thousands set apart."""
    return f"{count:,}"


def about(count: int) -> str:
    """A planned number, rounded up: to fives from 20, to two figures from 100. Rounding up never promises too much."""
    if count < 20:
        return number(count)
    step = 5 if count < 100 else 10 ** (len(str(count)) - 2)
    return number(math.ceil(count / step) * step)


def floor_hundredths(share: float) -> int:
    """The largest whole percentage that does not exceed the share; bounds are shown by it."""
    percent = math.floor(share * 100)
    return percent + 1 if (percent + 1) / 100 <= share else percent


def floor_percent(share: float, *, against: float | None = None) -> str:
    """A lower bound as a percentage, never rounded up ("86%").

    Args:
        share: The bound, 0..1.
        against: A bar that it reaches; as many decimals are then shown as it takes to see that it does.
    """
    if against is None or share < against:
        return f"{floor_hundredths(share)}%"
    for decimals in range(4):
        shown = math.floor(share * 100 * 10**decimals) / 10**decimals
        if shown / 100 >= against:
            return f"{shown:.{decimals}f}%"
    return percent(against)


def percent(share: float) -> str:
    """A share that a person chose or that is exact ("95%", "99.5%")."""
    return f"{in_figures(share * 100, 6)}%"


def rough_percent(share: float) -> str:
    """A share as a percentage of at most two figures ("3.5%", "0.000038%"); nearly all of it is 100%."""
    return f"{in_figures(share * 100, 2)}%"


def in_figures(value: float, most: int) -> str:
    """A number in at most so many figures, never with an exponent."""
    return f"{Decimal(f'{value:.{most}g}'):f}"


def hundredths(share: float) -> int:
    """An observed share in 100, rounded; 100 only if it is all, 0 only if it is none."""
    if share in {0.0, 1.0}:
        return int(share * 100)
    return min(99, max(1, round(share * 100)))


def told_confidence(confidence: float) -> float:
    """The confidence that is spoken of.

    The bound of one look is made stricter, so that all looks together keep 95%; what is said is what holds over all.
    """
    return min(confidence, OVER_ALL_LOOKS)


def ordinal(count: int) -> str:
    """A place in a row: "1st", "2nd", "3rd", "11th"."""
    ending = "th" if count % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{number(count)}{ending}"


def times(count: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{number(count)} times")


def counted_label(label: str, count: int) -> str:
    """How often a label is there: "171 ham", "391 “1”"; what begins like a number is set apart from the count."""
    shown = name(label)
    return f"{number(count)} “{shown}”" if shown[:1].isdigit() or shown[:1] in "+-.,−" else f"{number(count)} {shown}"


def name(label: str, *, length: int = NAME_LENGTH) -> str:
    """A label as it can be shown anywhere: one line, no control or direction marks, not too long.

    It is still plain text, not markup: whatever writes HTML must escape it.
    """
    visible = "".join(" " if char.isspace() else char for char in label)
    visible = "".join(char for char in visible if unicodedata.category(char)[0] != "C" or char in JOINERS)
    visible = " ".join(visible.split()) or "(no name)"
    return visible if len(visible) <= length else visible[: length - 1].rstrip() + "…"
