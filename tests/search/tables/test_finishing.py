"""What a finished model of tables says of itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.tables.rows import LABEL, LABELS, NUMBER, Row, lesson_of, model_of, train
from understudy.domain.task import Task
from understudy.domain.trial import Budget
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.search.tables.encoding import fit_encoding
from understudy.search.tables.finishing import Ties, figures, judged
from understudy.search.tables.lesson import truth_of

SCHEMA = TableSchema((Column("x", Kind.NUMBER), Column("y", Kind.CATEGORY, Role.TARGET)))
COUNT = 120


def answers(task: Task) -> list[str]:
    chance = np.random.default_rng(0)
    if task is NUMBER:
        return [f"{each:.3f}" for each in chance.normal(50, 10, COUNT)]
    return [
        str(chance.choice(["a", "b", "c"] if task is LABEL else ["a", "a; b", "none of these"])) for _ in range(COUNT)
    ]


@pytest.mark.parametrize("task", [LABEL, LABELS, NUMBER], ids=["label", "labels", "number"])
def test_where_nothing_was_held_out_a_guess_is_told(tmp_path: Path, task: Task) -> None:
    """Rows of one group prove nothing: what was learned by heart is told as a guess, and a person is always asked."""
    said = answers(task)
    chance = np.random.default_rng(1)
    rows: list[Row] = [{"x": float(chance.normal()), "y": each} for each in said]
    trained = train(lesson_of(rows, "y", SCHEMA, ["one"] * COUNT), task, tmp_path, budget=Budget(trials=2))
    model = model_of(trained)
    about = model.description
    if task is LABEL:
        guess = np.log(3), 1 / 3
    elif task is LABELS:
        shares = [np.mean([name in each for each in said]) for name in "ab"]
        loss = np.mean([-p * np.log(p) - (1 - p) * np.log(1 - p) for p in shares])
        guess = loss, max(said.count(each) for each in said) / COUNT
    else:
        guess = 1.0, np.mean([task.right(f"{np.mean([float(each) for each in said]):.2f}", each) for each in said])
    for loss, accuracy in (
        (about.held_out_log_loss, about.held_out_accuracy),
        *((trial.log_loss, trial.accuracy) for trial in trained.trials),
        *((trial.log_loss, trial.accuracy) for trial, _ in about.members),
    ):
        assert loss == pytest.approx(guess[0], rel=1e-3)
        assert accuracy == pytest.approx(guess[1])
    assert about.out_of_fold.stated == ()
    assert model.threshold == 1
    told = [model.predict({"x": place / 10}) for place in range(-20, 20)]
    assert all(answer.ask_person for answer in told)
    if task is LABELS:
        assert {answer.probability for answer in told} == {0.5}
    if task is NUMBER:
        assert all(answer.interval and answer.interval[1] - answer.interval[0] > 20 for answer in told)


@pytest.mark.parametrize("power", [0.5, 2.0])
def test_what_members_say_too_surely_or_not_surely_enough_is_made_honest(power: float) -> None:
    """Stated probabilities are those by which labels come true, however members exaggerate or hold back."""
    chance = np.random.default_rng(0)
    true = chance.dirichlet([1, 1, 1], 3_000)
    said = ["abc"[chance.choice(3, p=row)] for row in true]
    lesson = lesson_of([{"x": place, "y": each} for place, each in enumerate(said)], "y", SCHEMA)
    truth, encoding = truth_of(lesson, LABEL), fit_encoding(lesson.cells, lesson.columns, seed=0)
    told = true**power / (true**power).sum(axis=1, keepdims=True)
    worth = judged(told, truth, encoding.encoded(lesson.cells), encoding, Ties(lesson.groups), schema=SCHEMA, seed=0)
    np.testing.assert_allclose(worth.speech.honest(told), true, atol=0.06)
    assert worth.loss < figures(told, truth, SCHEMA, apart=True)[0] - 0.01
    assert abs(np.mean(worth.out_of_fold.stated) - worth.accuracy) < 0.02


def test_figures_are_of_all_rows_alike_whatever_counted_more_in_learning() -> None:
    """What was told too often by its weight is told as often as it comes, and judged by the label that costs least."""
    chance = np.random.default_rng(0)
    true = chance.dirichlet([1, 1, 1], 500)
    rows: list[Row] = [{"x": place, "y": "abc"[chance.choice(3, p=row)]} for place, row in enumerate(true)]
    heavy = replace(SCHEMA, class_weights=(("a", 50.0), ("c", 0.2)))
    told = true * [50.0, 1.0, 0.2]
    told /= told.sum(axis=1, keepdims=True)
    plain = figures(true, truth_of(lesson_of(rows, "y", SCHEMA), LABEL), SCHEMA, apart=True)
    weighted = truth_of(lesson_of(rows, "y", heavy), LABEL)
    assert figures(told, weighted, heavy, apart=True) == pytest.approx(plain)
    dear = replace(heavy, costs=tuple(("b", other, 1000.0) for other in "ac"))
    loss, accuracy = figures(told, weighted, dear, apart=True)
    assert loss == pytest.approx(plain[0])
    assert accuracy == pytest.approx(np.mean([row["y"] == "b" for row in rows]), abs=0.02)


def test_a_trial_is_told_as_the_model_that_is_made_of_it(tmp_path: Path) -> None:
    """However much a rare label counts in learning, a candidate is right as often as a model of it alone."""
    chance = np.random.default_rng(5)
    cells = chance.normal(size=200)
    noise = chance.normal(size=200)
    rows: list[Row] = [
        {"x": float(x), "y": "yes" if x + each > 1.3 else "no"} for x, each in zip(cells, noise, strict=True)
    ]
    schema = replace(SCHEMA, class_weights=(("yes", 50.0),))
    trained = train(lesson_of(rows, "y", schema), LABEL, tmp_path, budget=Budget(trials=1))
    about = model_of(trained).description
    assert {trained.trials[0].accuracy, about.members[0][0].accuracy} == {about.held_out_accuracy}
