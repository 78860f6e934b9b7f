"""A pilot: views that cost more are seen of some of the examples first, to find out whether they are worth their time.

What is seen meanwhile is kept, so that nothing is seen twice where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.task import Task
from understudy.modalities.protocol import Encoder, Input, Modality, View
from understudy.search.candidates import held_out_scores
from understudy.search.ensemble import choose, clearly_better
from understudy.search.folds import make_folds
from understudy.search.kinds.choosing import kind_of
from understudy.search.kinds.kind import Kind
from understudy.search.learning_points import some_of
from understudy.search.plan import Clock
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices
from understudy.search.target import target_of

SOME: Final = 150
"""Examples that a pilot is made of."""
WORTHWHILE: Final = 2 * SOME
"""Examples from which a pilot can save more than it costs."""
QUICK: Final = frozenset({"ridge", "linear discriminant"})
"""Heads that are fitted for it."""


@dataclass(frozen=True)
class Pilot:
    """Examples that stand for all.

    Attributes:
        inputs: Those that may take part.
        answers: Of each, as it is kept.
        groups: Group of each, 0..g-1.
        task: What is to be answered.
        modality: What the inputs are.
        encoder: What turns them into features.
        views: All that a run may see, cheapest first.
        cache: Where features are kept.
        scratch: A folder for rows.
        seed: Same seed, same pilot.
        clock: Told how far it is.
    """

    inputs: Sequence[Input]
    answers: Sequence[str]
    groups: Indices
    task: Task
    modality: Modality
    encoder: Encoder
    views: tuple[View, ...]
    cache: Path
    scratch: Path
    seed: int
    clock: Clock

    def favours_more(self) -> bool:
        """Whether costlier views beside the cheapest ones answer clearly better than those alone.

        True where it cannot be found out, for want of examples that can be held apart.
        """
        whole = target_of(self.answers, self.groups, self.task, self.modality)
        places = some_of(whole.strata, self.groups, seed=self.seed, most=SOME)
        groups = np.unique(self.groups[places], return_inverse=True)[1].astype(np.int64)
        target = target_of([self.answers[place] for place in places], groups, self.task, self.modality)
        folds = make_folds(target.strata, groups, seed=self.seed)
        if not folds.apart:
            return True
        kind = kind_of(target, folds)
        preparation = Preparation(
            tuple(self.inputs[place] for place in places),
            target.strata,
            int(target.strata.max()) + 1,
            folds,
            self.encoder,
            self.views,
            self.cache,
            self.scratch,
            self.seed,
            self.clock,
            wanted=target.wanted if target.wanted.shape[1] else None,
        )
        cheap = [said for view in self.views if not view.demand for said in _said(kind, preparation, view)]
        dear = [said for view in self.views if view.demand for said in _said(kind, preparation, view)]
        preparation.clear()
        return clearly_better(choose([*cheap, *dear], kind.loss), choose(cheap, kind.loss), folds.rows)


def _said(kind: Kind, preparation: Preparation, view: View) -> list[npt.NDArray[np.floating[Any]]]:
    """What the quick heads on a view say of held-out examples."""
    material = preparation.material(view)
    scored = [
        scores for family in kind.families if family.name in QUICK for scores in held_out_scores(family, material)
    ]
    return [kind.given(scores, kind.slopes(scores, kind.sharpness(scores))) for scores in scored]
