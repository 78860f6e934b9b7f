"""Dirty values: one thing written in several ways, and lists of values that nobody keeps.

Claim: values that differ only in case, spaces and signs are named, but for signs that tell marks or names apart; so are
columns in which many values come once.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from understudy.audit.columns import Column, ColumnKind
from understudy.audit.material import Material
from understudy.audit.wording import quoted
from understudy.domain.finding import Finding, FindingKind, Severity

MANY: Final = 50
ONCE: Final = 0.2
"""Share of values that come once from which a column was probably typed by hand."""
_KEPT: Final = re.compile(r"[^\W_]|(?<=\w)[+#]+|(?<=\w)-(?!\w)")
"""Letters and digits, and what makes another word of them: C, C# and C++, or the marks A+, A and A-."""


def dirty_values(material: Material) -> Iterator[Finding]:
    """At most one finding a column."""
    for column in material.given:
        if column.kind is not ColumnKind.CATEGORY:
            continue
        same = _same(column)
        if same:
            yield _several_spellings(material, column, same)
        elif len(column.levels) >= MANY:
            yield from _typed(material, column)


def _same(column: Column) -> list[list[int]]:
    """Places of levels that are one word once case, spaces and signs that tell nothing are gone."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, level in enumerate(column.levels):
        key = "".join(_KEPT.findall(level.casefold().replace("−", "-")))
        if any(sign.isalpha() for sign in key):
            places[key].append(place)
    return [alike for alike in places.values() if len(alike) > 1]


def _several_spellings(material: Material, column: Column, same: list[list[int]]) -> Finding:
    often = np.bincount(column.code[column.code >= 0], minlength=len(column.levels))
    first = max(same, key=lambda alike: int(often[alike].sum()))
    written = " and ".join(quoted(column.levels[place]) for place in first[:3])
    rare = [place for alike in same for place in sorted(alike, key=lambda place: -often[place])[1:]]
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.MEDIUM,
        column.name,
        f"The column {quoted(column.name)} spells {len(same)} {'thing' if len(same) == 1 else 'things'} in several "
        f"ways, for instance {written}.",
        "To a model these are different things, so what it learns of one it does not know of the other.",
        "Write each thing in one way, or choose from a list where it is entered.",
        material.named(np.flatnonzero(np.isin(column.code, rare))),
    )


def _typed(material: Material, column: Column) -> Iterator[Finding]:
    often = np.bincount(column.code[column.code >= 0], minlength=len(column.levels))
    once = int((often == 1).sum())
    if once < ONCE * len(column.levels):
        return
    yield Finding(
        FindingKind.DIRTY_VALUES,
        Severity.LOW,
        column.name,
        f"The column {quoted(column.name)} has {len(column.levels):,} different values, {once:,} of which come once.",
        "Words that are typed freely come in endless variants, and from a value seen once nothing is learned.",
        "Group them into fewer kinds, or see that the model reads them as text.",
        material.named(np.flatnonzero(np.isin(column.code, np.flatnonzero(often == 1)))),
    )
