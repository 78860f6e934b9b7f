"""Sets of texts: which are learned from and which judge, drawn by a seed."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from understudy.domain.task import NONE_OF_THESE

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TEST = {"banking77": 2003, "sms_spam": 1000, "hate_tweets": 1200}
"""Rows that judge, always the same; clinc150_oos brings its own."""
SIZES: dict[str, tuple[int | None, ...]] = {
    "banking77": (8, 64),
    "clinc150_oos": (8, 64),
    "sms_spam": (8, 64, None),
    "hate_tweets": (8, 64, None),
}
"""Examples of a label to learn from; None for all there are."""
_DRAWN = 20240607

Row = tuple[str, str]
"""Text and label."""


@dataclass(frozen=True)
class Split:
    """Texts to learn from and texts that judge."""

    name: str
    size: int | None
    seed: int
    train: tuple[Row, ...]
    test: tuple[Row, ...]


def split_of(name: str, size: int | None, seed: int) -> Split:
    """Draws `size` examples of each label, or all of them in a drawn order."""
    if name == "clinc150_oos":
        rows, test = read(name, "train.csv"), read(name, "val.csv")
    else:
        whole = list(dict.fromkeys(read(name, "train.csv")))
        order = np.random.default_rng(_DRAWN).permutation(len(whole))
        test, rows = ([whole[place] for place in part] for part in np.split(order, [TEST[name]]))
    taken: Counter[str] = Counter()
    train = []
    for place in np.random.default_rng([seed, 77]).permutation(len(rows)):
        label = rows[place][1]
        if size is None or taken[label] < size:
            taken[label] += 1
            train.append(rows[place])
    return Split(name, size, seed, tuple(train), tuple(test))


def out_of_scope(name: str) -> list[Row]:
    """Questions of clinc150 that belong to none of its labels ("train" or "val")."""
    return [(text, NONE_OF_THESE) for text, _ in read("clinc150_oos", f"oos_{name}.csv")]


def read(name: str, file: str) -> list[Row]:
    """The rows of a set's file."""
    with (DATA / name / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    label = "label" if "label" in rows[0] else "category"
    return [(row["text"], row[label]) for row in rows]
