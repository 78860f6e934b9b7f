"""Examples in the ledger: taken in once, streamed in the order of their digests."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.store.database import Database, insert_missing
from understudy.store.decisions import in_chunks
from understudy.store.findings import settle
from understudy.store.labels import insert_labels, standing_label
from understudy.store.projects import hold, require
from understudy.store.schema import examples, own_groups
from understudy.store.service_schema import erasures

CHUNK = 2000
"""Rows that are written in one transaction and read in one page: a few megabytes, a few hundredths of a second."""


@dataclass(frozen=True)
class Counts:
    """How many examples a project holds.

    Attributes:
        train: By the label that stands, in the order of labels; training side only.
        train_unlabelled: On the training side without a label.
        sealed: In the sealed set, all labels together.
        set_aside: On neither side.
        made_up: Of those on the training side with a label, the synthetic ones, by label; labels that have some.
    """

    train: dict[str, int]
    train_unlabelled: int
    sealed: int
    set_aside: int
    made_up: dict[str, int] = field(default_factory=dict)

    @property
    def synthetic(self) -> int:
        """On the training side with a label, and made up."""
        return sum(self.made_up.values())

    @property
    def total(self) -> int:
        """All examples."""
        return sum(self.train.values()) + self.train_unlabelled + self.sealed + self.set_aside


def add(database: Database, project: str, arriving: Iterable[Example], *, by: str, at: datetime) -> int:
    """Adds examples; see `Ledger.add_examples`."""
    with database.reading() as connection:
        require(connection, project)
    new, rest = 0, iter(arriving)
    while chunk := list(islice(rest, CHUNK)):
        with database.writing() as connection:
            hold(connection, project)
            new += _add_chunk(connection, project, chunk, by=by, at=at)
    return new


def add_beside(database: Database, table: Table, project: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Adds to a table what goes with a project's examples, a chunk at a time; what is there already stays."""
    rest = iter(rows)
    while chunk := [{"project": project, **row} for row in islice(rest, CHUNK)]:
        with database.writing() as connection:
            hold(connection, project)
            connection.execute(insert_missing(connection, table), chunk)


def _add_chunk(connection: Connection, project: str, arriving: Sequence[Example], *, by: str, at: datetime) -> int:
    labelled = _labelled(connection, project, [example.digest for example in arriving])
    known = set(labelled)
    rows: list[dict[str, Any]] = []
    given: list[Label] = []
    for example in arriving:
        if example.digest not in labelled:
            rows.append(_row(project, example))
            labelled[example.digest] = False
        if example.label is not None and not labelled[example.digest]:
            given.append(Label(example.digest, example.label, by, at))
            labelled[example.digest] = True
    if rows:
        connection.execute(insert(examples), rows)
    insert_labels(connection, project, given)
    settle(connection, project, [label.digest for label in given if label.digest in known])
    return len(rows)


def make_real(database: Database, project: str, named: Iterable[tuple[str, str]], provenance: Provenance) -> None:
    """Lets examples be real that were made up; see `Ledger.make_real`."""
    rest = iter(named)
    while chunk := list(islice(rest, CHUNK)):
        with database.writing() as connection:
            hold(connection, project)
            for digest, name in chunk:
                own = examples.c.project == project, examples.c.digest == digest
                made_up = examples.c.provenance == Provenance.SYNTHETIC.value
                told = {"name": name, "provenance": provenance.value}
                connection.execute(update(examples).where(*own, made_up).values(told))


def _labelled(connection: Connection, project: str, digests: list[str]) -> dict[str, bool]:
    """Which of the digests are known, and whether each has a label."""
    known = select(examples.c.digest, standing_label().is_not(None)).where(
        examples.c.project == project, examples.c.digest.in_(digests)
    )
    return {digest: bool(has) for digest, has in connection.execute(known)}


def stream(database: Database, project: str, *, side: Side | None, called: str | None) -> Iterator[Example]:
    """Examples by digest, sealed ones without their label; see `Ledger.examples`."""
    label = case((examples.c.side == Side.SEALED.value, null()), else_=standing_label())
    query = select(examples, label.label("label")).where(is_there())
    if side is not None:
        query = query.where(examples.c.side == side.value)
    if called is not None:
        query = query.where(or_(examples.c.name == called, is_of(called)))
    return (_example(row) for row in _pages(database, project, query))


def stream_sealed(database: Database, project: str) -> Iterator[Example]:
    """Sealed examples by digest, with their labels. Only a recorded look may call this."""
    query = select(examples, standing_label().label("label")).where(examples.c.side == Side.SEALED.value, is_there())
    return (_example(row) for row in _pages(database, project, query))


