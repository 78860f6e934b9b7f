"""The file of a model of tables: a zip of parts without code."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind
from understudy.domain.trial import Trial
from understudy.launch.usual import Usual
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.row import cells_in, row_bytes
from understudy.modalities.table.schema import Kind, TableSchema
from understudy.search.description import Description
from understudy.search.parts import Parts, write_parts
from understudy.search.tables.columns import cells_of
from understudy.search.tables.encoding import Encoding
from understudy.search.tables.ensemble import Member, member_of, mixed
from understudy.search.tables.familiar import Spans
from understudy.search.tables.finishing import Judged
from understudy.search.tables.fitted import Arrays
from understudy.search.tables.lesson import Truth
from understudy.search.tables.speech import Speech

KIND: Final = "tables"
ENCODING, DOUBT = "encoding.npz", "doubt.npz"
GOLDEN_ROWS: Final = 3


@dataclass(frozen=True)
class Content:
    """What goes into a file.

    Attributes:
        schema: How to read rows.
        encoding: How cells become numbers and codes.
        members: Those that answer together.
        trials: Each member's trial, with its weight.
        worth: How they answer, and what that is worth.
        truth: What was learned.
        data_version: Digest of the lesson.
        seed: Of the search.
        spans: Of the numbers that were learned from.
        usual: Traits of rows that were learned from.
    """

    schema: TableSchema
    encoding: Encoding
    members: tuple[Member, ...]
    trials: tuple[tuple[Trial, float], ...]
    worth: Judged
    truth: Truth
    data_version: str
    seed: int
    spans: Spans
    usual: Usual


@dataclass(frozen=True)
class Inside:
    """What a file holds, ready to answer.

    Attributes:
        description: What it says of itself.
        schema: How to read rows.
        encoding: How cells become numbers and codes.
        members: Those that answer together.
        speech: How they answer.
        golden: Rows, and what was answered for them when the file was made, as far as it is compared.
        spans: Of the numbers that were learned from.
        usual: Traits of rows that were learned from.
    """

    description: Description
    schema: TableSchema
    encoding: Encoding
    members: tuple[Member, ...]
    speech: Speech
    golden: tuple[tuple[bytes, dict[str, Any]], ...]
    spans: Spans
    usual: Usual | None = None

    def answers(self, rows: Sequence[Mapping[str, Cell]]) -> list[Answer]:
        """Answers for rows, in order."""
        encoded = self.encoding.encoded(cells_of(rows, self.schema.seen))
        return self.speech.answers(mixed(self.members, encoded), encoded)


def write_file(content: Content, kept: Sequence[Sequence[Arrays]]) -> bytes:
    """Makes the file. The same content gives the same bytes.

    Args:
        content: What goes into it.
        kept: Arrays of each member's fits.
    """
    description = _described(content)
    golden = golden_rows(content.schema, content.encoding)
    inside = Inside(
        description, content.schema, content.encoding, content.members, content.worth.speech, (), content.spans
    )
    answers = inside.answers([cells_in(row) for row in golden])
    manifest = description.to_json() | {
        "kind": KIND,
        "usual": content.usual.to_json(),
        "spans": {name: list(span) for name, span in content.spans.items()},
        "encoding": content.encoding.to_json(),
        "speech": content.worth.speech.to_json(),
        "families": [[member.family, len(member.fits)] for member in content.members],
        "golden": [
            {"input": base64.b64encode(row).decode(), "answer": compared(answer)}
            for row, answer in zip(golden, answers, strict=True)
        ],
    }
    files = {ENCODING: _packed(content.encoding.arrays()), DOUBT: _packed(content.worth.speech.arrays())}
    for place, fits in enumerate(kept):
        files |= {f"member-{place}-{fold}.npz": _packed(arrays) for fold, arrays in enumerate(fits)}
    return write_parts(manifest, files)


def read_inside(parts: Parts) -> Inside:
    """Reads what `write_file` made.

    Raises:
        KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
    """
    given = parts.manifest
    description = Description.from_json(given)
    schema = TableSchema.from_json(description.preparation["schema"])
    encoding = Encoding.of_json(schema.seen, given["encoding"], _unpacked(parts.files[ENCODING]))
    doubt = _unpacked(parts.files[DOUBT])
    speech = Speech.of_json(description.task, description.labels, description.threshold, given["speech"], doubt)
    labels = len(description.labels) if description.task.answers is AnswerKind.LABELS else 0
    members = []
    for place, ((family, folds), (_, weight)) in enumerate(zip(given["families"], description.members, strict=True)):
        kept = [_unpacked(parts.files[f"member-{place}-{fold}.npz"]) for fold in range(int(folds))]
        members.append(member_of(str(family), weight, kept, labels))
    golden = tuple((base64.b64decode(each["input"]), dict(each["answer"])) for each in given["golden"])
    spans = {str(name): (float(low), float(high)) for name, (low, high) in given["spans"].items()}
    usual = Usual.from_json(given.get("usual"))
    return Inside(description, schema, encoding, tuple(members), speech, golden, spans, usual)


def compared(answer: Answer) -> dict[str, Any]:
    """What must be answered again: the answer and the probability that it is right."""
    return {"label": answer.label, "probability": round(answer.probability, 7)}


def golden_rows(schema: TableSchema, encoding: Encoding) -> tuple[bytes, ...]:
    """Rows drawn by rule from what the columns may hold, nobody's own: all missing, all common, all different."""
    rows = []
    for number in range(GOLDEN_ROWS):
        cells: dict[str, Cell] = {}
        for place, column in enumerate(schema.seen):
            if number == 0:
                cells[column.name] = None
            elif column.kind is Kind.NUMBER:
                cells[column.name] = number * (place + 1)
            elif column.kind is Kind.DATE:
                cells[column.name] = f"202{number}-0{number}-1{number} 0{number}:00:00"
            else:
                words = encoding.levels.get(column.name) or ("word",)
                cells[column.name] = words[(number * (place + 1)) % min(len(words), 3)]
        rows.append(row_bytes(cells, schema.seen))
    return tuple(rows)


def _described(content: Content) -> Description:
    worth, truth = content.worth, content.truth
    return Description(
        labels=truth.labels,
        task=truth.task,
        preparation={"schema": content.schema.to_json()},
        threshold=worth.speech.threshold,
        data_version=content.data_version,
        encoder="table/1",
        seed=content.seed,
        examples=truth.examples,
        members=content.trials,
        held_out_log_loss=worth.loss,
        held_out_accuracy=worth.accuracy,
        out_of_fold=worth.out_of_fold,
    )


def _packed(arrays: Arrays) -> bytes:
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _unpacked(data: bytes) -> dict[str, npt.NDArray[Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}
