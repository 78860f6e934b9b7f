"""A file of answers: a table with what a model says beside everything it was asked, for a spreadsheet."""

import csv
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from understudy.cli.said import reasons_in_a_cell
from understudy.cli.source import Asked
from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.task import BETWEEN_LABELS, AnswerKind
from understudy.modalities.table.cells import text_of

INPUT: Final = "input"
WHY: Final = "why"
PROBLEM: Final = "problem"
REMARK: Final = "remark"
ENDINGS: Final = frozenset({".csv", ""})
MOST_REASONS: Final = 3
_SAID: Final = {
    AnswerKind.LABEL: ("answer", "probability", "ask a person", "else", "its probability"),
    AnswerKind.LABELS: ("answer", "probability", "ask a person"),
    AnswerKind.NUMBER: ("answer", "probability", "ask a person", "at least", "at most"),
    AnswerKind.RANKING: ("answer", "probability", "ask a person", "titles"),
}
"""Columns of an answer, by its kind; `probability` is that of being right in the sense of the task."""
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet takes for the beginning of a formula, as OWASP lists it under “CSV injection”."""
_SIGNED: Final = re.compile(r"[-+]\s?[$€£¥]?\s?(\d[\d.,]*|[.,]\d+)([eE][-+]?\d+)?\s?[$€£¥%]?|-{1,2}")
"""A number with its sign, or the dash of a missing value; no formula, whatever a spreadsheet makes of it."""


class CannotWrite(UnderstudyError):
    """The file cannot be written, or is there already."""


def check_ending(path: Path) -> None:
    """Refuses a name that promises another kind of file.

    Raises:
        CannotWrite: Its ending is that of another kind.
    """
    if path.suffix.lower() not in ENDINGS:
        raise CannotWrite(
            fact=f"Answers are not written as “{path.suffix}”.",
            reason="They are written as CSV, which every spreadsheet opens.",
            remedy=f"Name the file “{path.with_suffix('.csv').name}”.",
        )


class AnswersFile(AbstractContextManager["AnswersFile"]):
    """A CSV that a spreadsheet opens as it is: UTF-8 with a byte order mark, a line an input, in order.

    Rows of tables keep their cells; what could not be answered keeps its line, with the problem, and what did not fit
    is remarked on. Where a table has a column of the same name already, the model's is marked. A cell that a
    spreadsheet would take for a formula has an apostrophe in front.

    Args:
        path: Where to; nothing may be there yet.
        kind: Of the answers.
        columns: Of the tables that rows come from; where there are none, `input` names what was asked.
        why: Whether a column says what moved each answer.

    Raises:
        CannotWrite: Something is there already, or the system refuses.
    """

    def __init__(self, path: Path, kind: AnswerKind, columns: Iterable[str], *, why: bool) -> None:
        self.path, self._kind = path, kind
        self._columns = tuple(dict.fromkeys(columns)) or (INPUT,)
        self._why = why
        said = (*_SAID[kind], *((WHY,) if why else ()), PROBLEM, REMARK)
        try:
            self._file = path.open("x", encoding="utf-8-sig", newline="")
        except FileExistsError as error:
            raise CannotWrite(
                fact=f"“{path}” is there already.",
                reason="Answers are written into a new file, so that nothing is lost.",
                remedy="Give another name, or remove it first.",
            ) from error
        except OSError as error:
            raise self._refused(error) from error
        self._writer = csv.writer(self._file)
        self._put([*self._columns, *(f"{name} (model)" if name in self._columns else name for name in said)])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
        except OSError as failed:
            raise self._refused(failed) from failed

    def __enter__(self) -> Self:
        return self

    def answered(self, asked: Asked, answer: Answer, reasons: Sequence[Reason] = ()) -> None:
        """Writes an answer down.

        Raises:
            CannotWrite: The system refuses.
        """
        moved = [reasons_in_a_cell(answer, reasons, MOST_REASONS)] if self._why else []
        remark = " ".join([asked.remark, *answer.remarks]).strip()
        self._put([*self._asked(asked), *self._said(answer), *moved, "", remark])

    def failed(self, asked: Asked, error: UnderstudyError) -> None:
        """Writes down that there is no answer, and why.

        Raises:
            CannotWrite: The system refuses.
        """
        nothing = [""] * (len(_SAID[self._kind]) + self._why)
        self._put([*self._asked(asked), *nothing, f"{asked.named}: {' '.join(str(error).split())}", ""])

    def _asked(self, asked: Asked) -> list[str]:
        if not asked.cells:
            return [asked.named if name == INPUT else "" for name in self._columns]
        cells = (asked.cells.get(name) for name in self._columns)
        return [cell if isinstance(cell, str) else text_of(cell) for cell in cells]

    def _said(self, answer: Answer) -> list[str]:
        said = [answer.label, f"{answer.probability:.4f}", "yes" if answer.ask_person else "no"]
        if self._kind is AnswerKind.LABEL:
            return [*said, answer.runner_up, f"{answer.runner_up_probability:.4f}"]
        if self._kind is AnswerKind.NUMBER:
            return [*said, *(f"{end:.10g}" for end in answer.interval)] if answer.interval else [*said, "", ""]
        if self._kind is AnswerKind.RANKING:
            return [*said, BETWEEN_LABELS.join(answer.titles)]
        return said

    def _put(self, cells: Sequence[str]) -> None:
        try:
            self._writer.writerow([_inert(cell) for cell in cells])
            self._file.flush()
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> CannotWrite:
        said = error.strerror or os.strerror(error.errno or 0)
        return CannotWrite(
            fact=f"“{self.path}” cannot be written.",
            reason=f"The system says: {said}.",
            remedy="Name a file in a folder that you may write to.",
        )


def _inert(cell: str) -> str:
    """A cell that no spreadsheet reckons with as a formula: whoever wrote what was asked would else command it."""
    return f"'{cell}" if _FORMULA.match(cell) and _SIGNED.fullmatch(cell) is None else cell
