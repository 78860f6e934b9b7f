"""How often answers are right as fixed members of the search learn from more and more rows."""

import csv
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import scipy
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from search.tables.rows import LABEL, LABELS, NUMBER, Row, drawn, lesson_of, posts, schema_of
from understudy.domain.task import Task, labels_text
from understudy.domain.trial import Progress
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.search.plan import TimeToFinish
from understudy.search.scale import Scale
from understudy.search.tables.finishing import right_among
from understudy.search.tables.learning_points import Ground, learn_rows, measure_rows, plan_rows
from understudy.search.tables.lesson import truth_of
from understudy.stats.scores import Scores

ROWS = drawn(120)
ANSWERS = {"dear": LABEL, "both": LABELS, "price": NUMBER}


def ground(answer: str, task: Task, *, time: bool = False, groups: list[str] | None = None) -> Ground:
    schema = schema_of(ROWS, answer)
    schema = schema.corrected("day", role="time") if time else schema
    lesson = lesson_of(ROWS, answer, schema, groups)
    return Ground.of(lesson, truth_of(lesson, task), seed=0)


def measured(given: Ground, seed: int = 0) -> Scores:
    """The first repetitions of the course, which take little time."""
    course = plan_rows(given, seed=seed)
    some = replace(course, repetitions=course.repetitions[:7])
    return learn_rows(given, some, seed=seed, pulse=lambda: None, report=lambda _: None)


@pytest.mark.parametrize(("answer", "task"), ANSWERS.items())
def test_more_rows_bring_more_right_answers(answer: str, task: Task) -> None:
    """Labels, several labels and numbers alike: what can be learned is learned better from more rows."""
    scores = measured(ground(answer, task))
    assert np.isin(np.unique(np.round(scores.right * scores.repetitions)), np.arange(scores.repetitions + 1)).all()
    assert scores.right.shape == (len(scores.sizes), len(ROWS))
    assert 1 - scores.errors[-1] > 1 - scores.errors[0] + 0.02
    assert list(scores.points()) == sorted(scores.points(), key=lambda point: point.examples)


def test_a_label_that_is_there_or_not_is_learned_as_one_of_two() -> None:
    """Where there may be several labels at once and only one was ever met, the curve is about that of yes and no."""
    rows = [{**row, "both": "dear" if row["dear"] == "yes" else "none of these"} for row in ROWS]
    lesson = lesson_of(rows, "both", schema_of(rows, "both"))
    alone = measured(Ground.of(lesson, truth_of(lesson, LABELS), seed=0))
    assert alone.errors[-1] == pytest.approx(measured(ground("dear", LABEL)).errors[-1], abs=0.05)


def test_threads_of_linear_algebra_see_the_same_rows() -> None:
    """However many threads the libraries of linear algebra would take, members see texts as the same numbers."""
    lesson, seen = posts(200), list[NDArray[np.float32]]()
    scipy.linalg  # noqa: B018 - loads its library, which is limited only then
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            seen.append(Ground.of(lesson, truth_of(lesson, LABEL), seed=0).rows.numbers)
    np.testing.assert_array_equal(*seen)


@pytest.mark.parametrize(("answer", "task"), ANSWERS.items())
def test_right_is_what_the_task_calls_right(answer: str, task: Task) -> None:
    """Answers as they would be kept are judged by `Task.right`, and no other definition counts."""
    given = ground(answer, task)
    truth, chance = given.truth, np.random.default_rng(3)
    width = 1 if task is NUMBER else len(truth.labels)
    said = chance.random((len(ROWS), width))
    texts = {
        "dear": lambda row: truth.labels[int(row.argmax())],
        "both": lambda row: labels_text(tuple(np.array(truth.labels)[row >= 0.5])),
    }
    if truth.scale is not None:  # near enough to the truth that some are within the tolerance
        texts["price"] = partial(_price, truth.scale)
        said = truth.targets[0].values[:, None] + chance.normal(0, 1.5 / truth.scale.unit, (len(ROWS), 1))
    right = right_among(said, truth, np.arange(len(ROWS)), given.schema)
    told = [task.right(texts[answer](row), str(known[answer])) for row, known in zip(said, ROWS, strict=True)]
    assert right.tolist() == told
    assert 0 < right.sum() < len(right)


