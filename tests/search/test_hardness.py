"""How hard a number is to tell is learned from other groups than it is told of."""

from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from understudy.modalities.protocol import Encoder, Input, Part, View
from understudy.search.assembly import Member
from understudy.search.folds import Fold, Folds
from understudy.search.kinds.hardness import fit_hardness
from understudy.search.odds import Slopes
from understudy.search.plan import Clock
from understudy.search.preparation import Preparation
from understudy.search.scorers import Linear

GROUPS, EACH, WIDTH = 60, 8, 80
VIEW = View("as drawn", (Part("drawn", WIDTH),))


class Drawn:
    """An encoder of features that are known already."""

    def __init__(self, features: npt.NDArray[np.float32]) -> None:
        self._features = features

    def features(self, *_: object) -> object:
        return lambda rows: self._features[rows].copy()


@pytest.mark.parametrize("alike", [True, False])
def test_what_is_peculiar_to_groups_tells_nothing_of_new_ones(tmp_path: Path, *, alike: bool) -> None:
    """Where one part was held out, numbers of a group are not told to be hard by how hard others of it were."""
    chance = np.random.default_rng(0)
    count = GROUPS * EACH
    own = np.repeat(np.arange(GROUPS), EACH)
    features = chance.normal(size=(GROUPS, WIDTH))[own] + 0.05 * chance.normal(size=(count, WIDTH))
    far = np.exp(features[:, 0] * 1.5) if alike else np.exp(1.5 * chance.normal(size=GROUPS)[own])
    folds = Folds((Fold(np.arange(8), np.arange(count)),))
    preparation = Preparation(
        tuple(Input(str(place), bytes) for place in range(count)), np.zeros(count, np.int64), 1, folds,
        cast("Encoder", Drawn(features.astype(np.float32))), (VIEW,), tmp_path, tmp_path, 0,
        Clock(None, lambda: False, lambda _: None), groups=own,
    )  # fmt: skip
    nothing = np.zeros((WIDTH, 1), np.float32)
    member = Member(VIEW, preparation.turning(VIEW), Linear(nothing, nothing[0]), Slopes(np.ones(1), np.zeros(1)), 1.0)
    hardness, each = fit_hardness(far * chance.choice([-1, 1], count), folds, [member], preparation)
    assert (hardness.view is not None) == alike
    assert (len(np.unique(each)) > 1) == alike
