"""Fine-tuning as a candidate: the encoder learns from examples, and a head on what it then sees is judged as any other.

Whoever fine-tunes sees its own examples too well. So every fold fine-tunes an encoder of its own, and what is held out
of it is scored by that one.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final

import numpy as np

from understudy.domain.task import AnswerKind, Task
from understudy.engine.inference import cores
from understudy.modalities.protocol import Encoder, Told, View
from understudy.modalities.tuning import Tuned, Tuner, Tuning, Whole
from understudy.search.candidates import MOST_THREADS
from understudy.search.folds import Fold, Folds
from understudy.search.logistic import Logistic
from understudy.search.plan import Clock
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices, Rows, Turning
from understudy.search.scorers import Linear, Matrix

FEWEST: Final = 16
"""Examples below which it is not tried. Measured with 16 texts, heads on the encoder before and after, means of eight
draws: right on .894 and .955 of chats, .726 and .739 of hateful and other tweets, .664 and .685 of hateful and rude
ones; with 24 tweets .622 and .679, with 48 questions to a bank .930 and .934."""
ENOUGH: Final = 0.95
"""Share right, out of fold, from which it has too little to gain for the time it takes."""
PENALTIES: Final = (30.0, 10.0, 3.0, 1.0, 0.3, 0.1)
"""Falling. With few labels strong ones are best, for the encoder has fitted the examples already: right on .783 of new
tweets of three labels with 30, .778 with 1 and .770 with .1 (64 of each, means of nine fine-tunings). With many labels
they are worst, for then it matters which has an example more: .80 and .82 of questions of 77 labels."""
FEW, FEW_FOLDS, MOST_FOLDS = 100, 2, 3
"""Examples below which there are at most so many folds, and folds above. Heads have more where there are few examples,
and take no time there; two left the model right on .633, .675 and .740 of new tweets (8, 16 and 32 of each label, means
of eight, four and four draws), three on .630, .638 and .732, and five on as many as three (8 of each) in more time.
With 64 of each three and five left it right on .791 and .790 (six draws), in 19 and 26 s of the processor."""
FIRST_PENALTY: Final = 3.0
"""Of the head that fine-tuning starts with: with 8 tweets of each label right on .611 by 30, .630 by 3, .616 by .3
(means of twelve draws, three passes)."""
DRAWS: Final = 2
"""How often it is fine-tuned on all examples, for means: right on .630 of new tweets after one, .654 after two and .650
after four with 8 of each label; .799 after one and .802 after two with 64. Folds make do with one."""
STAGE: Final = "Fine-tuning"
NAME: Final = "logistic regression"
SETTINGS: Final = tuple(f"penalty {value:g}" for value in PENALTIES)


@dataclass(frozen=True)
class FineTuning:
    """Fine-tunes for each fold, and in the end on all examples.

    Attributes:
        tuner: Does it.
        labels: Label of each input, 0..k-1.
        folds: How they are split for cross-validation.
        seed: Same seed, same scores.
        clock: Told how far it is; ends it when time is up.
    """

    tuner: Tuner
    labels: Indices
    folds: Folds
    seed: int
    clock: Clock

    def held_out_scores(self) -> list[Matrix]:
        """Scores each example by an encoder and heads that did not see it, for each penalty.

        Where examples are held out several times, by several draws, they are scored once: each draw costs as much.

        Returns:
            One (m, k) matrix for each penalty, in the order of `folds.rows`.
        """
        covering = _covering(self.folds, self.labels)
        # More parts than there are folds: all examples together, if the model is to be made of it.
        whole = Whole(self.clock.pacing(STAGE), len(covering) + DRAWS)
        scores = np.zeros((len(PENALTIES), len(self.labels), int(self.labels.max()) + 1), np.float32)
        before, since = self._before, self.clock.now()

        def scored(place: int) -> Matrix:
            return self._scored(covering[place], before, whole.part(place))

        with ThreadPoolExecutor(min(cores(), MOST_THREADS)) as pool:
            for place, given in enumerate(pool.map(scored, range(len(covering)))):
                if not place:
                    self.clock.repeated(math.ceil(DRAWS / cores()) * (self.clock.now() - since))
                scores[:, covering[place].held_out] = given
        return [own[self.folds.rows] for own in scores]

    def fitted(self) -> tuple[Tuned, list[Linear]]:
        """What all examples together come to: the encoder's arrays, and a head for each penalty."""
        every = np.arange(len(self.labels))
        tuned = self._tuned(every, self._before, self.clock.pacing(STAGE), DRAWS)
        return tuned, self._heads(tuned, every)

    def _scored(self, fold: Fold, before: Matrix, told: Told) -> Matrix:
        """Scores what a fold holds out, for each penalty, (penalties, m, k)."""
        tuned = self._tuned(fold.train, before, told)
        held_out = tuned.features(fold.held_out)
        return np.stack([head(held_out) for head in self._heads(tuned, fold.train)])

    @cached_property
    def _before(self) -> Matrix:
        """What the encoder sees of all examples before it is fine-tuned."""
        return self.tuner.untuned.features(np.arange(len(self.labels)))

    def _tuned(self, indices: Indices, before: Matrix, told: Told, draws: int = 1) -> Tuned:
        (head,) = self._fitted(before[indices], indices, (FIRST_PENALTY,))
        return self.tuner.tuned(indices, self.labels, head, seed=self.seed, draws=draws, told=told)

    def _heads(self, tuned: Tuned, train: Indices) -> list[Linear]:
        return self._fitted(tuned.features(train), train, PENALTIES)

    def _fitted(self, features: Matrix, train: Indices, penalties: Sequence[float]) -> list[Linear]:
        rows = Rows(len(train), features.shape[1], features, None)
        problem = Logistic(rows, self.labels[train], int(self.labels.max()) + 1, self.clock.pulse)
        return problem.fit(np.arange(len(train)), penalties)


