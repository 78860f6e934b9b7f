"""A search of tables gives a model that answers; it can be stopped, limited and resumed."""

import json
import time
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import scipy
from tests.search.tables.rows import LABEL, LABELS, NUMBER, Row, drawn, lesson_of, model_of, posts, schema_of, train
from threadpoolctl import threadpool_limits

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.modalities.table.timing import timed
from understudy.search.tables import training
from understudy.search.tables.portfolio import LINES, SMALL
from understudy.search.tables.training import NothingFinished
from understudy.search.target import TooLittleToLearn
from understudy.search.trial_lines import RunMismatch

PLAIN = TableSchema((Column("a", Kind.NUMBER), Column("b", Kind.CATEGORY), Column("y", Kind.CATEGORY, Role.TARGET)))

FEW_ROWS_TRIED = (SMALL, LINES)
"""Trees, which are drawn from a part of their rows and so may come to none, with lines in their leaves and without."""


def test_labels_are_learned(tmp_path: Path) -> None:
    """A model of labels is mostly right on rows it never saw, its probabilities are near its share right."""
    rows, later = drawn(240), drawn(150, seed=1)
    lesson = lesson_of(rows, "dear")
    model = model_of(train(lesson, LABEL, tmp_path))
    answers = [model.predict(row) for row in later]
    right = np.mean([answer.label == row["dear"] for answer, row in zip(answers, later, strict=True)])
    assert right > 0.85
    assert abs(np.mean([answer.probability for answer in answers]) - right) < 0.1
    assert model.labels == ("no", "yes")
    assert all(abs(sum(p for _, p in answer.probabilities) - 1) < 1e-6 for answer in answers)


def test_numbers_come_with_interval_and_probability(tmp_path: Path) -> None:
    """About 80% of the truth lies in the interval; the stated probability is near the share within tolerance."""
    rows, later = drawn(300), drawn(200, seed=1)
    model = model_of(train(lesson_of(rows, "price"), NUMBER, tmp_path))
    answers = [model.predict(row) for row in later]
    truth = [float(str(row["price"])) for row in later]
    inside = np.mean(
        [a.interval is not None and a.interval[0] <= t <= a.interval[1] for a, t in zip(answers, truth, strict=True)]
    )
    right = np.mean([NUMBER.right(a.label, str(t)) for a, t in zip(answers, truth, strict=True)])
    assert 0.68 < inside < 0.92
    assert abs(np.mean([a.probability for a in answers]) - right) < 0.12
    assert model.labels == ()


def test_several_labels_at_once(tmp_path: Path) -> None:
    """Each label is told for itself, and the probability is that of the whole set."""
    rows, later = drawn(240), drawn(120, seed=1)
    model = model_of(train(lesson_of(rows, "both"), LABELS, tmp_path, budget=Budget(trials=2)))
    answers = [model.predict(row) for row in later]
    assert model.labels == ("dear", "late")
    assert np.mean([LABELS.right(a.label, str(row["both"])) for a, row in zip(answers, later, strict=True)]) > 0.75
    assert {answer.kind for answer in answers} == {AnswerKind.LABELS}


def test_one_label_that_is_there_or_not(tmp_path: Path) -> None:
    """Where there may be several labels at once and only one was ever met, that one is learned, told and explained."""
    rows, later = drawn(240), drawn(120, seed=1)
    for row in (*rows, *later):
        row["both"] = "dear" if row["dear"] == "yes" else "none of these"
    model = model_of(train(lesson_of(rows, "both"), LABELS, tmp_path, budget=Budget(trials=2)))
    answers = [model.predict(row) for row in later]
    assert model.labels == ("dear",)
    assert {answer.label for answer in answers} == {"dear", "none of these"}
    assert np.mean([answer.label == row["both"] for answer, row in zip(answers, later, strict=True)]) > 0.85
    told = {answer.label: model.explain(json.dumps(row).encode()) for answer, row in zip(answers, later, strict=True)}
    assert all(told.values())


