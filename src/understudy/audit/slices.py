"""Weak slices: parts of the data on which a model that had not learned from them is clearly worse.

Claim: with no difference between parts, a finding comes up in at most one set of a hundred (Holm over all parts), and
it takes ten points of difference besides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.audit.columns import Column, ColumnKind
from understudy.audit.material import Material
from understudy.audit.sensitive import ground_of
from understudy.audit.wording import percent, shortest, told
from understudy.domain.finding import Finding, FindingKind, Severity

FEWEST: Final = 20
MOST_VALUES: Final = 20
LEVEL: Final = 0.01
NOTABLE: Final = 0.1
MOST: Final = 5

Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Slice:
    """A part of the examples: its name, and which of the asked rows it holds."""

    name: str
    inside: Rows


def weak_slices(material: Material) -> Iterator[Finding]:
    """The weakest parts, at most five."""
    given = material.out_of_fold
    if given is None or material.numeric:
        return
    rows = material.labelled[given.asked[material.labelled]]
    if len(rows) < 2 * FEWEST:
        return
    # One row of each group, for rows of a group are wrong together.
    rows = rows[np.sort(np.unique(material.group[rows], return_index=True)[1])]
    wrong = np.array([given.answer(int(row), several=material.several) != material.labels[row] for row in rows])
    tested = [(part, _chance(wrong, part.inside)) for column in _looked_at(material) for part in _parts(column, rows)]
    tested.sort(key=lambda pair: pair[1])
    found = 0
    for place, (part, chance) in enumerate(tested):
        if chance > LEVEL / (len(tested) - place) or found == MOST:
            break
        gap = float(wrong[part.inside].mean() - wrong[~part.inside].mean())
        if gap >= NOTABLE:
            found += 1
            yield _finding(material, part, wrong, rows)


def _looked_at(material: Material) -> list[Column]:
    """Columns by which examples are parted: of those that no model sees, such as leaks, only what tells of a person."""
    return [each for each in material.columns if each.name not in material.held_out or ground_of(each) is not None]


def _parts(column: Column, rows: npt.NDArray[np.int64]) -> Iterator[_Slice]:
    if column.kind is ColumnKind.NUMBER and len(column.levels) > MOST_VALUES:
        candidates = _ends(column.name, column.numbers[rows])
    elif column.kind in {ColumnKind.CATEGORY, ColumnKind.NUMBER} and 2 <= len(column.levels) <= MOST_VALUES:
        code = column.code[rows]
        candidates = [_Slice(f"{column.name} = {level}", code == place) for place, level in enumerate(column.levels)]
    else:
        candidates = []
    yield from (part for part in candidates if FEWEST <= part.inside.sum() <= len(rows) - FEWEST)


def _ends(name: str, numbers: npt.NDArray[np.float64]) -> list[_Slice]:
    """The least and the greatest quarter, each by a number of few digits that cuts off the same."""
    every = np.unique(numbers[np.isfinite(numbers)])
    if not len(every):
        return []
    low, high = np.nanquantile(numbers, (0.25, 0.75))
    last, first = int(np.searchsorted(every, low, side="right")), int(np.searchsorted(every, high))
    ends = [-np.inf, *every.tolist(), np.inf]
    up_to, on = -shortest(-ends[last + 1], -ends[last]), shortest(ends[first], ends[first + 1])
    return [
        _Slice(f"{name} up to {told(up_to)}", numbers <= up_to),
        _Slice(f"{name} from {told(on)} on", numbers >= on),
    ]


def _chance(wrong: Rows, inside: Rows) -> float:
    """How likely chance makes the part at least so much worse (Fisher's exact test)."""
    table = np.array([[int(wrong[part].sum()), int((~wrong[part]).sum())] for part in (inside, ~inside)])
    return float(scipy.stats.fisher_exact(table, alternative="greater").pvalue)


def _finding(material: Material, part: _Slice, wrong: Rows, rows: npt.NDArray[np.int64]) -> Finding:
    inside, outside = wrong[part.inside], wrong[~part.inside]
    return Finding(
        FindingKind.WEAK_SLICE,
        Severity.MEDIUM,
        part.name,
        f"Where {part.name}, the model is wrong in {int(inside.sum()):,} of {len(inside):,} "
        f"({percent(float(inside.mean()))}); elsewhere in {percent(float(outside.mean()))}.",
        "A model that is good on the whole can fail a part of those who ask.",
        f"Gather more {material.noun[1]} of this kind, or let people answer them.",
        material.named(rows[part.inside & wrong]),
    )
