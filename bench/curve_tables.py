"""Tables as worlds: the product's schema of them, and the members of its search by which it draws their curves."""

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.curve_worlds import Truth, chance_of, held_by, true_course, truth_of
from bench.splits import DATA
from understudy.domain.task import AnswerKind, Task
from understudy.intake.answers import suggested
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import TableSchema
from understudy.search.tables import lesson as lessons
from understudy.search.tables.learning_points import Ground, learn_rows, measure_rows
from understudy.search.tables.lesson import Lesson
from understudy.stats.scores import Indices, Scores

MOST_ROWS = 600
"""As many as there are photos in the larger sets."""
SPLITS = 1
"""How often the columns are cut in halves; each half is a world of its own."""


@dataclass(frozen=True)
class TablePlan:
    """How a table is read.

    Attributes:
        name: Its folder.
        answer: The column that is answered.
        labels: Those that are taken; all where none is named.
        without: Columns that give the answer away.
        number: The answer is a number, right within a tenth of what the middle half spans.
        between: Stands between columns.
    """

    name: str
    answer: str
    labels: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    number: bool = False
    between: str = ","


DEVELOPMENT = (
    TablePlan("adult_income", "income"),
    TablePlan("german_credit", "class"),
    TablePlan("wine_quality", "quality", labels=("5", "6", "7")),
)
HELD_OUT = (
    TablePlan("california_housing", "MedHouseVal", number=True),
    TablePlan("employee_salaries", "current_annual_salary", number=True),
    TablePlan("telco_churn", "Churn", without=("customerID",)),
    TablePlan("pima_diabetes", "diabetes"),
    TablePlan("titanic", "survived", without=("alive",)),
    TablePlan("horse_colic", "surgical_lesion"),
    TablePlan("bike_sharing", "cnt", without=("casual", "registered", "instant"), number=True),
    TablePlan("auto_imports", "price", number=True),
)


@dataclass(frozen=True)
class RowWorld:
    """Rows with their answers.

    Attributes:
        name: See `World`.
        lesson: All rows.
        task: What is answered.
    """

    name: str
    lesson: Lesson
    task: Task
    kind: str = "rows"

    @property
    def count(self) -> int:
        """See `World`."""
        return self.lesson.cells.count

    def ground(self, held: Indices) -> Ground:
        """What a project with these rows knows: it never saw the others, not even without their answers."""
        lesson = self.lesson
        own = replace(
            lesson,
            cells=lesson.cells.some(held),
            answers=tuple(lesson.answers[place] for place in held),
            groups=np.arange(len(held)),
        )
        return Ground.of(own, lessons.truth_of(own, self.task), seed=0)

    def truth(self) -> Truth:
        """See `World`."""
        ground = self.ground(np.arange(self.count))
        course = true_course(ground.strata)
        return truth_of([learn_rows(ground, course, seed=1, pulse=lambda: None, report=lambda _: None)])

    def project(self, examples: int, seed: int) -> Scores | None:
        """See `World`."""
        strata = self.ground(np.arange(self.count)).strata
        held = held_by(self.name, strata, examples, seed)
        return measure_rows(self.ground(held), seed=seed, pulse=lambda: None, report=lambda _: None)


def table_worlds(plans: Sequence[TablePlan], wanted: Callable[[str], bool] = lambda _: True) -> Iterator[RowWorld]:
    """Every world of some tables: all of its columns, and halves of them.

    Args:
        plans: How each is read.
        wanted: Of the table's name; tables that are not wanted are not read.

    Raises:
        FileNotFoundError: A table is not there.
    """
    for plan in plans:
        if wanted(plan.name):
            rows = _rows(plan)
            task = _task(plan, rows)
            schema = infer_schema(rows, target=plan.answer)
            names = [column.name for column in schema.seen]
            for title, seen in _halves(plan.name, names):
                lesson = _lesson(rows, plan, _only(schema, seen))
                yield RowWorld(f"{plan.name} ({task.answers.value}), {title}", lesson, task)


def _rows(plan: TablePlan) -> list[dict[str, str | None]]:
    with (DATA / plan.name / "train.csv").open(encoding="utf-8", newline="") as file:
        every = [row for row in csv.DictReader(file, delimiter=plan.between) if row[plan.answer] not in {"", "?"}]
    every = [row for row in every if not plan.labels or row[plan.answer] in plan.labels]
    drawn = np.sort(np.random.default_rng(0).permutation(len(every))[:MOST_ROWS])
    return [{name: cell for name, cell in every[place].items() if name not in plan.without} for place in drawn]


def _task(plan: TablePlan, rows: Sequence[dict[str, str | None]]) -> Task:
    if not plan.number:
        return Task("table")
    numbers = np.array([float(row[plan.answer] or "nan") for row in rows])
    return Task("table", AnswerKind.NUMBER, suggested(numbers))


def _halves(name: str, columns: Sequence[str]) -> Iterator[tuple[str, set[str]]]:
    yield "all columns", set(columns)
    for split in range(SPLITS):
        order = chance_of(name, split).permutation(len(columns))
        for half, places in enumerate(np.array_split(order, 2)):
            yield f"half {split + 1}.{half + 1} of its columns", {columns[place] for place in places}


def _only(schema: TableSchema, seen: set[str]) -> TableSchema:
    for column in schema.seen:
        if column.name not in seen:
            schema = schema.corrected(column.name, role="held-out")
    return schema


def _lesson(rows: Sequence[dict[str, str | None]], plan: TablePlan, schema: TableSchema) -> Lesson:
    def told() -> Iterator[tuple[str, bytes, str, str]]:
        for place, row in enumerate(rows):
            data = row_bytes(row, schema.seen)
            yield hashlib.sha256(data).hexdigest(), data, str(row[plan.answer]), str(place)

    return lessons.read_lesson(told(), schema)
