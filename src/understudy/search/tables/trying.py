"""Trying one candidate: fitted on every fold, cut where the folds together lose least, judged by what it never saw."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.effort import Effort
from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.fitted import Arrays, Fitted, Numbers, Pulse, Task, put_under
from understudy.search.tables.folds import Fold
from understudy.search.tables.portfolio import FAMILIES, Candidate
from understudy.search.tables.target import Target

Indices = npt.NDArray[np.int64]

MOST: Final = 400_000
"""Rows that a candidate learns from; of more, ones at equal distances. Its setting may say fewer."""
THREADS: Final = 1
"""For each fit: folds are fitted side by side, and threads that wait for each other are slow on a busy machine."""
LATER: Final = 1.1
"""With all rows to learn from, as many times more rounds as there were with part of them."""


@dataclass(frozen=True)
class Material:
    """What candidates are fitted on.

    Attributes:
        rows: All rows.
        targets: What is to be answered: one, or one a label where there may be several at once.
        several: There may be several labels at once, each with a target of its own; even where there is but one label.
        every: Which rows are learned from where something is fitted on all.
        sizes: How many different codes each column of codes has.
        features: What the numbers are.
        ahead: Folds look ahead in time, so what answers later is fitted anew on all rows.
        seed: Of the run.
        cores: Fits that may run at once.
        pulse: Called often.
        effort: Told while this thread waits for fits.
    """

    rows: Encoded
    targets: tuple[Target, ...]
    several: bool
    every: Indices
    sizes: tuple[int, ...]
    features: tuple[Feature, ...]
    ahead: bool
    seed: int
    cores: int
    pulse: Pulse
    effort: Effort = field(default_factory=Effort)


@dataclass(frozen=True)
class Tried:
    """What came of it.

    Attributes:
        given: What each row was answered with while held out, (n, k) or (n, 1); NaN for rows that never were.
        fits: What was fitted, each able to answer alone; together they answer with their mean.
    """

    given: Numbers
    fits: list[Arrays]


def try_candidate(candidate: Candidate, material: Material, folds: Sequence[Fold]) -> Tried:
    """Fits a candidate on every fold.

    Raises:
        TimeToFinish: By the material's pulse; nothing of it is kept.
    """
    parts = [_try(candidate, material, target, folds) for target in material.targets]
    if not material.several:
        return parts[0]
    given = np.stack([part.given[:, 1] for part in parts], axis=1)
    return Tried(given, [_together(fits) for fits in zip(*(part.fits for part in parts), strict=True)])


def _together(fits: Sequence[Arrays]) -> Arrays:
    return {name: array for place, each in enumerate(fits) for name, array in put_under(f"label.{place}", each).items()}


def _try(candidate: Candidate, material: Material, target: Target, folds: Sequence[Fold]) -> Tried:
    fits = _apart([(fold.train, fold.held_out) for fold in folds], candidate, material, target)
    rounds = common_rounds(fits)
    if rounds is not None:
        fits = [fit.cut(rounds) for fit in fits]
    given = np.full((len(target), max(target.classes, 1)), np.nan)
    for fold, fit in zip(folds, fits, strict=True):
        material.pulse()
        given[fold.held_out] = fit.answers(material.rows.some(fold.held_out))
    if material.ahead:
        fits = [_anew(candidate, material, target, folds[-1], rounds)]
    return Tried(given, [fit.arrays() for fit in fits])


def _apart(
    parts: Sequence[tuple[Indices, Indices]],
    candidate: Candidate,
    material: Material,
    target: Target,
) -> list[Fitted]:
    """Fits on several parts at once; the first that ends early ends all."""
    with material.effort.waiting(), ThreadPoolExecutor(min(material.cores, len(parts))) as pool:
        futures: list[Future[Fitted]] = [
            pool.submit(_fit, candidate, material, target, place, part) for place, part in enumerate(parts)
        ]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def _fit(
    candidate: Candidate,
    material: Material,
    target: Target,
    place: int,
    part: tuple[Indices, Indices],
) -> Fitted:
    material.pulse()
    train, guard = part
    most = int(candidate.setting.get("most", MOST))
    train = train[:: max(1, -(-len(train) // most))]
    seed = (material.seed * 1_009 + candidate.repeat * 101 + place) % 2**31
    task = Task(
        material.rows.some(train),
        target.some(train),
        material.rows.some(guard),
        target.some(guard),
        material.sizes,
        material.features,
        seed,
        THREADS,
        material.pulse,
    )
    own = {name: value for name, value in candidate.setting.items() if name != "most"}
    return FAMILIES[candidate.family].fit(task, own)


def common_rounds(fits: Sequence[Fitted]) -> int | None:
    """After how many rounds the folds together lose least, or None for candidates that know no rounds."""
    curves = [fit.curve for fit in fits if fit.curve is not None]
    if not curves:
        return None
    length = min(len(curve) for curve in curves)
    return int(np.argmin(np.mean([curve[:length] for curve in curves], axis=0))) + 1


def _anew(candidate: Candidate, material: Material, target: Target, last: Fold, rounds: int | None) -> Fitted:
    """Fitted on all rows, the latest ones too."""
    setting = dict(candidate.setting) | ({} if rounds is None else {"rounds": max(1, round(rounds * LATER))})
    again = Candidate(candidate.name, candidate.family, setting, candidate.repeat)
    fitted = _fit(again, material, target, 0, (material.every, last.held_out))
    return fitted if rounds is None or fitted.curve is None else fitted.cut(len(fitted.curve))
