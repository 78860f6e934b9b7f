"""What a table holds: names of files, texts, interactions, or rows of data; told from its columns and first rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.intake.endings import commonest, share_named
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.table import LABEL_COLUMNS, PATH_COLUMNS, Columns, column_of, listed
from understudy.intake.unfit import OF_ROWS
from understudy.modalities.interactions.columns import Columns as WhoWhat
from understudy.modalities.interactions.columns import ColumnsUnclear, find_columns
from understudy.modalities.table.cells import Cell, mixed_dates, present, spread, text_of
from understudy.modalities.table.inferring import SOME_DATES, infer_schema, kind_of
from understudy.modalities.table.schema import Kind, TableSchema

TEXT: Final = "text"
TEXT_COLUMNS: Final = (
    "text", "sentence", "message", "utterance", "tweet", "comment", "review", "content", "body", "question", "query",
    "prompt", "title", "description",
)  # fmt: skip
ANSWER_COLUMNS: Final = (*LABEL_COLUMNS, "labels", "intent", "intents", "sentiment", "topic", "tag", "tags", "y")
FEW_BESIDE_NAMED: Final = 6
"""Columns beside one named like a text and its label, up to which a table holds texts."""
FEW_BESIDE: Final = 1
MOST_OF_INTERACTIONS: Final = 8
SAMPLE: Final = 2_000
HALF: Final = 0.5
"""Share of cells that are named like files, from which a column names files; and of dates, from which it is no text."""

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Looked:
    """The first look at a table.

    Attributes:
        name: For people.
        columns: All columns, in order.
        rows: Its first rows.
        schema: What the columns seem to hold.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    schema: TableSchema

    @classmethod
    def at(cls, name: str, columns: tuple[str, ...], rows: Sequence[Row]) -> "Looked":
        """Looks at the first rows of a table."""
        return cls(name, columns, rows, infer_schema(rows))

    def kind(self, column: str) -> Kind:
        """What a column seems to hold; a single row says so by its cell, since it can differ from no other."""
        if len(self.rows) > 1:
            return self.schema[column].kind
        return kind_of(self.rows[0].get(column)) if self.rows else Kind.CONSTANT


def modality_of(look: Looked, wanted: Columns, meant: Meant) -> str | None:
    """The modality of a table's inputs; None where its rows name files, whose endings say more.

    Args:
        look: At the table.
        wanted: Columns that a person named.
        meant: What a person or the project says.
    """
    if wanted.path is not None or _names_files(look, wanted, meant.kind):
        return None
    if meant.kind is not None:
        return meant.kind
    if wanted.text is not None:
        return "text"
    if wanted.who is not None or wanted.what is not None or _interactions(look, wanted):
        return "interactions"
    return "text" if text_column(look, wanted) is not None else "table"


def _names_files(look: Looked, wanted: Columns, kind: str | None) -> bool:
    """Whether a column with a usual name holds file names: most end like those of an input.

    Of texts nothing else may stand beside the answer, and the files be named like texts: a table of texts may well say
    which picture or which letter each belongs to.
    """
    column = column_of(look.name, look.columns, None, PATH_COLUMNS)
    if column is None or (kind in OF_ROWS and (kind != TEXT or column != only_column(look, wanted))):
        return False
    cells = [cell for row in look.rows if (cell := text_of(row.get(column)))]
    return share_named(cells) >= HALF and (kind != TEXT or commonest(cells) == TEXT)


def text_column(look: Looked, wanted: Columns) -> str | None:
    """The column of a table of texts: one of words, with few columns beside it; None if this is none."""
    if wanted.text is not None:
        return column_of(look.name, look.columns, wanted.text, ())
    label = column_of(look.name, look.columns, wanted.label, ANSWER_COLUMNS)
    others = [each for each in look.columns if each != label and look.kind(each) not in {Kind.ID, Kind.CONSTANT}]
    named = column_of(look.name, tuple(others), None, TEXT_COLUMNS)
    worded = named is not None and look.kind(named) in {Kind.TEXT, Kind.CATEGORY} and not _tells_dates(look, named)
    if worded and len(others) - 1 <= FEW_BESIDE_NAMED:
        return named
    wordy = [each for each in others if look.kind(each) is Kind.TEXT and not _tells_dates(look, each)]
    return wordy[0] if len(wordy) == 1 and len(others) - 1 <= FEW_BESIDE else None


