"""Rows made up anew from those that a fold learns from, so that they tell nothing of the rows it is judged by."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from understudy.domain.task import AnswerKind
from understudy.modalities.table.row import cells_in
from understudy.modalities.table.synthesis import looked_at, made_rows
from understudy.search.tables.columns import cells_of
from understudy.search.tables.encoding import Encoded, Encoding
from understudy.search.tables.folds import Drawn, Fold, Indices
from understudy.search.tables.lesson import Lesson, Truth, targets_of
from understudy.search.tables.target import Target
from understudy.search.tables.trying import Material


@dataclass(frozen=True)
class Remaking:
    """How rows are made up anew.

    Attributes:
        lesson: The real rows, and perhaps others.
        truth: What is to be answered.
        encoding: How candidates see rows.
        read: Gives the bytes of a row by its place in the lesson.
        seed: Same seed, same rows.
    """

    lesson: Lesson
    truth: Truth
    encoding: Encoding
    read: Callable[[int], bytes]
    seed: int

    def beside(self, material: Material, drawn: Drawn) -> tuple[Material, tuple[Fold, ...]]:
        """Puts rows behind those of the material: some for each fold, and for what is fitted on all rows in the end.

        Each is made from real rows that are learned from there, and is learned from there alone.
        """
        rows, targets, blocks = [material.rows], [material.targets], []
        start = len(material.rows)
        lots = [*(fold.train for fold in drawn.folds), *([material.every] if material.ahead else [])]
        for place, taught in enumerate(lots):
            material.pulse()
            encoded, answers = self._made(taught[taught < self.lesson.real], place)
            rows.append(encoded)
            targets.append(answers)
            blocks.append(np.arange(start, start + len(encoded)))
            start += len(encoded)
        whole = replace(
            material,
            rows=Encoded.together(rows),
            targets=tuple(Target.together(parts) for parts in zip(*targets, strict=True)),
            every=np.concatenate([material.every, *blocks[len(drawn.folds) :]]),
        )
        pairs = zip(drawn.folds, blocks, strict=False)
        return whole, tuple(Fold(np.concatenate([fold.train, block]), fold.held_out) for fold, block in pairs)

    def _made(self, real: Indices, place: int) -> tuple[Encoded, tuple[Target, ...]]:
        lesson, rng = self.lesson, np.random.default_rng([self.seed, place])
        some = real[looked_at(len(real), rng)]
        rows, answers = made_rows(
            [self.read(int(row)) for row in some],
            [lesson.answers[row] for row in some],
            round(lesson.remade * len(real) / lesson.real),
            schema=lesson.schema,
            rng=rng,
            joint=self.truth.task.answers is AnswerKind.NUMBER,
        )
        cells = cells_of((cells_in(row) for row in rows), lesson.columns)
        return self.encoding.encoded(cells), targets_of(self.truth, answers, lesson.schema)
