"""What straight lines, networks and neighbours see: every feature as numbers of like size, nothing missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.encoding import Codes, Encoded, Matrix
from understudy.search.tables.fitted import Task
from understudy.search.tables.target_means import TargetMeans, fit_means

KNOTS: Final = 65
"""Quantiles at which a number is brought to the shape of a bell."""
LEAST_ONE_HOT, MOST_ONE_HOT, HOT_CELLS = 64, 192, 4_000_000
"""Codes up to which each gets a number of its own, while these take no more cells; of more, the commonest do."""
RARE: Final = 3
"""Rows below which a code gets no number of its own."""
WORDED_SHARE: Final = 4
"""A number that a text was brought to gets one bin where another gets so many: there are dozens of them."""
SMALL: Final = 1e-6
PLAIN: Final = ("knots", "heights", "centre", "spread", "gaps", "level", "scale", "binned", "low", "high")
"""Arrays that are kept as they are."""


@dataclass(frozen=True)
class Dense:
    """How encoded rows become such numbers.

    Attributes:
        knots: Quantiles of each number, (KNOTS, p); rising.
        heights: Where each quantile stands on the bell, (KNOTS,).
        centre: Median of each number, (p,); also what stands for a missing one.
        spread: Its usual distance from it, (p,).
        gaps: Numbers that are missing at times: each gets a sign of its own for that.
        hot: By column of codes, the codes that get a number.
        means: Of the target by code.
        level, scale: What means are taken off and divided by.
        binned: Which number each bin is of, (r,): a number that is spread over bins has several.
        low, high: Where each bin begins and ends, (r,).
    """

    knots: Matrix
    heights: Matrix
    centre: Matrix
    spread: Matrix
    gaps: npt.NDArray[np.int64]
    hot: tuple[Codes, ...]
    means: TargetMeans
    level: Matrix
    scale: Matrix
    binned: npt.NDArray[np.int64]
    low: Matrix
    high: Matrix

    def matrix(self, rows: Encoded, seen_means: Matrix | None = None) -> Matrix:
        """The numbers, (n, w).

        Args:
            rows: Encoded rows.
            seen_means: What training rows see of the target's means; None for new rows.
        """
        numbers = np.where(np.isfinite(rows.numbers), rows.numbers, self.centre)
        means = self.means.numbers(rows.codes) if seen_means is None else seen_means
        parts = [
            self._bell(numbers),
            np.clip((numbers - self.centre) / self.spread, -4, 4),
            ~np.isfinite(rows.numbers[:, self.gaps]),
            (means - self.level) / self.scale,
            *(rows.codes[:, place, None] == hot for place, hot in enumerate(self.hot)),
        ]
        if len(self.binned):
            parts.append(self._steps(numbers))
        return np.concatenate([np.asarray(part, np.float32) for part in parts], axis=1)

    def _bell(self, numbers: Matrix) -> Matrix:
        out = np.empty_like(numbers)
        for place in range(numbers.shape[1]):
            out[:, place] = np.interp(numbers[:, place], self.knots[:, place], self.heights)
        return out

    def _steps(self, numbers: Matrix) -> Matrix:
        """How far each number has come through each of its bins, 0..1, (n, r).

        Source:
            Gorishniy et al., On embeddings for numerical features, NeurIPS 2022 (piecewise linear encoding).
        """
        far = (numbers[:, self.binned] - self.low) / np.maximum(self.high - self.low, SMALL)
        return np.asarray(np.clip(far, 0, 1), np.float32)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be kept."""
        kept: dict[str, npt.NDArray[Any]] = {name: getattr(self, name) for name in PLAIN}
        kept |= {f"hot.{place}": hot for place, hot in enumerate(self.hot)}
        return kept | {f"means.{place}": table for place, table in enumerate(self.means.tables)}

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "Dense":
        """Reads what `arrays` gave."""
        count = sum(name.startswith("hot.") for name in given)
        return cls(
            **{name: given[name] for name in PLAIN},
            hot=tuple(given[f"hot.{place}"] for place in range(count)),
            means=TargetMeans(tuple(given[f"means.{place}"] for place in range(count))),
        )


