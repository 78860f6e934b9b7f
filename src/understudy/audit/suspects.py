"""Suspect labels: what a model that has not learned from an example would call otherwise, and what is like no other.

Claim: a suspect is named and never dropped. About half of those that this method names are wrong, so a person looks.

Source:
    Northcutt, Jiang and Chuang, Confident learning (2021), as cleanlab implements it.
"""

import importlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import ColumnKind
from understudy.audit.material import Material, OutOfFold
from understudy.audit.wording import percent, quoted
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import number_shown

FEWEST: Final = 40
NOTABLE: Final = 0.01
DOUBTFUL: Final = 0.15
"""Share of suspects from which the model is more in doubt than the labels."""
UNTOLD: Final = 1 / 3
"""Share of all examples, or of a label's, from which on the model cannot tell them, and says nothing against any."""
FEWEST_OF_LABEL: Final = 10
FEW_KINDS: Final = 0.02
"""A format or mode that fewer than this share have is odd."""
FAR: Final = 8.0
"""Standard deviations, judged by the middle half, beyond which a measure is like no other."""
MOST_ODD: Final = 5

Indices = npt.NDArray[np.int64]

_EXPECTS: Final = "A model that had not learned from them expects another label; "
_WHY_FEW: Final = f"{_EXPECTS}where people gave the labels, about half of such are wrong, of recorded outcomes few."
_WHY_MANY: Final = f"{_EXPECTS}where it does so often, what is known of them hardly tells the labels apart."


def suspects(material: Material) -> Iterator[Finding]:
    """One finding for all suspect labels, one for what is like no other."""
    if material.out_of_fold is not None and not material.numeric:
        yield from _suspect_labels(material, material.out_of_fold)
    yield from _odd(material)


def _suspect_labels(material: Material, given: OutOfFold) -> Iterator[Finding]:
    rows = material.labelled[given.asked[material.labelled]]
    if len(rows) < FEWEST or len(given.labels) < 2:
        return
    found = _in_sets(material, given, rows) if material.several else _of_one(material, given, rows)
    if len(found) >= UNTOLD * len(rows):
        yield _untellable(material, rows, found)
        return
    untold = () if material.several else _untold(material, rows, found)
    if untold:
        yield _hardly_told(material, rows, found, untold)
        kept = [str(material.labels[row]) not in untold for row in rows]
        found, rows = np.array([row for row in found if str(material.labels[row]) not in untold], np.int64), rows[kept]
    if not len(found):
        return
    share = len(found) / len(rows)
    yield Finding(
        FindingKind.SUSPECT_LABEL,
        Severity.MEDIUM if NOTABLE <= share <= DOUBTFUL else Severity.LOW,
        "labels",
        f"{material.counted(len(found))} of {len(rows):,} ({percent(share)}) may be labelled wrongly: "
        f"{'; '.join(_said(material, given, int(row)) for row in found[:3])}.",
        _WHY_FEW if share <= DOUBTFUL else _WHY_MANY,
        "Look at them, the likeliest first, and correct those that are wrong (understudy label PROJECT NAME "
        "LABEL); nothing is dropped by itself.",
        material.named(found),
    )


def _untold(material: Material, rows: Indices, found: Indices) -> tuple[str, ...]:
    """Labels of whose examples a third or more is suspect: the model cannot tell them, so it speaks against none."""
    there, suspect = (Counter(str(material.labels[row]) for row in some) for some in (rows, found))
    return tuple(
        sorted(
            label
            for label, count in suspect.items()
            if there[label] >= FEWEST_OF_LABEL and count >= UNTOLD * there[label]
        )
    )


def _hardly_told(material: Material, rows: Indices, found: Indices, untold: Sequence[str]) -> Finding:
    of_label = [int(row) for row in found if str(material.labels[row]) in untold]
    there = Counter(str(material.labels[row]) for row in rows)
    suspect = Counter(str(material.labels[row]) for row in of_label)
    told = [f"{suspect[each]:,} of {material.counted(there[each])} that say {quoted(each)}" for each in untold[:3]]
    more = len(untold) - len(told)
    return Finding(
        FindingKind.SUSPECT_LABEL,
        Severity.LOW,
        "labels that are hardly told",
        f"The model calls {'; '.join(told)}{f'; and of {more} labels more' if more else ''} something else.",
        f"{_EXPECTS}where it does so with so much of a label, what is known of them hardly tells that label apart, and "
        "nothing is said against them.",
        "Do not correct them for that. Gather more of that label, and facts that set it apart.",
        material.named(of_label),
    )


def _untellable(material: Material, rows: Indices, found: Indices) -> Finding:
    return Finding(
        FindingKind.SUSPECT_LABEL,
        Severity.LOW,
        "labels that are hardly told",
        f"The model calls {len(found):,} of {material.counted(len(rows))} something else.",
        f"{_EXPECTS}where it does so with so many, what is known of them hardly tells the labels apart, and nothing is "
        "said against any.",
        "Do not correct them for that. Gather more examples of each label, and facts that set the labels apart.",
        material.named(found),
    )


