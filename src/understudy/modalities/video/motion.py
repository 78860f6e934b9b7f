"""What moves in a window of a clip: pictures of motion, and statistics of it.

Two kinds of pictures show motion to a network that learned from photos. A *step* holds in its three colours how a
moment differs from the one before, the one after from it, and both from each other: what moves gets coloured edges,
what rests is grey. A *trace* holds how much each point changed in the whole window: on average, at most, and in all.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.video.decode import SIDE, Picture

STEPS: Final = 8
"""Pictures of steps from each window; measured better than 4, and no worse than 12."""
STEP_GAIN: Final = 2.0
MEAN_GAIN, PEAK_GAIN, SPREAD_GAIN = 8.0, 2.0, 3.0
"""By how much the three colours of a trace are brightened: measured so that few points reach white."""
REACH: Final = 2
"""Blocks may have moved by so many points of the small picture."""
SMALL: Final = 4
"""Side of the points of the small picture in which blocks are looked for, in pixels: 56 by 56 of them."""
TILE: Final = 7
"""Side of those blocks, in such points: 8 by 8 blocks."""
MOVES: Final = 1.0
"""Grey levels by which a block must differ before it can have moved."""
ENERGIES: Final = (5, 25, 50, 75, 95)
STATISTICS: Final = 43
"""Numbers in all."""

Grey = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


def grey_of(pictures: tuple[Picture, ...]) -> Grey:
    """Brightness of pictures, 0..255, (k, 224, 224)."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return np.stack([picture.pixels @ weights for picture in pictures]).astype(np.float32)


def steps(grey: Grey) -> Pixels:
    """Pictures of steps at moments spread over a window, (8, 224, 224, 3).

    Args:
        grey: Brightness of its pictures, (k, 224, 224); of one alone nothing moves.
    """
    moments = (np.arange(STEPS) + 0.5) / STEPS * (len(grey) - 1)
    made: list[Pixels] = []
    for moment in moments.round().astype(int):
        before, now, after = (grey[np.clip(moment + way, 0, len(grey) - 1)] for way in (-1, 0, 1))
        off = np.stack([now - before, after - now, after - before], axis=-1)
        step: Pixels = np.clip(128 + STEP_GAIN * off, 0, 255).astype(np.uint8)
        made.append(step)
    shown: Pixels = np.stack(made)
    return shown


def trace(grey: Grey) -> Pixels:
    """The picture of all motion in a window, (224, 224, 3)."""
    if len(grey) == 1:
        return np.zeros((SIDE, SIDE, 3), np.uint8)
    change = np.abs(np.diff(grey, axis=0))
    seen = (change.mean(axis=0) * MEAN_GAIN, change.max(axis=0) * PEAK_GAIN, grey.std(axis=0) * SPREAD_GAIN)
    shown: Pixels = np.clip(np.stack(seen, axis=-1), 0, 255).astype(np.uint8)
    return shown


def statistics_of(grey: Grey) -> npt.NDArray[np.float32]:
    """Measures the motion in a window.

    Args:
        grey: Brightness of its pictures, (k, 224, 224).

    Returns:
        (43,), logarithms and shares, about 1: how much changes from picture to picture (mean, deviation, percentiles,
        jerks), how that is spread over the picture (the liveliest places, their evenness), and how far blocks move
        (mean, percentiles, share that moves, whether together).
    """
    if len(grey) == 1:
        return np.zeros(STATISTICS, np.float32)
    change = np.abs(np.diff(grey, axis=0))
    return np.concatenate([_energy(change), _places(change), _blocks(_reduced(grey, SMALL))]).astype(np.float32)


def _energy(change: Grey) -> npt.NDArray[Any]:
    energy = change.mean(axis=(1, 2))
    jerks = np.abs(np.diff(energy)).mean() if len(energy) > 1 else 0.0
    points = np.percentile(change, (50, 75, 90, 95, 99))
    return np.log1p([energy.mean(), energy.std(), energy.max(), *np.percentile(energy, ENERGIES), jerks, *points])


def _places(change: Grey) -> npt.NDArray[Any]:
    """The liveliest of 8 by 8 places, over time; how uneven they are, and how much they vary."""
    places = _reduced(change, SMALL * TILE).reshape(len(change), -1)
    ranked = np.sort(places.mean(axis=0))[::-1]
    spread = np.sort(places.std(axis=0))[::-1]
    share = places.max(axis=1) / (places.sum(axis=1) + 1e-6)
    measured = np.log1p([*ranked[[0, 1, 3, 7, 15, 31]], *spread[[0, 1, 3, 7, 15, 31]], places.std(axis=1).mean()])
    return np.concatenate([measured, [share.mean(), share.max()]])


def _blocks(small: Grey) -> npt.NDArray[Any]:
    """How far the blocks of each picture went to the next, by trying every shift."""
    shifts = [(down, across) for down in range(-REACH, REACH + 1) for across in range(-REACH, REACH + 1)]
    shifts.sort(key=lambda shift: shift[0] ** 2 + shift[1] ** 2)
    costs = np.stack([_reduced(np.abs(np.roll(small[:-1], shift, axis=(1, 2)) - small[1:]), TILE) for shift in shifts])
    best = costs.argmin(axis=0)
    best[costs[0] < MOVES] = 0
    vectors = np.array(shifts, np.float32)[best]
    lengths = np.hypot(vectors[..., 0], vectors[..., 1])
    mean = vectors.mean(axis=(1, 2))
    together = np.hypot(mean[:, 0], mean[:, 1])
    each = lengths.mean(axis=(1, 2))
    gain = np.log1p(costs[0].mean()) - np.log1p(costs.min(axis=0).mean())
    shares = [(lengths >= 1).mean(), (lengths >= 2).mean()]
    reached = np.percentile(lengths, (50, 75, 90, 95))
    rest = [each.mean(), each.std(), each.max(), together.mean(), together.std(), together.max(), gain]
    return np.array([*shares, *reached, *rest, (lengths >= 1).mean(axis=(1, 2)).std()])


def _reduced(grey: Grey, side: int) -> Grey:
    """Means of squares of so many points, (k, height / side, width / side)."""
    count, height, width = grey.shape
    means: Grey = grey.reshape(count, height // side, side, width // side, side).mean(axis=(2, 4))
    return means
