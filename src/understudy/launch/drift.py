"""Drift without labels: that inputs, confidence or answers are not what they were when the model was reviewed.

It raises the share of answers that are audited, and tells. It never takes the model out: a shift may be harmless, and
what harms most, a change of what is right, cannot be seen in inputs at all.

What it compares: counts in bins fixed from the reference (ten with equally many values each, or one for each label)
with the last 500 to 1,000 values. The raise depends on the past only, so the audits' weights stay right.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from understudy.stats.shift import shift_p_value, stability_index

WINDOW = 500
"""Values after which the older half of what is compared is dropped."""
BINS = 10
NOTED = 0.1
"""The stability index from which on more is audited, and it is told."""
LARGE = 0.25
"""The index from which on the share is raised most."""
MOST_RAISED = 3.0
CALM = 0.07
"""The index below which a shift counts as over."""
CHANCE = 1e-4
"""No shift is noted that chance alone shows this often."""


@dataclass(frozen=True)
class DriftWatch:
    """Compares one figure with its reference. Start with `of_numbers` or `of_labels` and keep what `update` returns.

    Attributes:
        name: Of the figure: "confidence", "answer", or a feature.
        edges: Between the bins of numbers, rising; empty for labels.
        labels: A bin each; one more bin holds all others. Empty for numbers.
        expected: Counts of the reference, by bin.
        before: Counts of the window before, by bin.
        lately: Counts of the present window, by bin.
        shifted: Whether a shift is noted.
    """

    name: str
    edges: tuple[float, ...]
    labels: tuple[str, ...]
    expected: tuple[int, ...]
    before: tuple[int, ...]
    lately: tuple[int, ...]
    shifted: bool = False

    @classmethod
    def of_numbers(cls, name: str, reference: Sequence[float]) -> "DriftWatch":
        """Watches numbers, with bins that hold about equally many values of the reference each."""
        ordered = sorted(reference)
        edges = {ordered[len(ordered) * place // BINS] for place in range(1, BINS)} if ordered else set()
        kept = tuple(sorted(edge for edge in edges if edge > ordered[0]))
        empty = (0,) * (len(kept) + 1)
        counts = Counter(bisect_right(kept, value) for value in ordered)
        return cls(name, kept, (), tuple(counts[place] for place in range(len(empty))), empty, empty)

    @classmethod
    def of_labels(cls, name: str, reference: Sequence[str]) -> "DriftWatch":
        """Watches labels."""
        counts = Counter(reference)
        labels = tuple(sorted(counts))
        empty = (0,) * (len(labels) + 1)
        return cls(name, (), labels, (*(counts[label] for label in labels), 0), empty, empty)

    def update(self, *values: float | str) -> "DriftWatch":
        """The watch after more values, in their order."""
        watch, start = self, 0
        while start < len(values):
            end = start + watch.room
            watch, start = watch._counted(values[start:end]), end
        return watch

    @property
    def room(self) -> int:
        """So many values more, at least 1, and the present window is full; before that `shifted` stays as it is."""
        return WINDOW - sum(self.lately)

    @property
    def score(self) -> float:
        """The population stability index of the last 500 to 1,000 values; 0.0 until there are 500."""
        return stability_index(self.expected, self._seen()) if sum(self.before) else 0.0

    @property
    def raised(self) -> float:
        """By how much the share of audits is raised: from 1 to `MOST_RAISED`, and 1 while no shift is noted."""
        if not self.shifted:
            return 1.0
        part = (stability_index(self.expected, self.before) - NOTED) / (LARGE - NOTED)
        return 1.0 + (MOST_RAISED - 1.0) * min(1.0, max(0.25, part))

    def _counted(self, values: Sequence[float | str]) -> "DriftWatch":
        """The watch after values that the present window has room for."""
        counts = Counter(map(self._place, values))
        lately = tuple(count + counts[place] for place, count in enumerate(self.lately))
        if sum(lately) < WINDOW:
            return replace(self, lately=lately)
        filled = replace(self, before=lately, lately=(0,) * len(lately))
        return replace(filled, shifted=filled._shifts())

    def _place(self, value: float | str) -> int:
        if isinstance(value, str):
            return self.labels.index(value) if value in self.labels else len(self.labels)
        return bisect_right(self.edges, value)

    def _seen(self) -> tuple[int, ...]:
        return tuple(old + new for old, new in zip(self.before, self.lately, strict=True))

    def _shifts(self) -> bool:
        score = stability_index(self.expected, self.before)
        if self.shifted:
            return score >= CALM
        return score >= NOTED and shift_p_value(self.expected, self.before) <= CHANCE


def raised_by(watches: Sequence[DriftWatch]) -> float:
    """By how much all watches together raise the share of audits: as much as the one that raises it most."""
    return max((watch.raised for watch in watches), default=1.0)