def test_what_is_left_of_a_limit_falls(tmp_path: Path) -> None:
    """Under a limit of time no estimate is above what is left of it."""
    heard: list[tuple[float, float]] = []
    since = time.monotonic()

    def report(progress: Progress) -> None:
        if progress.stage == "Trying candidates" and progress.seconds_left is not None:
            heard.append((time.monotonic() - since, progress.seconds_left))

    rows = lesson_of(drawn(240), "dear")
    train(rows, LABEL, tmp_path, budget=Budget(seconds=4.0), report=report)
    assert len(heard) > 1
    assert all(passed + left < 4.5 for passed, left in heard)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 12])
@pytest.mark.parametrize(("answer", "task"), [("dear", LABEL), ("price", NUMBER), ("both", LABELS)])
@pytest.mark.parametrize("grouped", [False, True])
def test_few_rows_train_or_are_refused(tmp_path: Path, count: int, answer: str, task: Task, *, grouped: bool) -> None:
    """Of any small number of rows, whatever is asked and however they belong together, comes a model or a refusal."""
    varied = ({"dear": "yes", "both": "dear"}, {"dear": "no", "both": "late"}, {"dear": "yes", "both": "dear; late"})
    rows = [row | varied[at % 3] for at, row in enumerate(drawn(count))]
    groups = ["one"] * (count - 1) + ["other"] if grouped else None
    lesson = lesson_of(rows, answer, schema_of(drawn(60), answer), groups)
    with patch.object(training, "planned", lambda _: FEW_ROWS_TRIED):
        if count < 3:
            with pytest.raises(TooLittleToLearn, match=f"{count} rows to learn from|one row"):
                train(lesson, task, tmp_path, budget=Budget())
        else:
            model = model_of(train(lesson, task, tmp_path, budget=Budget()))
            assert model.predict(rows[0]).kind is task.answers


def test_same_seed_same_bytes_and_a_run_goes_on(tmp_path: Path) -> None:
    """A run that was stopped and goes on ends in the very bytes of one that never stopped; another seed in others."""
    lesson = lesson_of(drawn(120), "dear")
    whole = train(lesson, LABEL, tmp_path / "whole", budget=Budget(trials=3))
    train(lesson, LABEL, tmp_path / "parts", budget=Budget(trials=1))
    assert train(lesson, LABEL, tmp_path / "parts", budget=Budget(trials=3)).model == whole.model
    assert train(lesson, LABEL, tmp_path / "other", budget=Budget(trials=3), seed=1).model != whole.model
    with pytest.raises(RunMismatch):
        train(lesson_of(drawn(121), "dear"), LABEL, tmp_path / "whole")


def test_threads_of_linear_algebra_make_no_difference(tmp_path: Path) -> None:
    """However many threads the libraries of linear algebra would take, a table of texts gives the same bytes."""
    lesson, models = posts(200), set()
    scipy.linalg  # noqa: B018 - loads its library, which is limited only then
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            models.add(train(lesson, LABEL, tmp_path / str(threads), budget=Budget(trials=1)).model)
    assert len(models) == 1


def test_a_run_goes_on_under_another_budget(tmp_path: Path) -> None:
    """A stopped run goes on under another budget: what belongs to both plans is kept, the rest is left out."""
    lesson, told = lesson_of(drawn(120), "dear"), list[Progress]()
    whole = train(lesson, LABEL, tmp_path / "whole", budget=Budget(trials=2))
    stop = partial(_enough, told, 3)
    train(lesson, LABEL, tmp_path / "parts", budget=Budget(), report=told.append, stop_requested=stop)
    again = train(lesson, LABEL, tmp_path / "parts", budget=Budget(trials=2))
    assert (again.model, len(again.trials)) == (whole.model, 2)


def _enough(told: list[Progress], count: int) -> bool:
    return any(progress.done >= count for progress in told)


def test_a_stop_keeps_what_was_tried(tmp_path: Path) -> None:
    """Whoever stops a run gets a model of what was finished, and progress was told."""
    told: list[Progress] = []
    enough = partial(_enough, told, 2)
    lesson = lesson_of(drawn(120), "dear")
    trained = train(lesson, LABEL, tmp_path, budget=Budget(trials=9), report=told.append, stop_requested=enough)
    assert trained.stopped
    assert not trained.complete
    assert len(trained.trials) == 2
    assert model_of(trained).predict({"size": 20, "kind": "oak"}).label == "yes"


