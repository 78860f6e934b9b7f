"""Too few examples: what cannot be tested is said rather than passed over."""

from collections.abc import Iterator
from typing import Final

from understudy.audit.material import Material
from understudy.domain.finding import Finding, FindingKind, Severity

ENOUGH: Final = 50
"""Labelled groups from which every check has something to go by."""


def too_few(material: Material) -> Iterator[Finding]:
    """One finding where there are too few."""
    groups = len({material.groups[row] for row in material.labelled})
    if groups >= ENOUGH:
        return
    yield Finding(
        FindingKind.NOT_TESTABLE,
        Severity.LOW,
        "size",
        f"{material.counted(len(material.labelled))} with a label, in {groups:,} independent "
        f"{'group' if groups == 1 else 'groups'}, are too few to find every leak, shortcut, drift and wrong label.",
        "On so few, chance looks much like a pattern, so only what is glaring is reported.",
        f"Audit again from {ENOUGH} on; until then look at the {material.noun[1]} themselves.",
    )
