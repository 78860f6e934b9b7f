"""Members that answer together: what was fitted on the folds of each chosen candidate, by weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.search.tables.boosting import Trees
from understudy.search.tables.encoding import Encoded
from understudy.search.tables.fitted import Fitted, Numbers, under
from understudy.search.tables.portfolio import FAMILIES


@dataclass(frozen=True)
class Member:
    """One member.

    Attributes:
        family: Name of its family.
        weight: Of all members, they sum to 1.
        fits: What was fitted on each fold: one, or one a label; the mean over folds counts.
        several: There may be several labels at once, each with a fit of its own.
    """

    family: str
    weight: float
    fits: tuple[tuple[Fitted, ...], ...]
    several: bool = False

    def answers(self, rows: Encoded) -> Numbers:
        """Probabilities, (n, k), or numbers, (n, 1)."""
        return np.asarray(np.mean([self._together(each, rows) for each in self.fits], axis=0))

    def trees(self, label: int) -> tuple[Trees, ...]:
        """Its trees; where labels stand alone, those of one of them."""
        chosen = (each[label if self.several else 0] for each in self.fits)
        return tuple(fit for fit in chosen if isinstance(fit, Trees))

    def _together(self, fits: Sequence[Fitted], rows: Encoded) -> Numbers:
        if not self.several:
            return fits[0].answers(rows)
        return np.stack([fit.answers(rows)[:, 1] for fit in fits], axis=1)


def member_of(family: str, weight: float, kept: Sequence[Mapping[str, npt.NDArray[Any]]], labels: int) -> Member:
    """Makes a member again from what was kept.

    Args:
        family: Name of its family.
        weight: Its weight.
        kept: Arrays of each fold's fit.
        labels: Labels that may be there at once, or 0 where there is one answer.
    """
    read = FAMILIES[family].read
    if not labels:
        return Member(family, weight, tuple((read(arrays),) for arrays in kept))
    fits = (tuple(read(under(f"label.{place}", arrays)) for place in range(labels)) for arrays in kept)
    return Member(family, weight, tuple(fits), several=True)


def mixed(members: Sequence[Member], rows: Encoded) -> Numbers:
    """What members say together, (n, k) or (n, 1)."""
    return np.asarray(np.sum([member.weight * member.answers(rows) for member in members], axis=0))