def _of_one(material: Material, given: OutOfFold, rows: Indices) -> Indices:
    """Rows whose one label is suspect, the likeliest to be wrong first."""
    # Imported here: it takes a second and brings pandas along, and only an audit needs it.
    cleanlab: Any = importlib.import_module("cleanlab.filter")
    place = {label: index for index, label in enumerate(given.labels)}
    rows = np.array([row for row in rows if str(material.labels[row]) in place], np.int64)
    codes = np.array([place[str(material.labels[row])] for row in rows], np.int64)
    present, labels = np.unique(codes, return_inverse=True)
    if len(present) < 2 or len(rows) < FEWEST:
        return np.empty(0, np.int64)
    known = given.probabilities[np.ix_(rows, present)] + 1e-12
    known /= known.sum(axis=1, keepdims=True)
    issues = cleanlab.find_label_issues(labels, known, return_indices_ranked_by="self_confidence", n_jobs=1)
    return rows[np.asarray(issues, np.int64)]


def _in_sets(material: Material, given: OutOfFold, rows: Indices) -> Indices:
    """Rows in whose set a label is suspect to stand or to be missing, the likeliest to be wrong first."""
    cleanlab: Any = importlib.import_module("cleanlab.multilabel_classification.filter")  # as above
    marks = material.marks.at(np.searchsorted(material.labelled, rows))
    shared = [name for name in given.labels if name in marks.names]
    if len(shared) < 2:
        return np.empty(0, np.int64)
    there = np.stack([marks.there(marks.names.index(name)) for name in shared], axis=1)
    columns = np.array([given.labels.index(name) for name in shared], np.int64)
    known = given.probabilities[np.ix_(rows, columns)]
    telling = there.any(axis=0) & ~there.all(axis=0)
    if telling.sum() < 2:
        return np.empty(0, np.int64)
    sets = [np.flatnonzero(each).tolist() for each in there[:, telling]]
    issues = cleanlab.find_label_issues(sets, known[:, telling], return_indices_ranked_by="self_confidence", n_jobs=1)
    return rows[np.asarray(issues, np.int64)]


def _said(material: Material, given: OutOfFold, row: int) -> str:
    likely = given.answer(row, several=material.several)
    return f"{quoted(material.names[row])} says {quoted(str(material.labels[row]))}, the model {quoted(likely)}"


def _odd(material: Material) -> Iterator[Finding]:
    """Examples that are like no other in how they came about or look: placeholders, drawings, accidents."""
    if len(material) < FEWEST:
        return
    why: dict[int, list[str]] = {}
    for column in material.columns:
        if column.name not in (material.origin | material.looks) - material.taken_in:
            continue
        if column.kind is ColumnKind.CATEGORY and column.missing < len(material) / 2:
            often = np.bincount(column.code[column.code >= 0])
            if often.max() >= (1 - FEW_KINDS) * len(material):
                for row in np.flatnonzero(np.isin(column.code, np.flatnonzero(often < FEW_KINDS * len(material)))):
                    why.setdefault(int(row), []).append(f"{column.name} {column.values[int(row)]}")
        elif column.kind is ColumnKind.NUMBER and column.name in material.looks:
            for row in _far(column.numbers):
                why.setdefault(int(row), []).append(f"{column.name} {number_shown(column.numbers[row])}")
    odd = sorted((row for row in why if _reasons(why[row]) >= 2), key=lambda row: (-len(why[row]), row))
    if 0 < len(odd) <= max(MOST_ODD, NOTABLE * len(material)):
        one = odd[0]
        yield Finding(
            FindingKind.SUSPECT_LABEL,
            Severity.LOW,
            material.names[one],
            f"{material.counted(len(odd))} {'is' if len(odd) == 1 else 'are'} like no other: "
            f"{quoted(material.names[one])} has {', '.join(why[one][:3])}.",
            "What was taken in by accident, such as a placeholder or a trial, differs so from all that is real.",
            "Look, and take out what is no example of what is asked.",
            material.named(odd),
        )


def _reasons(why: list[str]) -> int:
    """How many things are odd about one: a long text has many characters and many words, which is one."""
    told = {each.split()[0] for each in why}
    return len(told - {"words"} if {"words", "characters"} <= told else told)


def _far(numbers: npt.NDArray[np.float64]) -> Indices:
    """Places of numbers far from the rest; where the middle half is one number, by how far all lie from it."""
    if not np.isfinite(numbers).any():
        return np.empty(0, np.int64)
    low, middle, high = np.nanquantile(numbers, (0.25, 0.5, 0.75))
    deviation = float(high - low) / 1.349 or float(np.sqrt(np.nanmean((numbers - middle) ** 2)))
    return np.flatnonzero(np.abs(numbers - middle) > FAR * max(deviation, 1e-9))