def test_no_time_is_said(tmp_path: Path) -> None:
    """A budget in which nothing can be fitted ends at once, and says so."""
    begun = time.monotonic()
    with pytest.raises(NothingFinished):
        train(lesson_of(drawn(120), "dear"), LABEL, tmp_path, budget=Budget(seconds=0.01))
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize(
    ("answers", "task"),
    [
        (["x"] * 30, LABEL), ([f"x{place}" for place in range(30)], LABEL), ([], LABEL), (["5"] * 30, NUMBER),
        (["abc"] * 30, NUMBER), (["inf", "1"] * 15, NUMBER), (["none of these"] * 30, LABELS),
        (["x", "y"] * 15, Task("table", AnswerKind.RANKING)),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_is_said(answers: list[str], task: Task, tmp_path: Path) -> None:
    """All the same, all different, none at all, no numbers, a ranking: fact, reason and remedy."""
    rows: list[Row] = [{"a": place, "b": str(place % 3), "y": answer} for place, answer in enumerate(answers)]
    with pytest.raises(TooLittleToLearn) as refused:
        train(lesson_of(rows, "y", PLAIN), task, tmp_path)
    assert refused.value.remedy


@pytest.mark.parametrize(("other", "reason"), [("x", "tells the rows apart"), ("held out", "is a feature")])
def test_why_no_column_can_be_learned_from_is_said(other: str, reason: str) -> None:
    """Where all columns say the same in all rows, another is asked for; else it helps to make one a feature."""
    rows: list[Row] = [
        {"a": 1, "b": "x" if other == "x" else str(place % 3), "y": str(place % 2)} for place in range(9)
    ]
    schema = infer_schema(rows, target="y").corrected("b", role="held-out")
    with pytest.raises(TooLittleToLearn) as refused:
        lesson_of(rows, "y", schema)
    assert reason in refused.value.reason


@pytest.mark.parametrize("count", [2, 3, 9])
def test_few_rows_are_enough_for_some_answer(count: int, tmp_path: Path) -> None:
    """Even two rows of two labels, or of two numbers, give a model that answers."""
    rows: list[Row] = [{"a": place, "b": "xy"[place % 2], "y": str(place % 2)} for place in range(count)]
    for task, name in ((LABEL, "label"), (NUMBER, "number")):
        lesson = lesson_of([*rows, *rows[:1]] if count == 2 else rows, "y", PLAIN)
        answer = model_of(train(lesson, task, tmp_path / name)).predict({"a": 1, "b": "y"})
        assert isinstance(answer, Answer)
        assert 0 <= answer.probability <= 1


def test_hard_cells_are_learned_from(tmp_path: Path) -> None:
    """Infinite and missing numbers, a category of its own for every row, one column only: a model all the same."""
    hard: list[Cell] = [None, "inf", "NaN", "1e308", "-1e308", 5, "?", True]
    rows: list[Row] = [
        {"a": hard[place % 8], "b": f"word {place}" if place % 7 else None, "y": "xy"[place % 2]} for place in range(80)
    ]
    model = model_of(train(lesson_of(rows, "y", PLAIN), LABEL, tmp_path, budget=Budget(trials=4)))
    assert model.predict({"a": "1e400", "b": "new"}).label in {"x", "y"}


def test_groups_stay_together_and_time_looks_ahead(tmp_path: Path) -> None:
    """With a column of time, the past is judged by what came later, and the finished model learned from all of it."""
    rows = drawn(160)
    schema = schema_of(rows, "price").corrected("day", role="time")
    trained = train(lesson_of(rows, "price", schema), NUMBER, tmp_path, budget=Budget(trials=3))
    assert model_of(trained).predict({"size": 10, "kind": "pine", "day": "2024-04-02"}).interval is not None
    assert all(np.isfinite(trial.log_loss) for trial in trained.trials)
    told = model_of(trained).description.out_of_fold
    assert sum(each.count for each in told.later) == len(told.right)
    assert sum(each.right for each in told.later) == sum(told.right)
    assert all(0.4 < each.learned < 0.9 for each in told.later)
    lesson = lesson_of(rows, "price", schema_of(rows, "price"))
    timeless = train(lesson, NUMBER, tmp_path / "timeless", budget=Budget(trials=1))
    assert model_of(timeless).description.out_of_fold.later == ()


@pytest.mark.parametrize("alike", [95, 80])
def test_most_rows_may_be_of_one_moment(tmp_path: Path, alike: int) -> None:
    """A table is learned from whether its times tell few rows apart or hardly any."""
    rows = [
        row | {"day": "2024-01-01" if place < alike else f"2024-02-{place - 71:02d}"}
        for place, row in enumerate(drawn(100))
    ]
    schema = schema_of(rows, "price").corrected("day", role="time")
    trained = train(lesson_of(rows, "price", schema), NUMBER, tmp_path, budget=Budget(trials=3))
    assert all(np.isfinite(trial.log_loss) for trial in trained.trials)
    assert model_of(trained).predict({"size": 10, "kind": "pine", "day": "2024-04-02"}).interval is not None


@pytest.mark.parametrize("direction", [1, -1])
def test_a_direction_of_dates_holds(tmp_path: Path, direction: int) -> None:
    """An answer never falls with a later date that it may only rise with, whatever season, month or weekday it is."""
    chance, first = np.random.default_rng(4), date(2019, 1, 1)
    days = chance.integers(0, 1500, 300)
    rows: list[Row] = [
        {"when": f"{first + timedelta(int(day)):%Y-%m-%d}", "price": f"{-direction * day / 50 + 9 * (day % 7):.2f}"}
        for day in days
    ]
    schema = infer_schema(rows, target="price").corrected("when", monotone=direction)
    model = model_of(train(lesson_of(rows, "price", schema), NUMBER, tmp_path, budget=Budget(trials=2)))
    asked = [{"when": f"{first + timedelta(day):%Y-%m-%d}"} for day in range(-40, 1600, 5)]
    said = [direction * float(model.predict(row).label) for row in asked]
    assert all(later >= earlier - 1e-3 for earlier, later in pairwise(said))


@pytest.mark.parametrize("answer", ["price", "dear", "both"])
@pytest.mark.parametrize("told_apart", [False, True])
def test_two_moments_are_enough(tmp_path: Path, answer: str, told_apart: bool) -> None:
    """The first is learned from and the second judged, even where each has answers that the other has not."""
    rows = drawn(60)
    if told_apart:
        rows.sort(key=lambda row: float(str(row["price"])))
    rows = [row | {"day": f"2024-0{place // 30 + 1}"} for place, row in enumerate(rows)]
    schema = timed(schema_of(rows, answer), "day", [row["day"] for row in rows])
    task = {"price": NUMBER, "dear": LABEL, "both": LABELS}[answer]
    model = model_of(train(lesson_of(rows, answer, schema), task, tmp_path, budget=Budget(trials=5)))
    assert model.predict({"size": 10, "kind": "pine", "day": "2024-03"}).label


def test_a_ticked_direction_holds(tmp_path: Path) -> None:
    """An answer may only rise with a column that was ticked so, though chance would have it otherwise."""
    rows = drawn(200)
    schema = schema_of(rows, "price").corrected("noise", monotone=1)
    model = model_of(train(lesson_of(rows, "price", schema), NUMBER, tmp_path, budget=Budget(trials=3)))
    steps = [{"size": 10, "kind": "oak", "day": "2024-03-05", "noise": place / 20} for place in range(21)]
    said = [float(model.predict(step).label) for step in steps]
    assert all(later >= earlier - 1e-3 for earlier, later in pairwise(said))


def test_a_direction_counts_for_nothing_where_there_are_three_labels(tmp_path: Path) -> None:
    """It is not clear then what would rise: the same candidates are tried, and the same model is made, as without."""
    rows: list[Row] = [{"x": float(row["price"] or 0), "y": "abc"[place % 3]} for place, row in enumerate(drawn(90))]
    trained = [
        train(
            lesson_of(rows, "y", TableSchema((Column("x", Kind.NUMBER, monotone=direction), *PLAIN.columns[2:]))),
            LABEL,
            tmp_path / str(direction),
            budget=Budget(trials=3),
        )
        for direction in (0, 1)
    ]
    assert trained[0].trials == trained[1].trials
    assert trained[0].model == trained[1].model