def admits(encoder: Encoder, task: Task, count: int, folds: Folds) -> bool:
    """Whether fine-tuning is worth a try: one of several labels, enough examples, and some that can be held out."""
    return isinstance(encoder, Tuning) and task.answers is AnswerKind.LABEL and count >= FEWEST and folds.apart


def made_ready(preparation: Preparation) -> FineTuning | None:
    """Makes ready to fine-tune; None where the encoder will not.

    Raises:
        TimeToFinish: The time is up.
    """
    encoder, clock = preparation.encoder, preparation.clock
    if not isinstance(encoder, Tuning):
        return None
    told = clock.pacing("Making ready to fine-tune")
    tuner = encoder.tuner(preparation.inputs, timed=clock.seconds is not None, told=told)
    if tuner is None:
        return None
    return FineTuning(tuner, preparation.labels, preparation.folds, preparation.seed, clock)


def as_it_is(view: View) -> Turning:
    """A turning that changes nothing, for features that heads see as they are."""
    width = view.width
    return Turning(np.zeros(width, np.float32), np.ones(width, np.float32), np.eye(width, dtype=np.float32))


def _covering(folds: Folds, labels: Indices) -> list[Fold]:
    """Few folds by which every example is held out, each once where a draw of folds does that.

    They are put together where there are more than are wanted, unless a label would then be held out with all that it
    has.
    """
    chosen, seen = [], np.zeros(0, np.int64)
    for fold in folds.folds:
        if len(np.setdiff1d(fold.held_out, seen)):
            chosen.append(fold)
            seen = np.union1d(seen, fold.held_out)
    most = FEW_FOLDS if len(labels) < FEW else MOST_FOLDS
    fewer = [_together(chosen[place::most]) for place in range(min(most, len(chosen)))]
    every = len(np.unique(labels))
    return fewer if all(len(np.unique(labels[fold.train])) == every for fold in fewer) else chosen


def _together(folds: Sequence[Fold]) -> Fold:
    """One that holds out what any of them does."""
    held_out = np.unique(np.concatenate([fold.held_out for fold in folds]))
    shared = reduce(np.intersect1d, [fold.train for fold in folds])
    return Fold(shared, held_out)
