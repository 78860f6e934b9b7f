"""Several labels at once that stand in columns of their own, one of yes and no for each label."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import Final

from understudy.domain.task import AnswerKind, labels_text
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.table import Columns, listed
from understudy.modalities.table.cells import present, text_of
from understudy.modalities.table.frame import BadRow, Frame, Numbered
from understudy.modalities.table.schema import Role, nearest

BETWEEN: Final = ","
"""Stands between the names of columns where several are named."""
_YES: Final = frozenset({"1", "true", "t", "yes", "y", "x", "✓"})
_NO: Final = frozenset({"0", "false", "f", "no", "n"})
_JOINTS: Final = "_-. :/"
"""Stand between what all names share and what tells them apart ("topic_rent", "rent_yes")."""


def with_marks(frame: Frame, wanted: Columns, meant: Meant) -> tuple[Frame, Columns, Meant]:
    """The table with one column of labels instead of several of marks, where several are to be predicted.

    Args:
        frame: A table.
        wanted: Which columns to read; several answers are named with commas between them.
        meant: What a person or the project says of it.

    Returns:
        All three as they came, unless several columns are named.

    Raises:
        SourceUnreadable: One of them is not there, or is named twice.
    """
    asked = wanted.label or _known(meant.schema)
    if asked is None or asked in frame.columns or BETWEEN not in asked:
        return frame, wanted, meant
    names = [name.strip() for name in asked.split(BETWEEN) if name.strip()]
    missing = [name for name in names if name not in frame.columns]
    if missing and not wanted.label:
        return frame, wanted, meant
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SourceUnreadable(
            fact=f"The column “{twice}” is named more than once.",
            reason="Of several columns that are to be predicted, each is one label.",
            remedy="Name each column once.",
        )
    if missing or len(names) < 2:
        raise SourceUnreadable(
            fact=f"“{frame.name}” has no column “{(missing or names or [asked])[0]}”.",
            reason=f"Several columns are named with commas between them, and its columns are {listed(frame.columns)}.",
            remedy=nearest(missing[0], frame.columns) if missing else "Name at least two, or one without a comma.",
        )
    column = f"{BETWEEN} ".join(names)
    kept = tuple(each for each in frame.columns if each not in names)
    made = Frame(frame.name, (*kept, column), partial(_joined, frame, names), frame.remarks, frame.noticed)
    kind = meant.answers or AnswerKind.LABELS
    return made, replace(wanted, label=column), replace(meant, answers=kind)


def labels_of(names: Sequence[str]) -> tuple[str, ...]:
    """The labels behind the names of columns: without what all of them share before or after a joint."""
    before = _to_joint(names)
    bare = [name[len(before) :] for name in names]
    after = _to_joint([name[::-1] for name in bare])
    short = tuple(name[: len(name) - len(after)] for name in bare)
    return short if all(short) else tuple(names)


def _to_joint(names: Sequence[str]) -> str:
    """The longest beginning that all share and that ends with a joint; empty where there is none."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    shared = "".join(letters[0] for letters in alike)
    return shared[: max(shared.rfind(joint) for joint in _JOINTS) + 1]


def _known(schema: Mapping[str, object] | None) -> str | None:
    """The column that the project predicts, as its schema names it."""
    columns = schema.get("columns") if schema else None
    if not isinstance(columns, list):
        return None
    return next((str(each["name"]) for each in columns if each.get("role") == Role.TARGET.value), None)


def _joined(frame: Frame, names: Sequence[str], /) -> Iterator[Numbered | BadRow]:
    places = [frame.columns.index(name) for name in names]
    kept = [place for place in range(len(frame.columns)) if place not in places]
    labels = labels_of(names)
    for each in frame.read():
        if isinstance(each, BadRow):
            yield each
            continue
        number, cells = each
        marks = [cells[place] for place in places]
        odd = next((mark for mark in marks if present(mark) and text_of(mark).lower() not in _YES | _NO), None)
        if odd is not None:
            yield BadRow(number, f"says “{text_of(odd)[:40]}” where 0 or 1, or yes or no, is to say what applies")
            continue
        chosen = [label for label, mark in zip(labels, marks, strict=True) if text_of(mark).lower() in _YES]
        said = labels_text(tuple(chosen)) if any(present(mark) for mark in marks) else None
        yield number, [*(cells[place] for place in kept), said]
