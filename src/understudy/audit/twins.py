"""Twins: the same example, or one that looks much like it, several times; worst of all on both sides of the border.

Claim: a copy of what a model learned from proves nothing about it, so every copy is named that could be judged by.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from understudy.audit.material import Material
from understudy.audit.wording import listed, percent
from understudy.domain.example import Side
from understudy.domain.finding import Finding, FindingKind, Severity

NOTABLE = 0.01
"""From this share of copies on, chance alone would put some on both sides of a split."""


def twins(material: Material) -> Iterator[Finding]:
    """Copies by content, then families by likeness."""
    copies = [] if material.digests is None else _several(material.digests)
    if copies:
        yield from _torn(material, copies, "are the same", "are the same as one that a model learns from")
        yield _repeated(material, copies)
    if material.families is not None:
        alike = "look much like one that a model learns from, or like others that do"
        yield from _torn(material, _several(material.families), "look alike", alike)


def _several(keys: Sequence[str]) -> list[list[int]]:
    """Rows that share a key, where several do."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    return [alike for alike in rows.values() if len(alike) > 1]


def _repeated(material: Material, copies: Sequence[Sequence[int]]) -> Finding:
    repeats = sum(len(alike) - 1 for alike in copies)
    share, are = repeats / len(material), "is" if repeats == 1 else "are"
    extra = [row for alike in copies for row in alike[1:]]
    return Finding(
        FindingKind.TWIN,
        Severity.MEDIUM if share >= NOTABLE and material.sides is None else Severity.LOW,
        "copies",
        f"{material.counted(repeats)} of {len(material):,} ({percent(share)}) {are} the same as another one.",
        "Dealt out at random, copies fall on both sides of a split, and a model is then judged by what it learned.",
        "Leave the copies out, or keep each with its original by a group.",
        material.named(extra),
    )


def _torn(material: Material, families: Sequence[Sequence[int]], short: str, what: str) -> Iterator[Finding]:
    """What lies in the sealed set and, in a copy or something alike, on the training side."""
    if material.sides is None:
        return
    sealed: list[int] = []
    for alike in families:
        sides = {material.sides[row] for row in alike}
        if {Side.TRAIN, Side.SEALED} <= sides:
            sealed += [row for row in alike if material.sides[row] is Side.SEALED]
    if sealed:
        names = material.named(sealed)
        yield Finding(
            FindingKind.TWINS_ACROSS_BORDER,
            Severity.HIGH,
            f"sealed {material.noun[1]} that {short}",
            f"{material.counted(len(sealed))} in the sealed set {what}: {listed(names)}.",
            "The sealed set proves a model only as far as the model has not seen it.",
            "Begin a project anew with a group rule that keeps them together, or take them out.",
            names,
        )
