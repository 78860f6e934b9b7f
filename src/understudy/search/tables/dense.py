"""What straight lines, networks and neighbours see: every feature as numbers of like size, nothing missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.encoding import Codes, Encoded, Matrix
from understudy.search.tables.target import Target
from understudy.search.tables.target_means import TargetMeans, fit_means

KNOTS: Final = 65
"""Quantiles at which a number is brought to the shape of a bell."""
MOST_ONE_HOT: Final = 64
"""Different codes up to which each gets a number of its own; of more, the commonest do."""
RARE: Final = 3
"""Rows below which a code gets no number of its own."""
SMALL: Final = 1e-6


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
        steps: Bins of each number for networks, (b + 1, p); empty for straight lines.
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
    steps: Matrix

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
        if len(self.steps):
            parts.append(self._steps(numbers))
        return np.concatenate([np.asarray(part, np.float32) for part in parts], axis=1)

    def _bell(self, numbers: Matrix) -> Matrix:
        out = np.empty_like(numbers)
        for place in range(numbers.shape[1]):
            out[:, place] = np.interp(numbers[:, place], self.knots[:, place], self.heights)
        return out

    def _steps(self, numbers: Matrix) -> Matrix:
        """How far each number has come through each bin, 0..1.

        Source:
            Gorishniy et al., On embeddings for numerical features, NeurIPS 2022 (piecewise linear encoding).
        """
        low, high = self.steps[:-1], self.steps[1:]
        far = (numbers[:, None, :] - low) / np.maximum(high - low, SMALL)
        return np.asarray(np.clip(far, 0, 1), np.float32).reshape(len(numbers), -1)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be kept."""
        plain = ("knots", "heights", "centre", "spread", "gaps", "level", "scale", "steps")
        kept: dict[str, npt.NDArray[Any]] = {name: getattr(self, name) for name in plain}
        kept |= {f"hot.{place}": hot for place, hot in enumerate(self.hot)}
        return kept | {f"means.{place}": table for place, table in enumerate(self.means.tables)}

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "Dense":
        """Reads what `arrays` gave."""
        count = sum(name.startswith("hot.") for name in given)
        return cls(
            **{
                name: given[name]
                for name in ("knots", "heights", "centre", "spread", "gaps", "level", "scale", "steps")
            },
            hot=tuple(given[f"hot.{place}"] for place in range(count)),
            means=TargetMeans(tuple(given[f"means.{place}"] for place in range(count))),
        )


def fit_dense(rows: Encoded, sizes: tuple[int, ...], target: Target, *, bins: int, seed: int) -> tuple[Dense, Matrix]:
    """Learns how rows become such numbers.

    Args:
        rows: Training rows.
        sizes: How many different codes each column of codes has.
        target: What is to be answered for them.
        bins: Bins of a number for networks, or 0.
        seed: Of the parts for the target's means.

    Returns:
        How, and the numbers of the training rows.
    """
    numbers = rows.numbers
    missing = ~np.isfinite(numbers)
    width = numbers.shape[1]
    positions = np.linspace(0, 1, KNOTS)
    knots, steps = np.zeros((KNOTS, width), np.float32), np.zeros((bins + 1 if bins else 0, width), np.float32)
    centre, spread = np.zeros(width, np.float32), np.ones(width, np.float32)
    for place in range(width):
        known = np.sort(numbers[~missing[:, place], place])
        if not len(known):
            continue
        knots[:, place] = np.quantile(known, positions)
        centre[place] = np.median(known)
        low, high = np.quantile(known, [0.25, 0.75])
        spread[place] = (high - low) / 1.35 or max(float(known[-1] - known[0]) / 4, SMALL)
        if bins:
            steps[:, place] = np.quantile(known, np.linspace(0, 1, bins + 1))
    heights = np.clip(_bell_of(positions), -2.5, 2.5).astype(np.float32)
    means, seen = fit_means(rows.codes, sizes, target.means, seed=seed)
    hot = tuple(_hot(rows.codes[:, place], size) for place, size in enumerate(sizes))
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
        steps,
    )
    return dense, dense.matrix(rows, seen)


def _hot(codes: Codes, size: int) -> Codes:
    counts = np.bincount(codes[codes >= 0], minlength=size)
    common = np.argsort(-counts, kind="stable")[:MOST_ONE_HOT]
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