def _price(scale: Scale, row: NDArray[np.float64]) -> str:
    return scale.text(float(row[0]))


def test_costs_decide_which_label_is_answered() -> None:
    """Where the schema says what mistakes cost, a label is right when the one that costs least is."""
    given = ground("dear", LABEL)
    unsure = np.full((len(ROWS), 2), [0.7, 0.3])
    every = np.arange(len(ROWS))
    plain = right_among(unsure, given.truth, every, given.schema)
    dearly = right_among(unsure, given.truth, every, replace(given.schema, costs=(("yes", "no", 20.0),)))
    assert plain.tolist() == [row["dear"] == "no" for row in ROWS]
    assert dearly.tolist() == [row["dear"] == "yes" for row in ROWS]


@pytest.mark.parametrize(("labels", "heeded"), [("ab", 1), ("abc", 0)])
def test_a_direction_is_heeded_where_something_can_rise(labels: str, heeded: int) -> None:
    """Of two labels one becomes likelier; of three none is meant, and the curve is that of the training."""
    rows: list[Row] = [{"x": place, "y": labels[place % len(labels)]} for place in range(30)]
    columns = Column("x", Kind.NUMBER, monotone=1), Column("y", Kind.CATEGORY, Role.TARGET)
    lesson = lesson_of(rows, "y", TableSchema(columns))
    assert [each.monotone for each in Ground.of(lesson, truth_of(lesson, LABEL), seed=0).features] == [heeded]


def test_where_time_counts_the_future_is_scored() -> None:
    """Every row that is learned from came before every row that is scored, and no group is on both sides."""
    groups = [str(place % 30) for place in range(len(ROWS))]
    given = ground("dear", LABEL, time=True, groups=groups)
    assert given.times is not None
    course = plan_rows(given, seed=0)
    assert len(course.sizes) >= 3
    for repetition in course.repetitions:
        learned, scored = repetition.parts[-1], repetition.held_out
        assert given.times[learned].max() < given.times[scored].min()
        assert not set(given.groups[learned]) & set(given.groups[scored])


def test_a_group_is_learned_from_or_scored() -> None:
    """Without times groups are parted, and parts hold each other."""
    given = ground("price", NUMBER, groups=[str(place // 3) for place in range(len(ROWS))])
    for repetition in plan_rows(given, seed=1).repetitions:
        assert not set(given.groups[repetition.parts[-1]]) & set(given.groups[repetition.held_out])
        sizes = [set(part.tolist()) for part in repetition.parts]
        assert all(small <= large for small, large in pairwise(sizes))


def test_the_same_seed_gives_the_same_scores() -> None:
    """Whatever runs side by side, the bytes are the same."""
    given = ground("price", NUMBER)
    first, again = measured(given, 4), measured(given, 4)
    assert first.right.tobytes() == again.right.tobytes()
    assert first.spread.tobytes() == again.spread.tobytes()


def test_it_can_be_stopped_and_tells_how_far_it_is() -> None:
    """Progress counts fits, and what the pulse raises ends the work at once."""
    told: list[Progress] = []
    given = ground("dear", LABEL)
    course = plan_rows(given, seed=0)
    learn_rows(
        given, replace(course, repetitions=course.repetitions[:2]), seed=0, pulse=lambda: None, report=told.append
    )
    assert [(each.done, each.total) for each in told] == [
        (len(course.sizes), 2 * len(course.sizes)),
        (told[-1].total,) * 2,
    ]

    def stop() -> None:
        raise TimeToFinish(stopped=True)

    with pytest.raises(TimeToFinish):
        measure_rows(given, seed=0, pulse=stop, report=lambda _: None)


def test_real_rows_have_a_curve(shared_data: Path) -> None:
    """Passengers: more of them bring more right answers, each label has its own recall, and the leak is held out."""
    with (shared_data / "titanic" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [{name: cell or None for name, cell in row.items() if name != "alive"} for row in csv.DictReader(file)]
    lesson = lesson_of(rows[:200], "survived", infer_schema(rows, target="survived"))
    given = Ground.of(lesson, truth_of(lesson, Task("table")), seed=0)
    scores = measured(given)
    assert given.names == ("0", "1")
    assert 0.7 < 1 - scores.errors[-1] < 0.9
    assert scores.errors[-1] < scores.errors[0]
    assert scores.of_label(1) is not None
