"""Disagreement: several people said different things about one example.

Claim: the share of examples on which people disagree is counted from what they said themselves, or from columns of
votes; numbers that are no further apart than the tolerance are of one mind.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import Column, ColumnKind, words_in
from understudy.audit.material import Material
from understudy.audit.wording import holding_out, percent, quoted
from understudy.domain.finding import Finding, FindingKind, Severity

NOTABLE: Final = 0.05
MOST_VOTES: Final = 1000


def disagreement(material: Material) -> Iterator[Finding]:
    """One finding for opinions, one for columns of votes."""
    if material.opinions is not None:
        yield from _of_opinions(material)
    yield from _of_votes(material)


def _of_opinions(material: Material) -> Iterator[Finding]:
    asked, split, pairs = 0, [], Counter[tuple[str, str]]()
    for row, said in enumerate(material.opinions or ()):
        last = dict(said)  # of one person what was said last
        if len(last) < 2:
            continue
        asked += 1
        values = sorted(set(last.values()))
        apart = next((pair for pair in combinations(values, 2) if not material.agree(*pair)), None)
        if apart:
            split.append(row)
            pairs[apart] += 1
    if not split:
        return
    one, other = pairs.most_common(1)[0][0]
    yield Finding(
        FindingKind.DISAGREEMENT,
        Severity.MEDIUM if len(split) >= NOTABLE * asked else Severity.LOW,
        "people",
        f"People disagree about {material.counted(len(split))} of the {asked:,} ({percent(len(split) / asked)}) that "
        f"several of them labelled, most often over {quoted(one)} and {quoted(other)}.",
        "Where people disagree a model cannot be right with all of them, and its figures are bounded by theirs.",
        "Write down how such cases are to be decided, and decide the disputed ones together.",
        material.named(split),
    )


def _of_votes(material: Material) -> Iterator[Finding]:
    votes = _votes(material)
    if len(votes) < 2:
        return
    table = np.nan_to_num(np.stack([column.numbers for column in votes]))
    total = table.sum(axis=0)
    split = np.flatnonzero((total > 1) & (table.max(axis=0) < total))
    asked = int((total > 1).sum())
    if not len(split):
        return
    yield Finding(
        FindingKind.DISAGREEMENT,
        Severity.MEDIUM if len(split) >= NOTABLE * asked else Severity.LOW,
        "votes",
        f"The votes are not of one mind about {material.counted(len(split))} of {asked:,} "
        f"({percent(len(split) / asked)}), by the columns {', '.join(quoted(column.name) for column in votes[:4])}.",
        "Where people disagree a model cannot be right with all of them, and its figures are bounded by theirs.",
        "Write down how such cases are to be decided, and leave the votes out of what the model sees: "
        f"{holding_out(*(column.name for column in votes))}",
        material.named(split),
    )


def _votes(material: Material) -> list[Column]:
    """Columns of small counts whose names end in the labels, with the same beginning."""
    by_beginning: dict[str, list[Column]] = {}
    labels = {tuple(words_in(label)) for label in material.classes}
    for column in material.given:
        words = words_in(column.name)
        if column.kind is not ColumnKind.NUMBER or not _counts(column.numbers):
            continue
        for size in range(1, len(words)):
            if tuple(words[size:]) in labels:
                by_beginning.setdefault(" ".join(words[:size]), []).append(column)
    return max(by_beginning.values(), key=len, default=[])


def _counts(numbers: npt.NDArray[np.float64]) -> bool:
    found = numbers[np.isfinite(numbers)]
    whole = len(found) > 0 and np.array_equal(found, np.floor(found))
    return bool(whole and found.min() >= 0 and found.max() <= MOST_VOTES)
