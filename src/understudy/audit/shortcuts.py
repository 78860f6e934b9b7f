"""Shortcuts: how an input came about tells what it shows, so a model may learn the camera instead of the crack.

Claim: on data where origin and label have nothing to do with each other, a finding of high or medium severity comes up
in at most one set of a hundred, however many facts and labels there are; and it takes a large effect besides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import Column
from understudy.audit.marks import Marks
from understudy.audit.material import Material
from understudy.audit.parts import deal
from understudy.audit.telling import PARTS, Cut, by_label, cut
from understudy.audit.wording import of_hundred, quoted
from understudy.domain.finding import Finding, FindingKind, Severity

FEWEST: Final = 8
"""Groups that a label and the rest must each have."""
MOST_ROWS: Final = 10_000
SHUFFLES: Final = 200
LEVEL: Final = 0.01
STRONG: Final = 0.9
"""Balanced accuracy from which a shortcut is strong enough to be learned instead of the thing."""
NOTABLE: Final = 0.75
FAINT: Final = frozenset({"bytes", "bytes per pixel", "quality", "taken"})
"""Facts that leave little trace in the pixels a model sees, or follow from what is shown."""
SEED: Final = 0

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Told:
    """How well one fact tells one label."""

    column: Column
    label: str
    balanced: float


def shortcuts(material: Material) -> Iterator[Finding]:
    """One finding a label for what its origin tells, one for what a glance tells."""
    if material.numeric or len(material.classes) < 2:
        return
    for names, origin in ((material.origin, True), (material.looks, False)):
        columns = [column for column in material.columns if column.name in names]
        told = _told(material, columns)
        for label in sorted({each.label for each in told}):
            found = sorted((each for each in told if each.label == label), key=lambda each: -each.balanced)
            yield _origin(material, found) if origin else _glance(material, found)
            if len(material.classes) == 2 and not material.several:
                break


def _told(material: Material, columns: list[Column]) -> list[_Told]:
    """What is told better than in all but one of a hundred shuffled worlds, and notably well."""
    places = _one_of_each_group(material)
    rows, truth, marks = material.labelled[places], material.truth[places], material.marks.at(places)
    testable = (marks.often >= FEWEST) & (len(truth) - marks.often >= FEWEST)
    pairs = [(column, cells) for column in columns if (cells := cut(column, rows)) is not None]
    if not pairs or not testable.any():
        return []
    part = deal(truth, np.arange(len(truth)), PARTS, seed=SEED)
    seen = np.stack([by_label(cells, marks, part) for _, cells in pairs])
    limit = _by_chance([cells for _, cells in pairs], truth, marks, testable)
    return [
        _Told(column, marks.names[label], float(seen[place, label]))
        for place, (column, _) in enumerate(pairs)
        for label in np.flatnonzero(testable)
        if seen[place, label] >= NOTABLE and seen[place, label] > limit
    ]


def _one_of_each_group(material: Material) -> Indices:
    """A place in `labelled` for each label of each group, as rows of a group are no independent evidence."""
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(material.labelled))
    key = material.group[material.labelled[order]] * len(material.classes) + material.truth[order]
    kept = np.sort(order[np.unique(key, return_index=True)[1]])
    if len(kept) > MOST_ROWS:
        kept = np.sort(rng.choice(kept, MOST_ROWS, replace=False))
    return kept


def _by_chance(cuts: list[Cut], truth: Indices, marks: Marks, testable: npt.NDArray[np.bool_]) -> float:
    """The best that any fact tells of any label in all but `LEVEL` of worlds with shuffled labels."""
    rng = np.random.default_rng(SEED + 1)
    best = []
    for _ in range(SHUFFLES):
        order = rng.permutation(len(truth))
        part, shuffled = deal(truth[order], np.arange(len(truth)), PARTS, seed=SEED), marks.at(order)
        best.append(max(float(by_label(cells, shuffled, part)[testable].max()) for cells in cuts))
    return float(np.quantile(best, 1 - LEVEL, method="higher"))


def _origin(material: Material, found: list[_Told]) -> Finding:
    best = next((each for each in found if each.column.name not in FAINT), found[0])
    strong = best.balanced >= STRONG and best.column.name not in FAINT
    others = [each.column.name for each in found if each is not best]
    also = f" So do {', '.join(others[:4])}." if len(others) > 1 else f" So does {others[0]}." if others else ""
    return Finding(
        FindingKind.SHORTCUT,
        Severity.HIGH if strong else Severity.MEDIUM,
        best.label,
        f"{quoted(best.column.name)} alone tells {quoted(best.label)} from the rest {of_hundred(best.balanced)}; "
        f"guessing would, 50 times in 100.{also}",
        "A model learns what is easiest to tell, so it may know the source and not the thing.",
        f"Take {material.noun[1]} of all labels from the same sources in the same way, and judge by those.",
        material.named(_examples(material, best)),
    )


def _glance(material: Material, found: list[_Told]) -> Finding:
    best, seen = found[0], material.noun[0] == "photo"
    return Finding(
        FindingKind.SHORTCUT,
        Severity.LOW,
        best.label,
        f"{quoted(best.column.name)} alone tells {quoted(best.label)} from the rest {of_hundred(best.balanced)}.",
        "It may be the thing itself, or only the light in which it was taken."
        if seen
        else "It may be the thing itself, or only how it came about.",
        "If light or background differ by label, take more of each label in the other's; else a rule may do."
        if seen
        else f"See whether {material.noun[1]} of all labels came about in the same way; if they did, a rule may do.",
    )


def _examples(material: Material, told: _Told) -> list[int]:
    """Rows of the label, which show what is meant."""
    there = material.marks.there(material.marks.names.index(told.label))
    return [int(row) for row in material.labelled[there]]
