"""Why an answer is what it is: SHAP values from the trees themselves, summed up by column."""

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np

from understudy.domain.answer import Reason
from understudy.domain.task import AnswerKind
from understudy.modalities.table.cells import Cell, present, shown_number, text_of
from understudy.modalities.table.fit import misfits
from understudy.modalities.table.schema import Column
from understudy.search.speech import THERE
from understudy.search.tables.columns import cells_of
from understudy.search.tables.encoding import Encoded
from understudy.search.tables.ensemble import mixed
from understudy.search.tables.fitted import Numbers
from understudy.search.tables.model_file import Inside

MOST: Final = 8
"""Reasons that are given."""
LONGEST: Final = 60
"""Characters of a cell that are shown."""
FITS: Final = 5
"""Fits of a member that are asked; their reasons hardly differ."""


def reasons(inside: Inside, row: Mapping[str, Cell], *, unknown: Collection[str] = ()) -> tuple[Reason, ...]:
    """What moved the answer to a row, strongest first; columns in `unknown` say what no example did.

    Of trees by the SHAP values that they give themselves (in log odds of the answer, or in the number's unit); where
    no member is made of trees, by taking each column's value away in turn. Of several labels each column is told for
    that label of the answer which it moves most; where no label is the answer, against the likeliest one.

    Source:
        Lundberg et al., From local explanations to global understanding with explainable AI for trees (2020).
    """
    encoded = inside.encoding.encoded(cells_of([row], inside.schema.seen))
    given = mixed(inside.members, encoded)
    pushes, labels = _moved(inside, row, encoded, given)
    pushes = pushes * inside.speech.unit
    columns = inside.schema.seen
    order = sorted(range(len(columns)), key=lambda at: (-abs(pushes[at]), at))
    told = (
        Reason(_words(columns[at], row.get(columns[at].name), unknown), float(pushes[at]), label=labels[at])
        for at in order[:MOST]
    )
    return tuple(reason for reason in told if reason.push)


def _moved(inside: Inside, row: Mapping[str, Cell], encoded: Encoded, given: Numbers) -> tuple[Numbers, list[str]]:
    """How far each column moves the answer, (columns,), and which label of several; "" where there is one answer."""

    def pushes(place: int) -> Numbers:
        found = _by_trees(inside, encoded, place)
        return _by_taking_away(inside, row, given, place) if found is None else found

    answers, width = inside.speech.task.answers, len(inside.schema.seen)
    if answers is AnswerKind.LABEL:
        return pushes(int(inside.speech.said(inside.speech.honest(given))[0])), [""] * width
    if answers is AnswerKind.NUMBER:
        return pushes(0), [""] * width
    there = np.flatnonzero(given[0] >= THERE)
    if not len(there):
        return -pushes(int(given[0].argmax())), [""] * width
    each = np.stack([pushes(int(place)) for place in there])
    most = np.abs(each).argmax(axis=0)
    return each[most, np.arange(width)], [inside.speech.labels[there[at]] for at in most]


def _by_trees(inside: Inside, encoded: Encoded, place: int) -> Numbers | None:
    """Pushes of each column, (columns,), towards the answer; None where no member is made of trees that can tell."""
    labels = inside.speech.task.answers
    total = np.zeros(len(inside.encoding.numbers) + len(inside.encoding.codes))
    weight = 0.0
    for member in inside.members:
        fits = member.trees(place if labels is AnswerKind.LABELS else 0)
        trees = [fit for fit in fits if fit.explains][:FITS]
        if not trees:
            continue
        each = [fit.pushes(encoded)[0] for fit in trees]
        outputs = np.mean(each, axis=0)[:, :-1]
        pushes = outputs[place] if len(outputs) > 1 else outputs[0]
        total += member.weight * (-pushes if labels is AnswerKind.LABEL and len(outputs) == 1 and not place else pushes)
        weight += member.weight
    if not weight:
        return None
    features = (*inside.encoding.numbers, *inside.encoding.codes)
    places = {column.name: at for at, column in enumerate(inside.schema.seen)}
    by_column = np.zeros(len(places))
    np.add.at(by_column, [places[feature.column] for feature in features], total / weight)
    return by_column


def _by_taking_away(inside: Inside, row: Mapping[str, Cell], given: Numbers, place: int) -> Numbers:
    names = [column.name for column in inside.schema.seen]
    rows = [{name: cell for name, cell in row.items() if name != gone} for gone in names]
    without = mixed(inside.members, inside.encoding.encoded(cells_of(rows, inside.schema.seen)))
    column = place if given.shape[1] > 1 else 0
    return np.asarray(given[0, column] - without[:, column])


def _words(column: Column, cell: Cell, unknown: Collection[str]) -> str:
    if not present(cell):
        return f"{column.name}: missing"
    if column.name in unknown or misfits(cell, column):
        return f"{column.name}: not known"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{column.name}: {shown_number(cell)}"
    shown = text_of(cell)
    return f"{column.name}: {shown if len(shown) <= LONGEST else shown[:LONGEST] + '…'}"