def fit_dense(task: Task, *, bins: int) -> tuple[Dense, Matrix]:
    """Learns how rows become such numbers.

    Args:
        task: The fit.
        bins: Bins that a number is spread over, or 0; one of those that a text was brought to gets fewer.

    Returns:
        How, and the numbers of the training rows.
    """
    rows, numbers = task.rows, task.rows.numbers
    missing = ~np.isfinite(numbers)
    width = numbers.shape[1]
    positions = np.linspace(0, 1, KNOTS)
    knots = np.zeros((KNOTS, width), np.float32)
    centre, spread = np.zeros(width, np.float32), np.ones(width, np.float32)
    for place in range(width):
        known = np.sort(numbers[~missing[:, place], place])
        if not len(known):
            continue
        knots[:, place] = np.quantile(known, positions)
        centre[place] = np.median(known)
        low, high = np.quantile(known, [0.25, 0.75])
        spread[place] = (high - low) / 1.35 or max(float(known[-1] - known[0]) / 4, SMALL)
    heights = np.clip(_bell_of(positions), -2.5, 2.5).astype(np.float32)
    means, seen = fit_means(rows.codes, task.sizes, task.target.means, seed=task.seed)
    most = min(max(HOT_CELLS // max(len(rows), 1), LEAST_ONE_HOT), MOST_ONE_HOT)
    hot = tuple(_hot(rows.codes[:, place], size, most) for place, size in enumerate(task.sizes))
    level = seen.mean(axis=0) if len(seen) else np.zeros(seen.shape[1])
    scale = np.maximum(seen.std(axis=0), SMALL)
    dense = Dense(
        knots,
        heights,
        centre,
        np.maximum(spread, SMALL),
        np.flatnonzero(missing.any(axis=0)),
        hot,
        means,
        level.astype(np.float32),
        scale.astype(np.float32),
        *_bins(task, bins),
    )
    return dense, dense.matrix(rows, seen)


def _hot(codes: Codes, size: int, most: int) -> Codes:
    counts = np.bincount(codes[codes >= 0], minlength=size)
    common = np.argsort(-counts, kind="stable")[:most]
    kept = np.sort(common[counts[common] >= RARE]).astype(np.int32)
    missing = np.array([-1], np.int32) if (codes < 0).sum() >= RARE else np.zeros(0, np.int32)
    return np.concatenate([missing, kept])


def _bell_of(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Quantiles of the normal distribution, by a rational approximation good to a thousandth.

    Source:
        Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
    """
    tail = np.clip(np.minimum(shares, 1 - shares), 1e-6, 0.5)
    root = np.sqrt(-2 * np.log(tail))
    above = 2.515517 + root * (0.802853 + root * 0.010328)
    below = 1 + root * (1.432788 + root * (0.189269 + root * 0.001308))
    return np.asarray(np.where(shares < 0.5, -1, 1) * (root - above / below), np.float64)


def _bins(task: Task, bins: int) -> tuple[npt.NDArray[np.int64], Matrix, Matrix]:
    """Of each bin its number, where it begins and where it ends: as many training rows in each of a number's."""
    binned, low, high = [], [], []
    for place, feature in enumerate(task.features):
        count = bins // WORDED_SHARE if feature.worded else bins
        known = task.rows.numbers[np.isfinite(task.rows.numbers[:, place]), place]
        if count > 1 and len(known):
            edges = np.quantile(known, np.linspace(0, 1, count + 1)).astype(np.float32)
            binned += [place] * count
            low.append(edges[:-1])
            high.append(edges[1:])
    none = np.zeros(0, np.float32)
    return np.array(binned, np.int64), np.concatenate([none, *low]), np.concatenate([none, *high])
