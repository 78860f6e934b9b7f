"""Reads the shared tables and photos as a later table modality will hand them in."""

import csv
import hashlib
import json
import random
from pathlib import Path

from understudy.audit.material import Material
from understudy.domain.rule import Fact
from understudy.modalities.image.facts import LOOKS, ORIGIN, facts_of
from understudy.modalities.image.unreadable import PhotoUnreadable


def rows_of(path: Path) -> list[dict[str, str]]:
    """A table's rows, whatever its encoding and whatever stands between its cells."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    head = text.split("\n", 1)[0]
    return list(csv.DictReader(text.splitlines(keepends=True), delimiter=max(",;\t", key=head.count)))


def fact(cell: str) -> Fact:
    """A cell as a fact: a number where it is one."""
    try:
        return float(cell)
    except ValueError:
        return cell


def table(path: Path, label: str | None, *, most: int | None = None, number: bool = False, **known: object) -> Material:
    """A table as material; a large one by a sample of its rows, in their order."""
    rows = rows_of(path)
    if most is not None and len(rows) > most:
        rows = [rows[place] for place in sorted(random.Random(0).sample(range(len(rows)), most))]
    labels = [None if label is None else float(row[label]) if number else row[label] for row in rows]
    facts = [{name: fact(cell) for name, cell in row.items() if name != label} for row in rows]
    names = [f"row {place + 2}" for place in range(len(rows))]
    digests = [hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest() for row in rows]
    return Material(names, facts, labels, names, **{"digests": digests, **known})


def photos(folder: Path) -> Material:
    """A folder of photos as material, a folder for each label; files that cannot be read are left out."""
    names, facts, said, digests = [], [], [], []
    for path in sorted(folder.glob("*/*")):
        if path.parent.name.startswith("_"):
            continue
        data = path.read_bytes()
        try:
            facts.append(facts_of(data))
        except PhotoUnreadable:
            continue
        names.append(f"{path.parent.name}/{path.name}")
        said.append(path.parent.name)
        digests.append(hashlib.sha256(data).hexdigest())
    return Material(names, facts, said, names, digests=digests, origin=ORIGIN, looks=LOOKS, noun=("photo", "photos"))


def sounds(folder: Path) -> Material:
    """A folder of sounds by their names alone."""
    paths = sorted(folder.glob("*/*.*"))
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    return Material(names, [{} for _ in names], [path.parent.name for path in paths], names, noun=("sound", "sounds"))
