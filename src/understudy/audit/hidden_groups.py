"""Hidden groups: what belongs together though nobody said so; split, it makes a model look better than it is.

Claim: a part of the names that comes again, a column that names things or people, and neighbours in numbering that look
alike are named, as long as the project has no groups.
"""

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

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
_ROW: Final = re.compile(r"^(.*), row (\d+)$", re.DOTALL)
_DECISION: Final = re.compile(r"^decision [0-9a-f-]{36}$")
"""Names that were given here rather than by people: a row by its table and place, an answered request by its id."""
Numbers = npt.NDArray[np.float64]


def hidden_groups(material: Material) -> Iterator[Finding]:
    """Groups by name, by column and by numbering."""
    if material.grouped or len(material) < FEWEST:
        return
    by_name = list(_by_name(material, [_stem(name) for name in material.names]))
    yield from by_name
    yield from _by_column(material)
    if not by_name:
        yield from _by_number(material)


def _stem(name: str) -> str:
    """What people called a file, without folder and ending; nothing where they gave no name."""
    if _ROW.match(name) or _DECISION.match(name):
        return ""
    return re.sub(r"\.\w{1,5}$", "", name.rpartition("/")[2])


def _place(name: str) -> tuple[str, float]:
    """The table of a row, or nothing for files, and the last number of its name; NaN where there is none."""
    row = _ROW.match(name)
    if row is not None:
        return row[1], float(row[2][:15])
    found = re.findall(r"\d+", _stem(name))
    return "", float(found[-1][:15]) if found else np.nan


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
            part = r"[^\W_]+" if found is values else "." * len(found[0])
            signed = r"[\W_]*" if any(re.match(r"[\W_]", stem) for stem in stems) else ""
            yield _finding_by_name(material, found, "^" + signed + r"[^\W_]+[\W_]+" * place + f"({part})")
            return


def _groups(material: Material, values: Sequence[str]) -> bool:
    """Whether values that come again part the inputs, as neither labels nor a running number do.

    Names that have no such part, "", say nothing.
    """
    often = Counter(value for value in values if value)
    shared = sum(count for count in often.values() if count > 1)
    if not 2 <= len(often) <= MOST_SHARE * often.total() or shared < ALIKE * often.total():
        return False
    return not _is_label(material, values) and not _runs(list(often))


def _is_label(material: Material, values: Sequence[str]) -> bool:
    """Whether each value stands for one label and each label for one value."""
    told = zip(values, material.labels, strict=True)
    pairs = {(value, label) for value, label in told if value and label is not None}
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


def _finding_by_name(material: Material, found: Sequence[str], pattern: str) -> Finding:
    often = Counter(value for value in found if value)
    common = [value for value, _ in often.most_common()]
    return Finding(
        FindingKind.HIDDEN_GROUP,
        Severity.MEDIUM,
        "names",
        f"A part of the names comes again and again: {listed(common)}; {len(common):,} values for "
        f"{material.counted(len(found))}, and the project has no groups.",
        "If it names a person, a thing or a recording, copies of it lie on both sides of the sealed border.",
        f"If so, begin a project anew with --group {shlex.quote(f'name:{pattern}')}",
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
            f"If so, begin a project anew with --group {shlex.quote(f'column:{column.name}')}",
            material.named(np.flatnonzero(column.code == int(often.argmax()))),
        )


def _names_things(column: Column) -> bool:
    words = words_in(column.name)
    if column.kind in {ColumnKind.TEXT, ColumnKind.TIME, ColumnKind.EMPTY}:
        return False
    whole = column.kind is not ColumnKind.NUMBER or np.array_equal(
        column.numbers[np.isfinite(column.numbers)], np.floor(column.numbers[np.isfinite(column.numbers)])
    )
    said = not {"id", "ids", "uuid", "key"}.isdisjoint(words[-1:]) or (len(words) == 1 and words[0] in _THINGS)
    return whole and (said or (named_like_id(column.name) and len(column.levels) >= FEWEST))


def _by_number(material: Material) -> Iterator[Finding]:
    """Neighbours in numbering that look alike within their label."""
    columns = [each for each in material.columns if each.name in material.looks and each.kind is ColumnKind.NUMBER]
    places = [_place(name) for name in material.names]
    tables, number = np.array([table for table, _ in places]), np.array([number for _, number in places])
    labels = np.array([str(label) for label in material.labels])
    # In a table sorted by label, neighbours without one would be alike by it; so they count only where nobody has one.
    compared = material.labelled if len(material.labelled) else np.arange(len(material))
    order = compared[np.lexsort((number[compared], tables[compared], labels[compared]))]
    order = order[np.isfinite(number[order])]
    if len(order) < max(FEWEST, ALIKE * len(compared)) or not columns:
        return
    table = np.stack([_standard(column.numbers[order], labels[order]) for column in columns])
    inside = (labels[order][1:] == labels[order][:-1]) & (tables[order][1:] == tables[order][:-1])
    seen = _serial(table, inside)
    rng = np.random.default_rng(SEED)
    chance = []
    for _ in range(SHUFFLES):
        mixed = np.lexsort((rng.random(len(order)), labels[order]))
        chance.append(_serial(table[:, mixed], inside))
    reached = float(np.quantile(chance, 1 - LEVEL))
    if seen < SERIAL or seen <= reached:
        return
    varying = [column.name for column, ranks in zip(columns, table, strict=True) if ranks.any()]
    yield _finding_by_number(material, varying, seen, reached, order, rows=bool(tables[order[0]]))


def _finding_by_number(
    material: Material, varying: Sequence[str], seen: float, reached: float, order: npt.NDArray[np.intp], *, rows: bool
) -> Finding:
    """What neighbours have in common, in words that fit files or the rows of a table."""
    many = material.noun[1].capitalize()
    told = f"{many} in neighbouring rows are alike" if rows else f"{many} with neighbouring numbers are alike"
    return Finding(
        FindingKind.HIDDEN_GROUP,
        Severity.MEDIUM,
        "numbering",
        f"{told}: what was measured of them ({listed(varying)}) correlates by {seen:.2f}, where chance reaches "
        f"{reached:.2f}.",
        "They probably come of the same thing, person, place or day, and lie on both sides of the sealed border.",
        "If so, add a column that says what belongs together, and begin a project anew with --group column:NAME."
        if rows
        else "If so, begin a project anew with --group folder and a folder for each thing, or with --group "
        "name:PATTERN where a part of the name says it.",
        material.named(order),
    )


def _standard(numbers: Numbers, labels: npt.NDArray[np.str_]) -> Numbers:
    """Ranks within each label, from -1 to 1, so that labels and outliers play no part; equal values share a rank."""
    ranked = np.zeros(len(numbers))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        ranked[rows] = 2 * (scipy.stats.rankdata(np.nan_to_num(numbers[rows])) - 0.5) / len(rows) - 1
    return ranked


def _serial(table: Numbers, inside: npt.NDArray[np.bool_]) -> float:
    """Correlation of each row with the next of its label, averaged over the facts."""
    products = (table[:, 1:] * table[:, :-1])[:, inside]
    return float(products.mean() / max((table**2).mean(), 1e-12)) if products.size else 0.0
