"""One head alone: a candidate that is known by its name, fitted on whichever examples, as often as wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from understudy.modalities.protocol import View
from understudy.search.candidates import (
    FAMILIES,
    KERNEL_NAME,
    LABEL_KERNEL,
    LOGISTIC,
    RIDGE,
    SHRINKAGE,
    Family,
    one_hot,
)
from understudy.search.least_squares import KernelRidge
from understudy.search.logistic import Logistic
from understudy.search.moments import Moments, discriminant, nearest_mean, ridge
from understudy.search.rows import Indices, Rows
from understudy.search.scorers import Scorer

FitOne = Callable[[Indices], Scorer]
"""Fits on sorted indices."""


@dataclass(frozen=True)
class Head:
    """One of a family's settings.

    Attributes:
        family: Name of the family.
        setting: Its place among the family's settings.
    """

    family: str
    setting: int


USUAL = Head("ridge", 1)
"""What stands for a model where none was chosen yet, or where the chosen one cannot be fitted on so many examples."""


@dataclass(frozen=True)
class Taught:
    """Labelled rows that heads are fitted on.

    Attributes:
        rows: A view of all examples.
        labels: Label of each, 0..k-1.
        classes: k.
        pulse: Called often during long work; raises when the work should end.
    """

    rows: Rows
    labels: Indices
    classes: int
    pulse: Callable[[], None]

    def fitting(self, head: Head) -> FitOne:
        """How that head is fitted; what can be shared between fits is computed here, once."""
        if head.family == KERNEL_NAME:
            machine = KernelRidge(self.rows, one_hot(self.labels, self.classes))
            return lambda indices: machine.fit(indices, [LABEL_KERNEL[head.setting]])[0]
        if head.family == "logistic regression":
            problem = Logistic(self.rows, self.labels, self.classes, self.pulse)
            # Each strength starts from the one before, as in the search.
            strengths = LOGISTIC[: head.setting + 1]
            return lambda indices: problem.fit(indices, strengths)[-1]
        return lambda indices: _closed_form(head, self._moments(indices))

    def _moments(self, indices: Indices) -> Moments:
        return Moments.of(self.rows.chunks(indices), self.labels, self.classes, self.pulse)


def candidate_of(name: str, views: Sequence[View]) -> tuple[Head, View] | None:
    """The head and the view behind a trial's name ("ridge, penalty 0.3: photos at 224 px"), or None if unknown."""
    how, _, seen = name.partition(": ")
    view = next((view for view in views if view.name == seen), None)
    head = next((head for family in FAMILIES for head in _heads(family) if _name(family, head) == how), None)
    return None if view is None or head is None else (head, view)


def fitting_for(head: Head, count: int) -> Head:
    """The head itself, or the usual one where it cannot be fitted on so many examples."""
    return head if all(family.fits(count) for family in FAMILIES if family.name == head.family) else USUAL


def _heads(family: Family) -> list[Head]:
    return [Head(family.name, setting) for setting in range(len(family.settings))]


def _name(family: Family, head: Head) -> str:
    return ", ".join(part for part in (family.name, family.settings[head.setting]) if part)


def _closed_form(head: Head, moments: Moments) -> Scorer:
    """Heads of which only sums over the rows are needed."""
    if head.family == "ridge":
        return ridge(moments, RIDGE[head.setting : head.setting + 1])[0]
    if head.family == "linear discriminant":
        return discriminant(moments, SHRINKAGE[head.setting : head.setting + 1])[0]
    if head.family == "nearest mean":
        return nearest_mean(moments)
    raise ValueError(f"no family is called {head.family!r}")
