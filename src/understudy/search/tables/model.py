"""A model of tables that is ready to answer."""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.launch.usual import Usual
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.fit import fitted, known_cells
from understudy.modalities.table.row import cells_in
from understudy.search.description import Description
from understudy.search.model_file import ModelBroken, refusal
from understudy.search.parts import Parts
from understudy.search.ready import Given, bytes_of
from understudy.search.tables.columns import cells_of
from understudy.search.tables.familiar import STRANGE, Familiar
from understudy.search.tables.golden import same
from understudy.search.tables.model_file import Inside, read_inside
from understudy.search.tables.reasons import reasons
from understudy.search.tables.usual import traits_of

Fitted = tuple[dict[str, Cell], tuple[str, ...]]
"""A row's cells, and remarks on them."""


class TableModel:
    """A model that is ready to answer. Safe to use from several threads.

    Args:
        inside: What its file holds. Its golden rows are answered again before anything else.
        version: SHA-256 of the file, in hex.

    Raises:
        ModelBroken: The golden answers are not what they were.
    """

    def __init__(self, inside: Inside, version: str) -> None:
        self.inside, self.version = inside, version
        self._replay()

    @property
    def description(self) -> Description:
        """What it says of itself."""
        return self.inside.description

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer, in the order of its probabilities; empty for numbers."""
        return self.description.labels

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        return self.description.threshold

    def predict(self, given: Given) -> Answer:
        """Answers for one row.

        Args:
            given: A mapping of cells by column; or a JSON object as text, bytes or an open file. Missing columns count
                as missing values, unknown ones are passed over, and the answer's remarks say so.

        Raises:
            RowUnreadable: It is no such object, a cell is a list or an object, or it has none of the columns.
        """
        row = fitted(bytes_of(given, in_files=False), self.inside.schema)
        return self._told(self.inside.answers([row[0]])[0], row)

    def predict_all(self, inputs: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        """Answers for rows, in order; one that cannot be read gets its error as its entry."""
        read = [self._read(data) for data in inputs]
        rows = [row[0] for row in read if not isinstance(row, UnderstudyError)]
        given = iter(self.inside.answers(rows) if rows else ())
        return [row if isinstance(row, UnderstudyError) else self._told(next(given), row) for row in read]

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """What moved the answer to a row, strongest first; see `reasons`.

        Raises:
            RowUnreadable: It is no row.
        """
        row = known_cells(data, self.inside.schema)
        return reasons(self.inside, row, unknown=self._familiar.new_words(row))

    @property
    def usual(self) -> Usual | None:
        """Traits of rows that it learned from."""
        return self.inside.usual

    def traits(self, data: bytes) -> tuple[float, ...]:
        """The traits of a row, in the order of `usual`.

        Raises:
            RowUnreadable: It is no row.
        """
        schema = self.inside.schema
        return tuple(traits_of(cells_of([known_cells(data, schema)], schema.seen), schema.seen)[0].tolist())

    @cached_property
    def _familiar(self) -> Familiar:
        return Familiar.of(self.inside.encoding, self.inside.spans)

    def _told(self, answer: Answer, row: Fitted) -> Answer:
        """The answer with what is to be said of its row, which is a person's where it is unlike the examples."""
        cells, remarks = row
        remarks = (*remarks, *self._familiar.remarks(cells))
        if self._familiar.stranger(cells):
            answer = STRANGE.applied(answer, 1.0, self.threshold)
        return replace(answer, remarks=remarks) if remarks else answer

    def _read(self, data: bytes) -> Fitted | UnderstudyError:
        try:
            return fitted(data, self.inside.schema)
        except UnderstudyError as error:
            return error

    def _replay(self) -> None:
        rows = [cells_in(row) for row, _ in self.inside.golden]
        for place, (answer, (_, before)) in enumerate(zip(self.inside.answers(rows), self.inside.golden, strict=True)):
            if not same(answer, before, self.inside.speech):
                raise ModelBroken(
                    fact="The model does not give the answers it gave when it was made.",
                    reason=f"To golden row {place + 1} it says “{answer.label}” instead of “{before.get('label')}”.",
                    remedy="Copy the file again from where it was exported, or train anew.",
                )


def read(parts: Parts) -> TableModel:
    """Reads a model file of tables.

    Raises:
        ModelUnreadable: It is damaged.
        ModelBroken: It no longer gives the answers it gave when it was made.
    """
    try:
        inside = read_inside(parts)
        return TableModel(inside, parts.version)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        raise refusal(error) from error
