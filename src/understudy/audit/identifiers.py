"""Ids: columns that only tell rows apart; a model can learn them by heart and nothing from them.

Claim: a column in which nearly every value is its own is named when it is no measure, no time and no text.
"""

import shlex
from collections.abc import Iterator

from understudy.audit.columns import ColumnKind
from understudy.audit.material import Material
from understudy.audit.wording import holding_out, quoted
from understudy.domain.finding import Finding, FindingKind, Severity


def identifiers(material: Material) -> Iterator[Finding]:
    """One finding a column."""
    for column in material.given:
        if column.kind is not ColumnKind.ID:
            continue
        present = len(material) - column.missing
        repeats = present - len(column.levels)
        again = f"; {repeats:,} come again, perhaps the same thing twice" if repeats else ""
        yield Finding(
            FindingKind.ID_COLUMN,
            Severity.MEDIUM,
            column.name,
            f"The column {quoted(column.name)} has {len(column.levels):,} values in {present:,} rows, so it only tells "
            f"rows apart{again}.",
            "A model can learn an id by heart, and it means nothing for the next row.",
            f"Leave it out of what the model sees: {holding_out(column.name)}; if the same id can come again, begin "
            f"anew with --group {shlex.quote(f'column:{column.name}')}.",
        )
