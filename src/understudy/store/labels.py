"""Labels in the ledger: who said what, and which one stands.

The label that stands on an example is the one that was said last: by its time, and among equal times by the order of
recording. So an old export that is read in late does not push a newer correction aside. It is derived each time from
the rows, one index search an example.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, func, insert, select

from understudy.domain.example import SETTLED, TURNED_OUT, Label, Side
from understudy.store.database import Database
from understudy.store.errors import SealedLabels, UnknownExample
from understudy.store.findings import settle
from understudy.store.projects import hold, require
from understudy.store.schema import examples, labels

AT_ONCE = 500
"""Labels that are written in one transaction."""


def standing_label() -> ScalarSelect[Any]:
    """The label that stands on each row of `examples`, as a column for a query over that table."""
    return (
        select(labels.c.value)
        .where(labels.c.project == examples.c.project, labels.c.digest == examples.c.digest)
        .order_by(labels.c.at.desc(), labels.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def add(database: Database, project: str, label: Label) -> None:
    """Adds a label; see `Ledger.add_label`."""
    with database.writing() as connection:
        hold(connection, project)
        _side(connection, project, label.digest)
        insert_labels(connection, project, [label])
        settle(connection, project, [label.digest])


def add_many(database: Database, project: str, given: Sequence[Label]) -> None:
    """Adds labels that are not on record yet; see `Ledger.add_labels`."""
    for start in range(0, len(given), AT_ONCE):
        part = list(dict.fromkeys(given[start : start + AT_ONCE]))
        with database.writing() as connection:
            hold(connection, project)
            for digest in {label.digest for label in part}:
                _side(connection, project, digest)
            said = select(labels.c.digest, labels.c.value, labels.c.by, labels.c.at).where(
                labels.c.project == project, labels.c.digest.in_({label.digest for label in part})
            )
            known = {_label(*row) for row in connection.execute(said)}
            insert_labels(connection, project, [label for label in part if label not in known])
            settle(connection, project, [label.digest for label in part if label not in known])


def insert_labels(connection: Connection, project: str, given: Sequence[Label]) -> None:
    """Appends label rows in the caller's transaction."""
    rows = [
        {"project": project, "digest": label.digest, "value": label.value, "by": label.by, "at": label.at}
        for label in given
    ]
    if rows:
        connection.execute(insert(labels), rows)


def of(database: Database, project: str, digest: str) -> list[Label]:
    """An example's labels; see `Ledger.labels_of`."""
    said = (
        select(labels.c.digest, labels.c.value, labels.c.by, labels.c.at)
        .where(labels.c.project == project, labels.c.digest == digest)
        .order_by(labels.c.at, labels.c.id)
    )
    with database.reading() as connection:
        require(connection, project)
        if _side(connection, project, digest) is Side.SEALED:
            raise SealedLabels(
                fact=f"The labels of example {digest[:12]}… cannot be shown.",
                reason="It lies in the sealed set, which proves a model only as long as nobody has seen its labels.",
                remedy="Review a model: a review opens the sealed set and counts the look.",
            )
        return [_label(*row) for row in connection.execute(said)]


def stream_opinions(database: Database, project: str) -> Iterator[Label]:
    """Labels of training examples; see `Ledger.opinions`."""
    said = (
        select(labels.c.digest, labels.c.value, labels.c.by, labels.c.at)
        .join(examples, (examples.c.project == labels.c.project) & (examples.c.digest == labels.c.digest))
        .where(
            labels.c.project == project,
            examples.c.side == Side.TRAIN.value,
            ~labels.c.by.startswith(TURNED_OUT, autoescape=True),
            ~labels.c.by.startswith(SETTLED, autoescape=True),
        )
        .order_by(labels.c.digest, labels.c.at, labels.c.id)
    )
    with database.reading() as connection:
        require(connection, project)
        for row in connection.execution_options(yield_per=1000).execute(said):
            yield _label(*row)


def last_given(database: Database, project: str) -> datetime | None:
    """When a label was given last; see `Ledger.labelled_at`."""
    with database.reading() as connection:
        query = select(func.max(labels.c.at)).where(labels.c.project == project)
        last: datetime | None = connection.execute(query).scalar_one()
        return last


def _side(connection: Connection, project: str, digest: str) -> Side:
    asked = select(examples.c.side).where(examples.c.project == project, examples.c.digest == digest)
    side = connection.execute(asked).scalar_one_or_none()
    if side is None:
        raise UnknownExample(
            fact=f"The project “{project}” holds no example {digest[:12]}….",
            reason="An example is known by the digest of its bytes, and none with this one was added.",
            remedy="Add the file to the project first.",
        )
    return Side(side)


def _label(digest: str, value: str, by: str, at: datetime) -> Label:
    return Label(digest, value, by, at)
