"""Folders as answers: each is named by the label, the labels or the number that is true of the files in it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from understudy.domain.task import AnswerKind, Task
from understudy.intake.answers import answers_of, counted
from understudy.intake.incoming import SourceUnreadable, readable_name
from understudy.intake.meant import Meant
from understudy.modalities.table.cells import number_of, style_of

COLUMN = "folder"
"""What stands for a column's name where folders say the answer."""


@dataclass(frozen=True)
class FolderAnswers:
    """What folders say.

    Attributes:
        labels: By path of a file, as labels are kept; None where its folder says nothing.
        task: What kind of answer it is.
        says: What was understood, for people.
        separator: What stands between several labels in a name, or None.
    """

    labels: Mapping[str, str | None]
    task: Task
    says: tuple[str, ...] = ()
    separator: str | None = None


def answers_of_folders(name: str, labels: Mapping[str, str | None], modality: str, meant: Meant) -> FolderAnswers:
    """Reads the names of folders as answers: as labels, unless a person or the project says that they are others.

    Args:
        name: Of the source, for people.
        labels: By path of a file, the name of its folder.
        modality: What the files are.
        meant: What a person or the project says.

    Raises:
        SourceUnreadable: Numbers are meant, and a folder's name is none, or all are the same.
    """
    labels = {path: None if label is None else label.strip() or None for path, label in labels.items()}
    kind = meant.task.answers if meant.task is not None else meant.answers
    if kind not in {AnswerKind.NUMBER, AnswerKind.LABELS} or not any(labels.values()):
        return FolderAnswers(labels, meant.task or Task(modality, kind or AnswerKind.LABEL))
    if kind is AnswerKind.NUMBER:
        _check_numbers(name, sorted({label for label in labels.values() if label}))
    answers = answers_of(counted(COLUMN, labels.values()), modality, meant)
    told = {path: answers.read(label) for path, label in labels.items()}
    return FolderAnswers(told, answers.task, answers.says, answers.separator)


def _check_numbers(name: str, folders: list[str]) -> None:
    style = style_of(folders)
    strange = [folder for folder in folders if not math.isfinite(number_of(folder, style))]
    if strange:
        raise SourceUnreadable(
            fact=f"The folder “{readable_name(strange[0])}” in “{name}” is named by no number.",
            reason="An answer is a number, and a folder’s name is the answer of the files in it.",
            remedy="Name each folder by its number, and one whose answers nobody knows “_unknown”; or give a table "
            "that names the files and says the number of each.",
        )
