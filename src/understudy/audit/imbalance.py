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
    if len(material.classes) < 2:
        return
    marks, often, total = material.marks, material.marks.often, len(material.labelled)
    equal = len(marks.labels) / len(marks.names)
    rare = [int(place) for place in np.argsort(often, kind="stable") if often[place] < OF_EQUAL_SHARE * equal]
    if not rare:
        return
    names, fewest = [marks.names[place] for place in rare], int(often[rare[0]])
    first = f"{quoted(names[0])} has {material.counted(fewest)} of {total:,} ({percent(fewest / total)})"
    others = f", and {len(rare) - 1} more labels are rare: {listed(names[1:])}" if len(rare) > 1 else ""
    if material.several:
        blind = f"Who never says {quoted(names[0])} is right about it {percent(1 - fewest / total)} of the time"
    else:
        common = quoted(marks.names[int(often.argmax())])
        blind = f"Who always says {common} is right {percent(int(often.max()) / total)} of the time"
    yield Finding(
        FindingKind.IMBALANCE,
        Severity.MEDIUM,
        names[0],
        f"{first}{others}.",
        f"{blind} and finds none of them.",
        "Judge each label by itself, say in the brief what a missed one costs, and gather more of the rare ones.",
        material.named(material.labelled[marks.there(rare[0])]),
    )
