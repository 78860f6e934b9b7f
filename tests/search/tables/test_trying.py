"""A candidate is cut where its folds together lose least, and learns from what came last where time counts."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.search.tables.boosting import Boosting, Trees
from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.folds import make_folds
from understudy.search.tables.learning_points import MEMBERS
from understudy.search.tables.portfolio import FAMILIES, Candidate
from understudy.search.tables.target import Target
from understudy.search.tables.trying import Material, common_rounds, try_candidate

COUNT = 240
CHANCE = np.random.default_rng(0)
NOISE, SIGNAL = CHANCE.normal(size=(2, COUNT)).astype(np.float32)
NEW = (np.arange(COUNT) >= 220).astype(np.float32)
"""What only the latest rows say."""
FEATURES = tuple(Feature(name, name) for name in ("noise", "signal", "new"))
LINE, TREES = MEMBERS


def material(values: np.typing.NDArray[np.float64], *, ahead: bool) -> Material:
    rows = Encoded(np.stack([NOISE, SIGNAL, NEW], axis=1), np.zeros((COUNT, 0), np.int32))
    target = Target(values, 0, np.ones(COUNT))
    return Material(rows, (target,), False, np.arange(COUNT), (), FEATURES, ahead, 0, 2, lambda: None)


@pytest.mark.parametrize("candidate", MEMBERS, ids=lambda each: each.family)
def test_where_time_counts_what_came_last_is_learned_from(candidate: Candidate) -> None:
    """What only rows after the last fold's say is known to what answers later, and to nothing that is judged."""
    given = material((SIGNAL + 3 * NEW).astype(np.float64), ahead=True)
    drawn = make_folds(given.targets[0], np.arange(COUNT), np.arange(COUNT).astype(np.float64), seed=0)
    assert drawn.ahead
    tried = try_candidate(candidate, given, drawn.folds)
    (fit,) = tried.fits
    asked = Encoded(np.array([[0, 0, 0], [0, 0, 1]], np.float32), np.zeros((2, 0), np.int32))
    usual, new = FAMILIES[candidate.family].read(fit).answers(asked)[:, 0]
    assert new > usual + 1
    assert np.nanmean(tried.given[NEW == 1]) < 1
    apart = try_candidate(candidate, replace(given, ahead=False), drawn.folds)
    assert len(apart.fits) == len(drawn.folds)
    assert all(np.ptp(FAMILIES[candidate.family].read(each).answers(asked)[:, 0]) < 0.5 for each in apart.fits)


def test_folds_are_cut_after_the_same_number_of_rounds() -> None:
    """No fold is cut where it alone loses least, since that is where chance was kindest to it."""
    given = material(SIGNAL + CHANCE.normal(size=COUNT), ahead=False)
    folds = make_folds(given.targets[0], np.arange(COUNT), None, seed=0).folds
    candidate = Candidate("trees", "trees", dict(TREES.setting) | {"rounds": 200, "learning_rate": 0.3})
    tried = try_candidate(candidate, given, folds)
    fits = [Boosting().read(fit) for fit in tried.fits]
    (rounds,) = {fit.booster.num_trees() for fit in fits}
    curves = [np.array([3.0, 1.0, 2.0, 2.0]), np.array([3.0, 2.9, 1.0, 2.0, 0.0])]
    kept = [replace(fit, curve=curve) for fit, curve in zip(fits, curves, strict=False)]
    assert common_rounds(kept) == 3
    assert common_rounds([]) is None
    assert 1 <= rounds < 200
    assert all(isinstance(fit, Trees) for fit in fits)
