"""Shapes that learning curves take: how the error declines with examples, up to its scale.

Both families have four parameters. With n0 the largest size that was measured, every curve is

    error(n) = A (k + (1 - k) s(n) / s(n0))

where A is the error at n0, k the part of it that no number of examples removes, and s one of

    POW4    s(n) = (n + b) ** -a
    MMF4    s(n) = 1 / (1 + (n / h) ** d)

which are c + A' (n + b) ** -a and (a b + c n ** d) / (b + n ** d) in the usual writing. Written like this only A is
unbounded, and the others can be gone through on a grid: no start decides where a fit ends.

Source:
    Morgan, Mercier & Flodin, PNAS 72 (1975); Mohr, Viering et al., LCDB 1.0 (2022); Yan, Mohr & Viering, LCDB 1.1
    (arXiv 2505.15657), where these two families forecast best.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SLOPES = (0.15, 0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0)
"""a and d: how fast the error declines."""
SHIFTS = (0.0, 0.03, 0.1, 0.3, 1.0)
"""b, in units of n0."""
HALVES = (0.03, 0.1, 0.3, 1.0, 3.0)
"""h, in units of n0: where half of what can be learned is learned."""
FLOORS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
"""k; closer to each other where a curve has nearly come to rest, each weighing as much as the stretch around it."""
TYPICAL_SLOPE, SLOPE_SPREAD = 0.65, 0.5
"""What is expected before anything was measured: centre and spread (of the logarithm) of a and d."""
FLOOR_FADING = 2.0
"""And how fast larger k become less likely, exp(-2 k). Slope and fading were picked on the development curves of
bench/curves.py (photos, tables and texts, each set counting the same), where forecasts of accuracy with them are free
of bias."""


@dataclass(frozen=True)
class Shapes:
    """Many shapes, the same place in each array belonging together.

    Attributes:
        power: Whether it is POW4; else MMF4.
        slope: a or d, (q,).
        place: b or h in units of n0, (q,).
        floor: k, (q,).
        prior: What is expected before anything was measured, (q,), summing to 1.
    """

    power: Flags
    slope: Array
    place: Array
    floor: Array
    prior: Array

    def decline(self, sizes: Array) -> Array:
        """Error at sizes in units of n0, over that at n0; (q, s)."""
        fall = self._fall(np.asarray(sizes, np.float64)[None, :]) / self._fall(np.ones((1, 1)))
        return self.floor[:, None] + (1 - self.floor[:, None]) * fall

    def reach(self, decline: Array) -> Array:
        """Sizes in units of n0 at which each shape has come down to its own `decline`, (q,); infinite where never."""
        with np.errstate(divide="ignore", invalid="ignore"):
            left = (decline - self.floor) / (1 - self.floor) * self._fall(np.ones((1, 1)))[:, 0]
            left = np.where(left > 0, left, np.nan)
            by_power = left ** (-1 / self.slope) - self.place
            by_half = self.place * np.maximum(1 / left - 1, 0) ** (1 / self.slope)
            size = np.where(self.power, by_power, by_half)
        always = (self.floor == 1) & (decline >= 1)
        return np.where(always, 0.0, np.where(np.isnan(size), np.inf, np.maximum(size, 0.0)))

    def take(self, places: npt.NDArray[np.int64]) -> "Shapes":
        """Some of them, by place."""
        return Shapes(
            self.power[places], self.slope[places], self.place[places], self.floor[places], self.prior[places]
        )

    def _fall(self, sizes: Array) -> Array:
        slope, place = self.slope[:, None], self.place[:, None]
        by_power = (sizes + np.where(self.power[:, None], place, 0.0)) ** -slope
        by_half = 1 / (1 + (sizes / np.where(self.power[:, None], 1.0, place)) ** slope)
        fall: Array = np.where(self.power[:, None], by_power, by_half)
        return fall


def every_shape() -> Shapes:
    """The whole grid of both families."""
    rows = [(True, *each) for each in product(SLOPES, SHIFTS, FLOORS)]
    rows += [(False, *each) for each in product(SLOPES, HALVES, FLOORS)]
    power, slope, place, floor = (np.array(column) for column in zip(*rows, strict=True))
    expected = np.exp(-0.5 * (np.log(slope / TYPICAL_SLOPE) / SLOPE_SPREAD) ** 2 - FLOOR_FADING * floor)
    expected *= np.gradient(np.array(FLOORS))[np.searchsorted(FLOORS, floor)]
    share = np.where(power, 1 / expected[power].sum(), 1 / expected[~power].sum())
    return Shapes(power.astype(np.bool_), slope, place, floor, expected * share / 2)
