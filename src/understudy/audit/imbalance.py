"""Imbalance: labels so rare that always saying the others looks good.

Claim: a label is named when it has less than a fifth of an equal share.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from understudy.audit.material import Material
from understudy.audit.wording import listed, percent, quoted
from understudy.domain.finding import Finding, FindingKind, Severity

OF_EQUAL_SHARE: Final = 0.2


def imbalance(material: Material) -> Iterator[Finding]:
    """One finding for all rare labels."""
    classes = material.classes
    if len(classes) < 2:
        return
    often = np.bincount(material.truth, minlength=len(classes))
    total = int(often.sum())
    rare = [
        int(place) for place in np.argsort(often, kind="stable") if often[place] * len(classes) < OF_EQUAL_SHARE * total
    ]
    if not rare:
        return
    names, common = [classes[place] for place in rare], int(often.max())
    fewest = int(often[rare[0]])
    first = f"{quoted(names[0])} has {material.counted(fewest)} of {total:,} ({percent(fewest / total)})"
    others = f", and {len(rare) - 1} more labels are rare: {listed(names[1:])}" if len(rare) > 1 else ""
    rows = [int(row) for row, label in zip(material.labelled, material.truth, strict=True) if label == rare[0]]
    yield Finding(
        FindingKind.IMBALANCE,
        Severity.MEDIUM,
        names[0],
        f"{first}{others}.",
        f"Who always says {quoted(classes[int(often.argmax())])} is right {percent(common / total)} of the time and "
        "finds none of them.",
        "Judge each label by itself, say in the brief what a missed one costs, and gather more of the rare ones.",
        material.named(rows),
    )
