"""What a person says of a source, and what is known of the project it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from understudy.domain.task import AnswerKind, Task
from understudy.modalities.interactions.taken import Before


@dataclass(frozen=True)
class Meant:
    """What is not to be guessed; everything else is found out from the source.

    Attributes:
        modality: What it holds ("text"), or None.
        answers: What kind of answer its labels are, or None.
        tolerance: How far off a number may be and still count as right, or None.
        unit: What a number counts, or empty.
        task: That of the project, if it holds examples already: then a source has to fit it.
        schema: The schema that stands for the project's table, or None.
        query: What to ask of a database, where the source is the address of one.
        items: Tables that describe the items of interactions.
        before: What the project knows that people took; None where it knows nobody.
        synthetic: The inputs were made up, so they are never sealed, and need not say what they belong with.
        columns: Which column of the project's latest table said what, by the names of `Columns`; none of rows.
        separator: What stood between several labels in a cell of the project's latest table, or None.
        anew: Nothing rests yet on labels that are all numbers, so more of them may show that numbers are meant.
    """

    modality: str | None = None
    answers: AnswerKind | None = None
    tolerance: float | None = None
    unit: str = ""
    task: Task | None = None
    schema: Mapping[str, Any] | None = None
    query: str | None = None
    items: tuple[Path, ...] = ()
    before: Before | None = None
    synthetic: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    anew: bool = False

    @property
    def kind(self) -> str | None:
        """The modality that is fixed, or None."""
        return self.task.modality if self.task else self.modality
