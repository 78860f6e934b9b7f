"""Rows that are made up anew for each fold."""

import json
from pathlib import Path

import numpy as np
import pytest

from understudy.domain.trial import Budget
from understudy.modalities.table import synthesis
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.search.tables.encoding import fit_encoding
from understudy.search.tables.folds import make_folds
from understudy.search.tables.lesson import read_lesson, truth_of
from understudy.search.tables.remaking import Remaking
from understudy.search.tables.training import Settings, Training
from understudy.search.tables.trying import Material

from .rows import LABEL, LABELS, NUMBER, drawn, model_of, schema_of

COUNT = 60


@pytest.mark.parametrize("most", [COUNT, 20])
def test_rows_are_made_from_what_their_fold_learns_from(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fold's are made from its own real rows alone, and no more of those are read than are looked at."""
    monkeypatch.setattr(synthesis, "MOST", most)
    rows = drawn(COUNT)
    for task, answer in ((LABEL, "dear"), (LABELS, "both"), (NUMBER, "price")):
        schema = schema_of(rows, answer)
        data = [row_bytes(row, schema.seen) for row in rows]
        told = [(str(place), each, str(rows[place][answer]), str(place)) for place, each in enumerate(data)]
        lesson = read_lesson(told, schema, remade=40)
        truth, encoding = truth_of(lesson, task), fit_encoding(lesson.cells, lesson.columns, seed=0)
        read: list[int] = []

        def reader(place: int, read: list[int] = read, data: list[bytes] = data) -> bytes:
            read.append(place)
            return data[place]

        drawn_folds = make_folds(truth.targets[0], lesson.groups, None, seed=0)
        every = np.arange(COUNT)
        about = truth.targets, truth.several, every, encoding.sizes, encoding.numbers
        material = Material(encoding.encoded(lesson.cells), *about, False, 0, 1, int)
        whole, folds = Remaking(lesson, truth, encoding, reader, 0).beside(material, drawn_folds)
        ends = np.cumsum([min(most, len(fold.train)) for fold in drawn_folds.folds])
        for fold, own, start, end in zip(drawn_folds.folds, folds, [0, *ends], ends, strict=False):
            assert len(set(read[start:end]) & set(fold.train.tolist())) == end - start
            made = own.train[len(fold.train) :]
            assert 30 <= len(made) <= 40
            assert made.min() >= COUNT
            assert own.held_out.tolist() == fold.held_out.tolist()
        assert len(read) == ends[-1]
        assert len(whole.rows) == len(whole.targets[0]) == folds[-1].train.max() + 1
        assert not set(folds[0].train[len(drawn_folds.folds[0].train) :]) & set(folds[1].train)


def test_labels_of_chance_stay_chance(tmp_path: Path) -> None:
    """However many rows are made up, a model of nothing does not hold itself for right, and asks."""
    chance = np.random.default_rng(0)
    columns = "abcdef"
    schema = TableSchema((*(Column(name, Kind.NUMBER) for name in columns), Column("y", Kind.CATEGORY, Role.TARGET)))

    def some(count: int) -> list[tuple[bytes, str]]:
        cells = chance.normal(size=(count, len(columns))).round(4).tolist()
        return [
            (json.dumps(dict(zip(columns, row, strict=True))).encode(), str(chance.choice(["yes", "no"])))
            for row in cells
        ]

    real, new = some(120), some(500)
    told = [(str(place), data, label, str(place)) for place, (data, label) in enumerate(real)]
    training = Training(
        read_lesson(told, schema, remade=900),
        LABEL,
        Settings(0, Budget(trials=6), 2),
        tmp_path,
        report=lambda _: None,
        stop_requested=lambda: False,
        read=lambda place: real[place][0],
    )
    trained = training.run()
    assert max(trial.accuracy for trial in trained.trials) < 0.7
    answers = model_of(trained).predict_all([data for data, _ in new])
    assert np.mean([answer.ask_person for answer in answers]) > 0.9
