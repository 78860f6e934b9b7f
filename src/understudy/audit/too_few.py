"""Too few examples: what cannot be tested is said rather than passed over."""

from collections.abc import Iterator
from typing import Final

from understudy.audit.material import Material
from understudy.domain.example import Side
from understudy.domain.finding import Finding, FindingKind, Severity

ENOUGH: Final = 50
"""Groups with a label, or to learn from, from which every check has something to go by."""


def too_few(material: Material) -> Iterator[Finding]:
    """One finding where there are too few."""
    rows = [row for row, side in enumerate(material.sides or ()) if side is Side.TRAIN] if material.ranked else None
    known = material.labelled.tolist() if rows is None else rows
    groups = len({material.groups[row] for row in known})
    if groups >= ENOUGH:
        return
    what = "with a label" if rows is None else "to learn from"
    yield Finding(
        FindingKind.NOT_TESTABLE,
        Severity.LOW,
        "size",
        f"{material.counted(len(known))} {what}, in {groups:,} independent "
        f"{'group' if groups == 1 else 'groups'}, are too few to find every leak, shortcut, drift and wrong label.",
        "On so few, chance looks much like a pattern, so only what is glaring is reported.",
        f"Audit again from {ENOUGH} {'groups ' if groups < len(known) else ''}on; until then look at the "
        f"{material.noun[1]} themselves.",
    )