def stream_arrivals(
    database: Database, project: str, *, among: Collection[str] | None, there: bool
) -> Iterator[Arrival]:
    """The light view of examples; see `Ledger.arrivals`."""
    seen = examples.c
    told = seen.digest, seen.group, seen.side, seen.fingerprint, seen.provenance
    query = select(*told, standing_label().label("label"))
    query = query.where(is_there()) if there else query
    parts = [query] if among is None else [query.where(seen.digest.in_(each)) for each in in_chunks(sorted(among))]
    return (
        Arrival(
            row["digest"],
            row["group"],
            Side(row["side"]),
            row["fingerprint"],
            row["label"],
            row["provenance"] == Provenance.SYNTHETIC.value,
        )
        for rows in [_pages(database, project, part) for part in parts]
        for row in rows
    )


def _pages(database: Database, project: str, query: Select[Any]) -> Iterator[RowMapping]:
    """Rows of a query over `examples`, by digest, a page at a time.

    Each page is a transaction of its own that goes on after the last digest: memory stays bounded, and a reader that
    pauses holds nothing up. An example that is added meanwhile may or may not be met.
    """
    with database.reading() as connection:
        require(connection, project)
    return _turn_pages(database, query.where(examples.c.project == project).order_by(examples.c.digest).limit(CHUNK))


def _turn_pages(database: Database, query: Select[Any]) -> Iterator[RowMapping]:
    last = ""
    while True:
        with database.reading() as connection:
            page = connection.execute(query.where(examples.c.digest > last)).mappings().all()
        yield from page
        if len(page) < CHUNK:
            return
        last = page[-1]["digest"]


def count(database: Database, project: str) -> Counts:
    """How many there are; see `Ledger.counts`."""
    of_project = and_(examples.c.project == project, is_there())
    by_side = select(examples.c.side, func.count()).where(of_project).group_by(examples.c.side)
    made = case((examples.c.provenance == Provenance.SYNTHETIC.value, 1), else_=0).label("made")
    on_train = and_(of_project, examples.c.side == Side.TRAIN.value)
    train = select(standing_label().label("label"), made).where(on_train).subquery()
    by_label = select(train.c.label, func.count(), func.sum(train.c.made)).group_by(train.c.label)
    with database.reading() as connection:
        require(connection, project)
        sides: dict[str, int] = dict(connection.execute(by_side).all())
        told = connection.execute(by_label).all()
    named: dict[str | None, int] = {label: number for label, number, _ in told}
    unlabelled = named.pop(None, 0)
    return Counts(
        train={
            label: number
            for label, number in sorted(named.items(), key=lambda pair: pair[0] or "")
            if label is not None
        },
        train_unlabelled=unlabelled,
        sealed=sides.get(Side.SEALED.value, 0),
        set_aside=sides.get(Side.SET_ASIDE.value, 0),
        made_up={label: int(of_them) for label, _, of_them in told if label is not None and of_them},
    )


def count_groups(database: Database, project: str) -> int:
    """In how many groups the training examples are; see `Ledger.group_count`."""
    known = (examples.c.project == project, examples.c.side == Side.TRAIN.value)
    with database.reading() as connection:
        require(connection, project)
        return int(connection.execute(select(func.count(examples.c.group.distinct())).where(*known)).scalar_one())


def is_of(group: str) -> ColumnElement[bool]:
    """Whether an example is of a group by itself, and not by its family alone."""
    own = and_(own_groups.c.project == examples.c.project, own_groups.c.digest == examples.c.digest)
    return or_(
        exists().where(own, own_groups.c.name == group),
        and_(examples.c.group == group, ~exists().where(own)),
    )


def is_there() -> ColumnElement[bool]:
    """Whether an example's input was never deleted; one that was is kept for its labels alone."""
    return ~exists().where(erasures.c.project == examples.c.project, erasures.c.digest == examples.c.digest)


def _row(project: str, example: Example) -> dict[str, Any]:
    return {
        "project": project,
        "digest": example.digest,
        "name": example.name,
        "provenance": example.provenance.value,
        "group": example.group,
        "side": example.side.value,
        "width": example.width,
        "height": example.height,
        "fingerprint": example.fingerprint,
    }


def _example(row: RowMapping) -> Example:
    return Example(
        digest=row["digest"],
        name=row["name"],
        provenance=Provenance(row["provenance"]),
        group=row["group"],
        side=Side(row["side"]),
        label=row["label"],
        width=row["width"],
        height=row["height"],
        fingerprint=row["fingerprint"],
    )
