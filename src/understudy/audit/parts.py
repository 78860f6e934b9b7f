"""Parts for cross-validation: groups stay together, labels are spread evenly, in linear time."""

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def deal(labels: Indices, groups: Indices, count: int, *, seed: int) -> Indices:
    """Deals groups out to parts, larger groups first, each to where its commonest label is rarest.

    Args:
        labels: Label of each example, 0..k-1, (n,).
        groups: Group of each, 0..g-1, (n,).
        count: How many parts.
        seed: Same seed, same parts.

    Returns:
        The part of each example, 0..count-1, (n,).
    """
    sizes = np.bincount(groups)
    pairs, often = np.unique(groups * (int(labels.max(initial=0)) + 1) + labels, return_counts=True)
    group, label = np.divmod(pairs, int(labels.max(initial=0)) + 1)
    first = np.zeros(len(sizes), np.int64)
    order = np.argsort(often, kind="stable")
    first[group[order]] = label[order]
    noise = np.random.default_rng(seed).random(len(sizes))
    part_of = np.zeros(len(sizes), np.int64)
    single = sizes.max(initial=0) == 1
    for start, run in _runs(first, np.lexsort((noise, -sizes, first))):
        if single:
            part_of[run] = (np.arange(len(run)) + start) % count
            continue
        filled = np.zeros(count)
        for one in run:
            part_of[one] = part = int(filled.argmin())
            filled[part] += sizes[one]
    return part_of[groups]


def _runs(first: Indices, order: Indices) -> list[tuple[int, Indices]]:
    """Groups of one commonest label after the other, with the place at which dealing goes on."""
    cuts = np.flatnonzero(np.diff(first[order])) + 1
    runs = np.split(order, cuts)
    starts = [0, *np.cumsum([len(run) for run in runs])[:-1].tolist()]
    return list(zip(starts, runs, strict=True))
