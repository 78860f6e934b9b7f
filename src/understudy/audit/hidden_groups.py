"""Hidden groups: what belongs together though nobody said so; split, it makes a model look better than it is.

Claim: a part of the names that comes again, a column that names things or people, and neighbours in numbering that look
alike are named, as long as the project has no groups.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import Column, ColumnKind, named_like_id, words_in
from understudy.audit.material import Material
from understudy.audit.wording import listed, quoted
from understudy.domain.finding import Finding, FindingKind, Severity

FEWEST: Final = 20
ALIKE: Final = 0.9
"""Share of names that must be built alike, and of rows that must share their value with another."""
MOST_SHARE: Final = 0.5
"""Different values, as a share of rows, above which they hardly group anything."""
RUNNING: Final = 12
"""Whole numbers without gaps are a running number when there are more than this."""
SERIAL: Final = 0.3
"""Correlation of neighbours from which numbering tells what belongs together."""
SHUFFLES: Final = 200
LEVEL: Final = 0.01
SEED: Final = 0

_THINGS: Final = frozenset(
    "patient subject speaker user customer client person worker operator wall board device machine camera "  # noqa: SIM905
    "sensor session station site house household batch lot plate recording video clip fold group place store shop "
    "kunde gerät sujet patiente sujeto paciente cliente usuario utilisateur".split()
)
Numbers = npt.NDArray[np.float64]


def hidden_groups(material: Material) -> Iterator[Finding]:
    """Groups by name, by column and by numbering."""
    if material.grouped or len(material) < FEWEST:
        return
    stems = [re.sub(r"\.\w{1,5}$", "", name.rpartition("/")[2]) for name in material.names]
    by_name = list(_by_name(material, stems))
    yield from by_name
    yield from _by_column(material)
    if not by_name:
        yield from _by_number(material, stems)


def _by_name(material: Material, stems: Sequence[str]) -> Iterator[Finding]:
    """The first part of names that comes again and is neither label nor running number."""
    parts = [re.findall(r"[^\W_]+", stem) for stem in stems]
    size, often = Counter(len(each) for each in parts).most_common(1)[0]
    if often < ALIKE * len(parts):
        return
    for place in range(size):
        values = [each[place] if len(each) == size else "" for each in parts]
        found = values if _groups(material, values) else _beginning(material, values)
        if found is not None:
            yield _finding_by_name(material, found, place, values)
            return


def _groups(material: Material, values: Sequence[str]) -> bool:
    often = Counter(values)
    shared = sum(count for count in often.values() if count > 1)
    if not 2 <= len(often) <= MOST_SHARE * len(values) or shared < ALIKE * len(values):
        return False
    return not _is_label(material, values) and not _runs(list(often))


def _is_label(material: Material, values: Sequence[str]) -> bool:
    """Whether each value stands for one label and each label for one value."""
    pairs = {(value, label) for value, label in zip(values, material.labels, strict=True) if label is not None}
    return len(pairs) == len({value for value, _ in pairs}) == len({label for _, label in pairs})


def _runs(values: Sequence[str]) -> bool:
    if len(values) <= RUNNING or not all(value.isdecimal() for value in values):
        return False
    numbers = [int(value) for value in values]
    return len(values) >= 0.5 * (max(numbers) - min(numbers) + 1)


def _beginning(material: Material, values: Sequence[str]) -> list[str] | None:
    """The first digits of long numbers, where they cluster: one more digit makes no more groups, and again not."""
    size = len(values[0])
    if size < 6 or not all(len(value) == size and value.isdecimal() for value in values):
        return None
    often = [len({value[:length] for value in values}) for length in range(size + 1)]
    for length in range(size - 1, 2, -1):
        if often[length] == often[length - 1] == often[length - 2] >= 2:
            found = [value[:length] for value in values]
            return found if _groups(material, found) else None
    return None


def _finding_by_name(material: Material, found: Sequence[str], place: int, values: Sequence[str]) -> Finding:
    often = Counter(found)
    common = [value for value, _ in often.most_common()]
    part = r"[^\W_]+" if found is values else "." * len(found[0])
    pattern = "^" + r"[^\W_]+[\W_]+" * place + f"({part})"
    return Finding(
        FindingKind.HIDDEN_GROUP,
        Severity.MEDIUM,
        "names",
        f"A part of the names comes again and again: {listed(common)}; {len(often):,} values for "
        f"{material.counted(len(found))}, and the project has no groups.",
        "If it names a person, a thing or a recording, copies of it lie on both sides of the sealed border.",
        f"If so, begin a project anew with the group rule name:{pattern}",
        material.named(np.flatnonzero(np.asarray(found, dtype=object) == common[0])),
    )


def _by_column(material: Material) -> Iterator[Finding]:
    for column in material.given:
        if not _names_things(column):
            continue
        often = np.bincount(column.code[column.code >= 0])
        shared = int(often[often > 1].sum())
        if len(often) < 2 or shared < 0.2 * len(material) or len(often) > 0.9 * len(material):
            continue
        yield Finding(
            FindingKind.HIDDEN_GROUP,
            Severity.MEDIUM,
            column.name,
            f"The column {quoted(column.name)} names {len(often):,} things for {material.counted(len(material))}, "
            f"up to {int(often.max()):,} each, and the project has no groups.",
            "What belongs together on both sides of a split makes a model look better than it is for new things.",
            f"If so, keep them together by the group rule column:{column.name}",
            material.named(np.flatnonzero(column.code == int(often.argmax()))),
        )


def _names_things(column: Column) -> bool:
    words = words_in(column.name)
    if column.kind in {ColumnKind.TEXT, ColumnKind.TIME, ColumnKind.EMPTY}:
        return False
    whole = column.kind is not ColumnKind.NUMBER or np.array_equal(
        column.numbers[np.isfinite(column.numbers)], np.floor(column.numbers[np.isfinite(column.numbers)])
    )
    said = words[-1] in {"id", "ids", "uuid", "key"} or (len(words) == 1 and words[0] in _THINGS)
    return whole and (said or (named_like_id(column.name) and len(column.levels) >= FEWEST))


def _by_number(material: Material, stems: Sequence[str]) -> Iterator[Finding]:
    """Neighbours in numbering that look alike within their label."""
    found = [re.findall(r"\d+", stem) for stem in stems]
    if not material.looks or sum(len(each) > 0 for each in found) < ALIKE * len(stems):
        return
    number = np.array([float(each[-1][:15]) if each else np.nan for each in found])
    columns = [
        column for column in material.columns if column.name in material.looks and column.kind is ColumnKind.NUMBER
    ]
    labels = np.array([str(label) for label in material.labels])
    order = np.lexsort((number, labels))
    order = order[np.isfinite(number[order])]
    if len(order) < FEWEST or not columns:
        return
    table = np.stack([_standard(column.numbers[order], labels[order]) for column in columns])
    inside = labels[order][1:] == labels[order][:-1]
    seen = _serial(table, inside)
    rng = np.random.default_rng(SEED)
    chance = []
    for _ in range(SHUFFLES):
        mixed = np.lexsort((rng.random(len(order)), labels[order]))
        chance.append(_serial(table[:, mixed], inside))
    if seen < SERIAL or seen <= np.quantile(chance, 1 - LEVEL):
        return
    yield Finding(
        FindingKind.HIDDEN_GROUP,
        Severity.MEDIUM,
        "numbering",
        f"{material.noun[1].capitalize()} with neighbouring numbers look alike: their brightness, contrast and colour "
        f"correlate by {seen:.2f}, where chance reaches {float(np.quantile(chance, 1 - LEVEL)):.2f}.",
        "They probably show the same thing, place or session, and lie on both sides of the sealed border.",
        "Say what belongs together by a group rule: a folder for each thing, or a part of the name.",
        material.named(order),
    )


def _standard(numbers: Numbers, labels: npt.NDArray[np.str_]) -> Numbers:
    """Ranks within each label, from -1 to 1, so that labels and outliers play no part."""
    ranked = np.zeros(len(numbers))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        place = np.argsort(np.argsort(np.nan_to_num(numbers[rows]), kind="stable"), kind="stable")
        ranked[rows] = 2 * (place + 0.5) / len(rows) - 1
    return ranked


def _serial(table: Numbers, inside: npt.NDArray[np.bool_]) -> float:
    """Correlation of each row with the next of its label, averaged over the facts."""
    products = (table[:, 1:] * table[:, :-1])[:, inside]
    return float(products.mean() / max((table**2).mean(), 1e-12)) if products.size else 0.0
