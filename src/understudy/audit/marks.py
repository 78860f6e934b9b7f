"""Marks: which labels stand at which examples, one at each or, where answers are sets, several or none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.domain.task import labels_in

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Marks:
    """Labels of n examples.

    Attributes:
        names: The labels there are.
        rows: Of each mark, the place of its example, 0..n-1, (m,).
        labels: Of each mark, the place of its label in `names`, (m,).
        count: n.
    """

    names: tuple[str, ...]
    rows: Indices
    labels: Indices
    count: int

    @classmethod
    def of_sets(cls, sets: Sequence[str]) -> "Marks":
        """From sets of labels, each as one text, as `labels_text` makes it."""
        held = [labels_in(each) for each in sets]
        names = tuple(sorted({name for each in held for name in each}))
        place = {name: index for index, name in enumerate(names)}
        rows = np.repeat(np.arange(len(held)), [len(each) for each in held])
        labels = np.array([place[name] for each in held for name in each], np.int64)
        return cls(names, rows.astype(np.int64), labels, len(held))

    @property
    def often(self) -> Indices:
        """At how many examples each label stands, (k,)."""
        return np.bincount(self.labels, minlength=len(self.names))

    def at(self, examples: Indices) -> "Marks":
        """The marks of some examples, which get their places in the order given; an example at most once."""
        place = np.full(self.count, -1, np.int64)
        place[examples] = np.arange(len(examples))
        rows = place[self.rows]
        return Marks(self.names, rows[rows >= 0], self.labels[rows >= 0], len(examples))

    def there(self, label: int) -> npt.NDArray[np.bool_]:
        """Whether a label stands at each example, (n,)."""
        flags = np.zeros(self.count, bool)
        flags[self.rows[self.labels == label]] = True
        return flags
