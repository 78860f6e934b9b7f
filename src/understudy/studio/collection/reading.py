"""How a source is to be read: what a person says of it, and what the project knows already."""

from dataclasses import dataclass
from pathlib import Path

from understudy.domain.brief import Brief
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import PHOTO_LABELS, Project
from understudy.domain.task import AnswerKind, Task
from understudy.intake.incoming import Source
from understudy.intake.meant import Meant
from understudy.intake.readers import ADDRESS
from understudy.intake.table import Columns
from understudy.studio.workspace import Workspace


class NoNumbers(UnderstudyError):
    """Something was said of numbers, and answers are none."""


@dataclass(frozen=True)
class Reading:
    """How a source is to be read.

    Attributes:
        group: What belongs together: "folder", "column:NAME" or "name:PATTERN"; None for nothing but twins.
        path_column: The column of a table that names the file, or None to look for it.
        label_column: The column that is to be predicted, or None to look for it.
        text_column: The column that holds the texts, or None to look for it.
        time_column: The column that says when a row came about, or None.
        who: The column of interactions that says whose they are, or None to look for it.
        what: The column that says what was taken, or None to look for it.
        rating: The column that says how it was liked, or None to look for it.
        items: Tables that describe the items of interactions.
        modality: What the source holds ("text"), or None to find out.
        answers: What kind of answer its labels are ("number"), or None to find out.
        tolerance: How far off a number may be and still count as right, or None for a suggestion.
        unit: What a number counts, or empty.
        query: What to ask, where the source is the address of a database.
        synthetic: The inputs were made up: they may be learned from, and are never judged by.
        relabel: What it says of inputs that are there counts, in place of their labels.
    """

    group: str | None = None
    path_column: str | None = None
    label_column: str | None = None
    text_column: str | None = None
    time_column: str | None = None
    who: str | None = None
    what: str | None = None
    rating: str | None = None
    items: tuple[Path, ...] = ()
    modality: str | None = None
    answers: str | None = None
    tolerance: float | None = None
    unit: str = ""
    query: str | None = None
    synthetic: bool = False
    relabel: bool = False

    @property
    def columns(self) -> Columns:
        """The columns that were named."""
        return Columns(
            self.path_column, self.label_column, self.text_column, self.time_column, self.who, self.what, self.rating
        )


def is_address(source: str) -> bool:
    """Whether a source is the address of a database rather than a path."""
    return ADDRESS in source


def check_numbers(source: Source, reading: Reading) -> None:
    """Refuses what can be said of numbers alone where answers are none.

    Raises:
        NoNumbers: See `gather`.
    """
    said = [("--tolerance", reading.tolerance is not None), ("--unit", bool(reading.unit))]
    given = " and ".join(option for option, there in said if there)
    if not given or source.task.answers is AnswerKind.NUMBER:
        return
    kind = {AnswerKind.LABELS: "several labels", AnswerKind.RANKING: "a list of items"}
    raise NoNumbers(
        fact=f"{given} would say nothing of “{source.name}”.",
        reason=f"An answer in it is {kind.get(source.task.answers, 'a label')}, and this can be said of numbers alone.",
        remedy="Leave it out, or, if the answers are numbers, begin a project with --answers number.",
    )


def meant_by(workspace: Workspace, project: Project, reading: Reading, *, task: Task | None, known: bool) -> Meant:
    """What is said of a source, by a person and by what the project holds already."""
    modality = reading.modality
    if task is None and modality is None and project.task.modality != PHOTO_LABELS.modality:
        modality = project.task.modality
    latest = workspace.ledger.latest_brief(project.name) if known else None
    said = Brief() if latest is None else latest.brief
    return Meant(
        modality,
        None if reading.answers is None else AnswerKind(reading.answers),
        said.tolerance if reading.tolerance is None else reading.tolerance,
        reading.unit or project.task.unit or said.unit or "",
        task,
        workspace.ledger.schema(project.name) if known and task is not None else None,
        reading.query,
        reading.items,
        synthetic=reading.synthetic,
        columns=project.columns if task is not None else {},
        separator=project.separator if task is not None else None,
    )