def only_column(look: Looked, wanted: Columns) -> str | None:
    """The only column beside the answer, which holds the texts where somebody says that a table does."""
    label = column_of(look.name, look.columns, wanted.label, ANSWER_COLUMNS)
    left = [each for each in look.columns if each != label]
    return left[0] if len(left) == 1 and label is not None else None


def _tells_dates(look: Looked, column: str) -> bool:
    """Whether many of a column's cells are dates, in whatever way each is written."""
    cells = [text_of(row.get(column)) for row in look.rows if present(row.get(column))]
    return mixed_dates(spread(cells, SOME_DATES), share=HALF)


def answer_column(look: Looked, wanted: Columns, *, beside: str | None = None) -> str | None:
    """The column that is to be predicted: the one that was named, else one with a usual name.

    Args:
        look: At the table.
        wanted: Columns that a person named.
        beside: The column of texts, if it holds texts: then the only other column is it, too.

    Raises:
        SourceUnreadable: The named column is not there, or holds the texts.
    """
    if beside is not None and wanted.label == beside:
        raise SourceUnreadable(
            fact=f"The column “{beside}” of “{look.name}” is named for the texts and for the answer.",
            reason="A text that holds its own answer would teach nothing.",
            remedy=f"Name one for each with --text and --target; its columns are {listed(look.columns)}.",
        )
    left = tuple(each for each in look.columns if each != beside)
    found = column_of(look.name, left if wanted.label is None else look.columns, wanted.label, ANSWER_COLUMNS)
    if found is not None or beside is None:
        return found
    others = may_answer(look, left)
    if len(others) > 1:
        raise SourceUnreadable(
            fact=f"“{look.name}” has a column of texts, and {len(others)} others that may say the answer.",
            reason=f"They are {listed(others)}.",
            remedy=f"Name the one that is to be predicted, for example --target {others[0]!r}.",
        )
    return others[0] if others else None


def may_answer(look: Looked, columns: Sequence[str], *, numbers: bool = True) -> tuple[str, ...]:
    """Columns that may say what texts are answered with.

    Args:
        look: At the table.
        columns: Those beside the texts.
        numbers: An answer may be a number; otherwise numbers have to come again, as marks do.
    """
    kinds = {each: look.kind(each) for each in columns}
    worded = {each for each, kind in kinds.items() if kind in {Kind.CATEGORY, Kind.FLAG}}
    counts = {each for each, kind in kinds.items() if kind is Kind.NUMBER and (numbers or _comes_again(look, each))}
    return tuple(each for each in columns if each in worded | counts)


def no_answer(look: Looked) -> SourceUnreadable:
    """The error for a table of data in which no column is the answer."""
    example = next((each.name for each in reversed(look.schema.columns) if each.kind is not Kind.ID), "price")
    return SourceUnreadable(
        fact=f"“{look.name}” does not say which column is to be predicted.",
        reason=f"Its columns are {listed(look.columns)}.",
        remedy=f"Name it with --target, for example --target {example!r}.{_or_who_what(look)}",
    )


def _or_who_what(look: Looked) -> str:
    """How to say that a table tells who took what, where its columns may mean that; empty where they do not."""
    if len(look.columns) > MOST_OF_INTERACTIONS:
        return ""
    sample = [{column: text_of(cell) for column, cell in row.items()} for row in look.rows]
    try:
        found = find_columns(look.columns, sample, WhoWhat())
    except ColumnsUnclear:
        again = [column for column in look.columns if _comes_again(look, column)]
        return " Or, if it says who took what: --who COLUMN --what COLUMN." if len(again) > 1 else ""
    given = {"--who": found.who, "--what": found.what, "--time": found.when, "--rating": found.rating}
    return f" Or, if it says who took what: {' '.join(f'{key} {value!r}' for key, value in given.items() if value)}."


def _interactions(look: Looked, wanted: Columns) -> bool:
    """Whether few columns say who and what by their names, and both come again."""
    if wanted.label is not None or len(look.columns) > MOST_OF_INTERACTIONS:
        return False
    if column_of(look.name, look.columns, None, ANSWER_COLUMNS) is not None:
        return False
    try:
        found = find_columns(look.columns, [], WhoWhat())
    except ColumnsUnclear:
        return False
    return all(_comes_again(look, column) for column in (found.who, found.what) if column)


def _comes_again(look: Looked, column: str) -> bool:
    cells = [text_of(row.get(column)) for row in look.rows]
    return len(cells) > 1 and len(set(cells)) < len(cells)
