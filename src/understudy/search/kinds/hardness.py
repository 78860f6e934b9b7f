"""Hardness: how far off a number is likely to be, told from what the weightiest view sees."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from understudy.modalities.protocol import View
from understudy.search.assembly import Member
from understudy.search.candidates import Material
from understudy.search.endings import Hardness
from understudy.search.folds import Folds
from understudy.search.kinds.kind import Array
from understudy.search.least_squares import Sums, ridge
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices
from understudy.search.scorers import Linear, Matrix

ENOUGH, ENOUGH_GROUPS = 100, 10
"""Held-out examples, and groups of them where they are parted anew, from which some can be told to be harder."""
STRENGTHS: Final = (300.0, 100.0, 30.0, 10.0, 3.0)
PARTS: Final = 5
NEVER_SURE: Final = 0.05
"""Of the median, what is added to how far off each was: a number that was met by luck is not certain to be again."""
WORTHWHILE: Final = 0.98
"""Share of the spread that must be left at most, for hardness to be told apart at all."""


def fit_hardness(
    gaps: Array, folds: Folds, members: Sequence[Member], preparation: Preparation
) -> tuple[Hardness, Array]:
    """Learns it by least squares on the logarithm of how far off held-out numbers were.

    Args:
        gaps: Truths less what was answered, in the numbers' deviations, (m,), in the order of the folds.
        folds: How examples were held out.
        members: Those that answer.
        preparation: Gives the rows.

    Returns:
        The hardness, and that of each held-out example by fits that had not learned from it, (m,).
    """
    examples, first, places = np.unique(folds.rows, return_index=True, return_inverse=True)
    groups = examples if preparation.groups is None else preparation.groups[examples]
    few = len(folds.folds) == 1 and len(np.unique(groups)) < ENOUGH_GROUPS
    if len(examples) < ENOUGH or few or not folds.apart:
        return Hardness(), np.ones(len(gaps))
    far = np.bincount(places, np.abs(gaps)) / np.bincount(places)
    logs = np.log(far + NEVER_SURE * max(float(np.median(far)), 1e-9))
    view = heaviest(members)
    material, turning = preparation.material(view), preparation.turning(view)
    wanted = np.zeros((material.rows.count, 1), np.float32)
    wanted[examples, 0] = logs
    parts = _parts(folds, first, groups, preparation.seed)
    apart = _apart(material, examples, wanted, parts)
    errors = ((apart - logs) ** 2).mean(axis=1)
    best = int(errors.argmin())
    if errors[best] > WORTHWHILE * logs.var():
        return Hardness(), np.ones(len(gaps))
    scorer = _fitted(material, examples, wanted)[best]
    least, most = float(apart[best].min()), float(apart[best].max())
    return Hardness(view, turning.basis, scorer, least, most), np.exp(apart[best])[places]


def heaviest(members: Sequence[Member]) -> View:
    """The view that has the largest say."""
    views = tuple(dict.fromkeys(member.view for member in members))
    return max(views, key=lambda seen: sum(member.weight for member in members if member.view == seen))


def _parts(folds: Folds, first: Indices, groups: Indices, seed: int) -> Indices:
    """The part of each example: the fold that held it out, or where there is one fold alone, any one of its group."""
    if len(folds.folds) == 1:
        own = np.unique(groups, return_inverse=True)[1]
        return np.random.default_rng(seed).permutation(int(own.max()) + 1)[own] % PARTS
    fold_of = np.repeat(np.arange(len(folds.folds)), [len(fold.held_out) for fold in folds.folds])
    return np.unique(fold_of[first], return_inverse=True)[1].astype(np.int64)


def _apart(material: Material, examples: Indices, wanted: Matrix, parts: Indices) -> Array:
    """What each example is given by fits on the other parts, by strength, (s, n)."""
    given = np.zeros((len(STRENGTHS), len(examples)))
    for part in range(int(parts.max()) + 1):
        inside = parts == part
        rows = material.rows.take(examples[inside])
        for place, scorer in enumerate(_fitted(material, examples[~inside], wanted)):
            given[place, inside] = scorer(rows)[:, 0]
    return given


def _fitted(material: Material, examples: Indices, wanted: Matrix) -> list[Linear]:
    return ridge(Sums.of(material.rows.chunks(examples), wanted, material.pulse), STRENGTHS)
